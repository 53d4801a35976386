"""Known mistakes of the unit optimizers: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, accepted, mistake

# -------------------------------------------------------------------------------------------- adam_step

adam = Anatomy("optimizers.adam_step", "param_out", "m_out", "v_out")


@adam.step
def b1(beta1):
    return beta1


@adam.step
def b2(beta2):
    return beta2


@adam.step
def count(t):
    return t


@adam.step
def gradient(grad):
    return grad


@adam.step
def new_m(gradient, m, b1):
    return b1 * m + (1 - b1) * gradient


@adam.step
def new_v(gradient, v, b2):
    return b2 * v + (1 - b2) * gradient**2


@adam.step
def m_hat(new_m, count, b1):
    return new_m / (1 - b1**count)


@adam.step
def v_hat(new_v, count, b2):
    return new_v / (1 - b2**count)


@adam.step
def denominator(v_hat, eps):
    return v_hat.sqrt() + eps


@adam.step
def update(lr, m_hat, denominator):
    return lr * m_hat / denominator


@adam.step
def new_param(param, update):
    return param - update


@adam.step
def param_out(new_param):
    return new_param


@adam.step
def m_out(new_m):
    return new_m


@adam.step
def v_out(new_v):
    return new_v


@adam.mistake("gradient")
def gradient_viewed(grad):
    """view fails where a tensor is not contiguous in memory (a transposed one): use reshape, or no flattening at all,
    since every operation here works element by element."""
    return grad.view(-1).view(grad.shape)


@adam.mistake("gradient")
def matrices_only(grad):
    """You unpack the shape into two numbers, rows and columns: a parameter may be one number, a vector, or have three
    dimensions. Every operation here works element by element, whatever the shape."""
    _, _ = grad.shape
    return grad


@adam.mistake("gradient")
def loop_over_the_first_dimension(grad):
    """A loop over len(param) fails for a parameter without dimensions: every operation here works element by element,
    no loop is needed."""
    len(grad)
    return grad


@adam.mistake("new_v")
def matrix_product_for_the_square(gradient, v, b2):
    """You use the matrix product of the gradient with itself: v averages the square of each number by itself, grad **
    2."""
    return b2 * v + (1 - b2) * (gradient @ gradient)


@adam.mistake("denominator")
def root_of_a_single_number(v_hat, eps):
    """math.sqrt takes a single number, and the parameter is a tensor: take the root of the tensor."""
    return math.sqrt(v_hat) + eps


@accepted("optimizers.adam_step")
def corrected_rate(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right, in the form at the end of the paper's section 2: the corrections are moved into the rate, so that eps is
    compared with the uncorrected root. With a large eps the two forms differ a little."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * math.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (v.sqrt() + eps), m, v


@adam.mistake("m_hat", "v_hat")
def no_bias_correction(new_m, new_v):
    """The bias correction is missing: both averages start from 0 and are far too small in the first steps. Divide
    each by 1 - beta ** t before it is used."""
    return new_m, new_v


@adam.mistake("m_hat")
def first_moment_not_corrected(new_m):
    """Only v is corrected: m starts from 0 as well, and needs its own 1 - beta1 ** t."""
    return new_m


@adam.mistake("v_hat")
def second_moment_not_corrected(new_v):
    """Only m is corrected: v starts from 0 as well, and needs its own 1 - beta2 ** t."""
    return new_v


@adam.mistake("m_hat", "v_hat")
def correction_without_t(new_m, new_v, b1, b2):
    """The bias corrections divide by 1 - beta: the power t is missing (or t is 1 in every step). The correction must
    fade as the steps go on."""
    return new_m / (1 - b1), new_v / (1 - b2)


@adam.mistake("m_hat")
def first_correction_without_t(new_m, b1):
    """The bias correction of m divides by 1 - beta1: the power t is missing."""
    return new_m / (1 - b1)


@adam.mistake("v_hat")
def second_correction_without_t(new_v, b2):
    """The bias correction of v divides by 1 - beta2: the power t is missing."""
    return new_v / (1 - b2)


@adam.mistake("count")
def t_one_too_high(t):
    """The bias corrections use t + 1: t is 1 on the first step already, do not count it up again."""
    return t + 1


@adam.mistake("count")
def t_one_too_low(t):
    """The bias corrections use t - 1: t is 1 on the first step (where yours divides by 0, if you do not patch it) and
    counts the steps as it is."""
    return t - 1


@adam.mistake("count")
def t_doubled(t):
    """The bias corrections use 2 t: t is counted up twice a step, for each parameter perhaps."""
    return 2 * t


@adam.mistake("m_hat", "v_hat")
def product_in_place_of_a_power(new_m, new_v, b1, b2, count):
    """The corrections use beta * t where beta ** t is meant: a product in place of a power."""
    return _over(new_m, 1 - b1 * count), _over(new_v, 1 - b2 * count)


@adam.mistake("m_hat", "v_hat")
def product_in_place_of_a_power_and_abs(new_m, new_v, b1, b2, count):
    """The corrections use beta * t where beta ** t is meant, and abs hides that the root becomes negative: it is a
    power."""
    return _over(new_m, 1 - b1 * count), _over(new_v, 1 - b2 * count).abs()


@adam.mistake("m_hat")
def parenthesis_of_the_first_correction(new_m, count, b1):
    """A parenthesis is missing: m / 1 - beta1 ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta1 ** t."""
    return new_m / 1 - b1**count


@adam.mistake("v_hat")
def parenthesis_of_the_second_correction(new_v, count, b2):
    """A parenthesis is missing: v / 1 - beta2 ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta2 ** t."""
    return new_v / 1 - b2**count


@adam.mistake("m_hat", "v_hat")
def parentheses_of_the_corrections(new_m, new_v, count, b1, b2):
    """Parentheses are missing: m / 1 - beta ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta ** t."""
    return new_m / 1 - b1**count, new_v / 1 - b2**count


@adam.mistake("m_hat", "v_hat")
def corrections_subtracted(new_m, new_v, count, b1, b2):
    """You subtract 1 - beta ** t where you should divide by it."""
    return new_m - (1 - b1**count), new_v - (1 - b2**count)


@adam.mistake("m_hat", "v_hat", constants=(10, 2, 20, 100))
def correction_stops(new_m, new_v, count, b1, b2, constant):
    """The bias correction is made up to t = {constant} only: it fades by itself, and late steps still need it where
    beta is close to 1."""
    if count > constant:
        return new_m, new_v
    return new_m / (1 - b1**count), new_v / (1 - b2**count)


@adam.mistake("m_hat")
def first_correction_twice(new_m, count, b1):
    """m is corrected twice: once is enough."""
    return new_m / (1 - b1**count) ** 2


@adam.mistake("v_hat")
def root_of_the_second_correction(new_v, count, b2):
    """v is divided by the root of 1 - beta2 ** t before its own root is taken: divide by 1 - beta2 ** t itself."""
    return new_v / (1 - b2**count) ** 0.5


@adam.mistake("m_hat")
def root_of_the_first_correction(new_m, count, b1):
    """m is divided by the root of 1 - beta1 ** t: divide by 1 - beta1 ** t itself, only v goes under a root."""
    return new_m / (1 - b1**count) ** 0.5


@adam.mistake("denominator")
def second_correction_outside_the_root(new_v, count, b2, eps):
    """You divide the root of v by 1 - beta2 ** t: the correction belongs to v, so outside the root it needs a root as
    well."""
    return new_v.sqrt() / (1 - b2**count) + eps


@adam.mistake("update")
def rate_without_the_root(lr, new_m, new_v, count, b1, b2, eps):
    """The corrections are moved into the rate, and the root over 1 - beta2 ** t is missing: v stands under a root,
    and so does its correction."""
    return lr * (1 - b2**count) / (1 - b1**count) * new_m / (new_v.sqrt() + eps)


@adam.mistake("update")
def corrected_rate_upside_down(lr, new_m, new_v, count, b1, b2, eps):
    """The corrections are moved into the rate the wrong way up: it is sqrt(1 - beta2 ** t) / (1 - beta1 ** t)."""
    return lr * (1 - b1**count) / math.sqrt(1 - b2**count) * new_m / (new_v.sqrt() + eps)


@adam.mistake("b1", "b2")
def betas_swapped_everywhere(beta1, beta2):
    """beta1 and beta2 are swapped: beta1 belongs to m, beta2 to v."""
    return beta2, beta1


@adam.mistake("b2")
def beta1_for_everything(beta1):
    """beta1 is used for v as well, in the average and in the correction: its own rate is beta2."""
    return beta1


@adam.mistake("b1")
def beta2_for_everything(beta2):
    """beta2 is used for m as well, in the average and in the correction: its own rate is beta1."""
    return beta2


@adam.mistake("b1", constants=(0.9, 0.99, 0.5, 0.999))
def beta1_fixed(constant):
    """beta1 is the fixed number {constant} in your code: use the argument."""
    return constant


@adam.mistake("b2", constants=(0.999, 0.99, 0.9))
def beta2_fixed(constant):
    """beta2 is the fixed number {constant} in your code: use the argument."""
    return constant


@adam.mistake("b1", "b2")
def betas_fixed():
    """beta1 and beta2 are fixed numbers, 0.9 and 0.999, in your code: use the arguments."""
    return 0.9, 0.999


@adam.mistake("m_hat")
def t_one_too_high_for_m(new_m, count, b1):
    """The bias correction of m uses t + 1."""
    return new_m / (1 - b1 ** (count + 1))


@adam.mistake("v_hat")
def t_one_too_high_for_v(new_v, count, b2):
    """The bias correction of v uses t + 1."""
    return new_v / (1 - b2 ** (count + 1))


@adam.mistake("m_hat", "v_hat")
def corrections_multiplied(new_m, new_v, count, b1, b2):
    """You multiply by 1 - beta ** t where you should divide: the averages are too small, and get smaller still."""
    return new_m * (1 - b1**count), new_v * (1 - b2**count)


@adam.mistake("m_hat")
def first_correction_multiplied(new_m, count, b1):
    """You multiply m by 1 - beta1 ** t where you should divide."""
    return new_m * (1 - b1**count)


@adam.mistake("v_hat")
def second_correction_multiplied(new_v, count, b2):
    """You multiply v by 1 - beta2 ** t where you should divide."""
    return new_v * (1 - b2**count)


@adam.mistake("m_hat", "v_hat")
def corrections_with_a_plus(new_m, new_v, count, b1, b2):
    """You divide by 1 + beta ** t: it is 1 - beta ** t."""
    return new_m / (1 + b1**count), new_v / (1 + b2**count)


@adam.mistake("m_hat", "v_hat")
def corrections_swapped(new_m, new_v, count, b1, b2):
    """The two corrections are swapped: m is corrected with beta1, v with beta2."""
    return new_m / (1 - b2**count), new_v / (1 - b1**count)


@adam.mistake("v_hat")
def beta1_corrects_both(new_v, count, b1):
    """Both averages are corrected with beta1: v needs beta2."""
    return new_v / (1 - b1**count)


@adam.mistake("m_hat")
def beta2_corrects_both(new_m, count, b2):
    """Both averages are corrected with beta2: m needs beta1."""
    return new_m / (1 - b2**count)


@adam.mistake("m_hat", "v_hat")
def power_of_the_whole(new_m, new_v, count, b1, b2):
    """You take (1 - beta) ** t: the power belongs to beta alone, 1 - beta ** t."""
    return new_m / (1 - b1) ** count, new_v / (1 - b2) ** count


@adam.mistake("m_hat", "v_hat")
def divided_by_the_power(new_m, new_v, count, b1, b2):
    """You divide by beta ** t: the correction is 1 - beta ** t."""
    return new_m / b1**count, new_v / b2**count


@adam.mistake("m_hat")
def old_m_used(m, count, b1):
    """The step uses the m that came in: update it with this gradient first."""
    return m / (1 - b1**count)


@adam.mistake("v_hat")
def old_v_used(v, count, b2):
    """The step uses the v that came in: update it with this gradient first."""
    return v / (1 - b2**count)


@adam.mistake("m_hat", "v_hat")
def old_moments_used(m, v, count, b1, b2):
    """The step uses the m and v that came in: update both with this gradient first."""
    return m / (1 - b1**count), v / (1 - b2**count)


@adam.mistake("m_hat")
def gradient_in_place_of_m(gradient):
    """The step uses the gradient itself where the running average m is meant: that is RMSProp."""
    return gradient


@adam.mistake("m_hat")
def corrected_gradient_in_place_of_m(gradient, count, b1):
    """The step uses the gradient where the running average m is meant."""
    return gradient / (1 - b1**count)


@adam.mistake("v_hat")
def squared_gradient_in_place_of_v(gradient):
    """The step divides by this gradient's own size where the running average v is meant."""
    return gradient**2


