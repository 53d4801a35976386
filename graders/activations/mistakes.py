"""Known mistakes of the unit activations: short wrong solutions, and what to tell whoever wrote one."""

import functools
import math

import torch

from backpass.explaining.declared import Anatomy, mistake

CLAMPS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 16.0, 20.0, 25.0, 30.0)
SMALL = tuple(10.0**-k for k in range(2, 13))
TAILS = (2.0, 3.0, 4.0, 5.0, 6.0)  # from where on people take a smooth function for its limits
STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)  # of numerical derivatives


def _sigmoid(x):
    return (1 + torch.tanh(x / 2)) / 2


def _normal(x):
    return (1 + torch.erf(x / math.sqrt(2))) / 2


def _density(x):
    return torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def _softplus(x):
    return torch.logaddexp(torch.zeros_like(x), x)


# ---------------------------------------------------------------------------------------------- sigmoid

sigmoid = Anatomy("activations.sigmoid", "output")


@sigmoid.step
def z(x):
    return x


@sigmoid.step
def output(z):
    """the sigmoid of each number in `x`"""
    return _sigmoid(z)


@sigmoid.quantity
def opposite(x):
    """`x` with the opposite sign"""
    return -x


@sigmoid.quantity
def growing(x):
    """the exponential of `x`"""
    return torch.exp(x)


@sigmoid.quantity
def falling(x):
    """the exponential of minus `x`"""
    return torch.exp(-x)


@sigmoid.quantity
def one_and_falling(falling):
    """1 plus the exponential of minus `x`"""
    return 1 + falling


@sigmoid.quantity
def below_zero(x):
    """minus the absolute value of `x`"""
    return -x.abs()


@sigmoid.quantity
def decay(x):
    """the exponential of minus the absolute value of `x`"""
    return torch.exp(-x.abs())


@sigmoid.quantity
def one_and_decay(decay):
    """1 plus the exponential of minus the absolute value of `x`"""
    return 1 + decay


@sigmoid.quantity
def at_most_one(x):
    """the exponential of `x` where `x` is negative, and 1 elsewhere"""
    return torch.exp(x.clamp(max=0))


@sigmoid.quantity
def not_negative(x):
    """the mask that is True where `x` is 0 or above"""
    return x >= 0


@sigmoid.quantity
def negative(x):
    """the mask that is True where `x` is below 0"""
    return x < 0


@sigmoid.quantity
def logarithm_of_the_sigmoid(x):
    """the logarithm of the sigmoid of `x`"""
    return -_softplus(-x)


@sigmoid.quantity
def tanh_of_half(x):
    """tanh of half of `x`"""
    return torch.tanh(x / 2)


@sigmoid.mistake("output")
def infinity_divided_by_infinity(z):
    """NaN for a large x: exp overflows to infinity above 88 in float32 (709 in float64), and infinity / infinity is not
    a number. The other way of writing it has the infinity only in the denominator."""
    return torch.exp(z) / (1 + torch.exp(z))


@sigmoid.mistake("output")
def infinity_divided_by_infinity_on_the_other_side(z):
    """NaN for a very negative x: exp(-x) overflows to infinity, and infinity / infinity is not a number."""
    return 1 - torch.exp(-z) / (1 + torch.exp(-z))


@sigmoid.mistake("output")
def vanishing_where_it_should_be_one(z):
    """The overflow for a large x is replaced by 0 (nan_to_num): there the sigmoid is 1."""
    return (torch.exp(z) / (1 + torch.exp(z))).nan_to_num(0.0)


@sigmoid.mistake("output")
def half_where_it_should_be_one(z):
    """The overflow for a large x is replaced by one half (nan_to_num): there the sigmoid is 1."""
    return (torch.exp(z) / (1 + torch.exp(z))).nan_to_num(0.5)


@sigmoid.mistake("output")
def sign_of_the_exponent(z):
    """The sign in the exponent is turned round: a larger x must give a larger output. You return 1 minus what it should
    be."""
    return 1 / (1 + torch.exp(z))


@sigmoid.mistake("output")
def absolute_value_in_the_exponent(z):
    """The exponent is always negative (abs), which is safe, but a negative x then gives the same as a positive one: the
    two sides of 0 need different numerators."""
    return 1 / (1 + torch.exp(-z.abs()))


@sigmoid.mistake("output")
def numerator_of_the_negative_side_everywhere(z):
    """The form for negative x is used everywhere: for a positive x the numerator is 1."""
    return torch.exp(-z.abs()) / (1 + torch.exp(-z.abs()))


@sigmoid.mistake("output")
def one_minus_the_exponential(z):
    """The denominator is 1 - exp(-x): with the minus it is 0 at x = 0, and the output leaves 0..1."""
    return 1 / (1 - torch.exp(-z))


@sigmoid.mistake("output")
def one_left_out_of_the_denominator(z):
    """The 1 in the denominator is missing: 1 / exp(-x) is exp(x), which grows without limit."""
    return torch.exp(z)


@sigmoid.mistake("output")
def numerator_lost(z):
    """You return 1 + exp(-x), the denominator: the sigmoid is 1 divided by it. (Without brackets, 1 / 1 + exp(-x)
    divides first and adds then.)"""
    return 1 + torch.exp(-z)


@sigmoid.mistake("output")
def numerator_and_denominator_do_not_belong_together(z):
    """exp(x) / (1 + exp(-x)): with exp(x) on top the denominator is 1 + exp(x); with exp(-x) in it, 1 stands on top."""
    return torch.exp(z) / (1 + torch.exp(-z))


@sigmoid.mistake("output")
def minus_one_in_the_exponent_too_early(z):
    """The denominator is exp(1 - x) or the like: the 1 is added to the exponential, not to the exponent."""
    return 1 / torch.exp(1 - z)


@sigmoid.mistake("output")
def one_form_for_the_whole_tensor(z):
    """The form is chosen once for the whole tensor (by its mean or its sum): each number needs the one for its own
    sign. NaN where the others outvote it."""
    return torch.exp(z) / (1 + torch.exp(z)) if z.mean() < 0 else 1 / (1 + torch.exp(-z))


@sigmoid.mistake("output")
def denominator_left_out_for_negative_numbers(z):
    """For negative x you return exp(x) without its denominator: there the stable form is exp(x) / (1 + exp(x))."""
    return torch.where(z < 0, torch.exp(z), _sigmoid(z))


@sigmoid.mistake("output")
def tanh_in_place_of_the_sigmoid(z):
    """This is tanh, between -1 and 1: the sigmoid lies between 0 and 1."""
    return torch.tanh(z)


@sigmoid.mistake("output")
def tanh_of_half_the_argument(z):
    """This lies between -1 and 1 (2 s - 1): the sigmoid itself lies between 0 and 1."""
    return torch.tanh(z / 2)


@sigmoid.mistake("z")
def tanh_of_the_whole_argument(x):
    """The argument is twice too large (a tanh moved to between 0 and 1 needs half of it): the curve is too steep."""
    return 2 * x


@sigmoid.mistake("output")
def relu_in_place_of_the_sigmoid(z):
    """This is a ReLU: the sigmoid lies between 0 and 1."""
    return z.clamp(min=0)


@sigmoid.mistake("output")
def step_in_place_of_the_sigmoid(z):
    """This is a step, 0 or 1 (or the output is rounded): it has no slope, so nothing can be learned through it. The
    sigmoid is its smooth version."""
    return (z > 0).to(z.dtype)


@sigmoid.mistake("output")
def step_with_one_at_zero(z):
    """This is a step, 0 or 1 (or the output is rounded): it has no slope, so nothing can be learned through it. The
    sigmoid is its smooth version."""
    return (z >= 0).to(z.dtype)


@sigmoid.mistake("output")
def applied_twice(z):
    """The sigmoid is applied twice: the result can then only lie between 0.5 and 0.73."""
    return _sigmoid(_sigmoid(z))


@sigmoid.mistake("output")
def slope_of_the_sigmoid(z):
    """You return the derivative, s (1 - s): that is another exercise. Here s itself is asked for."""
    return _sigmoid(z) * (1 - _sigmoid(z))


@sigmoid.mistake("output")
def log_sigmoid(z):
    """You return the logarithm of the sigmoid: the sigmoid itself is asked for."""
    return -_softplus(-z)


@sigmoid.mistake("output")
def softplus(z):
    """This is softplus, log(1 + exp(x)), which grows without limit: its slope is the sigmoid."""
    return _softplus(z)


@sigmoid.mistake("output")
def silu_in_place_of_the_sigmoid(z):
    """This is x times the sigmoid, SiLU: the sigmoid itself is asked for."""
    return z * _sigmoid(z)


@sigmoid.mistake("output")
def squared(z):
    """The sigmoid is squared."""
    return _sigmoid(z) ** 2


@sigmoid.mistake("output", constants=(*TAILS, 8.0, 10.0))
def limits_beyond_a_bound(z, constant):
    """Beyond about {constant} you return exactly 1, and below -{constant} exactly 0: the sigmoid only comes near them,
    and its values jump there."""
    return torch.where(z > constant, 1, torch.where(z < -constant, 0, _sigmoid(z)))


@sigmoid.mistake("output")
def base_two(z):
    """You use powers of 2 where the sigmoid uses powers of e: the curve is too flat."""
    return 1 / (1 + 2**-z)


@sigmoid.mistake("output")
def base_ten(z):
    """You use powers of 10 where the sigmoid uses powers of e: the curve is too steep."""
    return 1 / (1 + 10**-z)


@sigmoid.mistake("output", constants=(2.7, 2.71, 2.72, 2.718, 2.7183, 2.71828))
def e_with_few_digits(z, constant):
    """e is written as {constant}: it has more digits than that. torch.exp knows them all."""
    return 1 / (1 + constant**-z)


@sigmoid.mistake("z")
def half_the_argument(x):
    """x is halved on its way: the curve is too flat. (Half of it belongs to the form with tanh.)"""
    return x / 2


@sigmoid.mistake("z", constants=(0.1, 5.0, 1.702, 3.0, 4.0, 10.0))
def slope_factor(x, constant):
    """x is multiplied by {constant} on its way: that changes how steep the curve is."""
    return constant * x


@sigmoid.mistake("z")
def squared_argument(x):
    """x is squared on its way: the curve then no longer knows the sign of x."""
    return x**2


@sigmoid.mistake("z", constants=CLAMPS)
def argument_clamped(x, constant):
    """x is clamped to between -{constant} and {constant}: numbers beyond are all treated alike, and the sigmoid never
    gets as near to 0 and 1 as it should. Nothing overflows in the right form, so nothing needs to be held back."""
    return x.clamp(-constant, constant)


@sigmoid.mistake("output")
def softmax_in_place_of_the_sigmoid(z):
    """This is a softmax: its numbers compete with each other and add up to 1. The sigmoid looks at each number by
    itself."""
    return torch.softmax(z, -1)


@sigmoid.mistake("output")
def softmax_over_everything(z):
    """You divide by the sum over all numbers: that is a softmax, in which they compete. The sigmoid looks at each
    number by itself."""
    return torch.softmax(z.reshape(-1), 0).reshape(z.shape)


@sigmoid.mistake("output")
def hard_sigmoid(z):
    """This is the piecewise linear imitation of a sigmoid (a hard sigmoid): its slope is exactly 0 outside a small
    range."""
    return (z / 6 + 0.5).clamp(0, 1)


@sigmoid.mistake("output")
def hard_sigmoid_of_keras(z):
    """This is a piecewise linear imitation of a sigmoid (a hard sigmoid): its slope is exactly 0 outside a small
    range."""
    return (0.2 * z + 0.5).clamp(0, 1)


@sigmoid.mistake("output")
def clipped_to_zero_and_one(z):
    """x is cut off at 0 and 1: the sigmoid bends smoothly, and is one half at 0."""
    return z.clamp(0, 1)


@sigmoid.mistake("output")
def softsign(z):
    """You use x / (1 + |x|): it has a similar shape, but it is not the sigmoid."""
    return z / (1 + z.abs())


@sigmoid.mistake("output")
def softsign_between_zero_and_one(z):
    """You use x / (1 + |x|), moved to between 0 and 1: it has a similar shape, but it is not the sigmoid."""
    return (1 + z / (1 + z.abs())) / 2


@sigmoid.mistake("output")
def arctangent(z):
    """You use the arctangent: it has a similar shape, but it is not the sigmoid."""
    return torch.atan(z) / math.pi + 0.5


@sigmoid.mistake("output")
def distribution_of_a_normal(z):
    """You use the normal distribution function (erf): it has a similar shape, but it is not the sigmoid."""
    return _normal(z)


@sigmoid.mistake("output", constants=SMALL)
def small_number_in_the_denominator(z, constant):
    """A small number, {constant}, is added to the denominator: it is at least 1 already, so nothing can go wrong there,
    and every output comes out too small."""
    return 1 / (1 + torch.exp(-z) + constant)


@sigmoid.mistake("output", constants=SMALL)
def kept_away_from_zero_and_one(z, constant):
    """The output is clamped to between {constant} and 1 - {constant}: that belongs to a loss that takes logarithms, if
    anywhere."""
    return _sigmoid(z).clamp(constant, 1 - constant)


@sigmoid.mistake("output")
def denominator_cut_out_of_the_graph(z):
    """The value is right and the gradient is not: a part of the formula is cut out of autograd's graph (detach, .data,
    no_grad)."""
    up = torch.exp(-z.abs())
    return torch.where(z >= 0, torch.ones_like(z), up) / (1 + up.detach())


# ------------------------------------------------------------------------------------------------- tanh

tanh = Anatomy("activations.tanh", "output")


@tanh.step
def z(x):
    return x


@tanh.step
def output(z):
    """tanh of each number in `x`"""
    return torch.tanh(z)


@tanh.quantity
def growing_twice_as_fast(x):
    """the exponential of twice `x`"""
    return torch.exp(2 * x)


@tanh.quantity
def falling_twice_as_fast(x):
    """the exponential of minus twice `x`"""
    return torch.exp(-2 * x)


@tanh.quantity
def difference_of_exponentials(x):
    """the exponential of `x` minus the exponential of minus `x`"""
    return torch.exp(x) - torch.exp(-x)


@tanh.quantity
def sum_of_exponentials(x):
    """the exponential of `x` plus the exponential of minus `x`"""
    return torch.exp(x) + torch.exp(-x)


@tanh.quantity
def twice_below_zero(x):
    """minus twice the absolute value of `x`"""
    return -2 * x.abs()


@tanh.quantity
def double_decay(x):
    """the exponential of minus twice the absolute value of `x`"""
    return torch.exp(-2 * x.abs())


@tanh.quantity
def one_less_double_decay(double_decay):
    """1 minus the exponential of minus twice the absolute value of `x`"""
    return 1 - double_decay


@tanh.quantity
def one_and_double_decay(double_decay):
    """1 plus the exponential of minus twice the absolute value of `x`"""
    return 1 + double_decay


@tanh.quantity
def tanh_of_the_absolute_value(x):
    """tanh of the absolute value of `x`"""
    return torch.tanh(x.abs())


@tanh.quantity
def sign_of_x(x):
    """the sign of `x`: -1, 0 or 1"""
    return torch.sign(x)


@tanh.quantity
def sigmoid_of_twice(x):
    """the sigmoid of twice `x`"""
    return _sigmoid(2 * x)


tanh.quantity(sigmoid.steps["not_negative"])


@tanh.mistake("output")
def infinity_divided_by_infinity(z):
    """NaN for a large x of either sign: exp(|x|) overflows to infinity above 88 in float32 (709 in float64), and stands
    in the numerator and in the denominator. Only exponentials of negative numbers are safe: which one can you divide
    both by?"""
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


@tanh.mistake("output")
def infinity_divided_by_infinity_for_positive_numbers(z):
    """NaN for a large positive x: exp(2 x) overflows to infinity, and stands in the numerator and in the
    denominator."""
    return (torch.exp(2 * z) - 1) / (torch.exp(2 * z) + 1)


@tanh.mistake("output")
def infinity_divided_by_infinity_for_negative_numbers(z):
    """NaN for a very negative x: exp(-2 x) overflows to infinity, and stands in the numerator and in the
    denominator."""
    return (1 - torch.exp(-2 * z)) / (1 + torch.exp(-2 * z))


@tanh.mistake("output")
def one_form_for_the_whole_tensor(z):
    """The form is chosen once for the whole tensor (by its mean or its sum): each number needs the one for its own
    sign. NaN where the others outvote it."""
    up, down = torch.exp(2 * z), torch.exp(-2 * z)
    return (up - 1) / (up + 1) if z.mean() < 0 else (1 - down) / (1 + down)


@tanh.mistake("output")
def overflow_replaced_by_zero(z):
    """The overflow for a large x is replaced by 0 (nan_to_num): there tanh is 1 or -1."""
    return ((torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))).nan_to_num(0.0)


@tanh.mistake("output")
def overflow_replaced_by_one(z):
    """The overflow for a large x is replaced by 1 (nan_to_num): for a very negative x tanh is -1."""
    return ((torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))).nan_to_num(1.0)


@tanh.mistake("output")
def sigmoid_in_place_of_tanh(z):
    """This is the sigmoid, between 0 and 1: tanh lies between -1 and 1, and is 0 at 0."""
    return _sigmoid(z)


@tanh.mistake("output")
def sigmoid_of_twice_the_argument(z):
    """This is sigmoid(2 x), between 0 and 1: tanh lies between -1 and 1, and is 0 at 0."""
    return _sigmoid(2 * z)


