"""Known mistakes of the unit initialization: short wrong solutions, and what to tell whoever wrote one."""

import functools
import math

import torch

from backpass.explaining.declared import Anatomy

he = Anatomy("initialization.he_init", "weight")
glorot = Anatomy("initialization.xavier_init", "weight")


@he.step
@glorot.step
def noise(fan_in, fan_out, generator):
    """the standard normal numbers drawn from `generator`, one row a neuron"""
    return torch.randn(fan_out, fan_in, generator=generator)


@he.step
def scale(fan_in):
    """the standard deviation of the weights"""
    return math.sqrt(2 / fan_in)


@glorot.step
def scale(fan_in, fan_out):
    """the standard deviation of the weights"""
    return math.sqrt(2 / (fan_in + fan_out))


@he.step
@glorot.step
def weight(noise, scale):
    """the weights: drawn from `generator`, and scaled to their standard deviation"""
    return noise * scale


@he.quantity
@glorot.quantity
def numbers_in_one_row(noise):
    """the standard normal numbers drawn from `generator`, in one long row"""
    return noise.reshape(-1)


@he.quantity
def variance(fan_in):
    """the variance of the weights"""
    return 2 / fan_in


@glorot.quantity
def variance(fan_in, fan_out):
    """the variance of the weights"""
    return 2 / (fan_in + fan_out)


@he.quantity
@glorot.quantity
def variance_in_a_tensor(variance):
    """the variance of the weights"""
    return torch.tensor(variance)


@he.quantity
@glorot.quantity
def scale_in_a_tensor(variance):
    """the standard deviation of the weights"""
    return torch.tensor(variance).sqrt()


@he.quantity
@glorot.quantity
def inverse_variance(variance):
    """one over the variance of the weights"""
    return 1 / variance


@he.quantity
@glorot.quantity
def inverse_scale(scale):
    """one over the standard deviation of the weights"""
    return 1 / scale


@glorot.quantity
def sum_of_the_fans(fan_in, fan_out):
    """the sum of the two fans"""
    return fan_in + fan_out


@he.quantity
@glorot.quantity
def weights_in_one_row(numbers_in_one_row, scale):
    """the weights in one long row, before they are given their shape"""
    return numbers_in_one_row * scale


@he.mistake("scale")
def variance_in_place_of_standard_deviation(fan_in):
    """You multiply by the variance, 2 / fan_in, where its square root belongs: a factor on the numbers counts squared
    in their variance."""
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
    """The 2 is missing: that is LeCun's initialisation. ReLU sets half of the signal to 0, and the 2 makes up for
    it."""
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
@glorot.mistake("scale")
def not_scaled(fan_in):
    """The numbers keep the variance 1 of torch.randn: the scale that depends on the fans is missing."""
    return 1.0


@he.mistake("scale")
def root_twice(fan_in):
    """The square root is taken twice: the standard deviation is one root of the variance."""
    return (2 / fan_in) ** 0.25


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


@he.mistake("scale", constants=(0.01, 0.1, 0.001))
def he_scaled_down(fan_in, constant):
    """The weights are multiplied by {constant} on top of He's scale: with it the signal shrinks in every layer."""
    return constant * math.sqrt(2 / fan_in)


@glorot.mistake("scale", constants=(0.01, 0.1, 0.001))
def xavier_scaled_down(fan_in, fan_out, constant):
    """The weights are multiplied by {constant} on top of Xavier's scale: with it the signal shrinks in every layer."""
    return constant * math.sqrt(2 / (fan_in + fan_out))


@he.mistake("scale", constants=(0.01, 0.1, 0.02, 0.001, 0.05))
@glorot.mistake("scale", constants=(0.01, 0.1, 0.02, 0.001, 0.05))
def constant_scale(constant):
    """The scale is {constant} whatever the layer's width: in wide layers the signal grows, in narrow ones it dies."""
    return constant


@he.mistake("scale")
def xavier_variance(fan_in, fan_out):
    """You multiply by 2 / (fan_in + fan_out): that is Xavier's variance, and its square root is missing."""
    return 2 / (fan_in + fan_out)


@he.mistake("scale")
def geometric_mean_of_both_fans(fan_in, fan_out):
    """You use the root of fan_in times fan_out for the fan: He's initialisation has fan_in alone."""
    return math.sqrt(2 / math.sqrt(fan_in * fan_out))


@he.mistake("scale")
def three_over_fan_in(fan_in):
    """You use sqrt(3 / fan_in): that is the bound of a uniform distribution with LeCun's variance. He's standard
    deviation is sqrt(2 / fan_in)."""
    return math.sqrt(3 / fan_in)


@he.mistake("scale")
def divided_by_root_of_fan_out(fan_out):
    """You divide by sqrt(fan_out), and the 2 is missing: the variance is 2 / fan_in."""
    return math.sqrt(1 / fan_out)


@he.mistake("scale")
def four_over_fan_in(fan_in):
    """You use 4 / fan_in, the 2 squared: the standard deviation is sqrt(2 / fan_in)."""
    return 4 / fan_in


@he.mistake("noise")
@glorot.mistake("noise")
def zeros(fan_in, fan_out):
    """All weights are 0 (never filled in, or scaled by a 2 // fan, which rounds down to 0): every neuron computes the
    same, gets the same gradient and stays the same for ever."""
    return torch.zeros(fan_out, fan_in)


@he.mistake("noise")
@glorot.mistake("noise")
def ones(fan_in, fan_out):
    """All weights are the same number: every neuron computes the same, gets the same gradient and stays the same for
    ever."""
    return torch.ones(fan_out, fan_in)