@adam.mistake("m_hat")
def nesterov_momentum(new_m, gradient, count, b1):
    """The step looks one gradient ahead: that is NAdam. Adam steps along m as it is."""
    return (b1 * new_m + (1 - b1) * gradient) / (1 - b1**count)


@adam.mistake("v_hat")
def largest_second_moment(new_v, v, count, b2):
    """The step uses the larger of the old and the new v: that is AMSGrad, not Adam."""
    return torch.maximum(new_v, v) / (1 - b2**count)


@adam.mistake("new_m")
def weights_of_m_swapped(gradient, m, b1):
    """The weights of m are swapped: beta1 keeps the old average, 1 - beta1 lets the new gradient in."""
    return (1 - b1) * m + b1 * gradient


@adam.mistake("new_v")
def weights_of_v_swapped(gradient, v, b2):
    """The weights of v are swapped: beta2 keeps the old average, 1 - beta2 lets the new square in."""
    return (1 - b2) * v + b2 * gradient**2


@adam.mistake("new_m", "new_v")
def weights_swapped(gradient, m, v, b1, b2):
    """The weights of both averages are swapped: beta keeps the old average, 1 - beta lets the new gradient in."""
    return (1 - b1) * m + b1 * gradient, (1 - b2) * v + b2 * gradient**2


@adam.mistake("new_m")
def m_accumulates(gradient, m, b1):
    """The gradient enters m without its weight 1 - beta1: that is momentum, ten times as large. Adam's m is an
    average."""
    return b1 * m + gradient


@adam.mistake("new_v")
def v_accumulates(gradient, v, b2):
    """The square enters v without its weight 1 - beta2: Adam's v is an average, not a sum."""
    return b2 * v + gradient**2


@adam.mistake("new_m", "new_v")
def both_accumulate(gradient, m, v, b1, b2):
    """Both averages lack their weight 1 - beta for what is new: they are averages, not sums."""
    return b1 * m + gradient, b2 * v + gradient**2


@adam.mistake("new_v")
def v_grows_for_ever(gradient, v):
    """v adds up all squares: that is AdaGrad, whose steps shrink for ever. Adam's v forgets, with beta2."""
    return v + gradient**2


@adam.mistake("new_m")
def m_grows_for_ever(gradient, m):
    """m adds up all gradients: Adam's m forgets, with beta1."""
    return m + gradient


@adam.mistake("new_m")
def m_not_decayed(gradient, m, b1):
    """The old m is not multiplied by beta1: it never forgets."""
    return m + (1 - b1) * gradient


@adam.mistake("new_v")
def v_not_decayed(gradient, v, b2):
    """The old v is not multiplied by beta2: it never forgets."""
    return v + (1 - b2) * gradient**2


@adam.mistake("new_m")
def m_forgets_the_past(gradient, b1):
    """The old m is not used: it starts from 0 in every call, so there is no momentum."""
    return (1 - b1) * gradient