@tanh.mistake("output")
def sigmoid_moved_by_a_half(z):
    """The sigmoid is moved down to 0 at 0, but it reaches only from -1/2 to 1/2: tanh reaches from -1 to 1."""
    return _sigmoid(2 * z) - 0.5


@tanh.mistake("z")
def two_left_out_of_the_argument(x):
    """The argument is half of what it should be, so the curve is too flat: in terms of exp(2 x) or sigmoid(2 x), the 2
    is needed."""
    return x / 2


@tanh.mistake("z")
def two_in_the_argument(x):
    """The argument is twice what it should be, so the curve is too steep: in terms of exp(2 x) or sigmoid(2 x), the 2
    is needed once."""
    return 2 * x


@tanh.mistake("z", constants=(0.1, 2 / 3))
def slope_factor(x, constant):
    """x is multiplied by {constant} on its way: that changes how steep the curve is."""
    return constant * x


@tanh.mistake("output")
def sign_turned_round(z):
    """The sign is turned round: exp(x) comes first in the numerator, exp(-x) is subtracted."""
    return -torch.tanh(z)


@tanh.mistake("output")
def numerator_and_denominator_exchanged(z):
    """Numerator and denominator are exchanged: that is the cotangent, which is infinite at 0."""
    return 1 / torch.tanh(z)


@tanh.mistake("output")
def hyperbolic_sine(z):
    """You return sinh, (exp(x) - exp(-x)) / 2: it has to be divided by cosh, else it grows without limit."""
    return torch.sinh(z)


@tanh.mistake("output")
def twice_the_hyperbolic_sine(z):
    """You return exp(x) - exp(-x), the numerator: it has to be divided by exp(x) + exp(-x)."""
    return 2 * torch.sinh(z)


@tanh.mistake("output")
def hyperbolic_cosine(z):
    """You return cosh: tanh is sinh divided by it."""
    return torch.cosh(z)


@tanh.mistake("output")
def product_of_sine_and_cosine(z):
    """sinh and cosh are multiplied: tanh is their quotient."""
    return torch.sinh(z) * torch.cosh(z)


@tanh.mistake("output")
def brackets_left_out(z):
    """The brackets around the denominator are missing: only exp(x) is divided by, and exp(-x) is added afterwards."""
    return (torch.exp(z) - torch.exp(-z)) / torch.exp(z) + torch.exp(-z)


@tanh.mistake("output")
def brackets_left_out_twice(z):
    """The brackets around numerator and denominator are missing: division binds tighter than addition."""
    return torch.exp(z) - torch.exp(-z) / torch.exp(z) + torch.exp(-z)


@tanh.mistake("output")
def denominator_left_out(z):
    """The denominator is missing: 1 - exp(-2 x) has to be divided by 1 + exp(-2 x)."""
    return 1 - torch.exp(-2 * z)


@tanh.mistake("output")
def tangent(z):
    """This is the tangent of an angle: tanh is the hyperbolic tangent, made of exponentials."""
    return torch.tan(z)


@tanh.mistake("output")
def arctangent(z):
    """This is the arctangent: it has a similar shape, but it is not tanh."""
    return torch.atan(z)


@tanh.mistake("output")
def arctangent_between_minus_one_and_one(z):
    """This is the arctangent, scaled to between -1 and 1: it has a similar shape, but it is not tanh."""
    return torch.atan(z) * 2 / math.pi


@tanh.mistake("output")
def hard_tanh(z):
    """This is the piecewise linear imitation (hard tanh): tanh bends smoothly."""
    return z.clamp(-1, 1)


@tanh.mistake("output")
def softsign(z):
    """You use x / (1 + |x|), softsign: it has a similar shape, but it is not tanh."""
    return z / (1 + z.abs())


@tanh.mistake("output")
def error_function(z):
    """You use erf: it has a similar shape, but it is not tanh."""
    return torch.erf(z)


@tanh.mistake("output")
def slope_of_tanh(z):
    """You return the derivative, 1 - t ** 2: that is another exercise. Here t itself is asked for."""
    return 1 - torch.tanh(z) ** 2


@tanh.mistake("output")
def applied_twice(z):
    """tanh is applied twice."""
    return torch.tanh(torch.tanh(z))


@tanh.mistake("output")
def sign_lost(z):
    """The sign of x is lost (abs): tanh of a negative number is negative."""
    return torch.tanh(z).abs()


@tanh.mistake("output")
def one_minus_the_other_side(z):
    """For negative x you return 1 - tanh(|x|), which is how a sigmoid is mirrored: tanh of a negative number is minus
    tanh of the positive one."""
    return torch.where(z < 0, 1 - torch.tanh(z.abs()), torch.tanh(z))


@tanh.mistake("output")
def between_zero_and_one(z):
    """Negative outputs are cut off: tanh lies between -1 and 1."""
    return torch.tanh(z).clamp(min=0)


@tanh.mistake("output")
def sign_alone(z):
    """You return the sign of x (or round): tanh bends smoothly between -1 and 1."""
    return torch.sign(z)


@tanh.mistake("output")
def relu_in_place_of_tanh(z):
    """This is a ReLU: tanh lies between -1 and 1."""
    return z.clamp(min=0)


@tanh.mistake("output")
def first_terms_of_the_series(z):
    """You use the first terms of the power series, x - x ** 3 / 3: it holds near 0 only."""
    return z - z**3 / 3


@tanh.mistake("output")
def three_terms_of_the_series(z):
    """You return the first terms of the series of tanh: they are right near 0 only."""
    return z - z**3 / 3 + 2 * z**5 / 15


@tanh.mistake("output", constants=(2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0))
def sign_beyond_a_bound(z, constant):
    """Beyond {constant} you return 1 or -1 outright: tanh only comes near to them, and its gradient there is not 0."""
    return torch.where(z.abs() > constant, torch.sign(z), torch.tanh(z))


@tanh.mistake("output")
def scaled_tanh(z):
    """This is LeCun's scaled tanh, 1.7159 tanh(2 x / 3): plain tanh is asked for."""
    return 1.7159 * torch.tanh(2 * z / 3)


@tanh.mistake("output")
def base_two(z):
    """You use powers of 2 where tanh uses powers of e: the curve is too flat."""
    return torch.tanh(z * math.log(2))


@tanh.mistake("z", constants=CLAMPS[:10])
def argument_clamped(x, constant):
    """x is clamped to between -{constant} and {constant}: numbers beyond are all treated alike, and tanh never gets as
    near to 1 as it should. In a form that does not overflow nothing needs to be held back."""
    return x.clamp(-constant, constant)


@tanh.mistake("output", constants=SMALL)
def small_number_in_the_denominator(z, constant):
    """A small number, {constant}, is added to the denominator: it is at least 2 already, so nothing can go wrong there,
    and a large x still gives NaN."""
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z) + constant)


@tanh.mistake("output", constants=SMALL)
def small_number_in_a_stable_denominator(z, constant):
    """A small number, {constant}, is added to the denominator: it cannot be 0, so nothing can go wrong there, and every
    output comes out too small."""
    power = torch.exp(-2 * z.abs())
    return torch.sign(z) * (1 - power) / (1 + power + constant)


@tanh.mistake("output")
def exponentials_cut_out_of_the_graph(z):
    """The value is right and the gradient is not: the exponentials are cut out of autograd's graph (detach, no_grad),
    and nothing is left that depends on x."""
    return torch.tanh(z).detach() + 0 * torch.sign(z)


@tanh.mistake("output")
def denominator_cut_out_of_the_graph(z):
    """The value is right and the gradient is not: a part of the formula is cut out of autograd's graph (detach, .data,
    no_grad)."""
    power = torch.exp(-2 * z.abs())
    return torch.sign(z) * (1 - power) / (1 + power.detach())


# ------------------------------------------------------------------------------------------------- relu

relu = Anatomy("activations.relu", "output")


@relu.step
def output(x):
    """the ReLU of each number in `x`: itself if it is positive, else 0"""
    return x.clamp(min=0)


@relu.quantity
def positive(x):
    """the mask that is True where `x` is above 0"""
    return x > 0


@relu.quantity
def one_where_positive(x):
    """1 where `x` is above 0, and 0 elsewhere"""
    return (x > 0).to(x.dtype)


@relu.quantity
def negative_part(x):
    """the negative part of `x`: 0 where `x` is positive"""
    return x.clamp(max=0)


@relu.quantity
def magnitude(x):
    """the absolute value of `x`"""
    return x.abs()


@relu.quantity
def x_and_its_size(x):
    """`x` plus its absolute value: twice the ReLU"""
    return x + x.abs()


relu.quantity(sigmoid.steps["negative"])


@relu.mistake("output")
def nothing_done(x):
    """You return x itself: negative numbers become 0."""
    return 1 * x


@relu.mistake("output")
def absolute_value(x):
    """Negative numbers lose their sign (abs): ReLU makes 0 of them."""
    return x.abs()


@relu.mistake("output")
def positive_part_removed(x):
    """The comparison (or the sign in x + |x|) is turned round: you keep the negative numbers and remove the positive
    ones."""
    return x.clamp(max=0)


@relu.mistake("output")
def sign_turned_round(x):
    """The sign is turned round: max(-x, 0) is not 0 for the negative numbers, but for the positive ones."""
    return (-x).clamp(min=0)


@relu.mistake("output")
def step_in_place_of_relu(x):
    """You return 1 where x is positive: that is the slope. ReLU keeps positive numbers as they are."""
    return (x > 0).to(x.dtype)


@relu.mistake("output")
def sign_in_place_of_relu(x):
    """You return the sign of x: ReLU keeps positive numbers as they are."""
    return torch.sign(x)


@relu.mistake("output", constants=(0.01, 0.1, 0.2, 0.05, 0.25, 0.3))
def leaky_relu_in_place_of_relu(x, constant):
    """{constant} of what is negative passes: that is a leaky ReLU. In a plain one negative numbers become 0."""
    return torch.where(x > 0, x, constant * x)


@relu.mistake("output", constants=(1.0, 6.0, 10.0, 20.0, 100.0, 1000.0))
def cut_off(x, constant):
    """Large numbers are cut off at {constant}: ReLU has no upper limit, which is why its gradient does not vanish."""
    return x.clamp(0, constant)


@relu.mistake("output", constants=(1.0, 0.1, 0.01, 0.5, 0.001, 1e-4, 1e-6, 1e-8))
def threshold_above_zero(x, constant):
    """Positive numbers below {constant} are removed, too: the threshold is 0."""
    return torch.where(x > constant, x, torch.zeros_like(x))


@relu.mistake("output", constants=(1.0, 0.1, 0.01, 0.5, 1e-3, 1e-6))
def lifted(x, constant):
    """Everything is lifted to at least {constant}: the lower limit is 0."""
    return x.clamp(min=constant)


@relu.mistake("output", constants=(0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6))
def small_number_added(x, constant):
    """{constant} is added to the result: a ReLU is exactly 0 for negative numbers, and nothing can be divided by 0
    here."""
    return x.clamp(min=0) + constant


@relu.mistake("output")
def elu(x):
    """This is ELU, which goes down to -1: in a ReLU negative numbers become exactly 0."""
    return torch.where(x > 0, x, torch.expm1(x.clamp(max=0)))


@relu.mistake("output")
def softplus(x):
    """This is softplus, the smooth version: ReLU is exactly 0 for negative numbers, with a corner at 0."""
    return _softplus(x)


@relu.mistake("output")
def gelu_in_place_of_relu(x):
    """This is GELU: ReLU is exactly 0 for negative numbers, with a corner at 0."""
    return x * _normal(x)


@relu.mistake("output")
def silu_in_place_of_relu(x):
    """This is SiLU: ReLU is exactly 0 for negative numbers, with a corner at 0."""
    return x * _sigmoid(x)


@relu.mistake("output")
def sigmoid_in_place_of_relu(x):
    """This is the sigmoid: ReLU keeps positive numbers as they are."""
    return _sigmoid(x)


@relu.mistake("output")
def tanh_in_place_of_relu(x):
    """This is tanh: ReLU keeps positive numbers as they are."""
    return torch.tanh(x)


@relu.mistake("output")
def squared(x):
    """Positive numbers are squared: ReLU keeps them as they are."""
    return x.clamp(min=0) * x


@relu.mistake("output")
def halved(x):
    """Positive numbers are halved: (x + |x|) has to be divided by 2 once, not twice."""
    return x.clamp(min=0) / 2


@relu.mistake("output")
def doubled(x):
    """Positive numbers are doubled: x + |x| is 2 x where x is positive."""
    return x.clamp(min=0) * 2


@relu.mistake("output")
def ones_where_negative(x):
    """Negative numbers become 1: they become 0."""
    return torch.where(x > 0, x, torch.ones_like(x))


@relu.mistake("output")
def largest_number_only(x):
    """You take the largest number of all (max with one argument): ReLU compares each number with 0 by itself."""
    return torch.maximum(x.max(), x.new_zeros(()))


@relu.mistake("output")
def largest_number_everywhere(x):
    """Every entry becomes the largest number of x (x.max() is one number for the whole tensor): each entry is compared
    with 0 by itself."""
    return torch.maximum(x.max(), torch.zeros_like(x))


@relu.mistake("output")
def largest_number_of_each_row(x):
    """Every entry becomes the largest number of its row (max over a dimension): each entry is compared with 0 by
    itself."""
    return x.amax(-1, keepdim=True).clamp(min=0).expand_as(x)


@relu.mistake("output")
def all_or_nothing(x):
    """The whole tensor passes, or none of it: each entry is compared with 0 by itself."""
    return x * (x.sum() > 0)


@relu.mistake("output")
def negative_numbers_left_out(x):
    """Negative numbers are left out (x[x > 0]), and the shape is lost: they become 0 and stay where they are."""
    return x[x > 0]


@relu.mistake("output")
def relu_behind_autograds_back(x):
    """The value is right and the gradient is not: the negative numbers are set to 0 behind autograd's back (.data,
    no_grad), which then sends blame through units that are switched off."""
    return x + (x.clamp(min=0) - x).detach()


@relu.mistake("output")
def mask_of_numbers_in_place_of_comparison(x):
    """x is divided by itself to get 1 and 0 (or x / |x|): at x = 0 that is 0 / 0, not a number."""
    return x * (1 + x / x.abs()) / 2


# ------------------------------------------------------------------------------------------------- silu

silu = Anatomy("activations.silu", "output")


@silu.step
def gate(x):
    """the gate that `x` opens for itself: the sigmoid of `x`"""
    return _sigmoid(x)


@silu.step
def output(x, gate):
    """the SiLU of each number in `x`"""
    return x * gate


@silu.quantity
def one_and_growing(growing):
    """1 plus the exponential of `x`"""
    return 1 + growing


@silu.quantity
def kept_back(x):
    """the share of `x` that the gate keeps back: the sigmoid of minus `x`"""
    return _sigmoid(-x)


@silu.quantity
def lost_at_the_gate(x, kept_back):
    """the part of `x` that the gate keeps back"""
    return x * kept_back


for shared in (
    "opposite",
    "growing",
    "falling",
    "one_and_falling",
    "decay",
    "one_and_decay",
    "at_most_one",
    "logarithm_of_the_sigmoid",
    "tanh_of_half",
):
    silu.quantity(sigmoid.steps[shared])


@silu.mistake("output", constants=TAILS)
def limits_beyond_a_bound(x, gate, constant):
    """Beyond {constant} you return x itself, and below -{constant} exactly 0: SiLU only comes near them, and its values
    jump there."""
    return torch.where(x > constant, x, torch.where(x < -constant, 0, x * gate))


@silu.mistake("output", constants=TAILS)
def zero_below_a_bound(x, gate, constant):
    """Below -{constant} you return exactly 0: SiLU only comes near it, and its values jump there."""
    return torch.where(x < -constant, 0, x * gate)


@silu.mistake("gate")
def sigmoid_applied_twice(x):
    """The gate is the sigmoid of the sigmoid: it is applied once."""
    return _sigmoid(_sigmoid(x))


@silu.mistake("gate")
def infinity_divided_by_infinity(x):
    """NaN for a large x: exp overflows to infinity above 88 in float32 (709 in float64), and infinity / infinity is not
    a number. The other way of writing the sigmoid has the infinity only in the denominator."""
    return torch.exp(x) / (1 + torch.exp(x))


@silu.mistake("gate")
def one_form_for_the_whole_tensor(x):
    """The form of the gate is chosen once for the whole tensor (by its mean or its sum): each number needs the one for
    its own sign. NaN where the others outvote it."""
    return torch.exp(x) / (1 + torch.exp(x)) if x.mean() < 0 else 1 / (1 + torch.exp(-x))


@silu.mistake("gate")
def overflow_replaced_by_zero(x):
    """The overflow for a large x is replaced by 0 (nan_to_num): there the gate is 1, and SiLU is x."""
    return (torch.exp(x) / (1 + torch.exp(x))).nan_to_num(0.0)


@silu.mistake("gate")
def sign_of_the_exponent(x):
    """The sign in the exponent is turned round: the gate opens for positive x, and closes for negative."""
    return _sigmoid(-x)


@silu.mistake("gate")
def absolute_value_in_the_exponent(x):
    """The exponent is always negative (abs): the gate then opens for negative x as well."""
    return 1 / (1 + torch.exp(-x.abs()))


@silu.mistake("gate")
def one_minus_the_exponential(x):
    """The gate's denominator is 1 - exp(-x): with the minus it is 0 at x = 0."""
    return 1 / (1 - torch.exp(-x))


