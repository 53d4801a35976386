"""Known mistakes of the unit initialization: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, mistake

he = Anatomy("initialization.he_init", "weight")


@he.step
def noise(fan_in, fan_out, generator):
    return torch.randn(fan_out, fan_in, generator=generator)


@he.step
def scale(fan_in):
    return math.sqrt(2 / fan_in)


@he.step
def weight(noise, scale):
    return noise * scale


@he.mistake("scale")
def variance_in_place_of_standard_deviation(fan_in):
    """You multiply by the variance, 2 / fan_in, where its square root belongs: a factor on the numbers counts squared in
    their variance."""
    return 2 / fan_in


@he.mistake("scale")
def fan_out_for_fan_in(fan_out):
    """You use fan_out: it is the number of inputs that are added up in a neuron which makes its output grow."""
    return math.sqrt(2 / fan_out)


@he.mistake("scale")
def variance_of_fan_out(fan_out):
    """You multiply by 2 / fan_out: take the square root, and fan_in."""
    return 2 / fan_out


@he.mistake("scale")
def one_for_two(fan_in):
    """The 2 is missing: that is LeCun's initialisation. ReLU sets half of the signal to 0, and the 2 makes up for it."""
    return math.sqrt(1 / fan_in)


@he.mistake("scale")
def xavier(fan_in, fan_out):
    """This is Xavier's initialisation, 2 / (fan_in + fan_out): made for tanh. He's, for ReLU, has fan_in alone."""
    return math.sqrt(2 / (fan_in + fan_out))


@he.mistake("scale")
def mean_of_both_fans(fan_in, fan_out):
    """You use the mean of fan_in and fan_out: He's initialisation has fan_in alone."""
    return math.sqrt(4 / (fan_in + fan_out))


@he.mistake("scale")
def one_over_both_fans(fan_in, fan_out):
    """You use 1 / (fan_in + fan_out): He's variance is 2 / fan_in."""
    return math.sqrt(1 / (fan_in + fan_out))


@he.mistake("scale")
def six_over_fan_in(fan_in):
    """You use sqrt(6 / fan_in): that is the bound of a uniform distribution with the same variance, not the standard
    deviation of a normal one."""
    return math.sqrt(6 / fan_in)


@he.mistake("scale")
def root_of_two_over_fan_in(fan_in):
    """Only the 2 is under the root: you use sqrt(2) / fan_in. The root goes over the whole fraction."""
    return math.sqrt(2) / fan_in


@he.mistake("scale")
def two_over_root_of_fan_in(fan_in):
    """The 2 is not under the root: you use 2 / sqrt(fan_in)."""
    return 2 / math.sqrt(fan_in)


@he.mistake("scale")
def one_over_fan_in(fan_in):
    """You multiply by 1 / fan_in: the variance is 2 / fan_in, and what multiplies the numbers is its square root."""
    return 1 / fan_in


@he.mistake("scale")
def root_of_half_fan_in(fan_in):
    """The fraction is upside down: you use sqrt(fan_in / 2), which makes wide layers explode."""
    return math.sqrt(fan_in / 2)


@he.mistake("scale")
def multiplied_by_the_root(fan_in):
    """You multiply by sqrt(2 fan_in), where the fan divides."""
    return math.sqrt(2 * fan_in)


@he.mistake("scale")
def root_of_fan_in(fan_in):
    """You multiply by sqrt(fan_in), where the fan divides: wide layers explode."""
    return math.sqrt(fan_in)


@he.mistake("scale")
def not_scaled(fan_in):
    """The numbers keep the variance 1 of torch.randn: the scale of 2 / fan_in is missing."""
    return 1.0


@he.mistake("scale")
def root_twice(fan_in):
    """The square root is taken twice: the standard deviation is one root of the variance."""
    return (2 / fan_in) ** 0.25


@he.mistake("scale")
def root_of_two_twice(fan_in):
    """The gain of ReLU is in it twice: the standard deviation is sqrt(2 / fan_in), you have 2 / sqrt(fan_in) or
    sqrt(4 / fan_in)."""
    return math.sqrt(4 / fan_in) * 1.0000001


@he.mistake("scale")
def half(fan_in):
    """The 2 divides where it should multiply: you use sqrt(1 / (2 fan_in))."""
    return math.sqrt(1 / (2 * fan_in))


@he.mistake("scale")
def product_of_both_fans(fan_in, fan_out):
    """You divide by the number of all weights, fan_in times fan_out: only fan_in numbers are added up in a neuron."""
    return math.sqrt(2 / (fan_in * fan_out))


@he.mistake("scale")
def root_of_two_over_the_product(fan_in, fan_out):
    """You divide by fan_in times fan_out, outside the root: the scale is sqrt(2 / fan_in)."""
    return math.sqrt(2) / (fan_in * fan_out)