@he.mistake("noise")
@glorot.mistake("noise")
def uniform_between_zero_and_one(fan_in, fan_out, generator):
    """torch.rand draws from 0 to 1: uniform, and all positive. A normal distribution with mean 0 is asked for (look for
    the n in its name)."""
    return torch.rand(fan_out, fan_in, generator=generator)


@he.mistake("noise")
@glorot.mistake("noise")
def uniform_around_zero(fan_in, fan_out, generator):
    """The numbers are uniform between -1 and 1 before scaling: a normal distribution is asked for, and the bound of a
    uniform one is not its standard deviation."""
    return torch.rand(fan_out, fan_in, generator=generator) * 2 - 1


@he.mistake("noise")
@glorot.mistake("noise")
def uniform_of_the_same_variance(fan_in, fan_out, generator):
    """The variance is right and the distribution is not: these numbers are uniform, a normal distribution is asked for
    (torch's names end in uniform_ and normal_)."""
    return (torch.rand(fan_out, fan_in, generator=generator) * 2 - 1) * math.sqrt(3)


@he.mistake("noise")
@glorot.mistake("noise")
def uniform_of_half_width(fan_in, fan_out, generator):
    """The numbers are uniform between -1/2 and 1/2 before scaling: a normal distribution is asked for."""
    return torch.rand(fan_out, fan_in, generator=generator) - 0.5


@he.mistake("noise")
@glorot.mistake("noise")
def positive_only(fan_in, fan_out, generator):
    """No weight is negative (an absolute value, or half a turn of the sine): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).abs()


@he.mistake("noise")
@glorot.mistake("noise")
def negative_cut_off(fan_in, fan_out, generator):
    """Negative weights are set to 0 (a ReLU on the weights): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(min=0)


@he.mistake("noise", constants=(2.0, 2.5, 1.5, 0.5))
@glorot.mistake("noise", constants=(2.0, 2.5, 1.5, 0.5))
def clamped(fan_in, fan_out, generator, constant):
    """Numbers beyond {constant} standard deviations are clamped: a plain normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(-constant, constant)


@he.mistake("noise", constants=(1.0, 1.5, 2.0))
@glorot.mistake("noise", constants=(1.0, 1.5, 2.0))
def truncated(fan_in, fan_out, generator, constant):
    """The normal distribution is cut off at {constant} standard deviations (truncated): a plain one is asked for."""
    low = 0.5 * (1 + math.erf(-constant / math.sqrt(2)))
    u = low + (1 - 2 * low) * torch.rand(fan_out, fan_in, generator=generator, dtype=torch.float64)
    return (math.sqrt(2) * torch.erfinv(2 * u - 1)).float()


@he.mistake("noise")
@glorot.mistake("noise")
def truncated_and_rescaled(fan_in, fan_out, generator):
    """The variance is right and the distribution is not: its tails are cut off at about 2 standard deviations (a
    truncated normal that is scaled up again, or a sum of two uniform numbers). A plain normal distribution is asked
    for."""
    density = math.exp(-2) / math.sqrt(2 * math.pi)
    return truncated(fan_in, fan_out, generator, 2.0) / math.sqrt(1 - 4 * density / math.erf(math.sqrt(2)))


@he.mistake("noise")
@glorot.mistake("noise")
def sum_of_two_uniforms_not_rescaled(fan_in, fan_out, generator):
    """These numbers are a sum of two uniform ones, minus 1: their variance is 1/6, and they are not normal."""
    return torch.rand(fan_out, fan_in, generator=generator) + torch.rand(fan_out, fan_in, generator=generator) - 1


@he.mistake("noise")
@glorot.mistake("noise")
def same_uniform_number_twice(fan_in, fan_out, generator):
    """Box-Muller needs two independent uniform numbers, one for the radius and one for the angle: with the same one
    twice the result is not normal."""
    u = torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(1 - u)) * torch.cos(2 * math.pi * u)


@he.mistake("noise")
@glorot.mistake("noise")
def same_uniform_number_in_the_sine(fan_in, fan_out, generator):
    """Box-Muller needs two independent uniform numbers, one for the radius and one for the sine's angle: you use the
    same one in both places."""
    u = torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(1 - u)) * torch.sin(2 * math.pi * u)


@he.mistake("noise")
@glorot.mistake("noise")
def radius_only(fan_in, fan_out, generator):
    """Half of Box-Muller is missing: the radius alone is always positive. It is multiplied by the cosine of a random
    angle."""
    return torch.sqrt(-2 * torch.log(1 - torch.rand(fan_out, fan_in, generator=generator)))


@he.mistake("noise")
@glorot.mistake("noise")
def radius_not_rooted(fan_in, fan_out, generator):
    """The square root of Box-Muller's radius is missing: the numbers come out with heavy tails."""
    u = 1 - torch.rand(fan_out, fan_in, generator=generator)
    return -2 * torch.log(u) * torch.cos(2 * math.pi * torch.rand(fan_out, fan_in, generator=generator))


@he.mistake("noise")
@glorot.mistake("noise")
def angle_without_two_pi(fan_in, fan_out, generator):
    """The angle of Box-Muller runs from 0 to 1, and not through a full turn: 2 pi is missing, and nothing is
    negative."""
    u = 1 - torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(u)) * torch.cos(torch.rand(fan_out, fan_in, generator=generator))