@silu.mistake("gate")
def one_left_out_of_the_denominator(x):
    """The 1 in the gate's denominator is missing: 1 / exp(-x) is exp(x), which grows without limit."""
    return torch.exp(x)


@silu.mistake("gate")
def gate_upside_down(x):
    """x is multiplied by 1 + exp(-x): it has to be divided by it."""
    return 1 + torch.exp(-x)


@silu.mistake("gate")
def tanh_as_the_gate(x):
    """x is multiplied with tanh(x): the gate is a sigmoid, between 0 and 1."""
    return torch.tanh(x)


@silu.mistake("gate")
def gelu_in_place_of_silu(x):
    """The gate is the normal distribution function: that is GELU. Here it is the sigmoid."""
    return _normal(x)


@silu.mistake("gate", constants=(1.702, 2.0, 0.5, 1.5, 10.0))
def gate_with_a_slope_factor(x, constant):
    """The gate is the sigmoid of {constant} x: SiLU has no such factor. (1.702 belongs to an approximation of GELU.)"""
    return _sigmoid(constant * x)


@silu.mistake("gate")
def step_as_the_gate(x):
    """The gate is a step, which makes it a ReLU: SiLU's gate is a sigmoid."""
    return (x > 0).to(x.dtype)


@silu.mistake("gate")
def hard_swish(x):
    """The gate is piecewise linear, which makes it hard swish: SiLU's gate is a sigmoid."""
    return (x / 6 + 0.5).clamp(0, 1)


@silu.mistake("gate")
def mish(x):
    """The gate is tanh(softplus(x)), which makes it Mish: SiLU's gate is a sigmoid."""
    return torch.tanh(_softplus(x))


@silu.mistake("gate")
def logarithm_of_the_gate(x):
    """The gate is -log sigmoid(x): the gate itself lies between 0 and 1."""
    return _softplus(-x)


@silu.mistake("gate", constants=(0.2, 0.25))
def gate_of_straight_pieces(x, constant):
    """The gate is {constant} x + 0.5, cut off at 0 and 1: SiLU's gate is a sigmoid."""
    return (constant * x + 0.5).clamp(0, 1)


@silu.mistake("gate")
def softplus_as_the_gate(x):
    """The gate is softplus, which grows without limit: it is a sigmoid, between 0 and 1."""
    return _softplus(x)


@silu.mistake("gate")
def slope_of_the_sigmoid_as_the_gate(x):
    """The gate is the sigmoid's slope, s (1 - s): it is s itself."""
    return _sigmoid(x) * (1 - _sigmoid(x))


@silu.mistake("gate")
def squared_gate(x):
    """The gate is squared."""
    return _sigmoid(x) ** 2


@silu.mistake("gate")
def softmax_as_the_gate(x):
    """The gate is a softmax, in which the numbers compete: the sigmoid looks at each number by itself."""
    return torch.softmax(x, -1)


@silu.mistake("gate", constants=CLAMPS)
def gate_clamped(x, constant):
    """x is clamped to between -{constant} and {constant} before the gate: it never closes as far as it should, and a
    very negative x gets through."""
    return _sigmoid(x.clamp(-constant, constant))


@silu.mistake("gate", constants=SMALL)
def small_number_in_the_denominator(x, constant):
    """A small number, {constant}, is added to the gate's denominator: it is at least 1 already, so nothing can go wrong
    there, and every output comes out too small."""
    return 1 / (1 + torch.exp(-x) + constant)


@silu.mistake("gate")
def gate_cut_out_of_the_graph(x):
    """The value is right and the gradient is not: the gate is cut out of autograd's graph (detach, .data, no_grad). It
    depends on x as well."""
    return _sigmoid(x).detach()


@silu.mistake("output")
def brackets_left_out(x):
    """The brackets around the denominator are missing: x / 1 + exp(-x) divides first and adds then."""
    return x + torch.exp(-x)


@silu.mistake("gate", "output", constants=(*CLAMPS, 50.0, 60.0, 80.0, 87.0, 88.0, 100.0, 500.0, 700.0))
def x_clamped(x, constant):
    """x is clamped to between -{constant} and {constant}: for a large x, SiLU is x itself, without limit."""
    held = x.clamp(-constant, constant)
    return _sigmoid(held), held * _sigmoid(held)


@silu.mistake("output")
def x_left_out(gate):
    """x is missing: you return the gate alone."""
    return gate


@silu.mistake("output")
def x_added(x, gate):
    """x is added to its gate: a gate multiplies."""
    return x + gate


@silu.mistake("output")
def logarithm_of_the_gate_added(x, gate):
    """x is added to the logarithm of its gate: x is multiplied by the gate itself."""
    return x + torch.log(gate)


@silu.mistake("output")
def size_of_x(x, gate):
    """Only the size of x is used (abs): SiLU of a negative number is negative."""
    return x.abs() * gate


@silu.mistake("output")
def squared_x(x, gate):
    """x is squared."""
    return x**2 * gate


@silu.mistake("output")
def negative_numbers_removed(x, gate):
    """Negative outputs are cut off: SiLU dips below 0, down to -0.28 at x = -1.28."""
    return (x * gate).clamp(min=0)


@silu.mistake("output")
def slope_of_silu(x, gate):
    """You return the derivative: that is another exercise."""
    return gate * (1 + x * (1 - gate))


@silu.mistake("output")
def gated_twice(x, gate):
    """The gate of the product is taken: the gate depends on x itself, and is used once."""
    return _sigmoid(x * gate)


@silu.mistake("output")
def x_cut_out_of_the_graph(x, gate):
    """The value is right and the gradient is not: x is cut out of autograd's graph where it is multiplied with its
    gate."""
    return x.detach() * gate


# ------------------------------------------------------------------------------------------- leaky_relu

leaky = Anatomy("activations.leaky_relu", "output")


@leaky.step
def slope(negative_slope):
    return negative_slope


@leaky.step
def output(x, slope):
    """the leaky ReLU of each number in `x`"""
    return torch.where(x > 0, x, slope * x)


@leaky.quantity
def leak(x, negative_slope):
    """`x` scaled by `negative_slope`"""
    return negative_slope * x


@leaky.quantity
def positive_part(x):
    """the positive part of `x`: 0 where `x` is negative"""
    return x.clamp(min=0)


@leaky.quantity
def leak_of_the_negative_part(negative_part, negative_slope):
    """the negative part of `x`, scaled by `negative_slope`"""
    return negative_slope * negative_part


@leaky.quantity
def factor_of_each(x, negative_slope):
    """the factor of each number in `x`: 1 if it is positive, else `negative_slope`"""
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, negative_slope))


@leaky.quantity
def half_the_sum_of_the_slopes(negative_slope):
    """the mean of the two slopes, 1 and `negative_slope`"""
    return (1 + negative_slope) / 2


@leaky.quantity
def half_the_difference_of_the_slopes(negative_slope):
    """half of the difference of the two slopes, 1 and `negative_slope`"""
    return (1 - negative_slope) / 2


for shared in ("negative_part", "positive", "magnitude"):
    leaky.quantity(relu.steps[shared])
leaky.quantity(sigmoid.steps["negative"])


@leaky.mistake("slope", constants=(0.01, 0.1, 0.2, 0.3, 0.25, 0.5))
def slope_ignored(negative_slope, constant):
    """The argument negative_slope is ignored, {constant} is used always: whoever calls you chooses it."""
    return constant


@leaky.mistake("slope")
def slope_of_zero_ignored(negative_slope):
    """A negative_slope of 0 counts as not given (`or`, or `if negative_slope`), and becomes 0.01: 0 is a slope like any
    other, that of a plain ReLU."""
    return negative_slope or 0.01


@leaky.mistake("slope")
def no_leak(negative_slope):
    """Negative numbers become 0: that is a plain ReLU. The leak is what keeps a gradient alive on that side."""
    return 0.0


@leaky.mistake("slope")
def negative_numbers_as_they_are(negative_slope):
    """Nothing bends: negative numbers are not multiplied by negative_slope."""
    return 1.0


@leaky.mistake("slope")
def sign_of_the_leak(negative_slope):
    """The negative side comes out positive: the sign of the leak is turned round."""
    return -negative_slope


@leaky.mistake("slope")
def slope_squared(negative_slope):
    """The slope is applied twice on the negative side."""
    return negative_slope**2


@leaky.mistake("slope")
def one_minus_the_slope(negative_slope):
    """Negative numbers are multiplied by 1 - negative_slope: the slope itself is the factor."""
    return 1 - negative_slope


@leaky.mistake("slope")
def one_plus_the_slope(negative_slope):
    """The leak is added to x where it should take its place: negative numbers come out as (1 + negative_slope) x."""
    return 1 + negative_slope


@leaky.mistake("slope")
def slope_divided(negative_slope):
    """Negative numbers are divided by negative_slope: they are multiplied by it."""
    return 1 / negative_slope if negative_slope else math.inf


@leaky.mistake("output")
def sides_exchanged(x, slope):
    """The two sides are exchanged (or you take the smaller of x and negative_slope x): it is the negative numbers that
    are multiplied by negative_slope."""
    return torch.where(x > 0, slope * x, x)


@leaky.mistake("output")
def slope_on_both_sides(x, slope):
    """Positive numbers are multiplied by negative_slope as well: they stay as they are."""
    return slope * x


@leaky.mistake("output")
def leak_on_top_of_the_positive_side(x, slope):
    """The leak is added on the positive side as well: there x stays as it is."""
    return x.clamp(min=0) + slope * x


@leaky.mistake("output")
def leak_of_the_positive_side_only(x, slope):
    """The leak is taken of the positive side again, and negative numbers become 0: it is min(x, 0) that is multiplied
    by negative_slope."""
    return (1 + slope) * x.clamp(min=0)


@leaky.mistake("output")
def leak_of_the_positive_side_subtracted(x, slope):
    """The leak is taken of the positive side and subtracted, and negative numbers become 0: it is min(x, 0) that is
    multiplied by negative_slope, and added."""
    return (1 - slope) * x.clamp(min=0)


@leaky.mistake("output")
def slope_added_to_relu(x, slope):
    """negative_slope itself is added: it is a factor, which makes the leak proportional to x."""
    return x.clamp(min=0) + slope


@leaky.mistake("output")
def slope_in_place_of_the_leak(x, slope):
    """Negative numbers become negative_slope itself: it is a factor, which makes the leak proportional to x."""
    return torch.where(x > 0, x, torch.full_like(x, slope))


@leaky.mistake("output")
def minus_slope_in_place_of_the_leak(x, slope):
    """Negative numbers become minus negative_slope: it is a factor, which makes the leak proportional to x."""
    return torch.where(x > 0, x, torch.full_like(x, -slope))


@leaky.mistake("output")
def larger_of_x_and_the_slope(x, slope):
    """You compare x with negative_slope itself (max, clamp): it is a factor, which makes the leak proportional to x."""
    return x.clamp(min=slope)


@leaky.mistake("output")
def cut_off_below(x, slope):
    """Negative numbers are cut off at minus negative_slope: it is a factor, which makes the leak proportional to x."""
    return x.clamp(min=-slope)


@leaky.mistake("output")
def threshold_at_the_slope(x, slope):
    """x is compared with negative_slope: the bend is at 0."""
    return torch.where(x > slope, x, slope * x)


@leaky.mistake("output")
def slope_returned(x, slope):
    """You return the derivative, 1 or negative_slope: that is another exercise."""
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, slope))


@leaky.mistake("output")
def slope_subtracted_from_negative_numbers(x, slope):
    """negative_slope is subtracted from negative numbers: it is a factor, which they are multiplied by."""
    return torch.where(x > 0, x, x - slope)


@leaky.mistake("output")
def slope_added_to_negative_numbers(x, slope):
    """negative_slope is added to negative numbers: it is a factor, which they are multiplied by."""
    return torch.where(x > 0, x, x + slope)


@leaky.mistake("output")
def one_side_for_the_whole_tensor(x, slope):
    """The sum (or mean) of x decides for all entries: each is compared with 0 by itself."""
    return torch.where(x.sum() > 0, x, slope * x)


@leaky.mistake("output")
def leak_subtracted(x, slope):
    """The leak is subtracted on the positive side: there x stays as it is."""
    return torch.where(x > 0, x - slope * x, slope * x)


@leaky.mistake("output")
def elu(x, slope):
    """This is ELU, which levels off: the negative side of a leaky ReLU is a straight line."""
    return torch.where(x > 0, x, slope * torch.expm1(x.clamp(max=0)))


@leaky.mistake("output")
def leak_behind_autograds_back(x, slope):
    """The value is right and the gradient is not: the negative side is changed behind autograd's back (.data,
    no_grad)."""
    return x + (torch.where(x > 0, x, slope * x) - x).detach()


@leaky.mistake("output")
def leak_cut_out_of_the_graph(x, slope):
    """The value is right and the gradient is not: the leak is cut out of autograd's graph (detach, .data, .item()). It
    is there for its gradient."""
    return x.clamp(min=0) + slope * x.clamp(max=0).detach()


@mistake("activations.leaky_relu", constants=(0.1, 0.2, 0.3, 0.05, 0.001, 0.25, 0.5, 0.0, 1.0))
def another_default(x, negative_slope=None, constant=0.1):
    """The default of negative_slope is {constant} in your signature: it is 0.01, as the statement says. Whoever leaves
    it out relies on that."""
    slope = constant if negative_slope is None else negative_slope
    return torch.where(x > 0, x, slope * x)


# ------------------------------------------------------------------------------------------------- gelu

gelu = Anatomy("activations.gelu", "output")


@gelu.step
def argument(x):
    """`x` divided by the square root of 2"""
    return x / math.sqrt(2)


@gelu.step
def error(argument):
    """erf, taken after `x` is divided by the square root of 2"""
    return torch.erf(argument)


@gelu.step
def share(error):
    """the probability that a standard normal number is below `x`"""
    return (1 + error) / 2


@gelu.step
def output(x, share):
    """the GELU of each number in `x`"""
    return x * share


@gelu.quantity
def half_of_x(x):
    """half of `x`"""
    return x / 2


@gelu.quantity
def opposite_argument(argument):
    """minus `x`, divided by the square root of 2"""
    return -argument


@gelu.quantity
def twice_the_share(error):
    """twice the probability that a standard normal number is below `x`"""
    return 1 + error


@gelu.quantity
def half_of_x_times_the_error(x, error):
    """half of `x`, times erf"""
    return x / 2 * error


@gelu.quantity
def twice_the_output(x, twice_the_share):
    """twice the GELU of `x`"""
    return x * twice_the_share


@gelu.mistake("output", constants=TAILS)
def limits_beyond_a_bound(x, share, constant):
    """Beyond {constant} you return x itself, and below -{constant} exactly 0: GELU only comes near them, and its values
    jump there."""
    return torch.where(x > constant, x, torch.where(x < -constant, 0, x * share))


@gelu.mistake("output", constants=TAILS)
def zero_below_a_bound(x, share, constant):
    """Below -{constant} you return exactly 0: GELU only comes near it, and its values jump there."""
    return torch.where(x < -constant, 0, x * share)


@gelu.mistake("argument")
def square_root_of_two_left_out(x):
    """erf is taken of x itself: a standard normal's distribution function needs x divided by the square root of 2."""
    return x


@gelu.mistake("argument")
def multiplied_by_the_square_root_of_two(x):
    """x is multiplied by the square root of 2 inside erf: it is divided by it."""
    return x * math.sqrt(2)


@gelu.mistake("argument")
def divided_by_two(x):
    """x is divided by 2 inside erf: it is divided by the square root of 2."""
    return x / 2


@gelu.mistake("argument")
def divided_by_the_square_root_of_pi(x):
    """x is divided by the square root of pi inside erf: it is the square root of 2."""
    return x / math.sqrt(math.pi)


@gelu.mistake("argument")
def divided_by_the_square_root_of_two_pi(x):
    """x is divided by sqrt(2 pi) inside erf: that belongs to the density. Here it is the square root of 2."""
    return x / math.sqrt(2 * math.pi)


@gelu.mistake("argument")
def tanh_constants_inside_erf(x):
    """The factor inside erf belongs to the approximation with tanh: erf needs x divided by the square root of 2."""
    return math.sqrt(2 / math.pi) * x


@gelu.mistake("argument")
def cubic_term_inside_erf(x):
    """The cubic term belongs to the approximation with tanh: erf needs x divided by the square root of 2, and no
    more."""
    return math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)


@gelu.mistake("argument", constants=(1.4, 1.41, 1.414, 1.4142, 1.41421, 0.707, 0.7071))
def square_root_of_two_with_few_digits(x, constant):
    """The square root of 2 is written with few digits ({constant}): math.sqrt knows them all."""
    return x / constant if constant > 1 else x * constant


@gelu.mistake("error")
def tanh_approximation(x):
    """This is the approximation with tanh, which is off by up to 5e-4: the exact form, with erf, is asked for. (Many
    models were trained with the approximation, and torch has both.)"""
    return torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


@gelu.mistake("error")
def tanh_approximation_with_a_square(x):
    """This is the approximation with tanh, and with a square where it has a cube: the exact form, with erf, is asked
    for."""
    return torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**2))


@gelu.mistake("error")
def tanh_approximation_without_the_root(x):
    """This is the approximation with tanh, and without the square root of 2 / pi: the exact form, with erf, is asked
    for."""
    return torch.tanh(2 / math.pi * (x + 0.044715 * x**3))