@he.mistake("scale")
def fan_in_plus_one(fan_in):
    """You count one input too many (fan_in + 1, the bias): the variance is 2 / fan_in."""
    return math.sqrt(2 / (fan_in + 1))


@he.mistake("scale")
def fan_in_minus_one(fan_in):
    """You divide by fan_in - 1: the variance is 2 / fan_in."""
    return math.sqrt(2 / (fan_in - 1))


@he.mistake("scale")
def larger_fan(fan_in, fan_out):
    """You use the larger of the two fans: it is always fan_in."""
    return math.sqrt(2 / max(fan_in, fan_out))


@he.mistake("scale")
def smaller_fan(fan_in, fan_out):
    """You use the smaller of the two fans: it is always fan_in."""
    return math.sqrt(2 / min(fan_in, fan_out))


@he.mistake("scale")
def difference_in_place_of_quotient(fan_in, fan_out):
    """A parenthesis is missing: 2 / fan_in + fan_out divides first and adds then; and He's variance has no fan_out."""
    return math.sqrt(2 / fan_in + fan_out)


@he.mistake("scale")
def tanh_gain(fan_in):
    """The gain is tanh's, 5/3: ReLU's is the square root of 2."""
    return 5 / 3 / math.sqrt(fan_in)


@he.mistake("scale")
def kaiming_uniform_scale(fan_in):
    """This is torch.nn.Linear's own scale, sqrt(1 / (3 fan_in)): He's variance is 2 / fan_in."""
    return math.sqrt(1 / (3 * fan_in))


@he.mistake("scale", constants=(0.01, 0.1, 0.02, 0.001, 0.05))
def constant_scale(constant):
    """The scale is {constant} whatever the layer's width: in wide layers the signal grows, in narrow ones it dies."""
    return constant


@he.mistake("noise")
def zeros(fan_in, fan_out):
    """All weights are 0: every neuron computes the same, gets the same gradient and stays the same for ever."""
    return torch.zeros(fan_out, fan_in)


@he.mistake("noise")
def ones(fan_in, fan_out):
    """All weights are the same number: every neuron computes the same, gets the same gradient and stays the same for
    ever."""
    return torch.ones(fan_out, fan_in)


@he.mistake("noise")
def uniform_between_zero_and_one(fan_in, fan_out, generator):
    """torch.rand draws from 0 to 1: uniform, and all positive. A normal distribution with mean 0 is asked for (look for
    the n in its name)."""
    return torch.rand(fan_out, fan_in, generator=generator)


@he.mistake("noise")
def uniform_around_zero(fan_in, fan_out, generator):
    """The numbers are uniform between -1 and 1 before scaling: a normal distribution is asked for, and the bound of a
    uniform one is not its standard deviation."""
    return torch.rand(fan_out, fan_in, generator=generator) * 2 - 1


@he.mistake("noise")
def uniform_of_the_same_variance(fan_in, fan_out, generator):
    """The variance is right and the distribution is not: these numbers are uniform, a normal distribution is asked for
    (torch calls the two kaiming_uniform_ and kaiming_normal_)."""
    return (torch.rand(fan_out, fan_in, generator=generator) * 2 - 1) * math.sqrt(3)


@he.mistake("noise")
def uniform_of_half_width(fan_in, fan_out, generator):
    """The numbers are uniform between -1/2 and 1/2 before scaling: a normal distribution is asked for."""
    return torch.rand(fan_out, fan_in, generator=generator) - 0.5


@he.mistake("noise")
def positive_only(fan_in, fan_out, generator):
    """All weights are positive (an absolute value): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).abs()


@he.mistake("noise")
def negative_cut_off(fan_in, fan_out, generator):
    """Negative weights are set to 0 (a ReLU on the weights): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(min=0)


@he.mistake("noise", constants=(0.5, 1.0, 1.5, 2.0, 2.5, 3.0))
def clamped(fan_in, fan_out, generator, constant):
    """Numbers beyond {constant} standard deviations are clamped: a plain normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(-constant, constant)


@he.mistake("noise", constants=(1.0, 1.5, 2.0, 2.5, 3.0))
def truncated(fan_in, fan_out, generator, constant):
    """The normal distribution is cut off at {constant} standard deviations (truncated): a plain one is asked for."""
    low = 0.5 * (1 + math.erf(-constant / math.sqrt(2)))
    u = low + (1 - 2 * low) * torch.rand(fan_out, fan_in, generator=generator, dtype=torch.float64)
    return (math.sqrt(2) * torch.erfinv(2 * u - 1)).float()


@he.mistake("noise", constants=(1.5, 2.0, 2.5, 3.0))
def truncated_and_rescaled(fan_in, fan_out, generator, constant):
    """The normal distribution is cut off at {constant} standard deviations (truncated) and scaled up again: a plain one is
    asked for."""
    numbers = truncated(fan_in, fan_out, generator, constant)
    density = math.exp(-(constant**2) / 2) / math.sqrt(2 * math.pi)
    return numbers / math.sqrt(1 - 2 * constant * density / math.erf(constant / math.sqrt(2)))


@he.mistake("noise")
def signs_only(fan_in, fan_out, generator):
    """The weights are plus or minus one fixed number: a normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).sign()