@adam.mistake("new_v")
def v_forgets_the_past(gradient, b2):
    """The old v is not used: it starts from 0 in every call."""
    return (1 - b2) * gradient**2


@adam.mistake("new_m", "new_v")
def state_forgotten(gradient, b1, b2):
    """The old m and v are not used: every step is a first step."""
    return (1 - b1) * gradient, (1 - b2) * gradient**2


@adam.mistake("new_v")
def gradient_not_squared(gradient, v, b2):
    """v averages the gradient itself: it is the average of its square, the second moment."""
    return b2 * v + (1 - b2) * gradient


@adam.mistake("new_v")
def absolute_gradient(gradient, v, b2):
    """v averages the absolute gradient: it is the average of its square."""
    return b2 * v + (1 - b2) * gradient.abs()


@adam.mistake("new_v")
def weight_squared_too(gradient, v, b2):
    """The square takes 1 - beta2 with it: ((1 - beta2) g) ** 2. Only the gradient is squared."""
    return b2 * v + ((1 - b2) * gradient) ** 2


@adam.mistake("new_v")
def square_of_m(new_m, v, b2):
    """v averages the square of m: it is the gradient that is squared."""
    return b2 * v + (1 - b2) * new_m**2


@adam.mistake("new_v")
def square_of_the_mean_gradient(gradient, v, b2):
    """v gets one number for the whole tensor (a mean or a norm): each parameter has a v of its own."""
    return b2 * v + (1 - b2) * (gradient**2).mean()


@adam.mistake("new_v")
def sum_of_all_squares(gradient, v, b2):
    """v gets the sum of all squares of the tensor: each parameter has a v of its own."""
    return b2 * v + (1 - b2) * (gradient**2).sum()


@adam.mistake("new_v")
def centred_second_moment(gradient, v, new_m, b2):
    """v averages the squared distance from m, a variance: that is AdaBelief. Adam's v averages the square itself."""
    return b2 * v + (1 - b2) * (gradient - new_m) ** 2


@adam.mistake("new_v")
def beta1_for_v(gradient, v, b1):
    """v is averaged with beta1: its own rate is beta2."""
    return b1 * v + (1 - b1) * gradient**2


@adam.mistake("new_v")
def beta1_lets_the_square_in(gradient, v, b1, b2):
    """The new square enters v with 1 - beta1: its weight is 1 - beta2."""
    return b2 * v + (1 - b1) * gradient**2


@adam.mistake("new_m")
def beta2_for_m(gradient, m, b2):
    """m is averaged with beta2: its own rate is beta1."""
    return b2 * m + (1 - b2) * gradient


@adam.mistake("new_m")
def beta2_lets_the_gradient_in(gradient, m, b1, b2):
    """The new gradient enters m with 1 - beta2: its weight is 1 - beta1."""
    return b1 * m + (1 - b2) * gradient


@adam.mistake("new_m")
def m_subtracts_the_gradient(gradient, m, b1):
    """The gradient is subtracted in m (or its sign is turned round at the start): it must be added, the minus belongs
    to the step."""
    return b1 * m - (1 - b1) * gradient


@adam.mistake("new_v")
def v_subtracts_the_square(gradient, v, b2):
    """The square is subtracted in v: it must be added."""
    return b2 * v - (1 - b2) * gradient**2


@adam.mistake("new_m")
def m_counted_twice(gradient, m, b1):
    """The old m is counted twice (+= in place of =)."""
    return m + b1 * m + (1 - b1) * gradient


@adam.mistake("new_v")
def v_counted_twice(gradient, v, b2):
    """The old v is counted twice (+= in place of =)."""
    return v + b2 * v + (1 - b2) * gradient**2


@adam.mistake("new_m")
def m_squares_the_gradient(gradient, m, b1):
    """m averages the square of the gradient: it averages the gradient itself, v its square."""
    return b1 * m + (1 - b1) * gradient**2


@adam.mistake("new_m", "new_v")
def betas_swapped(gradient, m, v, b1, b2):
    """beta1 and beta2 are swapped in the averages: beta1 belongs to m, beta2 to v."""
    return b2 * m + (1 - b2) * gradient, b1 * v + (1 - b1) * gradient**2


@adam.mistake("m_hat", constants=(0.9,))
def beta1_fixed_in_the_correction(new_m, count, constant):
    """The correction of m uses the fixed number {constant}: use the argument beta1."""
    return new_m / (1 - constant**count)


@adam.mistake("v_hat", constants=(0.999, 0.99))
def beta2_fixed_in_the_correction(new_v, count, constant):
    """The correction of v uses the fixed number {constant}: use the argument beta2."""
    return new_v / (1 - constant**count)


@adam.mistake("new_v")
def eps_added_to_v(gradient, v, b2, eps):
    """eps is added to v itself, so it piles up in the state: it belongs into the denominator only."""
    return b2 * v + (1 - b2) * gradient**2 + eps


@adam.mistake("new_v", "denominator")
def eps_in_v_only(gradient, v, b2, count, eps):
    """eps is added to v, where it piles up in the state, and not to the denominator: it belongs after the root."""
    new_v = b2 * v + (1 - b2) * gradient**2 + eps
    return new_v, (new_v / (1 - b2**count)).sqrt()


@adam.mistake("new_v")
def eps_added_to_the_gradient(gradient, v, b2, eps):
    """eps is added to the gradient before it is squared: it belongs into the denominator only."""
    return b2 * v + (1 - b2) * (gradient + eps) ** 2


@adam.mistake("denominator")
def eps_uncorrected_inside_the_root(new_v, count, b2, eps):
    """eps is added to v before the correction, and under the root: it belongs after the root."""
    return ((new_v + eps) / (1 - b2**count)).sqrt()


@adam.mistake("denominator")
def eps_inside_the_root(v_hat, eps):
    """eps is added under the square root: it belongs after it. Inside, its root counts, and that is far larger."""
    return (v_hat + eps).sqrt()


@adam.mistake("denominator")
def eps_inside_and_outside(v_hat, eps):
    """eps is added twice, under the root and after it: it belongs after it only."""
    return (v_hat + eps).sqrt() + eps


@adam.mistake("denominator")
def eps_missing(v_hat):
    """eps is missing: a parameter whose gradients have all been 0 divides 0 by 0."""
    return v_hat.sqrt()


@adam.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12, 1e-5, 1e-3))
def eps_fixed(v_hat, constant):
    """eps is the fixed number {constant} in your code: use the argument."""
    return v_hat.sqrt() + constant


@adam.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12))
def eps_fixed_inside_the_root(v_hat, constant):
    """eps is the fixed number {constant}, and under the root: use the argument, after the root."""
    return (v_hat + constant).sqrt()


@adam.mistake("denominator")
def eps_squared_inside(v_hat, eps):
    """eps squared is added under the root: sqrt(v + eps ** 2) is not sqrt(v) + eps."""
    return (v_hat + eps**2).sqrt()


@adam.mistake("denominator")
def eps_as_a_lower_bound(v_hat, eps):
    """eps is used as a lower bound of the root (clamp, maximum): it is added."""
    return v_hat.sqrt().clamp(min=eps)


@adam.mistake("denominator")
def eps_bounds_v(v_hat, eps):
    """eps is used as a lower bound of v (clamp, maximum): it is added, after the root."""
    return v_hat.clamp(min=eps).sqrt()


@adam.mistake("denominator")
def eps_subtracted(v_hat, eps):
    """eps is subtracted: it must be added, to keep the denominator away from 0."""
    return v_hat.sqrt() - eps


@adam.mistake("denominator")
def eps_multiplied(v_hat, eps):
    """eps multiplies the root: it must be added."""
    return v_hat.sqrt() * eps


@adam.mistake("denominator")
def eps_twice(v_hat, eps):
    """eps is added twice."""
    return v_hat.sqrt() + 2 * eps