@gelu.mistake("error")
def tanh_approximation_without_the_cube(x):
    """This is a rough approximation with tanh: the exact form, with erf, is asked for."""
    return torch.tanh(math.sqrt(2 / math.pi) * x)


@gelu.mistake("error")
def tanh_approximation_with_its_root_upside_down(x):
    """This is the approximation with tanh, and with sqrt(pi / 2) where it has sqrt(2 / pi): the exact form, with erf,
    is asked for."""
    return torch.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x**3))


@gelu.mistake("error")
def tanh_in_place_of_erf(argument):
    """You use tanh where erf stands: they look alike, and differ."""
    return torch.tanh(argument)


@gelu.mistake("error")
def tanh_of_x(x):
    """You use tanh where erf stands: they look alike, and differ."""
    return torch.tanh(x)


@gelu.mistake("error")
def square_root_of_two_outside_erf(x):
    """erf is divided by the square root of 2: x is, inside of it. A bracket closes too early."""
    return torch.erf(x) / math.sqrt(2)


@gelu.mistake("error")
def complement_of_erf(argument):
    """The sign of erf is turned round (or erfc of the positive argument is used): the gate must open for positive x."""
    return -torch.erf(argument)


@gelu.mistake("error")
def complementary_error_function(argument):
    """You use erfc, which is 1 - erf, where erf is meant."""
    return torch.erfc(argument)


@gelu.mistake("share")
def sigmoid_approximation(x):
    """This is the approximation x sigmoid(1.702 x), which is off by up to 0.02: the exact form, with erf, is asked
    for."""
    return _sigmoid(1.702 * x)


@gelu.mistake("share")
def silu_in_place_of_gelu(x):
    """The gate is the sigmoid: that is SiLU. In GELU it is the normal distribution function."""
    return _sigmoid(x)


@gelu.mistake("share")
def half_left_out(error):
    """The factor 1/2 is missing: the gate reaches from 0 to 1, not to 2."""
    return 1 + error


@gelu.mistake("share")
def halved_twice(error):
    """There is a factor 1/2 too much: for a large x, GELU is x."""
    return (1 + error) / 4


@gelu.mistake("share")
def one_left_out(error):
    """The 1 is missing: erf lies between -1 and 1, and the gate between 0 and 1."""
    return error / 2


@gelu.mistake("share")
def erf_as_the_gate(error):
    """The gate is erf itself, between -1 and 1: it has to be moved to between 0 and 1."""
    return error


@gelu.mistake("share")
def half_on_the_one_only(error):
    """The factor 1/2 reaches only the 1, not erf: the brackets around the sum are missing."""
    return 0.5 + error


@gelu.mistake("share")
def half_on_erf_only(error):
    """The factor 1/2 reaches only erf, not the 1: the brackets around the sum are missing."""
    return 1 + error / 2


@gelu.mistake("share")
def density_as_the_gate(x):
    """The gate is the normal density: it is the distribution function, the probability of being below x."""
    return _density(x)


@gelu.mistake("share")
def step_as_the_gate(x):
    """The gate is a step, which makes it a ReLU: in GELU it is the normal distribution function."""
    return (x > 0).to(x.dtype)


@gelu.mistake("share")
def gate_cut_out_of_the_graph(error):
    """The value is right and the gradient is not: the gate is cut out of autograd's graph (detach, .data, math.erf). It
    depends on x as well."""
    return ((1 + error) / 2).detach()


@gelu.mistake("output")
def x_left_out(share):
    """x is missing: you return the distribution function alone, the gate that x is multiplied with."""
    return share


@gelu.mistake("output")
def x_added(x, share):
    """x is added to its gate: a gate multiplies."""
    return x + share


@gelu.mistake("output")
def x_inside_the_brackets(x, error):
    """x is multiplied with erf alone (the brackets around 1 + erf are missing)."""
    return (1 + x * error) / 2


@gelu.mistake("output")
def relu_times_erf(x, error):
    """Negative numbers are removed, and positive ones multiplied by erf: the gate is (1 + erf) / 2, on both sides."""
    return x.clamp(min=0) * error


@gelu.mistake("output")
def half_x_plus_erf(x, error):
    """x / 2 is multiplied with the 1 alone (the brackets around 1 + erf are missing)."""
    return x / 2 + error


@gelu.mistake("output")
def x_plus_erf(x, error):
    """A bracket is missing: in x * 1 + erf the x does not reach erf. It multiplies the sum 1 + erf."""
    return x + error


@gelu.mistake("output")
def half_of_x_plus_erf(x, error):
    """A bracket is missing: x multiplies the sum 1 + erf, and here it reaches the 1 only."""
    return (x + error) / 2


@gelu.mistake("output")
def x_plus_half_erf(x, error):
    """A bracket is missing: in x * 1 + erf / 2 the x does not reach erf, and the 1/2 not the 1."""
    return x + error / 2


@gelu.mistake("output")
def squared_x(x, share):
    """x is squared."""
    return x**2 * share


@gelu.mistake("output")
def size_of_x(x, share):
    """Only the size of x is used (abs): GELU of a negative number is negative."""
    return x.abs() * share


@gelu.mistake("output")
def negative_numbers_removed(x, share):
    """Negative outputs are cut off: GELU dips below 0, down to -0.17 at x = -0.75."""
    return (x * share).clamp(min=0)


@gelu.mistake("output")
def slope_of_gelu(x, share):
    """You return the derivative: that is another exercise."""
    return share + x * _density(x)


@gelu.mistake("output")
def x_cut_out_of_the_graph(x, share):
    """The value is right and the gradient is not: x is cut out of autograd's graph where it is multiplied with its
    gate."""
    return x.detach() * share


# ----------------------------------------------------------------------------------------- sigmoid_grad

sigmoid_slope = Anatomy("activations.sigmoid_grad", "slope")


@sigmoid_slope.step
def z(x):
    return x


@sigmoid_slope.step
def s(z):
    """the sigmoid of `x`"""
    return _sigmoid(z)


@sigmoid_slope.step
def rest(s):
    """what the sigmoid of `x` lacks to be 1"""
    return 1 - s


@sigmoid_slope.step
def slope(s, rest):
    """the slope of the sigmoid at each number in `x`"""
    return s * rest


@sigmoid_slope.quantity
def square_of_the_sigmoid(s):
    """the square of the sigmoid of `x`"""
    return s**2


@sigmoid_slope.quantity
def square_of_one_and_decay(one_and_decay):
    """the square of 1 plus the exponential of minus the absolute value of `x`"""
    return one_and_decay**2


@sigmoid_slope.quantity
def cosh_of_half(x):
    """the hyperbolic cosine of half of `x`"""
    return torch.cosh(x / 2)


@sigmoid_slope.quantity
def squared_cosh_of_half(cosh_of_half):
    """the square of the hyperbolic cosine of half of `x`"""
    return cosh_of_half**2


@sigmoid_slope.quantity
def squared_tanh_of_half(tanh_of_half):
    """the square of tanh of half of `x`"""
    return tanh_of_half**2


@sigmoid_slope.quantity
def logarithm_of_the_slope(x):
    """the logarithm of the slope of the sigmoid"""
    return -_softplus(x) - _softplus(-x)


for shared in ("opposite", "falling", "one_and_falling", "decay", "one_and_decay", "tanh_of_half"):
    sigmoid_slope.quantity(sigmoid.steps[shared])


@sigmoid_slope.mistake("s")
def output_expected(z):
    """You compute x (1 - x): that is the slope where x is the sigmoid's output already. Here x is its input."""
    return z


@sigmoid_slope.mistake("s")
def sigmoid_applied_twice(z):
    """The sigmoid is applied twice: the slope is written with the sigmoid of x, not with the sigmoid of that."""
    return _sigmoid(_sigmoid(z))


@sigmoid_slope.mistake("s")
def tanh_in_place_of_the_sigmoid(z):
    """You compute t (1 - t) with tanh: the formula is the sigmoid's, so s is the sigmoid."""
    return torch.tanh(z)


@sigmoid_slope.mistake("s")
def infinity_divided_by_infinity(z):
    """NaN for a large x: exp overflows to infinity above 88 in float32 (709 in float64), and infinity / infinity is not
    a number."""
    return torch.exp(z) / (1 + torch.exp(z))


@sigmoid_slope.mistake("s")
def relu_in_place_of_the_sigmoid(z):
    """You compute r (1 - r) with a ReLU: the formula is the sigmoid's, so s is the sigmoid."""
    return z.clamp(min=0)


@sigmoid_slope.mistake("z", constants=CLAMPS)
def argument_clamped(x, constant):
    """x is clamped to between -{constant} and {constant}: the slope of a saturated sigmoid never gets as small as it
    is, and that is what one wants to see here."""
    return x.clamp(-constant, constant)


@sigmoid_slope.mistake("z")
def half_the_argument(x):
    """x is halved inside the sigmoid."""
    return x / 2


@sigmoid_slope.mistake("z")
def twice_the_argument(x):
    """x is doubled inside the sigmoid."""
    return 2 * x


@sigmoid_slope.mistake("z", constants=(1.702, 0.1, 10.0))
def slope_factor(x, constant):
    """x is multiplied by {constant} inside the sigmoid."""
    return constant * x


@sigmoid_slope.mistake("rest")
def rest_with_the_input(z):
    """The second factor is 1 - x: it is 1 - s, with the sigmoid of x in both factors."""
    return 1 - z


@sigmoid_slope.mistake("rest")
def sign_turned_round(s):
    """The sign is turned round: the sigmoid rises everywhere, so its slope is positive. (By the quotient rule, the
    inner derivative of -x brings a second minus.)"""
    return s - 1


@sigmoid_slope.mistake("rest")
def plus_in_the_second_factor(s):
    """The second factor is 1 + s: it is 1 - s, which vanishes where the sigmoid saturates."""
    return 1 + s


@sigmoid_slope.mistake("rest")
def square_in_the_second_factor(s):
    """The second factor is 1 - s ** 2: the square belongs to the slope of tanh."""
    return 1 - s**2


@sigmoid_slope.mistake("rest")
def second_factor_left_out(s):
    """The second factor, 1 - s, is missing: you return the sigmoid itself."""
    return torch.ones_like(s)


@sigmoid_slope.mistake("slope")
def first_factor_left_out(rest):
    """You return 1 - s alone: the factor s is missing. (By the quotient rule, the denominator is squared.)"""
    return rest


@sigmoid_slope.mistake("slope")
def square_left_out_of_the_denominator(z):
    """The square in the denominator is missing: the quotient rule squares 1 + exp(-|x|)."""
    return _sigmoid(-z.abs())


@sigmoid_slope.mistake("slope")
def slope_of_tanh(s):
    """You return 1 - s ** 2: that is the formula for tanh. The sigmoid's is another."""
    return 1 - s**2


@sigmoid_slope.mistake("slope")
def derivative_of_tanh(z):
    """You return the slope of tanh: the sigmoid is flatter by a factor of four at 0."""
    return 1 - torch.tanh(z) ** 2


@sigmoid_slope.mistake("slope")
def sign_in_the_numerator(z):
    """The numerator is exp(x), and the denominator has exp(-x): by the quotient rule both have exp(-x)."""
    return torch.exp(z) / (1 + torch.exp(-z)) ** 2


@sigmoid_slope.mistake("slope")
def one_minus_x_in_place_of_one_minus_s(z, s):
    """The second factor is the sigmoid of 1 - x: it is 1 minus the sigmoid of x."""
    return s * _sigmoid(1 - z)


@sigmoid_slope.mistake("slope", constants=SMALL)
def kept_away_from_zero(s, constant):
    """The slope is kept above {constant} (clamp): far out it is nearly 0, and that is why gradients vanish."""
    return (s * (1 - s)).clamp(min=constant)


@sigmoid_slope.mistake("slope")
def squared_sigmoid(s):
    """You return s ** 2: the second factor is 1 - s. (By the quotient rule, the numerator is exp(-x), not 1.)"""
    return s * s


@sigmoid_slope.mistake("slope")
def first_factor_squared(s):
    """s is squared: the slope is s (1 - s), each factor once."""
    return s**2 * (1 - s)


@sigmoid_slope.mistake("slope")
def second_factor_squared(s):
    """1 - s is squared: the slope is s (1 - s), each factor once."""
    return s * (1 - s) ** 2


@sigmoid_slope.mistake("slope")
def square_of_the_rest(s):
    """You return (1 - s) ** 2: the first factor is s."""
    return (1 - s) ** 2


@sigmoid_slope.mistake("slope")
def square_on_the_exponential_alone(z):
    """In the denominator the exponential alone is squared: the quotient rule squares the whole of 1 + exp(-x)."""
    return 0.5 / torch.cosh(z)


@sigmoid_slope.mistake("slope")
def difference_of_the_factors(s):
    """You subtract: the slope is the product of s and 1 - s."""
    return s - (1 - s)


@sigmoid_slope.mistake("slope")
def brackets_left_out(s):
    """The brackets around 1 - s are missing: s * 1 - s is 0."""
    return s * 1 - s


@sigmoid_slope.mistake("slope")
def product_with_x(s, z):
    """The slope is multiplied by x: only an upstream gradient could multiply it, and there is none here."""
    return z * s * (1 - s)


@sigmoid_slope.mistake("slope")
def overflow_for_negative_numbers(z):
    """NaN for a very negative x: exp(-x) overflows to infinity, in the numerator and in the denominator. Written with
    the sigmoid itself, the slope is safe."""
    return torch.exp(-z) / (1 + torch.exp(-z)) ** 2


@sigmoid_slope.mistake("slope")
def overflow_replaced_by_one(z):
    """The overflow for a very negative x is replaced by 1 (nan_to_num): there the slope is 0."""
    return (torch.exp(-z) / (1 + torch.exp(-z)) ** 2).nan_to_num(1.0)


@sigmoid_slope.mistake("slope")
def largest_slope_everywhere(s):
    """You return 0.25 for every x: that is the slope at 0, the largest there is."""
    return torch.full_like(s, 0.25)


@sigmoid_slope.mistake("slope")
def step(z):
    """You return the slope of a ReLU, 0 or 1: the sigmoid's is never larger than 0.25."""
    return (z > 0).to(z.dtype)


@sigmoid_slope.mistake("slope")
def four_times(s):
    """The slope is scaled to 1 at 0: the sigmoid's largest slope is 0.25, and that is why deep stacks of it do not
    learn."""
    return 4 * s * (1 - s)


@sigmoid_slope.mistake("slope")
def log_sigmoid(z):
    """You return the logarithm of the sigmoid: its slope is asked for."""
    return -_softplus(-z)


@sigmoid_slope.mistake("slope")
def second_derivative(s):
    """You return the second derivative, s (1 - s) (1 - 2 s): the first is asked for."""
    return s * (1 - s) * (1 - 2 * s)


@sigmoid_slope.mistake("slope")
def slope_squared(s):
    """The slope is squared (s and 1 - s both appear twice)."""
    return (s * (1 - s)) ** 2


# -------------------------------------------------------------------------------------------- tanh_grad

tanh_slope = Anatomy("activations.tanh_grad", "slope")


@tanh_slope.step
def z(x):
    return x


@tanh_slope.step
def t(z):
    """tanh of `x`"""
    return torch.tanh(z)


@tanh_slope.step
def slope(t):
    """the slope of tanh at each number in `x`"""
    return 1 - t**2


@tanh_slope.quantity
def square_of_tanh(t):
    """the square of tanh of `x`"""
    return t**2


@tanh_slope.quantity
def one_less_tanh(t):
    """1 minus tanh of `x`"""
    return 1 - t


@tanh_slope.quantity
def one_and_tanh(t):
    """1 plus tanh of `x`"""
    return 1 + t


@tanh_slope.quantity
def cosh_of_x(x):
    """the hyperbolic cosine of `x`"""
    return torch.cosh(x)


@tanh_slope.quantity
def squared_cosh(cosh_of_x):
    """the square of the hyperbolic cosine of `x`"""
    return cosh_of_x**2


@tanh_slope.quantity
def one_over_cosh(cosh_of_x):
    """one over the hyperbolic cosine of `x`"""
    return 1 / cosh_of_x


@tanh_slope.quantity
def square_of_the_sum(sum_of_exponentials):
    """the square of the sum of the exponentials of `x` and of minus `x`"""
    return sum_of_exponentials**2


@tanh_slope.quantity
def square_of_one_and_double_decay(one_and_double_decay):
    """the square of 1 plus the exponential of minus twice the absolute value of `x`"""
    return one_and_double_decay**2


for shared in ("sum_of_exponentials", "double_decay", "one_and_double_decay", "sigmoid_of_twice"):
    tanh_slope.quantity(tanh.steps[shared])


@tanh_slope.mistake("t")
def output_expected(z):
    """You compute 1 - x ** 2: that is the slope where x is tanh's output already. Here x is its input."""
    return z


@tanh_slope.mistake("t")
def tanh_applied_twice(z):
    """tanh is applied twice: the slope is written with tanh of x, not with tanh of that."""
    return torch.tanh(torch.tanh(z))


@tanh_slope.mistake("t")
def sigmoid_in_place_of_tanh(z):
    """You compute 1 - s ** 2 with the sigmoid: the formula is tanh's, so t is tanh."""
    return _sigmoid(z)


@tanh_slope.mistake("t")
def infinity_divided_by_infinity(z):
    """NaN for a large x of either sign: exp(|x|) overflows to infinity, and infinity / infinity is not a number."""
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