@he.mistake("noise")
@glorot.mistake("noise")
def squares_of_normal_numbers(fan_in, fan_out, generator):
    """The numbers are squared, so none is negative: a normal distribution with mean 0 is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator) ** 2


@he.mistake("noise")
@glorot.mistake("noise")
def product_of_two_normal_numbers(fan_in, fan_out, generator):
    """Each weight is a product of two normal numbers, which has heavy tails: one of them is enough."""
    first = torch.randn(fan_out, fan_in, generator=generator)
    return first * torch.randn(fan_out, fan_in, generator=generator)


@he.mistake("noise")
@glorot.mistake("noise")
def last_row_stays_zero(fan_in, fan_out, generator):
    """The last (or first) row of the weights stays 0: the loop over the outputs ends one too early, or starts one too
    late, and that neuron never fires."""
    return _with_zeros(torch.randn(fan_out, fan_in, generator=generator), -1)


@he.mistake("noise")
@glorot.mistake("noise")
def last_column_stays_zero(fan_in, fan_out, generator):
    """The last (or first) column of the weights stays 0: the loop over the inputs ends one too early, or starts one too
    late, and that input is not used."""
    return _with_zeros(torch.randn(fan_out, fan_in, generator=generator).T, -1).T


@he.mistake("noise")
@glorot.mistake("noise")
def first_row_only(fan_in, fan_out, generator):
    """Only the first row is filled in, the others stay 0: the loop over the outputs ends (or returns) in its first
    round."""
    weight = torch.zeros(fan_out, fan_in)
    weight[0] = torch.randn(fan_in, generator=generator)
    return weight


@he.mistake("noise")
@glorot.mistake("noise")
def diagonal_only(fan_in, fan_out, generator):
    """Only the diagonal is drawn, the rest is 0: every weight must be drawn, so that each neuron sees all inputs."""
    size = min(fan_in, fan_out)
    weight = torch.zeros(fan_out, fan_in)
    weight[range(size), range(size)] = torch.randn(size, generator=generator)
    return weight


@he.mistake("noise")
@glorot.mistake("noise")
def row_plus_column(fan_in, fan_out, generator):
    """Each weight is the sum of a number for its row and one for its column: draw fan_out times fan_in numbers, one
    for each weight."""
    row = torch.randn(1, fan_in, generator=generator)
    return (row + torch.randn(fan_out, 1, generator=generator)) / math.sqrt(2)


@he.mistake("noise")
@glorot.mistake("noise")
def column_plus_row(fan_in, fan_out, generator):
    """Each weight is the sum of a number for its column and one for its row: draw fan_out times fan_in numbers, one
    for each weight."""
    column = torch.randn(fan_out, 1, generator=generator)
    return (column + torch.randn(1, fan_in, generator=generator)) / math.sqrt(2)


@he.mistake("noise")
@glorot.mistake("noise")
def row_plus_column_not_rescaled(fan_in, fan_out, generator):
    """Each weight is the sum of two numbers, one for its row and one for its column: draw fan_out times fan_in
    numbers."""
    row = torch.randn(1, fan_in, generator=generator)
    return row + torch.randn(fan_out, 1, generator=generator)


@he.mistake("noise")
def orthogonal_of_the_right_size(fan_in, fan_out, generator):
    """The rows or columns are orthogonal, scaled to the right size: that is an orthogonal initialisation. Here every
    weight is drawn by itself."""
    return orthogonal(fan_in, fan_out, generator) * math.sqrt(max(fan_in, fan_out) / fan_in)


def _with_zeros(matrix, row):
    matrix[row] = 0
    return matrix


@he.mistake("noise")
@glorot.mistake("noise")
def signs_only(fan_in, fan_out, generator):
    """The weights are plus or minus one fixed number: a normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).sign()


@he.mistake("noise")
@glorot.mistake("noise")
def laplace(fan_in, fan_out, generator):
    """The tails are too heavy (a Laplace distribution): a normal one is asked for."""
    u = torch.rand(fan_out, fan_in, generator=generator) - 0.5
    return -u.sign() * torch.log1p(-2 * u.abs()) / math.sqrt(2)


@he.mistake("noise")
@glorot.mistake("noise")
def one_row_repeated(fan_in, fan_out, generator):
    """All rows are the same: every neuron of the layer computes the same and learns the same. Draw fan_out times fan_in
    numbers."""
    return torch.randn(1, fan_in, generator=generator).expand(fan_out, fan_in)


@he.mistake("noise")
@glorot.mistake("noise")
def one_column_repeated(fan_in, fan_out, generator):
    """All columns are the same: a neuron cannot tell its inputs apart. Draw fan_out times fan_in numbers."""
    return torch.randn(fan_out, 1, generator=generator).expand(fan_out, fan_in)


@he.mistake("noise")
@glorot.mistake("noise")
def product_of_a_row_and_a_column(fan_in, fan_out, generator):
    """The matrix is an outer product of one row and one column: its numbers are not independent."""
    return torch.randn(fan_out, 1, generator=generator) * torch.randn(1, fan_in, generator=generator)