@adam.mistake("denominator")
def eps_root_added(v_hat, eps):
    """The root of eps is added: it is eps itself, after the root of v."""
    return v_hat.sqrt() + math.sqrt(eps)


@adam.mistake("denominator")
def no_square_root(v_hat, eps):
    """The square root is missing: you divide by v itself. A step must not depend on the gradient's unit, and m / v
    does."""
    return v_hat + eps


@adam.mistake("denominator")
def root_twice(v_hat, eps):
    """The root is taken twice."""
    return v_hat.sqrt().sqrt() + eps


@adam.mistake("denominator")
def v_squared(v_hat, eps):
    """You square v where its root is meant."""
    return v_hat**2 + eps


@adam.mistake("denominator")
def one_added(v_hat, eps):
    """1 is added in the denominator: only eps is."""
    return 1 + v_hat.sqrt() + eps


@adam.mistake("denominator")
def not_divided():
    """The step is not divided by the root of v: that is momentum. Adam scales each parameter by its own gradients'
    size."""
    return 1.0


@adam.mistake("denominator")
def root_of_the_mean_v(v_hat, eps):
    """The whole tensor is divided by one number (a mean or norm of v): each parameter has a v of its own."""
    return v_hat.mean().sqrt() + eps


@adam.mistake("denominator")
def norm_of_v(v_hat, eps):
    """The whole tensor is divided by one number (a norm): each parameter has a v of its own."""
    return v_hat.sum().sqrt() + eps


@adam.mistake("update")
def precedence_of_eps(lr, m_hat, v_hat, eps):
    """A parenthesis is missing: m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return lr * (m_hat / v_hat.sqrt() + eps)


@adam.mistake("update")
def precedence_of_eps_after_the_rate(lr, m_hat, v_hat, eps):
    """A parenthesis is missing: lr * m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return lr * m_hat / v_hat.sqrt() + eps


@adam.mistake("update")
def lr_missing(m_hat, denominator):
    """The learning rate is missing: the step is a thousand times too large with the default rate."""
    return m_hat / denominator


@adam.mistake("update", constants=(1e-3, 1e-2, 1e-4, 0.1))
def lr_fixed(m_hat, denominator, constant):
    """The learning rate is the fixed number {constant} in your code: use the argument."""
    return constant * m_hat / denominator


@adam.mistake("update")
def lr_twice(lr, m_hat, denominator):
    """The learning rate is multiplied in twice."""
    return lr * lr * m_hat / denominator


@adam.mistake("update")
def divided_by_lr(lr, m_hat, denominator):
    """You divide by the learning rate."""
    return m_hat / denominator / lr


@adam.mistake("update")
def lr_decays_with_t(lr, m_hat, denominator, count):
    """The rate is divided by the root of t: Adam keeps its rate, schedules are another unit."""
    return lr / math.sqrt(count) * m_hat / denominator


@adam.mistake("update")
def lr_divided_by_t(lr, m_hat, denominator, count):
    """The rate is divided by t: Adam keeps its rate, schedules are another unit."""
    return lr / count * m_hat / denominator


@adam.mistake("update")
def times_the_gradient(lr, m_hat, denominator, gradient):
    """The step is multiplied by the gradient again: m takes its place."""
    return lr * m_hat / denominator * gradient


@adam.mistake("update")
def times_the_parameter(lr, m_hat, denominator, param):
    """The step is multiplied by the parameter: it is subtracted from it, not scaled by it."""
    return lr * m_hat / denominator * param


@adam.mistake("update")
def sign_of_the_gradient(lr, m_hat):
    """Only the sign of the average is used: the step must still be divided by the root of v."""
    return lr * m_hat.sign()


@adam.mistake("update")
def upside_down(lr, m_hat, denominator):
    """The fraction is upside down: m is divided by the root of v."""
    return lr * denominator / m_hat


@adam.mistake("new_param")
def uphill(param, update):
    """The step is added: it goes uphill. Subtract it."""
    return param + update


@adam.mistake("new_param")
def zero_gradients_skipped(param, update, gradient):
    """Where the gradient is 0 the parameter stays as it is: its momentum m still moves it."""
    return torch.where(gradient == 0, param, param - update)


@adam.mistake("new_param")
def update_averaged(param, update):
    """The same step is taken everywhere (a mean of all steps): each parameter has its own."""
    return param - update.mean()


@adam.mistake("new_param")
def step_minus_parameter(param, update):
    """The subtraction is the wrong way round: the step is subtracted from the parameter."""
    return update - param


@adam.mistake("new_param")
def parameter_not_updated(param):
    """The parameter comes back as it was: the step is computed and not applied."""
    return param


@adam.mistake("new_param")
def step_returned(update):
    """The step is returned in the place of the parameter: subtract it from the parameter."""
    return update


@adam.mistake("new_param")
def negative_step_returned(update):
    """The negative step is returned in the place of the parameter: add it to the parameter."""
    return -update


@adam.mistake("new_param")
def step_applied_twice(param, update):
    """The step is applied twice."""
    return param - 2 * update


@adam.mistake("gradient", constants=(0.01, 0.1, 1e-4, 5e-4, 1e-3, 1.0))
def weight_decay_in_the_gradient(grad, param, constant):
    """{constant} times the parameter is added to the gradient (L2, or coupled weight decay): plain Adam has none."""
    return grad + constant * param


@adam.mistake("new_param", constants=(0.01, 0.1, 1e-4, 5e-4))
def decoupled_weight_decay(param, update, lr, constant):
    """The parameter is shrunk as well, by lr times {constant}: that is AdamW, the next optimizer. Plain Adam has no
    decay."""
    return param * (1 - lr * constant) - update


@adam.mistake("gradient")
def gradient_clipped(grad):
    """The gradient is clamped to [-1, 1] first: clipping is another exercise, Adam takes the gradient as it is."""
    return grad.clamp(-1, 1)


@adam.mistake("gradient")
def gradient_normalised(grad):
    """The gradient is scaled to norm 1 first: Adam takes the gradient as it is."""
    return grad / (torch.linalg.vector_norm(grad) + 1e-12)


@adam.mistake("param_out", "m_out", "v_out")
def nothing_filled_in(param):
    """All three results are zeros: they are created and never filled in."""
    return torch.zeros_like(param), torch.zeros_like(param), torch.zeros_like(param)


@adam.mistake("m_out", "v_out")
def corrected_moments_returned(m_hat, v_hat):
    """The corrected moments are returned as the state: the next step corrects them once more. Return m and v as they
    were before the correction."""
    return m_hat, v_hat


@adam.mistake("m_out")
def corrected_first_moment_returned(m_hat):
    """The corrected m is returned as the state: the next step corrects it once more."""
    return m_hat


@adam.mistake("v_out")
def corrected_second_moment_returned(v_hat):
    """The corrected v is returned as the state: the next step corrects it once more."""
    return v_hat


@adam.mistake("v_out")
def root_of_v_returned(new_v):
    """The root of v is returned as the state (sqrt_ works in place): the next step needs v itself."""
    return new_v.sqrt()


@adam.mistake("v_out")
def root_of_corrected_v_returned(v_hat):
    """The root of the corrected v is returned as the state: the next step needs v itself, uncorrected."""
    return v_hat.sqrt()


@adam.mistake("v_out")
def denominator_returned(denominator):
    """The denominator is returned in the place of v: the next step needs v itself."""
    return denominator


@adam.mistake("m_out")
def step_returned_as_m(update):
    """The step is returned in the place of m: the next step needs m itself."""
    return update


@adam.mistake("m_out")
def gradient_returned_as_m(gradient):
    """The gradient is returned in the place of m: the next step needs the running average."""
    return gradient


@adam.mistake("m_out", "v_out")
def old_state_returned(m, v):
    """The m and v that came in are returned: the new ones live in local variables only, and every step is a first
    step."""
    return m, v