@tanh_slope.mistake("t")
def infinity_divided_by_infinity_for_positive_numbers(z):
    """NaN for a large positive x: exp(2 x) overflows to infinity, and infinity / infinity is not a number."""
    return (torch.exp(2 * z) - 1) / (torch.exp(2 * z) + 1)


@tanh_slope.mistake("t")
def infinity_divided_by_infinity_for_negative_numbers(z):
    """NaN for a very negative x: exp(-2 x) overflows to infinity, and infinity / infinity is not a number."""
    return (1 - torch.exp(-2 * z)) / (1 + torch.exp(-2 * z))


@tanh_slope.mistake("z")
def half_the_argument(x):
    """x is halved inside tanh. (In terms of the sigmoid, the slope is 4 s (1 - s) with s the sigmoid of 2 x.)"""
    return x / 2


@tanh_slope.mistake("z")
def twice_the_argument(x):
    """x is doubled inside tanh."""
    return 2 * x


@tanh_slope.mistake("z", constants=CLAMPS[:9])
def argument_clamped(x, constant):
    """x is clamped to between -{constant} and {constant}: the slope of a saturated tanh never gets as small as it is,
    and that is what one wants to see here."""
    return x.clamp(-constant, constant)


@tanh_slope.mistake("slope")
def square_forgotten(t):
    """You return 1 - t: the square is missing, and the slope would not be the same on both sides of 0."""
    return 1 - t


@tanh_slope.mistake("slope")
def size_in_place_of_the_square(t):
    """You return 1 - |t|: tanh's slope has the square of t."""
    return 1 - t.abs()


@tanh_slope.mistake("slope")
def formula_of_the_sigmoid(t):
    """You return t (1 - t): that is the formula for the sigmoid. tanh's is another."""
    return t * (1 - t)


@tanh_slope.mistake("slope")
def tanh_returned(t):
    """You return tanh itself: its slope is asked for."""
    return t


@tanh_slope.mistake("slope")
def plus_in_place_of_minus(t):
    """You return 1 + t ** 2: with the minus, the slope vanishes where tanh saturates. (The plus belongs to the tangent
    of an angle.)"""
    return 1 + t**2


@tanh_slope.mistake("slope")
def sign_turned_round(t):
    """The sign is turned round: tanh rises everywhere, so its slope is positive."""
    return t**2 - 1


@tanh_slope.mistake("slope")
def square_of_the_difference(t):
    """You return (1 - t) ** 2: only t is squared."""
    return (1 - t) ** 2


@tanh_slope.mistake("slope")
def squared_tanh(t):
    """You return t ** 2: it has to be subtracted from 1."""
    return t**2


@tanh_slope.mistake("slope")
def square_inside_tanh(z):
    """You square x, not tanh(x): the tanh is taken first, and its result squared."""
    return 1 - torch.tanh(z**2)


@tanh_slope.mistake("slope")
def square_inside_the_hyperbolic_cosine(z):
    """You square x, not cosh(x): the cosh is taken first, and its result squared."""
    return 1 / torch.cosh(z**2)


@tanh_slope.mistake("slope")
def doubled_in_place_of_the_square(t):
    """You return 1 - 2 t: t is squared, not doubled."""
    return 1 - 2 * t


@tanh_slope.mistake("slope")
def cube_in_place_of_the_square(t):
    """You return 1 - t ** 3: it is the square that is subtracted."""
    return 1 - t**3


@tanh_slope.mistake("slope")
def one_factor_with_the_input(z, t):
    """You return 1 - x t: both factors are tanh(x)."""
    return 1 - z * t


@tanh_slope.mistake("slope")
def square_subtracted_twice(t):
    """You subtract 2 t ** 2: the square is subtracted once."""
    return 1 - 2 * t**2


@tanh_slope.mistake("slope")
def slope_of_the_arctangent(z):
    """You return 1 / (1 + x ** 2): that is the slope of the arctangent."""
    return 1 / (1 + z**2)


@tanh_slope.mistake("slope")
def square_of_the_denominator_left_out(z):
    """You return 4 / (exp(x) + exp(-x)): the denominator is squared as well."""
    return 2 / torch.cosh(z)


@tanh_slope.mistake("slope")
def mixed_term_left_out(z):
    """You square exp(x) + exp(-x) as exp(2 x) + exp(-2 x): the mixed term, 2, is missing."""
    return 2 / torch.cosh(2 * z)


@tanh_slope.mistake("slope", constants=SMALL)
def kept_away_from_zero(t, constant):
    """The slope is kept above {constant} (clamp): far out it is nearly 0, and that is why gradients vanish."""
    return (1 - t**2).clamp(min=constant)


@tanh_slope.mistake("slope", constants=SMALL)
def tanh_kept_away_from_one(t, constant):
    """tanh is held {constant} away from 1 and -1 (clamp): far out the slope then never falls to 0."""
    return 1 - t.clamp(-1 + constant, 1 - constant) ** 2


@tanh_slope.mistake("slope")
def square_of_the_slope(t):
    """The slope is squared once more."""
    return (1 - t**2) ** 2


@tanh_slope.mistake("slope")
def secant_without_its_square(z):
    """You return 1 / cosh: the slope is its square."""
    return 1 / torch.cosh(z)


@tanh_slope.mistake("slope")
def square_of_the_cosine_left_out(z):
    """You return 1 - sinh ** 2 / cosh: the square of a quotient squares both."""
    return 1 - torch.sinh(z) ** 2 / torch.cosh(z)


@tanh_slope.mistake("slope")
def square_of_the_sine_left_out(z):
    """You return 1 - sinh / cosh ** 2: the square of a quotient squares both."""
    return 1 - torch.sinh(z) / torch.cosh(z) ** 2


@tanh_slope.mistake("slope")
def hyperbolic_cosine_squared(z):
    """You return cosh ** 2: the slope is 1 divided by it."""
    return torch.cosh(z) ** 2


@tanh_slope.mistake("slope")
def hyperbolic_sine_in_the_denominator(z):
    """You use (2 / (exp(x) - exp(-x))) ** 2: with the minus it is sinh. The slope has cosh, with a plus."""
    return 1 / torch.sinh(z) ** 2


@tanh_slope.mistake("slope")
def factor_four_left_out(z):
    """You return 1 / (exp(x) + exp(-x)) ** 2: cosh has a 1/2, which becomes a factor 4."""
    return 1 / (4 * torch.cosh(z) ** 2)


@tanh_slope.mistake("slope")
def slope_of_the_sigmoid(z):
    """You return the slope of the sigmoid, at most 0.25: tanh is steeper, with a slope of 1 at 0."""
    return _sigmoid(z) * (1 - _sigmoid(z))


@tanh_slope.mistake("slope")
def product_with_x(t, z):
    """The slope is multiplied by x: only an upstream gradient could multiply it, and there is none here."""
    return z * (1 - t**2)


@tanh_slope.mistake("slope")
def tanh_times_its_slope(t):
    """You return t (1 - t ** 2): the slope is 1 - t ** 2 alone."""
    return t * (1 - t**2)


@tanh_slope.mistake("slope")
def second_derivative(t):
    """You return the second derivative, -2 t (1 - t ** 2): the first is asked for."""
    return -2 * t * (1 - t**2)


@tanh_slope.mistake("slope")
def hard_tanh(z):
    """You return 1 between -1 and 1, and 0 outside: tanh's slope falls off smoothly."""
    return (z.abs() < 1).to(z.dtype)


@tanh_slope.mistake("slope")
def slope_halved(t):
    """There is a factor 1/2 too much."""
    return (1 - t**2) / 2


@tanh_slope.mistake("slope")
def slope_doubled(t):
    """There is a factor 2 too much."""
    return 2 * (1 - t**2)


# -------------------------------------------------------------------------------------------- relu_grad

relu_slope_of = Anatomy("activations.relu_grad", "slope")


@relu_slope_of.step
def above(x):
    """the mask that is True where `x` is above 0"""
    return x > 0


@relu_slope_of.step
def slope(above, x):
    """the slope of the ReLU at each number in `x`"""
    return above.to(x.dtype)


@relu_slope_of.quantity
def not_positive(x):
    """the mask that is True where `x` is 0 or below"""
    return x <= 0


relu_slope_of.quantity(leaky.steps["positive_part"])
relu_slope_of.quantity(tanh.steps["sign_of_x"])


@mistake("activations.relu_grad")
def relu_itself(x):
    """You return the ReLU itself: its slope is asked for, which is 1 or 0."""
    return x.clamp(min=0)


@mistake("activations.relu_grad")
def one_at_zero(x):
    """At x = 0 you return 1: there the slope is a convention, and here (as in torch) it is 0. Units that are exactly 0
    are not rare, so the two conventions train differently."""
    return (x >= 0).to(x.dtype)


@mistake("activations.relu_grad")
def one_half_at_zero(x):
    """At x = 0 you return 1/2: there the slope is a convention, and here (as in torch) it is 0."""
    return (1 + torch.sign(x)) / 2


@mistake("activations.relu_grad")
def always_one(x):
    """You return 1 everywhere (relu(x) >= 0 is always true): the slope is 0 where x is negative."""
    return torch.ones_like(x)


@mistake("activations.relu_grad")
def always_zero(x):
    """You return 0 everywhere: the slope is 1 where x is positive."""
    return torch.zeros_like(x)


@mistake("activations.relu_grad")
def sides_exchanged(x):
    """The comparison is turned round: the slope is 1 where x is positive."""
    return (x < 0).to(x.dtype)


@mistake("activations.relu_grad")
def sides_exchanged_with_one_at_zero(x):
    """The comparison is turned round: the slope is 1 where x is positive."""
    return (x <= 0).to(x.dtype)


@mistake("activations.relu_grad", constants=(1.0, 0.5, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-8))
def threshold_above_zero(x, constant):
    """x is compared with {constant}: the bend is at 0."""
    return (x > constant).to(x.dtype)


@mistake("activations.relu_grad")
def minus_one_for_negative_numbers(x):
    """Where x is negative you return -1: ReLU is flat there, and its slope 0."""
    return torch.sign(x)


@mistake("activations.relu_grad")
def minus_one_for_negative_numbers_and_zero(x):
    """Where x is not positive you return -1: ReLU is flat there, and its slope 0."""
    return torch.where(x > 0, 1.0, -1.0).to(x.dtype)


@mistake("activations.relu_grad", constants=(0.01, 0.1, 0.2))
def leaky_slope(x, constant):
    """Where x is not positive you return {constant}: that is the slope of a leaky ReLU."""
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, constant))


@mistake("activations.relu_grad", constants=(0.01, 0.1, 0.2))
def leaky_slope_with_one_at_zero(x, constant):
    """Where x is negative you return {constant}: that is the slope of a leaky ReLU. And at x = 0 you return 1, where
    the convention is 0."""
    return torch.where(x >= 0, 1, torch.full_like(x, constant))


@mistake("activations.relu_grad", constants=(0.01, 0.1, 0.2))
def leaky_relu_as_the_slope(x, constant):
    """Where x is negative you return {constant} x: that is a leaky ReLU's value, not a slope."""
    return torch.where(x > 0, x, constant * x)


@mistake("activations.relu_grad")
def x_on_the_negative_side(x):
    """Where x is negative you leave x as it is: the slope is 0 there."""
    return torch.where(x > 0, torch.ones_like(x), x)


@mistake("activations.relu_grad")
def smooth_slope(x):
    """You return the sigmoid, the slope of softplus: ReLU's slope jumps from 0 to 1."""
    return _sigmoid(x)


@mistake("activations.relu_grad")
def clipped_between_zero_and_one(x):
    """You cut x off at 0 and 1: between them the slope is 1, not x."""
    return x.clamp(0, 1)


@mistake("activations.relu_grad")
def one_answer_for_the_whole_tensor(x):
    """All entries get the slope 1 as soon as one number is positive (any): each entry is compared with 0 by itself."""
    return (x > 0).any().to(x.dtype).expand_as(x)


@mistake("activations.relu_grad")
def slope_only_where_all_are_positive(x):
    """All entries get the slope 0 as soon as one number is not positive (all): each entry is compared with 0 by
    itself."""
    return (x > 0).all().to(x.dtype).expand_as(x)


@mistake("activations.relu_grad")
def sign_of_the_sum_for_the_whole_tensor(x):
    """The sum (or mean) of x decides for all entries: each is compared with 0 by itself."""
    return (x.sum() > 0).to(x.dtype).expand_as(x)


@mistake("activations.relu_grad")
def anything_but_zero(x):
    """You return 1 wherever x is not 0: the slope is 0 for negative numbers."""
    return (x != 0).to(x.dtype)


@mistake("activations.relu_grad")
def zero_divided_by_zero(x):
    """relu(x) / x is the slope wherever x is not 0; at 0 it is 0 / 0, not a number."""
    return x.clamp(min=0) / x


@mistake("activations.relu_grad")
def cut_off_at_six(x):
    """Above 6 you return 0, as for ReLU6: ReLU goes on rising."""
    return ((x > 0) & (x < 6)).to(x.dtype)


# -------------------------------------------------------------------------------------- leaky_relu_grad

leaky_slope_of = Anatomy("activations.leaky_relu_grad", "slope")


@leaky_slope_of.step
def below(x, negative_slope):
    """the slope on the negative side: `negative_slope`, in the shape of `x`"""
    return torch.full_like(x, negative_slope)


@leaky_slope_of.step
def above(x):
    """the slope on the positive side: 1, in the shape of `x`"""
    return torch.ones_like(x)


@leaky_slope_of.step
def slope(x, above, below):
    """the slope of the leaky ReLU at each number in `x`"""
    return torch.where(x > 0, above, below)


@leaky_slope_of.quantity
def one_where_not_positive(x):
    """1 where `x` is 0 or below, and 0 elsewhere"""
    return (x <= 0).to(x.dtype)


@leaky_slope_of.quantity
def slope_where_not_positive(one_where_not_positive, negative_slope):
    """`negative_slope` where `x` is 0 or below, and 0 elsewhere"""
    return negative_slope * one_where_not_positive


@leaky_slope_of.quantity
def difference_of_the_slopes(negative_slope):
    """the difference of the two slopes, 1 and `negative_slope`"""
    return 1 - negative_slope


@leaky_slope_of.quantity
def jump_where_positive(one_where_positive, difference_of_the_slopes):
    """the difference of the two slopes where `x` is above 0, and 0 elsewhere"""
    return difference_of_the_slopes * one_where_positive


for shared in ("positive", "one_where_positive"):
    leaky_slope_of.quantity(relu.steps[shared])
leaky_slope_of.quantity(relu_slope_of.steps["not_positive"])


@leaky_slope_of.mistake("below", constants=(0.01, 0.1, 0.2, 0.3, 0.25, 0.5))
def slope_ignored(x, constant):
    """The argument negative_slope is ignored, {constant} is used always: whoever calls you chooses it."""
    return torch.full_like(x, constant)


@leaky_slope_of.mistake("below")
def slope_of_zero_ignored(x, negative_slope):
    """A negative_slope of 0 counts as not given (`or`, or `if negative_slope`), and becomes 0.01: 0 is a slope like any
    other, that of a plain ReLU."""
    return torch.full_like(x, negative_slope or 0.01)


@leaky_slope_of.mistake("below")
def no_leak(x):
    """Where x is negative you return 0: that is the slope of a plain ReLU. A leaky one is still learning there."""
    return torch.zeros_like(x)


@leaky_slope_of.mistake("below")
def leak_in_place_of_its_slope(x, negative_slope):
    """Where x is negative you return negative_slope x: that is the function's value, and its slope is negative_slope
    alone."""
    return negative_slope * x


@leaky_slope_of.mistake("below")
def sign_of_the_leak(negative_slope, x):
    """Where x is negative you return minus negative_slope: the function rises there, too."""
    return torch.full_like(x, -negative_slope)


@leaky_slope_of.mistake("below")
def slope_squared(x, negative_slope):
    """Where x is negative the slope is squared."""
    return torch.full_like(x, negative_slope**2)


@leaky_slope_of.mistake("below")
def one_minus_the_slope(x, negative_slope):
    """Where x is negative you return 1 - negative_slope: it is negative_slope."""
    return torch.full_like(x, 1 - negative_slope)


@leaky_slope_of.mistake("below")
def one_plus_the_slope(x, negative_slope):
    """Where x is negative you return 1 + negative_slope: it is negative_slope."""
    return torch.full_like(x, 1 + negative_slope)


@leaky_slope_of.mistake("below")
def x_on_the_negative_side(x):
    """Where x is negative you leave x as it is: the slope is negative_slope there."""
    return x


@leaky_slope_of.mistake("below")
def always_one(x):
    """You return 1 everywhere: where x is negative the slope is negative_slope."""
    return torch.ones_like(x)


@leaky_slope_of.mistake("above")
def x_on_the_positive_side(x):
    """Where x is positive you return x: that is the function's value, and its slope is 1."""
    return x


@leaky_slope_of.mistake("above")
def one_minus_the_slope_on_the_positive_side(x, negative_slope):
    """Where x is positive you return 1 - negative_slope: the slope is 1 there."""
    return torch.full_like(x, 1 - negative_slope)


@leaky_slope_of.mistake("above")
def leak_added_on_the_positive_side(x, negative_slope):
    """Where x is positive you return 1 + negative_slope (it is added to the plain slope everywhere): the leak is for
    negative numbers only."""
    return torch.full_like(x, 1 + negative_slope)