@he.mistake("noise")
def sum_of_two_uniforms(fan_in, fan_out, generator):
    """These numbers are a sum of two uniform ones (a triangular distribution): a normal one is asked for."""
    total = torch.rand(fan_out, fan_in, generator=generator) + torch.rand(fan_out, fan_in, generator=generator)
    return (total - 1) * math.sqrt(6)


@he.mistake("noise")
def laplace(fan_in, fan_out, generator):
    """The tails are too heavy (a Laplace distribution): a normal one is asked for."""
    u = torch.rand(fan_out, fan_in, generator=generator) - 0.5
    return -u.sign() * torch.log1p(-2 * u.abs()) / math.sqrt(2)


@he.mistake("noise")
def one_row_repeated(fan_in, fan_out, generator):
    """All rows are the same: every neuron of the layer computes the same and learns the same. Draw fan_out times fan_in
    numbers."""
    return torch.randn(1, fan_in, generator=generator).expand(fan_out, fan_in)


@he.mistake("noise")
def one_column_repeated(fan_in, fan_out, generator):
    """All columns are the same: a neuron cannot tell its inputs apart. Draw fan_out times fan_in numbers."""
    return torch.randn(fan_out, 1, generator=generator).expand(fan_out, fan_in)


@he.mistake("noise")
def product_of_a_row_and_a_column(fan_in, fan_out, generator):
    """The matrix is an outer product of one row and one column: its numbers are not independent."""
    return torch.randn(fan_out, 1, generator=generator) * torch.randn(1, fan_in, generator=generator)


@he.mistake("noise")
def second_half_mirrors_the_first(fan_in, fan_out, generator):
    """Half of the weights repeat the other half (mirrored, negated or copied): each must be drawn by itself."""
    half = torch.randn((fan_out + 1) // 2, fan_in, generator=generator)
    return torch.cat([half, -half])[:fan_out]


@he.mistake("noise")
def second_half_copies_the_first(fan_in, fan_out, generator):
    """Half of the weights repeat the other half: each must be drawn by itself."""
    half = torch.randn((fan_out + 1) // 2, fan_in, generator=generator)
    return torch.cat([half, half])[:fan_out]


@he.mistake("noise")
def rows_of_equal_length(fan_in, fan_out, generator):
    """Each row is scaled to the same length: the lengths of normal rows scatter. Multiply by one number only."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows / rows.pow(2).mean(1, keepdim=True).sqrt()


@he.mistake("noise")
def columns_of_equal_length(fan_in, fan_out, generator):
    """Each column is scaled to the same length: the lengths of normal columns scatter. Multiply by one number only."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows / rows.pow(2).mean(0, keepdim=True).sqrt()


@he.mistake("noise")
def orthogonal(fan_in, fan_out, generator):
    """The rows (or columns) are orthogonal, and of one length: an orthogonal initialisation. Here every weight is drawn
    by itself."""
    tall = torch.linalg.qr(torch.randn(max(fan_in, fan_out), min(fan_in, fan_out), generator=generator)).Q
    matrix = tall if fan_out >= fan_in else tall.T
    return matrix * math.sqrt(max(fan_in, fan_out))


@he.mistake("noise")
def many_zeros(fan_in, fan_out, generator):
    """Half of the weights are 0: a dense normal matrix is asked for."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows * (torch.rand(fan_out, fan_in, generator=generator) < 0.5)


@he.mistake("weight")
def scale_added(noise, scale):
    """The scale is added to the numbers, where it must multiply them."""
    return noise + scale


@he.mistake("weight")
def mean_equals_scale(noise, scale):
    """The mean of the weights is not 0: the scale is used as the mean as well."""
    return noise * scale + scale


@he.mistake("weight")
def divided_by_the_scale(noise, scale):
    """You divide by sqrt(2 / fan_in) where you should multiply."""
    return noise / scale


@he.mistake("weight")
def scaled_twice(noise, scale):
    """The scale is applied twice."""
    return noise * scale * scale * 1.0000001


@mistake("initialization.he_init")
def in_by_out(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out): weights are (out, in), as in torch.nn.Linear."""
    return torch.randn(fan_in, fan_out, generator=generator) * math.sqrt(2 / fan_in)


@mistake("initialization.he_init")
def in_by_out_with_the_wrong_fan(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out), and the scale uses fan_out: weights are (out, in), and the fan is fan_in."""
    return torch.randn(fan_in, fan_out, generator=generator) * math.sqrt(2 / fan_out)


@mistake("initialization.he_init")
def double_precision(fan_in, fan_out, generator):
    """The weights are float64: float32 is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float64) * math.sqrt(2 / fan_in)