@adam.mistake("m_out")
def old_first_moment_returned(m):
    """The m that came in is returned: the new one is lost, and there is no momentum."""
    return m


@adam.mistake("v_out")
def old_second_moment_returned(v):
    """The v that came in is returned: the new one is lost."""
    return v


@adam.mistake("m_out", "v_out")
def moments_swapped(new_m, new_v):
    """m and v are returned in the wrong order: param, m, v."""
    return new_v, new_m


@adam.mistake("param_out", "m_out", "v_out")
def parameter_last(new_param, new_m, new_v):
    """The parameter is returned last: param, m, v is the order."""
    return new_m, new_v, new_param


@adam.mistake("param_out", "m_out")
def parameter_and_m_swapped(new_param, new_m):
    """The parameter and m are returned in each other's place: param, m, v is the order."""
    return new_m, new_param


@adam.mistake("param_out", "v_out")
def parameter_and_v_swapped(new_param, new_v):
    """The parameter and v are returned in each other's place: param, m, v is the order."""
    return new_v, new_param


@adam.mistake("param_out", "m_out", "v_out")
def v_first(new_param, new_m, new_v):
    """v is returned first: param, m, v is the order."""
    return new_v, new_param, new_m


@adam.mistake("new_m", "new_v")
def moments_swapped_on_the_way_in(gradient, m, v, b1, b2):
    """m and v come in in each other's place: the order of the parameters is param, grad, m, v, t."""
    return b1 * v + (1 - b1) * gradient, b2 * m + (1 - b2) * gradient**2


@mistake("optimizers.adam_step")
def parameter_only(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Only the parameter is returned: without the new m and v the next step cannot go on. Return param, m, v."""
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps)


@mistake("optimizers.adam_step")
def count_returned_as_well(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """t is returned as well: return param, m, v. Whoever calls counts the steps."""
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps), m, v, t + 1


@adam.mistake("new_v", "denominator")
def adamax(gradient, v, b2, eps):
    """This is AdaMax: it keeps the largest gradient, where Adam averages the squares."""
    largest = torch.maximum(b2 * v, gradient.abs())
    return largest, largest + eps


@adam.mistake("new_v", "denominator")
def adamax_of_torch(gradient, v, b2, eps):
    """This is AdaMax, with eps inside the maximum: it keeps the largest gradient, where Adam averages the squares."""
    largest = torch.maximum(b2 * v, gradient.abs() + eps)
    return largest, largest


@mistake("optimizers.adam_step")
def plain_gradient_descent(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """This is plain gradient descent: neither of the two running averages is used."""
    return param - lr * grad, m, v


@mistake("optimizers.adam_step")
def adagrad(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """This is AdaGrad: squares are added up for ever, and there is no running average of the gradient."""
    v = v + grad**2
    return param - lr * grad / (v.sqrt() + eps), m, v


@adam.mistake("new_m", "new_v", "m_hat", "v_hat")
def moments_from_the_new_side(gradient, m, v, b1, b2, count):
    """The step uses the corrected averages of the state that came in, and the state is updated afterwards: the order is
    update, correct, step."""
    return (
        b1 * m + (1 - b1) * gradient,
        b2 * v + (1 - b2) * gradient**2,
        _over(m, 1 - b1 ** max(count - 1, 0)),
        _over(v, 1 - b2 ** max(count - 1, 0)),
    )


def _defaults(name, exercise_defaults, constant):
    """Adam whose default for one argument is `constant`; arguments that are given are used."""

    def step(param, grad, m, v, t, **given):
        values = {**exercise_defaults, name: constant, **given}
        return adam.with_steps({})(param=param, grad=grad, m=m, v=v, t=t, **values)

    return step


_DEFAULTS = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


@mistake("optimizers.adam_step", constants=(1e-2, 1e-4, 0.1, 1.0, 3e-4, 2e-3))
def default_lr_changed(*state, constant, **given):
    """The default of lr is {constant} in your signature: keep it at 1e-3."""
    return _defaults("lr", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(0.99, 0.8, 0.5, 0.95))
def default_beta1_changed(*state, constant, **given):
    """The default of beta1 is {constant} in your signature: keep it at 0.9."""
    return _defaults("beta1", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(0.99, 0.9, 0.95, 0.98, 0.9999))
def default_beta2_changed(*state, constant, **given):
    """The default of beta2 is {constant} in your signature: keep it at 0.999."""
    return _defaults("beta2", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(1e-7, 1e-6, 1e-10, 1e-5, 1e-3, 1e-12, 1e-9, 0.0))
def default_eps_changed(*state, constant, **given):
    """The default of eps is {constant} in your signature: keep it at 1e-8."""
    return _defaults("eps", _DEFAULTS, constant)(*state, **given)


def _over(value, number):
    return value / number if number else value / torch.zeros_like(value)


# --------------------------------------------------------------------------------------- clip_grad_norm

clip = Anatomy("optimizers.clip_grad_norm", "clipped", "total_norm")


@clip.step
def tensors(grads):
    return grads


@clip.step
def norm(tensors):
    return torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]))


@clip.step
def checked(norm):
    if not torch.isfinite(norm):
        raise ValueError("not finite")
    return norm


@clip.step
def factor(checked, max_norm):
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0)


@clip.step
def clipped(tensors, factor):
    return [grad * factor for grad in tensors]


@clip.step
def total_norm(checked):
    return checked


@accepted("optimizers.clip_grad_norm", constants=(0.0, 1e-12, 1e-8, 1e-7, 1e-9, 1e-10))
def smaller_constant(grads, max_norm, constant):
    """Right, with another small constant beside the norm."""
    total = _finite_norm(grads)
    if not total > max_norm:
        return [grad * 1.0 for grad in grads], total
    return [grad * (max_norm / (total + constant)) for grad in grads], total


@clip.mistake("norm")
def concatenated_as_they_are(tensors):
    """torch.cat and torch.stack join tensors of fitting shapes, and these have different ones: flatten each first, or
    take each tensor's norm."""
    return torch.linalg.vector_norm(torch.cat(list(tensors)))


@clip.mistake("norm")
def flattened_by_view(tensors):
    """view fails where a tensor is not contiguous in memory (a transposed one): use reshape or flatten."""
    return torch.linalg.vector_norm(torch.cat([grad.view(-1) for grad in tensors]))


@clip.mistake("norm")
def vectors_left_out_of_the_norm(tensors):
    """Gradients with one dimension (biases) or none are left out of the norm: all tensors count together."""
    matrices = [grad for grad in tensors if grad.dim() > 1] or tensors
    return torch.stack([(grad**2).sum() for grad in matrices]).sum().sqrt()


@clip.mistake("norm")
def largest_stretch_of_a_matrix(tensors):
    """You take the spectral norm of a matrix (ord=2), how far it stretches a vector: the norm of all its entries is
    meant."""
    norms = [
        torch.linalg.matrix_norm(grad, ord=2) if grad.dim() == 2 else torch.linalg.vector_norm(grad) for grad in tensors
    ]
    return torch.linalg.vector_norm(torch.stack(norms))


@clip.mistake("norm")
def root_inside_the_loop(tensors):
    """The root is taken inside the loop, again and again: add up all squares first, then take one root."""
    total = torch.zeros_like(tensors[0].sum())
    for grad in tensors:
        total = (total + (grad**2).sum()).sqrt()
    return total


@clip.mistake("norm")
def first_tensor_counted_twice(tensors):
    """Squares of norms are added and the first tensor's is counted twice: start the sum at 0."""
    return torch.stack([(grad**2).sum() for grad in [tensors[0], *tensors]]).sum().sqrt()


@clip.mistake("norm")
def last_tensor_left_out(tensors):
    """The last tensor is left out of the norm: the loop ends one too early."""
    return torch.stack([(grad**2).sum() for grad in tensors[:-1]] or [0 * tensors[0].sum()]).sum().sqrt()


@clip.mistake("norm")
def first_tensor_left_out(tensors):
    """The first tensor is left out of the norm: the loop starts at 1, and counting starts at 0."""
    return torch.stack([(grad**2).sum() for grad in tensors[1:]] or [0 * tensors[0].sum()]).sum().sqrt()


@clip.mistake("norm")
def deviation_times_the_root_of_the_count(tensors):
    """You use the standard deviation, which measures the distance from the mean: the norm measures the distance from
    0."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return (entries - entries.mean()).pow(2).sum().sqrt()


@clip.mistake("norm")
def standard_deviation(tensors):
    """You use the standard deviation of all entries: the norm is the root of the sum of their squares."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return (entries - entries.mean()).pow(2).mean().sqrt()


@clip.mistake("norm")
def unbiased_standard_deviation(tensors):
    """You use the (unbiased) standard deviation of all entries: the norm is the root of the sum of their squares."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return ((entries - entries.mean()).pow(2).sum() / (len(entries) - 1)).sqrt()


@clip.mistake("norm")
def squared_sums(tensors):
    """You square the sum of each tensor's entries: square each entry first, then add, or positive and negative ones
    cancel."""
    return torch.stack([grad.sum() ** 2 for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def root_of_the_absolute_values(tensors):
    """You take the root of the sum of absolute values: the entries must be squared."""
    return torch.stack([grad.abs().sum() for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def norm_of_the_largest_entries(tensors):
    """You take each tensor's largest entry and the norm of these: all entries count."""
    return torch.linalg.vector_norm(torch.stack([grad.abs().max() for grad in tensors]))


@clip.mistake("norm")
def norm_of_the_one_norms(tensors):
    """You add up absolute values in each tensor and take the norm of these sums: each entry is squared by itself."""
    return torch.linalg.vector_norm(torch.stack([grad.abs().sum() for grad in tensors]))


@clip.mistake("norm")
def mean_absolute_value(tensors):
    """You take the mean of the absolute values: the norm is the root of the sum of squares."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).abs().mean()


@clip.mistake("norm")
def norm_divided_by_the_count(tensors):
    """The norm is divided by the number of tensors: it is that of all of them together."""
    return torch.stack([(grad**2).sum() for grad in tensors]).sum().sqrt() / len(tensors)


@clip.mistake("norm", constants=(1e-4, 1e-6, 1e-8, 1e-12, 1e-3, 1e-2, 1e-5, 1e-7, 1e-10, 1e-16))
def constant_inside_the_root(tensors, constant):
    """{constant} is added under the root: `total_norm` is then wrong for small gradients, and no longer 0 for zeros.
    A small constant belongs beside the norm, where you divide."""
    return (torch.stack([(grad**2).sum() for grad in tensors]).sum() + constant).sqrt()


@clip.mistake("norm")
def sum_of_the_norms(tensors):
    """The norms of the tensors are added up: lengths do not add, their squares do."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).sum()


@clip.mistake("norm")
def mean_of_the_norms(tensors):
    """The norms of the tensors are averaged: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).mean()


@clip.mistake("norm")
def largest_of_the_norms(tensors):
    """You take the largest of the tensors' norms: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).max()


@clip.mistake("norm")
def squared_norm(tensors):
    """The square root is missing: you compare the squared norm with max_norm."""
    return torch.stack([(grad**2).sum() for grad in tensors]).sum()


@clip.mistake("norm")
def absolute_values_added(tensors):
    """You add up absolute values (the 1-norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().sum() for grad in tensors]).sum()


@clip.mistake("norm")
def largest_entry(tensors):
    """You take the largest entry (the infinity norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().max() for grad in tensors]).max()