@leaky_slope_of.mistake("above")
def slope_on_both_sides(x, negative_slope):
    """You return negative_slope everywhere: where x is positive the slope is 1."""
    return torch.full_like(x, negative_slope)


@leaky_slope_of.mistake("above")
def zero_on_the_positive_side(x):
    """Where x is positive you return 0: the slope is 1 there."""
    return torch.zeros_like(x)


@leaky_slope_of.mistake("slope")
def one_at_zero(x, above, below):
    """At x = 0 you return 1: there the slope is a convention, and here (as in torch) it is negative_slope."""
    return torch.where(x >= 0, above, below)


@leaky_slope_of.mistake("slope")
def zero_at_zero(x, above, below):
    """At x = 0 you return 0: there the slope is a convention, and here (as in torch) it is negative_slope."""
    return torch.where(x == 0, torch.zeros_like(x), torch.where(x > 0, above, below))


@leaky_slope_of.mistake("slope")
def average_at_zero(x, above, below):
    """At x = 0 you return the mean of the two slopes: there the slope is a convention, and here (as in torch) it is
    negative_slope."""
    return torch.where(x == 0, (above + below) / 2, torch.where(x > 0, above, below))


@leaky_slope_of.mistake("slope")
def not_a_number_at_zero(x, above, below):
    """At x = 0 you return 0 / 0, which is not a number (the value is divided by x): there the slope is a convention,
    and here (as in torch) it is negative_slope."""
    return torch.where(x == 0, x / x, torch.where(x > 0, above, below))


@leaky_slope_of.mistake("slope")
def sides_exchanged(x, above, below):
    """The two sides are exchanged: the slope is 1 where x is positive."""
    return torch.where(x > 0, below, above)


@leaky_slope_of.mistake("slope")
def sides_exchanged_with_the_slope_at_zero(x, above, below):
    """The two sides are exchanged: the slope is 1 where x is positive."""
    return torch.where(x >= 0, below, above)


@leaky_slope_of.mistake("slope")
def threshold_at_the_slope(x, above, below, negative_slope):
    """x is compared with negative_slope: the bend is at 0."""
    return torch.where(x > negative_slope, above, below)


@leaky_slope_of.mistake("slope")
def clipped_between_the_slope_and_one(x, negative_slope):
    """You return x itself, cut off at negative_slope and at 1: a slope is one of the two, whatever the size of x."""
    return x.clamp(min=negative_slope).clamp(max=1)


@mistake("activations.leaky_relu_grad", constants=(0.1, 0.2, 0.3, 0.05, 0.001, 0.25, 0.5, 0.0, 1.0))
def another_default(x, negative_slope=None, constant=0.1):
    """The default of negative_slope is {constant} in your signature: it is 0.01, as the statement says. Whoever leaves
    it out relies on that."""
    slope = constant if negative_slope is None else negative_slope
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, slope))


@mistake("activations.leaky_relu_grad")
def leaky_relu_itself(x, negative_slope=0.01):
    """You return the leaky ReLU itself: its slope is asked for, which is 1 or negative_slope."""
    return torch.where(x > 0, x, negative_slope * x)


@mistake("activations.leaky_relu_grad")
def slope_rounded_to_float32(x, negative_slope=0.01):
    """In float64 the slope is off in the eighth digit: two Python numbers in torch.where, or torch.tensor, make a
    float32 tensor, and converting it afterwards does not bring the digits back."""
    return torch.where(x > 0, 1.0, negative_slope).float().to(x.dtype)


# -------------------------------------------------------------------------------------------- gelu_grad

gelu_slope = Anatomy("activations.gelu_grad", "slope")


@gelu_slope.step
def share(x):
    """the probability that a standard normal number is below `x`"""
    return _normal(x)


@gelu_slope.step
def density(x):
    """the standard normal density at `x`"""
    return _density(x)


@gelu_slope.step
def change_of_the_share(x, density):
    """the second term of the product rule: `x` times the slope of the probability"""
    return x * density


@gelu_slope.step
def slope(share, change_of_the_share):
    """the slope of GELU at each number in `x`"""
    return share + change_of_the_share


@gelu_slope.quantity
def square_of_x(x):
    """the square of `x`"""
    return x**2


@gelu_slope.quantity
def exponent(x):
    """minus half of the square of `x`"""
    return -(x**2) / 2


@gelu_slope.quantity
def bell(exponent):
    """the exponential of minus half of the square of `x`"""
    return torch.exp(exponent)


@gelu_slope.quantity
def x_times_the_bell(x, bell):
    """`x` times the exponential of minus half of its square"""
    return x * bell


@gelu_slope.quantity
def logarithm_of_the_density(exponent):
    """the logarithm of the standard normal density at `x`"""
    return exponent - math.log(2 * math.pi) / 2


for shared in ("argument", "error"):
    gelu_slope.quantity(gelu.steps[shared])
for shared in ("half_of_x", "opposite_argument", "twice_the_share"):
    gelu_slope.quantity(gelu.steps[shared])


@gelu_slope.mistake("change_of_the_share")
def second_term_left_out(x):
    """You return the distribution function alone: in the product x P(x) both factors depend on x, and the product rule
    has two terms."""
    return torch.zeros_like(x)


@gelu_slope.mistake("share")
def first_term_left_out(x):
    """The first term is missing: in the product x P(x) both factors depend on x, and the product rule has two terms."""
    return torch.zeros_like(x)


@gelu_slope.mistake("change_of_the_share")
def density_without_x(density):
    """The second term lacks x: the density is the derivative of the distribution function, and the product rule leaves
    the other factor, x, in front of it."""
    return density


@gelu_slope.mistake("change_of_the_share")
def second_term_subtracted(x, density):
    """The second term is subtracted: the product rule adds."""
    return -x * density


@gelu_slope.mistake("change_of_the_share")
def squared_x_in_the_second_term(x, density):
    """The second term has x ** 2: the product rule leaves x once."""
    return x**2 * density


@gelu_slope.mistake("change_of_the_share")
def slope_of_the_density_in_the_second_term(x, density):
    """The second term has the density's derivative, -x times the density: it has the density, which is the derivative
    of the first term's factor."""
    return -(x**2) * density


@gelu_slope.mistake("change_of_the_share")
def second_term_halved(x, density):
    """There is a factor 1/2 too much in the second term: the 1/2 of (1 + erf) / 2 is part of the density already."""
    return x * density / 2


@gelu_slope.mistake("change_of_the_share")
def second_term_doubled(x, density):
    """There is a factor 2 too much in the second term: the derivative of erf has 2 / sqrt(pi), and the 1/2 in front of
    it takes the 2 away."""
    return 2 * x * density


@gelu_slope.mistake("change_of_the_share")
def second_term_divided_by_the_square_root_of_two(x, density):
    """The second term is divided by the square root of 2 once more: the inner derivative of erf(x / sqrt 2) is part of
    the density already."""
    return x * density / math.sqrt(2)


@gelu_slope.mistake("change_of_the_share")
def size_of_x_in_the_second_term(x, density):
    """The second term uses only the size of x (abs): for negative x it is negative."""
    return x.abs() * density


@gelu_slope.mistake("change_of_the_share")
def x_added_to_the_density(x, density):
    """x is added to the density in the second term: the product rule multiplies."""
    return x + density


@gelu_slope.mistake("change_of_the_share")
def gelu_times_the_density(x, share, density):
    """The second term has GELU in place of x: the product rule leaves the other factor alone, x."""
    return x * share * density


@gelu_slope.mistake("density")
def density_not_normalised(x):
    """The density lacks its factor 1 / sqrt(2 pi): with it, it adds up to 1."""
    return torch.exp(-(x**2) / 2)


@gelu_slope.mistake("density")
def density_without_the_root(x):
    """The density is divided by 2 pi: it is divided by its square root."""
    return torch.exp(-(x**2) / 2) / (2 * math.pi)


@gelu_slope.mistake("density")
def density_without_the_two(x):
    """The density is divided by sqrt(pi): it is divided by sqrt(2 pi). (Or the inner derivative of erf(x / sqrt 2) is
    missing.)"""
    return torch.exp(-(x**2) / 2) / math.sqrt(math.pi)


@gelu_slope.mistake("density", constants=(math.pi / math.sqrt(2), math.pi / 2, 1 / math.sqrt(2), 0.5, 1 / math.pi))
def density_wrongly_normalised(x, constant):
    """The density's factor is wrong: {constant} at x = 0, where 1 / sqrt(2 pi) = 0.3989 is right. Look at the brackets:
    both the 2 and pi stand under the root, and all of it below the line."""
    return constant * torch.exp(-(x**2) / 2)


@gelu_slope.mistake("density")
def density_multiplied_by_the_root(x):
    """The density is multiplied by sqrt(2 pi): it is divided by it."""
    return math.sqrt(2 * math.pi) * torch.exp(-(x**2) / 2)


@gelu_slope.mistake("density")
def factor_of_erfs_slope_as_the_density(x):
    """You use the slope of erf, 2 / sqrt(pi) times the exponential, as it is: the 1/2 in front of erf and the inner
    derivative, 1 / sqrt(2), multiply it."""
    return 2 / math.sqrt(math.pi) * torch.exp(-(x**2) / 2)


@gelu_slope.mistake("density")
def root_of_the_two_only(x):
    """The density is divided by sqrt(2) pi: the root covers pi as well."""
    return torch.exp(-(x**2) / 2) / (math.sqrt(2) * math.pi)


@gelu_slope.mistake("density")
def half_left_out_of_the_exponent(x):
    """The density's exponent is -x ** 2: the 1/2 is missing."""
    return torch.exp(-(x**2)) / math.sqrt(2 * math.pi)


@gelu_slope.mistake("density")
def half_left_out_of_the_exponent_and_the_root(x):
    """The density's exponent is -x ** 2, as in the derivative of erf(x): here erf is taken of x / sqrt 2."""
    return torch.exp(-(x**2)) / math.sqrt(math.pi)


@gelu_slope.mistake("density")
def square_left_out_of_the_exponent(x):
    """The density's exponent is -x / 2: the square is missing."""
    return torch.exp(-x / 2) / math.sqrt(2 * math.pi)


@gelu_slope.mistake("density", constants=(0.25, 2.0))
def factor_in_the_exponent(x, constant):
    """The density's exponent is {constant} times -x ** 2: the factor is 1/2 (only x is squared, not the 2)."""
    return torch.exp(-constant * x**2) / math.sqrt(2 * math.pi)


@gelu_slope.mistake("density")
def density_of_a_laplace(x):
    """The exponent is -|x|: the normal density has -x ** 2 / 2."""
    return torch.exp(-x.abs()) / math.sqrt(2 * math.pi)


@gelu_slope.mistake("density")
def sign_of_the_exponent(x):
    """The density's exponent has the wrong sign: it must fall on both sides of 0."""
    return torch.exp(x**2 / 2) / math.sqrt(2 * math.pi)


@gelu_slope.mistake("density")
def slope_of_the_sigmoid_as_the_density(x):
    """The slope of the sigmoid stands where the normal density belongs."""
    return _sigmoid(x) * (1 - _sigmoid(x))


@gelu_slope.mistake("share")
def square_root_of_two_left_out(x):
    """In the first term erf is taken of x itself: the distribution function needs x divided by the square root of 2."""
    return (1 + torch.erf(x)) / 2


@gelu_slope.mistake("share")
def half_left_out(x):
    """The factor 1/2 is missing in the first term: the distribution function reaches from 0 to 1."""
    return 1 + torch.erf(x / math.sqrt(2))


@gelu_slope.mistake("share")
def divided_by_two_inside_erf(x):
    """In the first term x is divided by 2 inside erf: it is divided by the square root of 2."""
    return (1 + torch.erf(x / 2)) / 2


@gelu_slope.mistake("share")
def multiplied_by_the_square_root_of_two(x):
    """In the first term x is multiplied by the square root of 2 inside erf: it is divided by it."""
    return (1 + torch.erf(x * math.sqrt(2))) / 2


@gelu_slope.mistake("share")
def half_on_erf_only(x):
    """In the first term only erf is halved: the 1/2 belongs to 1 + erf."""
    return 1 + torch.erf(x / math.sqrt(2)) / 2


@gelu_slope.mistake("share")
def half_on_the_one_only(x):
    """In the first term only the 1 is halved: the 1/2 belongs to 1 + erf."""
    return 0.5 + torch.erf(x / math.sqrt(2))


@gelu_slope.mistake("share")
def complement_of_the_share(x):
    """The first term has the probability of being above x: GELU's gate is that of being below."""
    return _normal(-x)


@gelu_slope.mistake("share")
def one_left_out(x):
    """The 1 of (1 + erf) / 2 is missing in the first term."""
    return torch.erf(x / math.sqrt(2)) / 2


@gelu_slope.mistake("share")
def gelu_in_the_first_term(x):
    """The first term is GELU itself: it is the distribution function, without x."""
    return x * _normal(x)


@gelu_slope.mistake("share")
def sigmoid_in_the_first_term(x):
    """The first term is a sigmoid: it is the normal distribution function."""
    return _sigmoid(x)


@gelu_slope.mistake("slope")
def product_with_x(x, share, change_of_the_share):
    """The slope is multiplied by x: only an upstream gradient could multiply it, and there is none here."""
    return x * (share + change_of_the_share)


@gelu_slope.mistake("slope")
def gelu_itself(x):
    """You return GELU itself: its slope is asked for."""
    return x * _normal(x)


@gelu_slope.mistake("slope")
def product_of_the_terms(share, change_of_the_share):
    """The two terms are multiplied: the product rule adds them."""
    return share * change_of_the_share


@gelu_slope.mistake("slope")
def product_of_share_and_density(share, density):
    """You multiply the distribution function with the density: the product rule gives a sum."""
    return share * density


@gelu_slope.mistake("slope")
def slope_of_relu(x):
    """You return the slope of a ReLU, 0 or 1: GELU bends smoothly, and its slope is negative for x below -0.75."""
    return (x > 0).to(x.dtype)


@gelu_slope.mistake("slope")
def slope_of_silu(x):
    """You return the slope of SiLU: GELU's gate is the normal distribution function."""
    s = _sigmoid(x)
    return s * (1 + x * (1 - s))


@gelu_slope.mistake("slope")
def slope_of_the_sigmoid_approximation(x):
    """You return the slope of the approximation x sigmoid(1.702 x): the exact form, with erf, is asked for."""
    s = _sigmoid(1.702 * x)
    return s * (1 + 1.702 * x * (1 - s))


@gelu_slope.mistake("slope")
def slope_of_the_tanh_approximation(x):
    """You return the slope of the approximation with tanh: the exact form, with erf, is asked for."""
    inner = math.sqrt(2 / math.pi) * (x.clamp(-1e3, 1e3) + 0.044715 * x.clamp(-1e3, 1e3) ** 3)
    t = torch.tanh(inner)
    return (1 + t) / 2 + x / 2 * (1 - t**2) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)


# -------------------------------------------------------------------------------------------- silu_grad

silu_slope = Anatomy("activations.silu_grad", "slope")


@silu_slope.step
def s(x):
    """the sigmoid of `x`"""
    return _sigmoid(x)


@silu_slope.step
def slope_of_the_gate(s):
    """the slope of the sigmoid at `x`"""
    return s * (1 - s)


@silu_slope.step
def change_of_the_gate(x, slope_of_the_gate):
    """the second term of the product rule: `x` times the slope of the sigmoid"""
    return x * slope_of_the_gate


@silu_slope.step
def own_term(s):
    return s


@silu_slope.step
def slope(own_term, change_of_the_gate):
    """the slope of SiLU at each number in `x`"""
    return own_term + change_of_the_gate


@silu_slope.quantity
def silu_of_x(x, s):
    """the SiLU of `x`"""
    return x * s


@silu_slope.quantity
def one_less_silu(silu_of_x):
    """1 minus the SiLU of `x`"""
    return 1 - silu_of_x


@silu_slope.quantity
def sigmoid_times_the_rest_of_silu(s, one_less_silu):
    """the sigmoid of `x`, times 1 minus the SiLU of `x`"""
    return s * one_less_silu


@silu_slope.quantity
def x_times_the_rest(x, rest):
    """`x` times what the sigmoid of `x` lacks to be 1"""
    return x * rest


@silu_slope.quantity
def factor_of_the_gate(x_times_the_rest):
    """the factor that turns the sigmoid of `x` into the slope of SiLU"""
    return 1 + x_times_the_rest


silu_slope.quantity(sigmoid_slope.steps["rest"])
for shared in ("opposite", "falling", "one_and_falling", "decay", "one_and_decay"):
    silu_slope.quantity(sigmoid.steps[shared])


@silu_slope.mistake("s")
def infinity_divided_by_infinity(x):
    """NaN for a large x: exp overflows to infinity above 88 in float32 (709 in float64), and infinity / infinity is not
    a number."""
    return torch.exp(x) / (1 + torch.exp(x))


@silu_slope.mistake("s")
def sigmoid_applied_twice(x):
    """The sigmoid is applied twice: the slope is written with the sigmoid of x."""
    return _sigmoid(_sigmoid(x))


@silu_slope.mistake("s")
def output_expected(x):
    """You put x where the sigmoid of x belongs."""
    return x


@silu_slope.mistake("s")
def tanh_in_place_of_the_sigmoid(x):
    """tanh stands where the sigmoid belongs."""
    return torch.tanh(x)


@silu_slope.mistake("s")
def sign_of_the_exponent(x):
    """The sign in the sigmoid's exponent is turned round."""
    return _sigmoid(-x)