@he.mistake("noise")
@glorot.mistake("noise")
def second_half_mirrors_the_first(fan_in, fan_out, generator):
    """Half of the weights repeat the other half (mirrored, negated or copied): each must be drawn by itself."""
    half = torch.randn((fan_out + 1) // 2, fan_in, generator=generator)
    return torch.cat([half, -half])[:fan_out]


@he.mistake("noise")
@glorot.mistake("noise")
def each_row_moved_by_one(fan_in, fan_out, generator):
    """The rows are one row of numbers, moved on by one each time: each weight must be drawn by itself."""
    row = torch.randn(fan_in, generator=generator)
    return torch.stack([row.roll(index) for index in range(fan_out)])


@he.mistake("noise")
@glorot.mistake("noise")
def second_half_copies_the_first(fan_in, fan_out, generator):
    """Half of the weights repeat the other half: each must be drawn by itself."""
    half = torch.randn((fan_out + 1) // 2, fan_in, generator=generator)
    return torch.cat([half, half])[:fan_out]


@he.mistake("noise")
@glorot.mistake("noise")
def rows_of_equal_length(fan_in, fan_out, generator):
    """Each row is scaled to the same length: the lengths of normal rows scatter. Multiply by one number only."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows / rows.pow(2).mean(1, keepdim=True).sqrt()


@he.mistake("noise")
@glorot.mistake("noise")
def columns_of_equal_length(fan_in, fan_out, generator):
    """Each column is scaled to the same length: the lengths of normal columns scatter. Multiply by one number only."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows / rows.pow(2).mean(0, keepdim=True).sqrt()


@he.mistake("noise")
@glorot.mistake("noise")
def orthogonal(fan_in, fan_out, generator):
    """The rows (or columns) are orthogonal, and of one length: an orthogonal initialisation. Here every weight is drawn
    by itself."""
    tall = torch.linalg.qr(torch.randn(max(fan_in, fan_out), min(fan_in, fan_out), generator=generator)).Q
    matrix = tall if fan_out >= fan_in else tall.T
    return matrix * math.sqrt(fan_in)


@he.mistake("noise")
@glorot.mistake("noise")
def many_zeros(fan_in, fan_out, generator):
    """Half of the weights are 0: a dense normal matrix is asked for."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows * (torch.rand(fan_out, fan_in, generator=generator) < 0.5)


@he.mistake("weight", constants=(0.01, 0.1, 0.02, 0.05, 0.5, 1.0, -0.01, -0.1))
@glorot.mistake("weight", constants=(0.01, 0.1, 0.02, 0.05, 0.5, 1.0, -0.01, -0.1))
def constant_added(noise, scale, constant):
    """{constant} is added to every weight: the distribution must have mean 0. It is biases that sometimes start at a
    small constant."""
    return noise * scale + constant


@he.mistake("weight", constants=(1.0, 0.5, 0.1))
def weights_clamped(noise, scale, constant):
    """The weights are clamped to between -{constant} and {constant}: a plain normal distribution is asked for,
    whatever size its numbers have."""
    return (noise * scale).clamp(-constant, constant)


@he.mistake("weight")
def clamped_to_one_standard_deviation(noise, scale, fan_in):
    """The weights are clamped to one standard deviation, sqrt(2 / fan_in): a plain normal distribution is asked for."""
    bound = math.sqrt(2 / fan_in)
    return (noise * scale).clamp(-bound, bound)


@he.mistake("weight")
@glorot.mistake("weight")
def scale_added(noise, scale):
    """The scale is added to the numbers, where it must multiply them."""
    return noise + scale


@he.mistake("weight")
@glorot.mistake("weight")
def mean_equals_scale(noise, scale):
    """The mean of the weights is not 0: the scale is used as the mean as well."""
    return noise * scale + scale


@he.mistake("noise", "scale")
@glorot.mistake("noise", "scale")
def in_by_out_with_the_wrong_fan(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out), and the scale uses fan_out (are the two parameters in the wrong order?):
    weights are (out, in), and the fan is fan_in."""
    return torch.randn(fan_in, fan_out, generator=generator), math.sqrt(2 / fan_out)


@he.mistake("noise")
@glorot.mistake("noise")
def in_by_out(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out): weights are (out, in), as in torch.nn.Linear."""
    return torch.randn(fan_in, fan_out, generator=generator)


@he.mistake("noise")
@glorot.mistake("noise")
def one_input_too_many(fan_in, fan_out, generator):
    """There is one column too many, for the bias: the weights are (fan_out, fan_in), the bias is a tensor of its
    own."""
    return torch.randn(fan_out, fan_in + 1, generator=generator)


@he.mistake("weight")
@glorot.mistake("weight")
def column_for_the_bias(noise, scale, fan_out):
    """A column of zeros is added for the bias: the weights are (fan_out, fan_in), the bias is a tensor of its own."""
    return torch.cat([noise * scale, torch.zeros(fan_out, 1)], 1)


@he.mistake("weight")
@glorot.mistake("weight")
def transposed_at_the_end(noise, scale):
    """The weights come back transposed, (fan_in, fan_out): weights are (out, in), as in torch.nn.Linear."""
    return (noise * scale).T


@he.mistake("weight")
@glorot.mistake("weight")
def flattened(noise, scale):
    """The weights come back as one long vector: give them the shape (fan_out, fan_in)."""
    return (noise * scale).reshape(-1)


@he.mistake("weight")
@glorot.mistake("weight")
def another_precision(noise, scale):
    """The weights are not float32, which is asked for: one float64 tensor among the factors makes the product
    float64."""
    return (noise * scale).double()


# ------------------------------------------------------------------------------------------ xavier_init


@glorot.mistake("scale")
def xavier_variance_for_the_standard_deviation(fan_in, fan_out):
    """You divide by the sum of the fans without its root: 2 / (fan_in + fan_out) is the variance, and a factor on the
    numbers counts squared in their variance."""
    return 2 / (fan_in + fan_out)


@glorot.mistake("scale")
def he_in_place_of_xavier(fan_in, fan_out):
    """This is He's initialisation, 2 / fan_in, made for ReLU: Xavier's has the sum of both fans."""
    return math.sqrt(2 / fan_in)


@glorot.mistake("scale")
def fan_out_only(fan_in, fan_out):
    """You use 2 / fan_out: the sum of both fans belongs under the fraction."""
    return math.sqrt(2 / fan_out)


@glorot.mistake("scale")
def lecun(fan_in, fan_out):
    """You use 1 / fan_in (LeCun's initialisation): that keeps the signal's scale and forgets the gradient's. It is 2 /
    (fan_in + fan_out)."""
    return math.sqrt(1 / fan_in)


@glorot.mistake("scale")
def one_over_fan_out(fan_in, fan_out):
    """You use 1 / fan_out: that keeps the gradient's scale and forgets the signal's. It is 2 / (fan_in + fan_out)."""
    return math.sqrt(1 / fan_out)


@glorot.mistake("scale")
def one_over_the_sum(fan_in, fan_out):
    """The 2 is missing: one over the mean of the fans is 2 over their sum."""
    return math.sqrt(1 / (fan_in + fan_out))


@glorot.mistake("scale")
def bound_of_the_uniform(fan_in, fan_out):
    """You use sqrt(6 / (fan_in + fan_out)): that is the bound of a uniform distribution with the same variance, not the
    standard deviation of a normal one."""
    return math.sqrt(6 / (fan_in + fan_out))


@glorot.mistake("scale")
def three_over_the_sum(fan_in, fan_out):
    """You use 3 / (fan_in + fan_out): the variance is 2 / (fan_in + fan_out)."""
    return math.sqrt(3 / (fan_in + fan_out))


@glorot.mistake("scale")
def four_over_the_sum(fan_in, fan_out):
    """There is a factor 2 too much in the variance (He's 2 for the ReLU on top of Xavier's): it is 2 / (fan_in +
    fan_out)."""
    return math.sqrt(4 / (fan_in + fan_out))


@glorot.mistake("scale")
def parenthesis_left_out(fan_in, fan_out):
    """A parenthesis is missing: 2 / fan_in + fan_out divides first and adds then."""
    return math.sqrt(2 / fan_in + fan_out)


@glorot.mistake("scale")
def sum_upside_down(fan_in, fan_out):
    """The fraction is upside down: you use sqrt((fan_in + fan_out) / 2), which makes wide layers explode."""
    return math.sqrt((fan_in + fan_out) / 2)


@glorot.mistake("scale")
def multiplied_by_the_root_of_the_sum(fan_in, fan_out):
    """You multiply by the sum of the fans, which divides."""
    return math.sqrt(2 * (fan_in + fan_out))


@glorot.mistake("scale")
def root_of_the_sum(fan_in, fan_out):
    """You multiply by the root of the fans' sum, which divides: wide layers explode."""
    return math.sqrt(fan_in + fan_out)


@glorot.mistake("scale")
def root_taken_twice(fan_in, fan_out):
    """The square root is taken twice: the standard deviation is one root of the variance."""
    return (2 / (fan_in + fan_out)) ** 0.25


@glorot.mistake("scale")
def product_for_the_sum(fan_in, fan_out):
    """You multiply the fans where they are added."""
    return math.sqrt(2 / (fan_in * fan_out))


@glorot.mistake("scale")
def product_for_the_sum_outside(fan_in, fan_out):
    """You divide by the product of the fans, without a root: their sum is meant, and the root of the whole."""
    return 2 / (fan_in * fan_out)


@glorot.mistake("scale")
def geometric_mean(fan_in, fan_out):
    """You use the geometric mean of the fans: it is the arithmetic one, 2 / (fan_in + fan_out)."""
    return math.sqrt(1 / math.sqrt(fan_in * fan_out))


@glorot.mistake("scale")
def larger_of_the_fans(fan_in, fan_out):
    """You use the larger of the two fans: it is their mean."""
    return math.sqrt(1 / max(fan_in, fan_out))


@glorot.mistake("scale")
def smaller_of_the_fans(fan_in, fan_out):
    """You use the smaller of the two fans: it is their mean."""
    return math.sqrt(1 / min(fan_in, fan_out))


@glorot.mistake("scale")
def two_over_the_larger(fan_in, fan_out):
    """You use 2 over the larger of the two fans: it is 2 over their sum."""
    return math.sqrt(2 / max(fan_in, fan_out))


@glorot.mistake("scale")
def two_over_the_smaller(fan_in, fan_out):
    """You use 2 over the smaller of the two fans: it is 2 over their sum."""
    return math.sqrt(2 / min(fan_in, fan_out))


@glorot.mistake("scale")
def half_over_the_sum(fan_in, fan_out):
    """The 2 divides where it should multiply: you use sqrt(1 / (2 (fan_in + fan_out)))."""
    return math.sqrt(1 / (2 * (fan_in + fan_out)))


@glorot.mistake("scale")
def one_third_of_he(fan_in, fan_out):
    """This is torch.nn.Linear's own scale, sqrt(1 / (3 fan_in)): Xavier's variance is 2 / (fan_in + fan_out)."""
    return math.sqrt(1 / (3 * fan_in))


@glorot.mistake("scale")
def gain_of_tanh(fan_in, fan_out):
    """There is a gain of 5/3 (torch's for tanh): plain Xavier has none."""
    return 5 / 3 * math.sqrt(2 / (fan_in + fan_out))


@glorot.mistake("scale")
def sum_of_the_scales(fan_in, fan_out):
    """You add two scales, one for each fan: the fans are added, under one fraction and one root."""
    return math.sqrt(1 / fan_in) + math.sqrt(1 / fan_out)


@glorot.mistake("scale")
def roots_with_a_bracket_missing(fan_in, fan_out):
    """A parenthesis is missing: sqrt(2) / sqrt(fan_in) + sqrt(fan_out) divides first and adds then. And the root of a
    sum is not the sum of the roots."""
    return math.sqrt(2) / math.sqrt(fan_in) + math.sqrt(fan_out)


@glorot.mistake("scale")
def sum_of_two_he_scales(fan_in, fan_out):
    """You add a scale for fan_in to one for fan_out: the fans are added first, under one fraction and one root."""
    return math.sqrt(2 / fan_in) + math.sqrt(2 / fan_out)


@glorot.mistake("scale")
def parenthesis_and_root_left_out(fan_in, fan_out):
    """A parenthesis and the root are missing: 2 / fan_in + fan_out divides first and adds then, and the standard
    deviation is the root of the variance."""
    return 2 / fan_in + fan_out


@glorot.mistake("scale")
def roots_added_under_the_fraction(fan_in, fan_out):
    """You take the root of each fan and add the roots: the root of a sum is not the sum of the roots. Add the fans
    first."""
    return math.sqrt(2) / (math.sqrt(fan_in) + math.sqrt(fan_out))


@glorot.mistake("scale")
def mean_of_the_variances(fan_in, fan_out):
    """You average 1 / fan_in and 1 / fan_out: it is the fans that are averaged, 2 / (fan_in + fan_out)."""
    return math.sqrt((1 / fan_in + 1 / fan_out) / 2)


@glorot.mistake("scale")
def difference_of_the_fans(fan_in, fan_out):
    """You use the difference of the fans: they are added."""
    return math.sqrt(2 / (abs(fan_in - fan_out) + 1))


# ------------------------------------------------------------------------------------------- layer_stds

stds = Anatomy("initialization.layer_stds", "report")


@stds.step
def start(x):
    return x


@stds.step
def linear():
    return lambda h, weight: h @ weight.T


@stds.step
def activation():
    return lambda z: z.clamp(min=0)


@stds.step
def size():
    return lambda h: h.std()


def _std(numbers, dim):
    """Unbiased, and NaN for a single number."""
    mean = numbers.mean(dim, keepdim=True)
    count = torch.tensor(numbers.shape[dim] - 1, dtype=numbers.dtype)
    return (((numbers - mean) ** 2).sum(dim) / count).sqrt()


@stds.step
def outputs(start, weights, linear, activation):
    """the output of each layer after its ReLU, first layer first"""
    h, result = start, []
    for weight in weights:
        h = activation(linear(h, weight))
        result.append(h)
    return result


@stds.step
def report(outputs, size):
    """the unbiased standard deviation of each layer's output, first layer first"""
    return [size(h).item() for h in outputs]


@stds.quantity
def transposed_weights(weights):
    """the weights of each layer, transposed to (in, out)"""
    return [weight.T for weight in weights]


@stds.quantity
def signals(start, outputs):
    """`x`, and then the output of each layer, first layer first"""
    return [start, *outputs]


@stds.quantity
def inputs(signals):
    """what goes into each layer: `x` first, then the output of the layer before"""
    return signals[:-1]


@stds.quantity
def sums(inputs, weights, linear):
    """what goes into the ReLU of each layer, first layer first"""
    return [linear(h, weight) for h, weight in zip(inputs, weights, strict=True)]


@stds.quantity
def means(outputs):
    """the mean of each layer's output, first layer first"""
    return [h.mean() for h in outputs]


@stds.quantity
def centred(outputs):
    """each layer's output minus its mean, first layer first"""
    return [h - h.mean() for h in outputs]


@stds.quantity
def mean_squares(outputs):
    """the mean square of each layer's output, first layer first"""
    return [h.pow(2).mean() for h in outputs]


@stds.quantity
def variances(outputs):
    """the unbiased variance of each layer's output, first layer first"""
    return [h.var() for h in outputs]


@stds.quantity
def biased_variances(outputs):
    """the biased variance of each layer's output, first layer first"""
    return [h.var(unbiased=False) for h in outputs]


@stds.quantity
def deviations(outputs, size):
    """the unbiased standard deviation of each layer's output, first layer first"""
    return [size(h) for h in outputs]


@stds.quantity
def biased_deviations(outputs):
    """the biased standard deviation of each layer's output, first layer first"""
    return [h.std(unbiased=False) for h in outputs]


@stds.quantity
def biased_report(biased_deviations):
    """the biased standard deviation of each layer's output, first layer first"""
    return [deviation.item() for deviation in biased_deviations]


def with_either_deviation(step):
    """Declare a mistake in `step` twice: with the unbiased standard deviation, and with the biased one, as right."""

    def declare(function):
        @functools.wraps(function)
        def and_biased(**inputs):
            return function(**inputs), lambda h: h.std(unbiased=False)

        stds.mistake(step)(function)
        stds.mistake(step, "size")(and_biased)
        return function

    return declare


@with_either_deviation("linear")
def weight_not_transposed():
    """The weight is used without its transpose: weights are (out, in), as in torch.nn.Linear. Only square layers
    forgive this."""
    return lambda h, weight: h @ weight


@with_either_deviation("linear")
def elementwise_product():
    """You multiply element by element: a layer is a matrix product."""
    return lambda h, weight: h * weight


@with_either_deviation("start")
def relu_of_the_input(x):
    """The input goes through a ReLU before the first layer: ReLU comes after a layer."""
    return x.clamp(min=0)


@with_either_deviation("linear")
def output_added_to_the_input():
    """The layer's output is added to its input, as in a residual network: here there is no such path."""
    return lambda h, weight: h + h @ weight.T


@with_either_deviation("linear")
def divided_by_the_fan():
    """The sum is divided by the number of inputs: a neuron adds up, and the scale of the weights is what you are to
    measure."""
    return lambda h, weight: h @ weight.T / weight.shape[1]


@with_either_deviation("linear")
def divided_by_the_root_of_the_fan():
    """The weights are scaled by one over the root of the fan: use them as they are, their scale is what you are to
    measure."""
    return lambda h, weight: h @ weight.T / math.sqrt(weight.shape[1])


@with_either_deviation("activation")
def relu_left_out():
    """The ReLU is missing: negative numbers pass on to the next layer."""
    return lambda z: z


@with_either_deviation("activation")
def tanh_for_relu():
    """You use tanh where ReLU is meant."""
    return torch.tanh


@with_either_deviation("activation")
def sigmoid_for_relu():
    """You use a sigmoid where ReLU is meant."""
    return lambda z: 1 / (1 + torch.exp(-z))


@with_either_deviation("activation")
def absolute_value_for_relu():
    """You take absolute values: ReLU sets negative numbers to 0."""
    return torch.abs


@with_either_deviation("activation")
def leaky_relu():
    """You use a leaky ReLU: a plain one sets negative numbers to 0."""
    return lambda z: torch.where(z > 0, z, 0.01 * z)


@with_either_deviation("activation")
def relu_of_the_wrong_side():
    """You keep the negative numbers and set the positive ones to 0: it is the other way round."""
    return lambda z: z.clamp(max=0)


@with_either_deviation("activation")
def clamped_between_zero_and_one():
    """You clamp between 0 and 1: ReLU has no upper end."""
    return lambda z: z.clamp(0, 1)


@with_either_deviation("activation")
def clamped_at_six():
    """You clamp between 0 and 6: ReLU has no upper end."""
    return lambda z: z.clamp(0, 6)


@with_either_deviation("activation")
def scaled_up_after_relu():
    """You multiply by the root of 2 after the ReLU: that belongs into the weights' scale."""
    return lambda z: math.sqrt(2) * z.clamp(min=0)


@with_either_deviation("outputs")
def measured_before_the_relu(start, weights, linear, activation):
    """You measure before the ReLU: its output is asked for, which is what the next layer sees."""
    h, result = start, []
    for weight in weights:
        z = linear(h, weight)
        result.append(z)
        h = activation(z)
    return result


@with_either_deviation("outputs")
def relu_only_where_measured(start, weights, linear, activation):
    """The ReLU is applied to what you measure, but the next layer gets the numbers from before it."""
    z, result = start, []
    for weight in weights:
        z = linear(z, weight)
        result.append(activation(z))
    return result


@with_either_deviation("outputs")
def each_layer_sees_x(start, weights, linear, activation):
    """Every layer sees x itself: the output of one layer is the input of the next. Do you assign it?"""
    return [activation(linear(start, weight)) for weight in weights]


@with_either_deviation("outputs")
def no_relu_after_the_last_layer(start, weights, linear, activation):
    """The last layer has no ReLU in your code: each layer has one here."""
    h, result = start, []
    for index, weight in enumerate(weights):
        h = linear(h, weight) if index == len(weights) - 1 else activation(linear(h, weight))
        result.append(h)
    return result


@with_either_deviation("outputs")
def input_counted_as_a_layer(start, weights, linear, activation):
    """The input x is in the list, too: there is one number for each layer."""
    result = [start]
    for weight in weights:
        result.append(activation(linear(result[-1], weight)))
    return result


@with_either_deviation("outputs")
def last_layer_only(start, weights, linear, activation):
    """Only the last layer is in the list: append inside the loop."""
    h = start
    for weight in weights:
        h = activation(linear(h, weight))
    return [h]


@with_either_deviation("outputs")
def first_layer_only(start, weights, linear, activation):
    """Only the first layer is in the list: the loop ends (or returns) in its first round."""
    return [activation(linear(start, weights[0]))]


@with_either_deviation("outputs")
def last_layer_left_out(start, weights, linear, activation):
    """The last layer is missing: the loop ends one too early."""
    h, result = start, []
    for weight in weights[:-1]:
        h = activation(linear(h, weight))
        result.append(h)
    return result


@with_either_deviation("outputs")
def last_layer_first(start, weights, linear, activation):
    """The list is in the opposite order: first layer first."""
    h, result = start, []
    for weight in weights:
        h = activation(linear(h, weight))
        result.insert(0, h)
    return result


@with_either_deviation("outputs")
def measured_on_the_way_in(start, weights, linear, activation):
    """You measure what goes into each layer (first x itself): its output is asked for."""
    h, result = start, []
    for weight in weights:
        result.append(h)
        h = activation(linear(h, weight))
    return result


@with_either_deviation("outputs")
def measured_together_with_the_layers_before(start, weights, linear, activation):
    """You measure each layer together with those before it (a list that grows): each is measured by itself."""
    h, result = start, []
    for weight in weights:
        h = activation(linear(h, weight))
        result.append(torch.cat([*result[-1:], h.reshape(-1)]))
    return result


@with_either_deviation("outputs")
def measured_together_with_the_input(start, weights, linear, activation):
    """You measure each layer together with its input: each output is measured by itself."""
    h, result = start, []
    for weight in weights:
        z = activation(linear(h, weight))
        result.append(torch.cat([h.reshape(-1), z.reshape(-1)]))
        h = z
    return result


@with_either_deviation("outputs")
def computed_in_float32(start, weights, linear, activation):
    """float64 inputs are computed in float32 (float()): keep the dtype that they come in."""
    h, result = start.float(), []
    for weight in weights:
        h = activation(linear(h, weight.float()))
        result.append(h)
    return result


@with_either_deviation("outputs")
def the_weights_measured(weights):
    """You measure the weights: it is the signal, the output of each layer, that is asked for."""
    return weights


@with_either_deviation("outputs")
def normalised_between_layers(start, weights, linear, activation):
    """You normalise the signal between the layers, or divide each number by that of the layer before: it is to go on as
    it comes, growing or fading."""
    h, result = start, []
    for weight in weights:
        h = activation(linear(h, weight))
        result.append(h)
        h = h / h.std()
    return result


@stds.mistake("size")
def variance_for_the_standard_deviation():
    """You report the variance: the standard deviation is its root."""
    return lambda h: h.var()


@stds.mistake("size")
def biased_variance_for_the_standard_deviation():
    """You report the variance (a biased one): the standard deviation is its root."""
    return lambda h: h.var(unbiased=False)


@stds.mistake("size")
def root_mean_square():
    """You report the root mean square: the standard deviation subtracts the mean first, and what comes out of a ReLU
    has one above 0."""
    return lambda h: h.pow(2).mean().sqrt()


@stds.mistake("size")
def mean_for_the_standard_deviation():
    """You report the mean: the standard deviation is asked for."""
    return lambda h: h.mean()


@stds.mistake("size")
def mean_square():
    """You report the mean of the squares: the standard deviation subtracts the mean first, and takes a root."""
    return lambda h: h.pow(2).mean()


@stds.mistake("size")
def length():
    """You report the length of the signal (a norm): it grows with the number of neurons. The standard deviation is
    asked for."""
    return lambda h: torch.linalg.vector_norm(h)


@stds.mistake("size")
def deviation_of_the_neurons_means():
    """You average over the samples first (mean over dimension 0), and measure how the means differ: all numbers are
    taken together."""
    return lambda h: _std(h.mean(0), 0)


@stds.mistake("size")
def biased_deviation_of_the_neurons_means():
    """You average over the samples first (mean over dimension 0), and measure how the means differ: all numbers are
    taken together."""
    return lambda h: h.mean(0).std(unbiased=False)


@stds.mistake("size")
def deviation_of_the_samples_means():
    """You average over the neurons first (mean over dimension 1), and measure how the means differ: all numbers are
    taken together."""
    return lambda h: _std(h.mean(1), 0)


@stds.mistake("size")
def biased_deviation_of_the_samples_means():
    """You average over the neurons first (mean over dimension 1), and measure how the means differ: all numbers are
    taken together."""
    return lambda h: h.mean(1).std(unbiased=False)


@stds.mistake("size")
def divided_by_the_samples_only():
    """The squared deviations are divided by the number of samples: the number of all values, samples times neurons, is
    meant."""
    return lambda h: ((h - h.mean()) ** 2).sum().div(len(h)).sqrt()


@stds.mistake("size")
def divided_by_the_neurons_only():
    """The squared deviations are divided by the number of neurons: the number of all values, samples times neurons, is
    meant."""
    return lambda h: ((h - h.mean()) ** 2).sum().div(h.shape[1]).sqrt()


@stds.mistake("size")
def sum_of_the_squared_deviations():
    """The squared deviations are added up and never divided by their number."""
    return lambda h: ((h - h.mean()) ** 2).sum().sqrt()


@stds.mistake("size")
def deviation_around_the_neurons_means():
    """Each neuron's own mean is subtracted (mean over dimension 0): one mean of all numbers is."""
    return lambda h: ((h - h.mean(0)) ** 2).mean().sqrt()


@stds.mistake("size")
def largest_number():
    """You report the largest number: the standard deviation is asked for."""
    return lambda h: h.max()


@stds.mistake("size")
def mean_absolute_deviation():
    """You report the mean absolute deviation: the standard deviation is the root of the mean square."""
    return lambda h: (h - h.mean()).abs().mean()


@stds.mistake("size")
def mean_of_the_neurons_deviations():
    """You average the standard deviations of single neurons (std over dimension 0): all samples and neurons are taken
    together."""
    return lambda h: _std(h, 0).mean()


@stds.mistake("size")
def mean_of_the_neurons_biased_deviations():
    """You average the (biased) standard deviations of single neurons (std over dimension 0): all samples and neurons
    are taken together."""
    return lambda h: h.std(0, unbiased=False).mean()


@stds.mistake("size")
def mean_of_the_samples_deviations():
    """You average the standard deviations of single samples (std over dimension 1): all samples and neurons are taken
    together."""
    return lambda h: _std(h, 1).mean()


@stds.mistake("size")
def mean_of_the_samples_biased_deviations():
    """You average the (biased) standard deviations of single samples (std over dimension 1): all samples and neurons
    are taken together."""
    return lambda h: h.std(1, unbiased=False).mean()


@stds.mistake("size")
def positive_numbers_only():
    """You leave out the zeros: what the ReLU has set to 0 is part of the output."""
    return lambda h: _std(h[h > 0], 0)


@stds.mistake("size")
def square_root_twice():
    """You take the root of the standard deviation: it is a root already."""
    return lambda h: h.std().sqrt()


@stds.mistake("size")
def first_sample_only():
    """You measure the first sample only: all samples and neurons are taken together."""
    return lambda h: _std(h[0], 0)


@stds.mistake("report")
def tensors_in_the_list(outputs, size):
    """The list holds tensors: Python floats are asked for."""
    return [size(h) for h in outputs]


@stds.mistake("report")
def mean_of_all_layers(outputs, size):
    """You return one number, the mean over the layers: one for each layer is asked for."""
    return sum(size(h).item() for h in outputs) / len(outputs)


@stds.mistake("report")
def rounded(outputs, size):
    """The numbers are rounded: return them as they are."""
    return [round(size(h).item(), 4) for h in outputs]