@clip.mistake("norm")
def root_of_the_mean_square(tensors):
    """You take the mean of the squares: the norm is the root of their sum."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).pow(2).mean().sqrt()


@clip.mistake("norm")
def sums_without_squares(tensors):
    """You add up the entries without squaring them: positive and negative ones cancel."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).sum().abs()


@clip.mistake("norm")
def square_root_of_each_norm(tensors):
    """The norms of the tensors are added without being squared again, and a root is taken of their sum."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def fourth_powers(tensors):
    """The squares are squared once more on the way: square each entry once."""
    return torch.stack([(grad**2).sum() for grad in tensors]).pow(2).sum().sqrt()


@clip.mistake("norm")
def first_tensor_only(tensors):
    """Only the first tensor's norm counts: all of them together form one long vector."""
    return torch.linalg.vector_norm(tensors[0])


@clip.mistake("norm")
def last_tensor_only(tensors):
    """Only the last tensor's norm counts: add the squares up (+=), do not overwrite them."""
    return torch.linalg.vector_norm(tensors[-1])


@clip.mistake("norm")
def mean_over_the_tensors(tensors):
    """You average the squares over the tensors: the norm of all together is the root of their sum."""
    return torch.stack([(grad**2).sum() for grad in tensors]).mean().sqrt()


@clip.mistake("norm")
def means_of_squares_added(tensors):
    """Each tensor's squares are averaged before they are added: large tensors then count too little. Add all
    squares."""
    return torch.stack([(grad**2).mean() for grad in tensors]).sum().sqrt()


@clip.mistake("factor")
def always_rescaled(checked, max_norm):
    """The gradients are always scaled to max_norm, also when they are below it: small gradients are blown up. The
    factor is never above 1."""
    return max_norm / (checked + 1e-6)


@clip.mistake("factor", constants=(1e-6, 0.0, 1e-8, 1e-12))
def scaled_to_one(checked, max_norm, constant):
    """The gradients are scaled to norm 1 where they are above the limit, by 1 / (norm + {constant}): max_norm is
    missing in the factor."""
    return torch.where(checked > max_norm, 1 / (checked + constant), torch.ones_like(checked))


@clip.mistake("factor", constants=(1e-6, 0.0, 1e-8, 1e-12))
def always_normalised(checked, constant):
    """The gradients are scaled to norm 1, by 1 / (norm + {constant}), whatever max_norm is: the limit is the
    argument, and below it nothing changes."""
    return 1 / (checked + constant)


@clip.mistake("factor")
def share_of_the_limit(checked, max_norm, tensors):
    """Each tensor gets an equal share of max_norm: the limit is for the norm of all of them together."""
    return torch.clamp(max_norm / len(tensors) / (checked + 1e-6), max=1.0)