@silu_slope.mistake("s", constants=(1.702, 2.0, 0.5))
def slope_factor(x, constant):
    """x is multiplied by {constant} inside the sigmoid: SiLU has no such factor."""
    return _sigmoid(constant * x)


@silu_slope.mistake("change_of_the_gate")
def second_term_left_out(x):
    """You return the sigmoid alone: in the product x s(x) both factors depend on x, and the product rule has two
    terms."""
    return torch.zeros_like(x)


@silu_slope.mistake("own_term")
def first_term_left_out(x):
    """The first term, s, is missing: in the product x s(x) both factors depend on x, and the product rule has two
    terms."""
    return torch.zeros_like(x)


@silu_slope.mistake("change_of_the_gate")
def second_term_without_x(slope_of_the_gate):
    """The second term lacks x: the product rule leaves the other factor, x, in front of the gate's slope."""
    return slope_of_the_gate


@silu_slope.mistake("change_of_the_gate")
def second_term_subtracted(x, slope_of_the_gate):
    """The second term is subtracted: the product rule adds."""
    return -x * slope_of_the_gate


@silu_slope.mistake("change_of_the_gate")
def squared_x_in_the_second_term(x, slope_of_the_gate):
    """The second term has x ** 2: the product rule leaves x once."""
    return x**2 * slope_of_the_gate


@silu_slope.mistake("slope_of_the_gate")
def slope_of_the_gate_without_s(s):
    """The gate's slope is 1 - s in your second term: it is s (1 - s)."""
    return 1 - s


@silu_slope.mistake("slope_of_the_gate")
def slope_of_the_gate_without_the_rest(s):
    """The gate's slope is s in your second term: it is s (1 - s). (In the form y + s (1 - y), with y = x s, the bracket
    is missing.)"""
    return s


@silu_slope.mistake("slope_of_the_gate")
def second_factor_squared(s):
    """The gate's slope is (1 - s) ** 2 in your second term: it is s (1 - s)."""
    return (1 - s) ** 2


@silu_slope.mistake("slope_of_the_gate")
def square_of_the_sigmoid(s):
    """The gate's slope is s (1 - s): you have s * s there (a 1 lost from the bracket, perhaps)."""
    return s * s


@silu_slope.mistake("slope_of_the_gate")
def first_factor_squared(s):
    """In the gate's slope s is squared: it is s (1 - s)."""
    return s**2 * (1 - s)


@silu_slope.mistake("slope_of_the_gate")
def one_minus_x_in_the_slope_of_the_gate(s, x):
    """The gate's slope is s (1 - x) in your second term: it is s (1 - s), with the gate in both places."""
    return s * (1 - x)


@silu_slope.mistake("slope_of_the_gate")
def sigmoid_left_out_of_the_slope_of_the_gate(x):
    """The gate's slope is exp(-|x|) or the like in your second term, without its denominator: it is s (1 - s)."""
    return _sigmoid(x) * torch.exp(-x.abs())


@silu_slope.mistake("slope_of_the_gate")
def plus_in_the_slope_of_the_gate(s):
    """The gate's slope is s (1 + s) in your second term: it is s (1 - s). (In the form y + s (1 - y), with y = x s, the
    bracket has a plus.)"""
    return s * (1 + s)


@silu_slope.mistake("slope_of_the_gate")
def slope_of_tanh_in_its_place(s):
    """The gate's slope is 1 - s ** 2 in your second term, as for tanh: it is s (1 - s)."""
    return 1 - s**2


@silu_slope.mistake("slope_of_the_gate")
def silu_in_the_slope_of_the_gate(s, x):
    """SiLU itself stands in the second factor, s (1 - x s): the gate's slope is s (1 - s)."""
    return s * (1 - x * s)


@silu_slope.mistake("own_term")
def one_in_place_of_the_sigmoid(x):
    """The first term is 1 (a factor s is lost outside the bracket): it is s."""
    return torch.ones_like(x)


@silu_slope.mistake("own_term")
def x_in_place_of_the_sigmoid(x):
    """The first term is x: the derivative of x is 1, and leaves s."""
    return x


@silu_slope.mistake("own_term")
def silu_in_the_first_term(x, s):
    """The first term is SiLU itself: the derivative of x is 1, and leaves s alone."""
    return x * s


@silu_slope.mistake("slope")
def gate_slope_alone(s):
    """You return the sigmoid's slope, s (1 - s): SiLU is x times the sigmoid, and the product rule has two terms."""
    return s * (1 - s)


@silu_slope.mistake("slope")
def product_with_x(x, own_term, change_of_the_gate):
    """The slope is multiplied by x: only an upstream gradient could multiply it, and there is none here."""
    return x * (own_term + change_of_the_gate)


@silu_slope.mistake("slope")
def silu_added_to_one_minus_silu(x, s):
    """In y + s (1 - y), with y = x s, the second term lacks its factor s."""
    return x * s + 1 - x * s


@silu_slope.mistake("slope")
def silu_subtracted(x, s):
    """In y + s (1 - y), with y = x s, you subtract the second term."""
    return x * s - s * (1 - x * s)


@silu_slope.mistake("slope")
def silu_itself(x, s):
    """You return SiLU itself: its slope is asked for."""
    return x * s


@silu_slope.mistake("slope")
def product_of_the_terms(own_term, change_of_the_gate):
    """The two terms are multiplied: the product rule adds them."""
    return own_term * change_of_the_gate


@silu_slope.mistake("slope")
def one_left_out_of_the_bracket(x, s):
    """You compute s (1 + x) (1 - s), or s (1 - s) (1 + x): 1 - s multiplies x alone, not the 1, so the brackets close
    elsewhere."""
    return s * (1 + x) * (1 - s)


@silu_slope.mistake("slope")
def sigmoid_in_place_of_silu_in_the_bracket(x, s):
    """In y + s (1 - y), y is SiLU itself: you have another quantity in one of the two places."""
    return s + s * (1 - x * s)


@silu_slope.mistake("slope")
def plus_and_the_sigmoid_in_the_bracket(x, s):
    """y + s (1 + s) is not the slope: in that form, with y = x s, the bracket is 1 - y."""
    return x * s + s * (1 + s)


@silu_slope.mistake("slope")
def silu_in_both_places(x, s):
    """You return y (1 - y), with SiLU in place of the sigmoid: in terms of y = x s the slope is y + s (1 - y)."""
    return x * s * (1 - x * s)


@silu_slope.mistake("slope")
def one_minus_the_sigmoid_in_place_of_one_minus_silu(x, s):
    """y + s (1 - s) is not the slope: in that form, with y = x s, the bracket is 1 - y."""
    return x * s + s * (1 - s)


@silu_slope.mistake("slope")
def slope_of_relu(x):
    """You return the slope of a ReLU, 0 or 1: SiLU bends smoothly, and its slope is negative for x below -1.28."""
    return (x > 0).to(x.dtype)


@silu_slope.mistake("slope", constants=(1.702, 2.0, 0.5))
def slope_of_another_gate(x, constant):
    """You return the slope of x times the sigmoid of {constant} x: SiLU has no such factor."""
    s = _sigmoid(constant * x)
    return s + constant * x * s * (1 - s)


@silu_slope.mistake("slope")
def slope_of_gelu(x):
    """You return the slope of GELU: SiLU's gate is the sigmoid."""
    return _normal(x) + x * _density(x)


@silu_slope.mistake("slope")
def overflow_for_negative_numbers(x):
    """NaN for a very negative x: exp(-x) overflows to infinity, in the numerator and in the denominator. Written with
    the sigmoid itself, the slope is safe."""
    power = torch.exp(-x)
    return (1 + power + x * power) / (1 + power) ** 2


# ------------------------------------------------------------------------------- gradient_through_depth

through = Anatomy("activations.gradient_through_depth", "sizes")


@through.step
def start(grad):
    return grad


@through.step
def factor():
    return lambda z: _sigmoid(z) * _sigmoid(-z)


@through.step
def order(preactivations):
    """`preactivations` in reverse order, the last layer's first"""
    return preactivations[::-1]


@through.step
def gradients(start, factor, order):
    """the gradient that is left after each layer, the last layer's first"""
    found, current = [], start
    for z in order:
        current = current * factor(z)
        found.append(current)
    return found


@through.step
def measure():
    return lambda gradient: gradient.abs().mean().item()


@through.step
def sizes(gradients, measure):
    """the mean absolute gradient after each layer, the last layer's first"""
    return [measure(gradient) for gradient in gradients]


@through.quantity
def outputs(order):
    """what came out of each layer's sigmoid, the last layer's first"""
    return [_sigmoid(z) for z in order]


@through.quantity
def slopes(order, factor):
    """the slope of each layer's sigmoid, the last layer's first"""
    return [factor(z) for z in order]


@through.quantity
def absolute_gradients(gradients):
    """the absolute values of the gradient after each layer, the last layer's first"""
    return [gradient.abs() for gradient in gradients]


@through.quantity
def gradients_with_the_first(grad, gradients):
    """`grad`, and then the gradient after each layer, the last layer's first"""
    return [grad, *gradients]


@through.quantity
def stacked_order(order):
    """the preactivations stacked in one tensor, the last layer's first"""
    return torch.stack(order)


@through.quantity
def stacked_slopes(slopes):
    """the slopes of all layers stacked in one tensor, the last layer's first"""
    return torch.stack(slopes)


@through.quantity
def products(stacked_slopes):
    """the product of the slopes up to each layer, from the last layer on"""
    return stacked_slopes.cumprod(0)


@through.quantity
def stacked_gradients(gradients):
    """the gradients after all layers stacked in one tensor, the last layer's first"""
    return torch.stack(gradients)


@through.quantity
def slope_of_the_last_layer(slopes):
    """the slope of the last layer's sigmoid"""
    return slopes[0]


@through.quantity
def gradient_after_the_last_layer(gradients):
    """the gradient after the last layer, the first one that it passes"""
    return gradients[0]


@through.quantity
def gradient_after_all_layers(gradients):
    """the gradient that is left after all layers"""
    return gradients[-1]


@through.mistake("order")
def first_layer_first(preactivations):
    """You go through the layers from the first to the last: a gradient comes from the loss, so the last layer sees it
    first."""
    return preactivations


@through.mistake("order")
def last_layers_slope_everywhere(preactivations):
    """Every layer multiplies by the slope of the last one: each has preactivations of its own."""
    return preactivations[-1:] * len(preactivations)


@through.mistake("order")
def first_layers_slope_everywhere(preactivations):
    """Every layer multiplies by the slope of the first one: each has preactivations of its own."""
    return preactivations[:1] * len(preactivations)


@through.mistake("factor")
def sigmoid_in_place_of_its_slope(grad):
    """Each layer multiplies by the sigmoid: on the way back it is the sigmoid's slope that multiplies."""
    return lambda z: _sigmoid(z)


@through.mistake("factor")
def formula_for_the_output(grad):
    """Each layer multiplies by z (1 - z): that formula takes the sigmoid's output, and the list holds what goes into
    it."""
    return lambda z: z * (1 - z)


@through.mistake("factor")
def slope_of_tanh(grad):
    """Each layer multiplies by the slope of tanh: these are sigmoid layers."""
    return lambda z: 1 - torch.tanh(z) ** 2


@through.mistake("factor")
def slope_of_relu(grad):
    """Each layer multiplies by the slope of a ReLU: these are sigmoid layers."""
    return lambda z: (z > 0).to(z.dtype)


@through.mistake("factor")
def divided_by_the_slope(grad):
    """Each layer divides by the slope: the chain rule multiplies, and what is small makes the gradient smaller."""
    return lambda z: 1 / (_sigmoid(z) * _sigmoid(-z))


@through.mistake("factor")
def largest_slope_everywhere(grad):
    """Each layer multiplies by 0.25, the largest slope a sigmoid can have: the slope depends on where the layer is."""
    return lambda z: torch.full_like(z, 0.25)


@through.mistake("factor")
def mean_slope_of_the_layer(grad):
    """Each layer multiplies by its mean slope: every number of the gradient has a slope of its own."""
    return lambda z: (_sigmoid(z) * _sigmoid(-z)).mean()


@through.mistake("factor")
def sigmoid_applied_twice(grad):
    """The slope is taken at the sigmoid of z: it is written with the sigmoid of z, once."""
    return lambda z: _sigmoid(_sigmoid(z)) * _sigmoid(-_sigmoid(z))


@through.mistake("factor")
def one_minus_the_sigmoid(grad):
    """Each layer multiplies by 1 - s: the slope is s (1 - s)."""
    return lambda z: _sigmoid(-z)


@through.mistake("factor")
def preactivations_as_factors(grad):
    """Each layer multiplies by z itself: on the way back it is the sigmoid's slope at z that multiplies."""
    return lambda z: z


@through.mistake("factor")
def slope_squared(grad):
    """Each layer's slope is applied twice."""
    return lambda z: (_sigmoid(z) * _sigmoid(-z)) ** 2


@through.mistake("factor")
def overflow_for_negative_numbers(grad):
    """NaN for a very negative preactivation: exp(-z) overflows to infinity, in the numerator and in the denominator.
    Written with the sigmoid itself, the slope is safe."""
    return lambda z: torch.exp(-z) / (1 + torch.exp(-z)) ** 2


@through.mistake("factor")
def overflow_for_positive_numbers(grad):
    """NaN for a large preactivation: exp(z) overflows to infinity, and infinity / infinity is not a number."""
    return lambda z: torch.exp(z) / (1 + torch.exp(z)) ** 2


@through.mistake("gradients")
def each_layer_by_itself(start, factor, order):
    """Each layer is given the original gradient: it gets what the layers after it have left of it. The product of all
    the slopes is what vanishes."""
    return [start * factor(z) for z in order]


@through.mistake("gradients")
def slopes_without_the_gradient(start, factor, order):
    """You start from 1: the slopes multiply the gradient that comes in."""
    found, current = [], torch.ones_like(start)
    for z in order:
        current = current * factor(z)
        found.append(current)
    return found


@through.mistake("gradients")
def slopes_alone(start, factor, order):
    """You measure the slopes of the layers: it is the gradient that is measured, after each layer."""
    return [factor(z) for z in order]


@through.mistake("gradients")
def slopes_added(start, factor, order):
    """The slopes are added to the gradient: the chain rule multiplies."""
    found, current = [], start
    for z in order:
        current = current + factor(z)
        found.append(current)
    return found


@through.mistake("gradients")
def measured_before_each_layer(start, factor, order):
    """The gradient is measured before each layer: it is asked for after it."""
    found, current = [], start
    for z in order:
        found.append(current)
        current = current * factor(z)
    return found


@through.mistake("gradients")
def starting_gradient_included(start, factor, order):
    """The list starts with the gradient that comes in: one number a layer is asked for, each after its layer."""
    found, current = [start], start
    for z in order:
        current = current * factor(z)
        found.append(current)
    return found


@through.mistake("gradients")
def last_layer_left_out(start, factor, order):
    """The last layer is skipped: each of the layers has a sigmoid."""
    found, current = [], start
    for z in order[1:]:
        current = current * factor(z)
        found.append(current)
    return found


@through.mistake("gradients")
def first_layer_left_out(start, factor, order):
    """The first layer is skipped: the loop ends one too early."""
    found, current = [], start
    for z in order[:-1]:
        current = current * factor(z)
        found.append(current)
    return found


@through.mistake("gradients")
def mean_carried_on(start, factor, order):
    """The mean is passed on to the next layer: the gradient itself is passed on, number by number, and the mean is only
    for looking at."""
    found, current = [], start
    for z in order:
        current = (current * factor(z)).abs().mean()
        found.append(current)
    return found


@through.mistake("gradients")
def normalised_at_each_layer(start, factor, order):
    """The gradient is scaled back to its size after each layer: what is asked for is how it shrinks."""
    found, current = [], start
    for z in order:
        current = current * factor(z)
        found.append(current)
        current = current / current.abs().mean().clamp(min=1e-38)
    return found


@through.mistake("measure")
def mean_with_signs(grad):
    """You average the gradient with its signs: positive and negative numbers cancel. The size is asked for."""
    return lambda gradient: gradient.mean().item()


@through.mistake("measure")
def size_of_the_mean(grad):
    """You take the absolute value of the mean: positive and negative numbers have cancelled by then. Absolute values
    come first."""
    return lambda gradient: gradient.mean().abs().item()


@through.mistake("measure", constants=(1e-4, 1e-5, 1e-6, 1e-7, 1e-8))
def small_gradients_become_zero(grad, constant):
    """Sizes below {constant} become 0 (a threshold, or rounding): how small the gradient gets is what is asked for."""
    return lambda gradient: size if (size := gradient.abs().mean().item()) > constant else 0.0


@through.mistake("measure", constants=(3, 4, 5, 6, 8))
def rounded(grad, constant):
    """The sizes are rounded to {constant} decimals: how small the gradient gets is what is asked for."""
    return lambda gradient: round(gradient.abs().mean().item(), constant)


@through.mistake("measure")
def sum_of_the_sizes(grad):
    """You add up the absolute values: their mean is asked for."""
    return lambda gradient: gradient.abs().sum().item()


@through.mistake("measure")
def largest_size(grad):
    """You take the largest absolute value: the mean is asked for."""
    return lambda gradient: gradient.abs().max().item()


@through.mistake("measure")
def norm(grad):
    """You take the norm: the mean of the absolute values is asked for."""
    return lambda gradient: torch.linalg.vector_norm(gradient).item()