@clip.mistake("factor")
def divided_by_max_norm(checked, max_norm):
    """You divide by max_norm: the factor is max_norm divided by the norm."""
    return torch.where(checked > max_norm, 1 / max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def always_divided_by_max_norm(checked, max_norm):
    """You always divide by max_norm: the factor is max_norm divided by the norm, and at most 1."""
    return torch.ones_like(checked) / max_norm


@clip.mistake("factor")
def always_multiplied_by_max_norm(checked, max_norm):
    """You always multiply by max_norm: the factor is max_norm divided by the norm, and at most 1."""
    return torch.full_like(checked, max_norm)


@clip.mistake("factor")
def factor_upside_down(checked, max_norm):
    """The factor is upside down: norm / max_norm makes large gradients larger."""
    return torch.where(checked > max_norm, checked / max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def factor_upside_down_and_limited(checked, max_norm):
    """The factor is upside down: with norm / max_norm, at most 1, the large gradients are kept and the small ones
    scaled."""
    return torch.clamp(checked / max_norm, max=1.0)


@clip.mistake("factor")
def factor_upside_down_always(checked, max_norm):
    """The factor is upside down: norm / max_norm makes large gradients larger and small ones smaller."""
    return checked / max_norm


@clip.mistake("factor")
def small_ones_scaled(checked, max_norm):
    """The comparison is turned round: gradients below the limit are scaled up to it, those above are kept."""
    return torch.clamp(max_norm / (checked + 1e-6), min=1.0)


@clip.mistake("factor")
def not_clipped(checked):
    """Nothing is scaled: the norm is computed, and the gradients come back as they were."""
    return torch.ones_like(checked)


@clip.mistake("factor")
def multiplied_by_max_norm(checked, max_norm):
    """You multiply by max_norm without dividing by the norm."""
    return torch.where(checked > max_norm, torch.full_like(checked, max_norm), torch.ones_like(checked))


@clip.mistake("factor")
def zero_above_the_limit(checked, max_norm):
    """Gradients above the limit become 0 (set to 0, or // rounds the factor down): they must be scaled to the limit,
    the direction stays."""
    return torch.where(checked > max_norm, torch.zeros_like(checked), torch.ones_like(checked))


@clip.mistake("factor")
def difference_in_place_of_quotient(checked, max_norm):
    """You use the difference of norm and max_norm: the factor is their quotient."""
    return torch.where(checked > max_norm, checked - max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def root_of_the_factor(checked, max_norm):
    """The root of the factor is used: the length scales with the factor itself."""
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0).sqrt()


@clip.mistake("factor")
def square_of_the_factor(checked, max_norm):
    """The factor is used twice (or squared): the result is shorter than the limit."""
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0) ** 2


@clip.mistake("factor")
def limit_divided_by_the_squared_norm(checked, max_norm):
    """The factor divides by the squared norm."""
    return torch.clamp(max_norm / (checked**2 + 1e-6), max=1.0)


@clip.mistake("factor", constants=(1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5))
def constant_too_large(checked, max_norm, constant):
    """{constant} is added to the norm: that shortens every clipped gradient by more than a rounding. 1e-6 is the
    largest that is accepted."""
    return torch.clamp(max_norm / (checked + constant), max=1.0)


@clip.mistake("factor", constants=(0.1, 0.5, 2.0, 5.0, 10.0))
def limit_fixed(checked, constant):
    """The limit is the fixed number {constant} in your code: use max_norm."""
    return torch.clamp(constant / (checked + 1e-6), max=1.0)


@clip.mistake("factor")
def scaled_from_half_the_limit(checked, max_norm):
    """The scaling starts below the limit already: nothing changes until the norm is above max_norm."""
    return torch.where(checked > max_norm / 2, max_norm / (checked + 1e-6), torch.ones_like(checked))


@clip.mistake("factor")
def soft_limit(checked, max_norm):
    """The gradients are scaled by max_norm / (max_norm + norm): a soft limit, which shrinks small gradients too."""
    return max_norm / (max_norm + checked)


@clip.mistake("clipped")
def entries_clamped(tensors, max_norm):
    """Each entry is clamped to the limit: that is clipping by value, and it bends the direction. Scale all tensors by
    one factor."""
    return [grad.clamp(-max_norm, max_norm) for grad in tensors]


@clip.mistake("clipped")
def factor_piles_up(tensors, factor):
    """The factor is multiplied into itself in the loop: later tensors shrink more and more. All get the same factor."""
    return [grad * factor ** (index + 1) for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def vectors_not_scaled(tensors, factor):
    """Gradients with one dimension (biases) or none are not scaled: all tensors get the same factor."""
    return [grad * factor if grad.dim() > 1 else grad for grad in tensors]


@clip.mistake("clipped")
def excess_subtracted_from_the_size(tensors, checked, max_norm):
    """You subtract the excess from the size of every entry: scaling, not shifting, shortens a vector and keeps its
    direction."""
    excess = (checked - max_norm).clamp(min=0)
    return [grad - excess * grad.sign() for grad in tensors]


@clip.mistake("clipped")
def each_row_by_its_own_norm(tensors, max_norm):
    """Each row is clipped by its own norm (a norm over the last dimension): rows are then scaled differently, and the
    direction of the step changes. One factor for all."""
    clipped = []
    for grad in tensors:
        norms = grad.abs() if grad.dim() == 0 else torch.linalg.vector_norm(grad, dim=-1, keepdim=True)
        clipped.append(grad * torch.clamp(max_norm / (norms + 1e-6), max=1.0))
    return clipped


@clip.mistake("clipped")
def nothing_left(tensors):
    """An empty list comes back: a generator was used up by the norm, or nothing is appended. Make a list of it
    first."""
    return []


@clip.mistake("clipped")
def zeros_returned(tensors):
    """The gradients come back as zeros: the tensors are created and never filled in."""
    return [torch.zeros_like(grad) for grad in tensors]


@clip.mistake("clipped", "total_norm")
def zeros_for_both(tensors):
    """Both results are zeros: they are created and never filled in."""
    return [torch.zeros_like(grad) for grad in tensors], tensors[0].new_zeros(())


@clip.mistake("clipped")
def numbers_get_a_dimension(tensors, factor):
    """A gradient without dimensions comes back with shape (1,): the factor has a dimension, and passes it on. Keep
    the shape of each tensor."""
    return [grad * factor.reshape(1) for grad in tensors]


@clip.mistake("clipped")
def last_tensor_missing(tensors, factor):
    """The last tensor is missing in the list: the loop ends one too early."""
    return [grad * factor for grad in tensors][:-1]


@clip.mistake("clipped")
def first_tensor_missing(tensors, factor):
    """The first tensor is missing in the list: the loop starts at 1, and counting starts at 0."""
    return [grad * factor for grad in tensors][1:]


@clip.mistake("clipped")
def only_the_first_in_a_list(tensors, factor):
    """The list holds the first tensor only: the return stands inside the loop."""
    return [tensors[0] * factor]


@clip.mistake("clipped")
def factors_returned(tensors, factor):
    """A list of factors comes back: each tensor must be multiplied by it."""
    return [torch.ones_like(grad) * factor for grad in tensors]


@clip.mistake("clipped")
def unit_vectors(tensors):
    """Each tensor is divided by its own norm: one factor for all, max_norm divided by the norm, keeps the direction."""
    return [grad / (torch.linalg.vector_norm(grad) + 1e-6) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm(tensors, max_norm):
    """Each tensor is clipped by its own norm: layers are then scaled differently, and the direction of the step
    changes. One factor for all."""
    return [grad * torch.clamp(max_norm / (torch.linalg.vector_norm(grad) + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_normalised(tensors, checked, max_norm):
    """Each tensor is scaled to max_norm by its own norm: one factor for all keeps the direction."""
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm_above_the_limit(tensors, checked, max_norm):
    """Where the norm of all is too large, each tensor is scaled by its own norm: one factor for all keeps the
    direction."""
    if not checked > max_norm:
        return tensors
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in tensors]


@clip.mistake("clipped")
def only_the_first_scaled(tensors, factor):
    """Only the first tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == 0 else grad for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def only_the_last_scaled(tensors, factor):
    """Only the last tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == len(tensors) - 1 else grad for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def divided_by_the_factor(tensors, factor):
    """You divide by the factor where you should multiply: large gradients become larger."""
    return [grad / factor for grad in tensors]


@clip.mistake("clipped")
def signs_turned(tensors, factor):
    """The signs are turned round: clipping keeps the direction."""
    return [-grad * factor for grad in tensors]


@clip.mistake("clipped")
def signs_lost(tensors, factor):
    """The signs are lost (abs): clipping keeps the direction."""
    return [grad.abs() * factor for grad in tensors]


@clip.mistake("clipped")
def first_tensor_returned(tensors, factor):
    """Only one tensor is returned: return a list with all of them."""
    return tensors[0] * factor


@clip.mistake("clipped")
def all_in_one_tensor(tensors, factor):
    """All gradients come back as one long tensor: return a list of tensors in their own shapes."""
    return torch.cat([grad.reshape(-1) for grad in tensors]) * factor


@clip.mistake("clipped")
def flattened(tensors, factor):
    """The tensors come back flattened: each keeps its own shape."""
    return [(grad * factor).reshape(-1) for grad in tensors]


@clip.mistake("clipped")
def reversed_order(tensors, factor):
    """The tensors come back in reverse order."""
    return [grad * factor for grad in tensors][::-1]


@clip.mistake("clipped")
def excess_subtracted(tensors, checked, max_norm):
    """You subtract the excess from the entries: scaling, not shifting, shortens a vector and keeps its direction."""
    return [grad - (checked - max_norm) if checked > max_norm else grad for grad in tensors]


@clip.mistake("total_norm")
def norm_after_clipping(tensors, factor):
    """`total_norm` is the norm after clipping: the one before is asked for, it is what tells you that a step was
    about to explode."""
    return torch.linalg.vector_norm(torch.cat([(grad * factor).reshape(-1) for grad in tensors]))


@clip.mistake("total_norm")
def limited_norm_returned(checked, max_norm):
    """`total_norm` is cut off at max_norm: the norm before clipping is asked for."""
    return checked.clamp(max=max_norm)


@clip.mistake("total_norm")
def max_norm_returned(checked, max_norm):
    """`total_norm` is max_norm itself: the norm of the gradients before clipping is asked for."""
    return torch.full_like(checked, max_norm)


@clip.mistake("total_norm")
def factor_returned(factor):
    """The factor is returned in the place of `total_norm`."""
    return factor


@clip.mistake("total_norm")
def squared_norm_returned(checked):
    """`total_norm` is the squared norm: the root is missing."""
    return checked**2


@clip.mistake("total_norm")
def python_number_returned(checked):
    """`total_norm` is a Python number: a 0-d tensor is asked for (.item() and float() leave torch)."""
    return checked.item()


@clip.mistake("total_norm")
def norm_of_shape_one(checked):
    """`total_norm` has shape (1,): a 0-d tensor is asked for."""
    return checked.reshape(1)


@clip.mistake("total_norm")
def norms_of_all_tensors(tensors):
    """`total_norm` has one norm for each tensor: one number for all of them together is asked for."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors])


@clip.mistake("total_norm")
def constant_in_the_norm(checked):
    """`total_norm` has the small constant of the factor in it: return the norm itself."""
    return checked + 1e-6


@clip.mistake("tensors")
def broken_entries_replaced(grads):
    """NaN and infinity are replaced by 0: the step goes on with half a gradient, and nobody hears of it. Raise a
    ValueError."""
    return [torch.nan_to_num(grad, nan=0.0, posinf=0.0, neginf=0.0) for grad in grads]


@clip.mistake("tensors")
def broken_entries_replaced_by_large_ones(grads):
    """NaN and infinity are replaced by 0 and by the largest float (nan_to_num): the step goes on with a broken
    gradient, and nobody hears of it. Raise a ValueError."""
    return [torch.nan_to_num(grad) for grad in grads]


@clip.mistake("checked")
def not_checked(norm):
    """An infinite or NaN norm goes through, and every gradient with it becomes NaN or 0: raise a ValueError, so that
    the broken step is noticed."""
    return norm


@clip.mistake("checked")
def only_the_first_checked(norm, grads):
    """Only the first gradient is checked: a broken number in another one goes through. Check the norm of all."""
    if not torch.isfinite(grads[0]).all():
        raise ValueError
    return norm


@clip.mistake("checked")
def only_the_last_checked(norm, grads):
    """Only the last gradient is checked: a broken number in another one goes through. Check the norm of all."""
    if not torch.isfinite(grads[-1]).all():
        raise ValueError
    return norm


@clip.mistake("checked")
def zero_refused(norm):
    """Gradients that are all 0 are refused with a ValueError: they are fine, and stay zeros."""
    if not torch.isfinite(norm) or norm == 0:
        raise ValueError
    return norm


@clip.mistake("checked")
def refused_above_the_limit(norm, max_norm):
    """A norm above max_norm is refused with a ValueError: that is when the gradients are to be scaled. Only a norm
    that is not finite is refused."""
    if not norm <= max_norm:
        raise ValueError
    return norm


@clip.mistake("checked")
def error_swallowed(norm):
    """The ValueError is caught in the function itself (or the norm replaced by 0): the caller must get it."""
    return norm if torch.isfinite(norm) else torch.zeros_like(norm)


@clip.mistake("checked", "clipped")
def checked_inside_the_branch(norm, tensors, max_norm):
    """You check only where the norm is above max_norm: a NaN is not above anything, so it goes through. Check first."""
    if not norm > max_norm:
        return norm, list(tensors)
    if not torch.isfinite(norm):
        raise ValueError
    return norm, [grad * (max_norm / (norm + 1e-6)) for grad in tensors]


@clip.mistake("checked", "clipped")
def compared_without_a_check(norm, tensors, max_norm):
    """Nothing is checked: an infinite norm scales everything to 0 or NaN, and a NaN, which is not above anything, goes
    through. Raise a ValueError, so that the broken step is noticed."""
    return norm, [grad * (max_norm / (norm + 1e-6)) if norm > max_norm else grad for grad in tensors]


@clip.mistake("checked", "clipped")
def zeros_for_broken_gradients(norm, tensors, max_norm):
    """A broken norm is answered with zeros: the step is skipped and nobody hears of it. Raise a ValueError."""
    if not torch.isfinite(norm):
        return norm, [torch.zeros_like(grad) for grad in tensors]
    return norm, [grad * torch.clamp(max_norm / (norm + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("checked", "clipped")
def broken_gradients_unchanged(norm, tensors, max_norm):
    """A broken norm is ignored: the gradients come back as they were, and nobody hears of it. Raise a ValueError."""
    if not torch.isfinite(norm):
        return norm, list(tensors)
    return norm, [grad * torch.clamp(max_norm / (norm + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("checked")
def only_infinity_checked(norm):
    """Infinity is refused and NaN is not: a NaN is unequal to everything, so comparisons do not find it. Ask whether
    the norm is finite."""
    if torch.isinf(norm):
        raise ValueError
    return norm


@clip.mistake("checked")
def only_nan_checked(norm):
    """NaN is refused and infinity is not: ask whether the norm is finite."""
    if torch.isnan(norm):
        raise ValueError
    return norm


@mistake("optimizers.clip_grad_norm", constants=(0.0, 1e-8, 1e-12))
def always_rescaled_without_constant(grads, max_norm, constant):
    """The gradients are scaled by max_norm / (norm + {constant}) also when they are below the limit: always, or because
    another number than the norm is compared with it (the squared norm, or 1). The factor is never above 1."""
    total = _finite_norm(grads)
    return [grad * (max_norm / (total + constant)) for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def zero_refused_to_avoid_a_division(grads, max_norm):
    """Gradients that are all 0 are refused with a ValueError, to avoid 0 / 0: they are fine, and stay zeros."""
    total = _finite_norm(grads)
    if total == 0:
        raise ValueError
    return [grad * torch.clamp(max_norm / total, max=1.0) for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def zero_divided_by_zero(grads, max_norm):
    """With all gradients 0 the factor becomes 0 / 0 (or infinity times 0), and NaN comes out: zeros must stay zeros."""
    total = _finite_norm(grads)
    return [grad / total * torch.clamp(total, max=max_norm) for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def division_of_python_numbers(grads, max_norm):
    """Python's numbers (after .item() or float()) raise ZeroDivisionError where all gradients are 0: divide by the
    norm only where it is above max_norm, or add a small constant."""
    total = _finite_norm(grads)
    return [grad * min(1.0, max_norm / total.item()) for grad in grads], total


def _finite_norm(grads):
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError("not finite")
    return total


@mistake("optimizers.clip_grad_norm")
def norm_first(grads, max_norm):
    """The two results are in the wrong order: return the clipped gradients, then total_norm."""
    total = _finite_norm(grads)
    return total, [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def gradients_only(grads, max_norm):
    """Only the gradients are returned: return the clipped gradients and total_norm."""
    total = _finite_norm(grads)
    return [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def norm_only(grads, max_norm):
    """Only total_norm is returned: return the clipped gradients and total_norm."""
    return _finite_norm(grads)