@through.mistake("measure")
def root_of_the_mean_square(grad):
    """You take the root of the mean of the squares: the mean of the absolute values is asked for."""
    return lambda gradient: gradient.pow(2).mean().sqrt().item()


@through.mistake("measure")
def mean_of_the_squares(grad):
    """You average the squares: the mean of the absolute values is asked for."""
    return lambda gradient: gradient.pow(2).mean().item()


@through.mistake("measure")
def median_size(grad):
    """You take the median: the mean of the absolute values is asked for."""
    return lambda gradient: gradient.abs().median().item()


@through.mistake("measure")
def standard_deviation(grad):
    """You take the standard deviation: the mean of the absolute values is asked for."""
    return lambda gradient: gradient.std(unbiased=False).item()


@through.mistake("measure")
def averaged_over_the_batch_only(grad):
    """You divide the sum by the number of rows: the mean is over all numbers."""
    return lambda gradient: gradient.abs().sum().item() / len(gradient)


@through.mistake("measure")
def whole_gradients_returned(grad):
    """You return the gradients themselves: one number a layer is asked for, the mean of their absolute values."""
    return lambda gradient: gradient


@through.mistake("measure")
def tensors_returned(grad):
    """The list holds tensors: Python floats are asked for, which can be printed and kept without their graph."""
    return lambda gradient: gradient.abs().mean()


@through.mistake("sizes")
def reversed_list(gradients, measure):
    """The list is in the order of the layers: the last layer comes first, as the gradient meets it."""
    return [measure(gradient) for gradient in reversed(gradients)]


@through.mistake("sizes")
def only_the_last_layer(gradients, measure):
    """Only the last layer is in the list: the return stands inside the loop, and ends it in its first round."""
    return [measure(gradients[0])]


@through.mistake("sizes")
def only_the_end(gradients, measure):
    """You return what is left at the end: a list with one number a layer is asked for, which shows where it gets
    lost."""
    return measure(gradients[-1])


@through.mistake("sizes")
def only_the_end_in_a_list(gradients, measure):
    """Only what is left at the end is in the list: one number a layer is asked for."""
    return [measure(gradients[-1])]


@through.mistake("sizes")
def relative_to_the_start(gradients, measure, grad):
    """You divide by the size of the gradient that comes in: the sizes themselves are asked for."""
    return [measure(gradient) / grad.abs().mean().item() for gradient in gradients]


@through.mistake("sizes")
def running_sum(gradients, measure):
    """The sizes are added up along the way: each stands for itself."""
    values = [measure(gradient) for gradient in gradients]
    return [sum(values[: index + 1]) for index in range(len(values))]


# ----------------------------------------------------------------------------------- dead_relu_fraction

dead = Anatomy("activations.dead_relu_fraction", "fraction")


@dead.step
def silent(activations):
    """the mask that is True where an activation is exactly 0"""
    return activations == 0


@dead.step
def is_dead(silent):
    """the mask that is True for each unit that is 0 on every sample"""
    return silent.all(0)


@dead.step
def fraction(is_dead):
    """the share of units that are 0 on every sample"""
    return is_dead.double().mean().item()


@dead.quantity
def active(activations):
    """the mask that is True where an activation is above 0"""
    return activations > 0


@dead.quantity
def is_alive(active):
    """the mask that is True for each unit that is above 0 on some sample"""
    return active.any(0)


@dead.quantity
def zeros_of_each_unit(silent):
    """the number of samples on which each unit is 0"""
    return silent.sum(0)


@dead.quantity
def largest_of_each_unit(activations):
    """the largest activation of each unit over all samples"""
    return activations.amax(0)


@dead.quantity
def sum_of_each_unit(activations):
    """the sum of each unit's activations over all samples"""
    return activations.sum(0)


@dead.quantity
def dead_units(is_dead):
    """the number of dead units"""
    return is_dead.sum()


@dead.quantity
def units(activations):
    """the number of units, the columns of `activations`"""
    return activations.shape[1]


@dead.quantity
def samples(activations):
    """the number of samples, the rows of `activations`"""
    return activations.shape[0]


@dead.quantity
def fraction_in_a_tensor(is_dead):
    """the share of units that are 0 on every sample"""
    return is_dead.double().mean()


@dead.mistake("silent", constants=(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def nearly_zero_counts(activations, constant):
    """Numbers that are only small count as 0 (by a threshold, isclose or rounding): a dead unit is exactly 0, and one
    that is only small still has a gradient."""
    return activations <= constant


@dead.mistake("silent")
def cut_down_to_whole_numbers(activations):
    """Numbers below 1 become 0 (int, long): a dead unit is exactly 0, and one that is only small still has a
    gradient."""
    return activations.long() == 0


@dead.mistake("silent")
def rounded_to_whole_numbers(activations):
    """Numbers below one half become 0 (round): a dead unit is exactly 0, and one that is only small still has a
    gradient."""
    return activations.round() == 0


@dead.mistake("silent")
def alive_counted(activations):
    """The comparison is turned round: you count the units that are active on every sample."""
    return activations != 0


@dead.mistake("is_dead")
def zero_on_some_sample(silent):
    """A unit counts as soon as it is 0 on one sample: a dead one is 0 on all of them. To be 0 now and then is what ReLU
    is for."""
    return silent.any(0)


@dead.mistake("is_dead")
def samples_in_place_of_units(silent):
    """You look along the rows: those are samples. The units are the columns, over all N samples."""
    return silent.all(1)


@dead.mistake("is_dead", "fraction")
def samples_divided_by_the_units(silent):
    """You look along the rows, and divide by the number of units: rows are samples. The units are the columns, over all
    N samples."""
    rows = silent.all(1)
    return rows, float(rows.sum()) / silent.shape[1]


@dead.mistake("is_dead", "fraction")
def samples_with_a_zero_divided_by_the_units(silent):
    """You look along the rows, for any 0, and divide by the number of units: rows are samples. The units are the
    columns, over all N samples."""
    rows = silent.any(1)
    return rows, float(rows.sum()) / silent.shape[1]


@dead.mistake("is_dead")
def samples_with_a_zero(silent):
    """You look along the rows, for any 0: those are samples. The units are the columns, over all N samples."""
    return silent.any(1)


@dead.mistake("is_dead")
def share_of_zeros(silent):
    """You return the share of zeros among all numbers: a unit is dead only if it is 0 on every sample."""
    return silent


@dead.mistake("is_dead")
def first_sample_only(silent):
    """Only the first sample is looked at: a unit is dead if it is 0 on all of them."""
    return silent[0]


@dead.mistake("is_dead")
def last_sample_only(silent):
    """Only the last sample is looked at: in a loop over the samples the result is overwritten."""
    return silent[-1]


@dead.mistake("is_dead")
def never_changing_units(activations):
    """A unit counts as soon as it is the same on all samples (std, max minus min): a dead one is 0 on all of them."""
    return (activations == activations[0]).all(0)


@dead.mistake("is_dead")
def zero_on_most_samples(silent):
    """A unit counts that is 0 on more than half of the samples: a dead one is 0 on all of them."""
    return silent.double().mean(0) > 0.5


@dead.mistake("is_dead")
def alive_on_some_sample(silent):
    """You count the units that live: the dead ones are asked for. It is 1 minus your result."""
    return ~silent.all(0)


@dead.mistake("fraction")
def number_of_dead_units(is_dead):
    """You return how many units are dead: their share of all H units is asked for."""
    return float(is_dead.sum())


@dead.mistake("fraction")
def percent(is_dead):
    """You return percent: a share between 0 and 1 is asked for."""
    return 100 * is_dead.double().mean().item()


@dead.mistake("fraction", constants=(1.0, 2.0, 3.0, 4.0))
def rounded(is_dead, constant):
    """The share is rounded to {constant} decimals: return it as it is."""
    return round(is_dead.double().mean().item(), int(constant))


@dead.mistake("fraction")
def divided_by_the_samples(is_dead, activations):
    """You divide by the number of samples N: it is a share of the H units."""
    return float(is_dead.sum()) / len(activations)


@dead.mistake("fraction")
def divided_by_everything(is_dead, activations):
    """You divide by N times H: it is a share of the H units."""
    return float(is_dead.sum()) / activations.numel()


@dead.mistake("fraction")
def dead_against_living(is_dead):
    """You divide by the number of living units: it is a share of all H units."""
    dead_units = float(is_dead.sum())
    return dead_units / max(is_dead.numel() - dead_units, 1)


@dead.mistake("fraction")
def tensor_returned(is_dead):
    """You return a tensor: a Python float is asked for."""
    return is_dead.double().mean()


@dead.mistake("fraction")
def float32_tensor_returned(is_dead):
    """You return a tensor: a Python float is asked for."""
    return is_dead.float().mean()


@dead.mistake("fraction")
def whether_there_are_any(is_dead):
    """You return whether there is a dead unit at all: their share is asked for."""
    return float(is_dead.any())


@dead.mistake("fraction")
def which_units(is_dead):
    """You return which units are dead: their share is asked for."""
    return is_dead


@dead.mistake("fraction")
def whole_division(is_dead):
    """The share is 1 or 0: it is rounded down to a whole number (// or int), or all units are asked at once."""
    return float(int(is_dead.sum()) // is_dead.numel())


# -------------------------------------------------------------------------- slopes that are not quite those


def of_slopes(*pairs, constants):
    """Declare a family of mistakes of several slopes: it gets the function, its right slope, x and the constant."""

    def declare(function):
        for whole, anatomy in pairs:
            _spoil_a_slope(whole, anatomy, constants, function)
        return function

    return declare


def _spoil_a_slope(whole, anatomy, constants, function):
    @functools.wraps(function, assigned=("__name__", "__doc__"), updated=())
    def wrong(x, constant):
        return function(whole.with_steps({}), anatomy.with_steps({}), x, constant)

    mistake(anatomy.exercise, constants=constants)(wrong)


BOUNDED = ((sigmoid, sigmoid_slope), (tanh, tanh_slope))
GATED = ((gelu, gelu_slope), (silu, silu_slope))


@of_slopes(*BOUNDED, *GATED, constants=STEPS)
def central_difference(f, slope, x, constant):
    """This is a difference quotient with a step of {constant}, (f(x + h) - f(x - h)) / (2 h): it loses half of the
    digits or more. The slope has a formula, which is exact."""
    return (f(x + constant) - f(x - constant)) / (2 * constant)


@of_slopes(*BOUNDED, *GATED, constants=STEPS)
def forward_difference(f, slope, x, constant):
    """This is a difference quotient with a step of {constant}, (f(x + h) - f(x)) / h: it loses half of the digits or
    more. The slope has a formula, which is exact."""
    return (f(x + constant) - f(x)) / constant


@of_slopes(*BOUNDED, constants=TAILS)
def zero_beyond_a_bound(f, slope, x, constant):
    """Where x is beyond {constant} on either side you return exactly 0: the slope only comes near it, and that small
    number is what the layers before get."""
    return torch.where(x.abs() > constant, 0, slope(x))


@of_slopes(*GATED, constants=TAILS)
def limits_beyond_a_bound(f, slope, x, constant):
    """Beyond {constant} you return exactly 1, and below -{constant} exactly 0: the slope only comes near them."""
    return torch.where(x > constant, 1, torch.where(x < -constant, 0, slope(x)))


# ------------------------------------------------------------------------------------- one step too many

EVERYWHERE = (sigmoid, tanh, relu, silu, leaky, gelu, sigmoid_slope, tanh_slope, leaky_slope_of, gelu_slope, silu_slope)


def one_step_too_many(*anatomies):
    """Declare a mistake of several exercises, those in which it shows: something is done to the right result."""

    def declare(function):
        for anatomy in anatomies:
            _spoil(anatomy, function)
        return function

    return declare


def _spoil(anatomy, function):
    @functools.wraps(function, assigned=("__name__", "__doc__"), updated=())
    def wrong(*args, **kwargs):
        return function(anatomy.with_steps({})(*args, **kwargs))

    mistake(anatomy.exercise)(wrong)


def one_side_wrong(*anatomies):
    """Declare a mistake of several exercises: `f`, the right function, is applied to a part of `x`, or to another x."""

    def declare(function):
        for anatomy in anatomies:
            _spoil_a_side(anatomy, function)
        return function

    return declare


def _spoil_a_side(anatomy, function):
    @functools.wraps(function, assigned=("__name__", "__doc__"), updated=())
    def wrong(x, **keywords):
        right = anatomy.with_steps({})
        return function(lambda numbers: right(x=numbers, **keywords), x)

    mistake(anatomy.exercise)(wrong)


@one_side_wrong(sigmoid, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def zero_left_out(f, x):
    """At x = 0 you return 0: your two cases are x > 0 and x < 0, and 0 itself is in neither of them."""
    return torch.where(x == 0, 0, f(x))


@one_side_wrong(sigmoid, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def zero_counted_twice(f, x):
    """At x = 0 you return twice the value: your two cases are x >= 0 and x <= 0, and 0 itself is in both of them."""
    return torch.where(x == 0, 2, 1) * f(x)


@one_side_wrong(sigmoid, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def zero_for_negative_numbers(f, x):
    """Where x is negative you return 0: the function has no corner, and goes on there."""
    return torch.where(x < 0, 0, f(x))


@one_side_wrong(sigmoid, tanh, silu, gelu, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def zero_for_positive_numbers(f, x):
    """Where x is positive you return 0: is that half of the result filled in?"""
    return torch.where(x > 0, 0, f(x))


@one_side_wrong(sigmoid, tanh, silu, gelu, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def negative_numbers_left_as_they_are(f, x):
    """Where x is negative you return x itself: the formula holds for all numbers."""
    return torch.where(x < 0, x, f(x))


@one_side_wrong(sigmoid, tanh, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def positive_numbers_left_as_they_are(f, x):
    """Where x is positive you return x itself: the formula holds for all numbers."""
    return torch.where(x > 0, x, f(x))


@one_side_wrong(silu, gelu, gelu_slope, silu_slope)
def same_on_both_sides(f, x):
    """A negative x gives the same as a positive one (abs): this function is not symmetric."""
    return f(x.abs())


@one_side_wrong(sigmoid, gelu, sigmoid_slope, tanh_slope, gelu_slope, silu_slope)
def mirrored_with_a_minus(f, x):
    """A negative x gives minus what the positive one gives: this function is not odd."""
    return torch.where(x < 0, -1, 1) * f(x.abs())


@one_side_wrong(silu, gelu)
def sign_of_x_turned_round(f, x):
    """You return the value at -x: a sign is turned round everywhere."""
    return f(-x)


@one_step_too_many(tanh, relu, silu, leaky, gelu, sigmoid_slope, tanh_slope, leaky_slope_of, gelu_slope, silu_slope)
def logarithm_of_the_result(right):
    """You return the logarithm of what is asked for."""
    return torch.log(right)


@one_step_too_many(*EVERYWHERE)
def exponential_of_the_result(right):
    """You return the exponential of what is asked for."""
    return torch.exp(right)


@one_step_too_many(tanh, silu, leaky, gelu, gelu_slope, silu_slope)
def square_of_the_result(right):
    """You return the square of what is asked for."""
    return right**2


@one_step_too_many(sigmoid, tanh, relu, silu, leaky, gelu, sigmoid_slope, leaky_slope_of, gelu_slope, silu_slope)
def root_of_the_result(right):
    """You return the square root of what is asked for."""
    return right.sqrt()


@one_step_too_many(tanh, relu, silu, leaky, gelu, sigmoid_slope, leaky_slope_of, gelu_slope, silu_slope)
def one_minus_the_result(right):
    """You return 1 minus what is asked for."""
    return 1 - right


@one_step_too_many(*EVERYWHERE)
def one_plus_the_result(right):
    """You return 1 more than what is asked for."""
    return 1 + right


@one_step_too_many(relu, silu, leaky, gelu, sigmoid_slope, tanh_slope, leaky_slope_of, gelu_slope, silu_slope)
def reciprocal_of_the_result(right):
    """You return 1 divided by what is asked for."""
    return 1 / right


@one_step_too_many(gelu_slope, silu_slope)
def sign_of_the_result_lost(right):
    """You return the absolute value of what is asked for."""
    return right.abs()


@one_step_too_many(gelu_slope, silu_slope)
def result_cut_off_at_zero(right):
    """Negative results are cut off at 0."""
    return right.clamp(min=0)


@one_step_too_many(silu, leaky, gelu, gelu_slope, silu_slope)
def result_cut_off_at_one(right):
    """Results above 1 are cut off."""
    return right.clamp(max=1)


@one_step_too_many(silu, gelu, gelu_slope, silu_slope)
def result_between_zero_and_one(right):
    """Results below 0 and above 1 are cut off: there are such results, on both ends."""
    return right.clamp(0, 1)


@one_step_too_many(*EVERYWHERE)
def result_divided_by_its_sum(right):
    """The results are divided by their sum, as if they were shares: every number stands by itself."""
    return right / right.sum()


@one_step_too_many(*EVERYWHERE)
def mean_of_the_result(right):
    """You return the mean of what is asked for: every number stands by itself, and the shape stays."""
    return right.mean()


@one_step_too_many(*EVERYWHERE)
def sum_of_the_result(right):
    """You return the sum of what is asked for: every number stands by itself, and the shape stays."""
    return right.sum()


@one_step_too_many(*EVERYWHERE)
def result_flattened(right):
    """The result is flattened to one dimension: the shape stays as it is."""
    return right.reshape(-1)
