"""Known mistakes of the unit initialization: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy

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
def not_scaled(fan_in):
    """The numbers keep the variance 1 of torch.randn: the scale of 2 / fan_in is missing."""
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


@he.mistake("scale", constants=(0.01, 0.1, 0.02, 0.001, 0.05))
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
def zeros(fan_in, fan_out):
    """All weights are 0 (never filled in, or scaled by 2 // fan_in, which rounds down to 0): every neuron computes the
    same, gets the same gradient and stays the same for ever."""
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
    """No weight is negative (an absolute value, or half a turn of the sine): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).abs()


@he.mistake("noise")
def negative_cut_off(fan_in, fan_out, generator):
    """Negative weights are set to 0 (a ReLU on the weights): the distribution must have mean 0."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(min=0)


@he.mistake("noise", constants=(2.0, 2.5, 1.5, 0.5))
def clamped(fan_in, fan_out, generator, constant):
    """Numbers beyond {constant} standard deviations are clamped: a plain normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).clamp(-constant, constant)


@he.mistake("noise", constants=(1.0, 1.5, 2.0))
def truncated(fan_in, fan_out, generator, constant):
    """The normal distribution is cut off at {constant} standard deviations (truncated): a plain one is asked for."""
    low = 0.5 * (1 + math.erf(-constant / math.sqrt(2)))
    u = low + (1 - 2 * low) * torch.rand(fan_out, fan_in, generator=generator, dtype=torch.float64)
    return (math.sqrt(2) * torch.erfinv(2 * u - 1)).float()


@he.mistake("noise")
def truncated_and_rescaled(fan_in, fan_out, generator):
    """The variance is right and the distribution is not: its tails are cut off at about 2 standard deviations (a
    truncated normal that is scaled up again, or a sum of two uniform numbers). A plain normal distribution is asked
    for."""
    density = math.exp(-2) / math.sqrt(2 * math.pi)
    return truncated(fan_in, fan_out, generator, 2.0) / math.sqrt(1 - 4 * density / math.erf(math.sqrt(2)))


@he.mistake("noise")
def sum_of_two_uniforms_not_rescaled(fan_in, fan_out, generator):
    """These numbers are a sum of two uniform ones, minus 1: their variance is 1/6, and they are not normal."""
    return torch.rand(fan_out, fan_in, generator=generator) + torch.rand(fan_out, fan_in, generator=generator) - 1


@he.mistake("noise")
def same_uniform_number_twice(fan_in, fan_out, generator):
    """Box-Muller needs two independent uniform numbers, one for the radius and one for the angle: with the same one
    twice the result is not normal."""
    u = torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(1 - u)) * torch.cos(2 * math.pi * u)


@he.mistake("noise")
def same_uniform_number_in_the_sine(fan_in, fan_out, generator):
    """Box-Muller needs two independent uniform numbers, one for the radius and one for the sine's angle: you use the
    same one in both places."""
    u = torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(1 - u)) * torch.sin(2 * math.pi * u)


@he.mistake("noise")
def radius_only(fan_in, fan_out, generator):
    """Half of Box-Muller is missing: the radius alone is always positive. It is multiplied by the cosine of a random
    angle."""
    return torch.sqrt(-2 * torch.log(1 - torch.rand(fan_out, fan_in, generator=generator)))


@he.mistake("noise")
def radius_not_rooted(fan_in, fan_out, generator):
    """The square root of Box-Muller's radius is missing: the numbers come out with heavy tails."""
    u = 1 - torch.rand(fan_out, fan_in, generator=generator)
    return -2 * torch.log(u) * torch.cos(2 * math.pi * torch.rand(fan_out, fan_in, generator=generator))


@he.mistake("noise")
def angle_without_two_pi(fan_in, fan_out, generator):
    """The angle of Box-Muller runs from 0 to 1, and not through a full turn: 2 pi is missing, and nothing is
    negative."""
    u = 1 - torch.rand(fan_out, fan_in, generator=generator)
    return torch.sqrt(-2 * torch.log(u)) * torch.cos(torch.rand(fan_out, fan_in, generator=generator))


@he.mistake("noise")
def squares_of_normal_numbers(fan_in, fan_out, generator):
    """The numbers are squared, so none is negative: a normal distribution with mean 0 is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator) ** 2


@he.mistake("noise")
def product_of_two_normal_numbers(fan_in, fan_out, generator):
    """Each weight is a product of two normal numbers, which has heavy tails: one of them is enough."""
    first = torch.randn(fan_out, fan_in, generator=generator)
    return first * torch.randn(fan_out, fan_in, generator=generator)


@he.mistake("noise")
def last_row_stays_zero(fan_in, fan_out, generator):
    """The last (or first) row of the weights stays 0: the loop over the outputs ends one too early, or starts one too
    late, and that neuron never fires."""
    return _with_zeros(torch.randn(fan_out, fan_in, generator=generator), -1)


@he.mistake("noise")
def last_column_stays_zero(fan_in, fan_out, generator):
    """The last (or first) column of the weights stays 0: the loop over the inputs ends one too early, or starts one too
    late, and that input is not used."""
    return _with_zeros(torch.randn(fan_out, fan_in, generator=generator).T, -1).T


@he.mistake("noise")
def first_row_only(fan_in, fan_out, generator):
    """Only the first row is filled in, the others stay 0: the loop over the outputs ends (or returns) in its first
    round."""
    weight = torch.zeros(fan_out, fan_in)
    weight[0] = torch.randn(fan_in, generator=generator)
    return weight


@he.mistake("noise")
def diagonal_only(fan_in, fan_out, generator):
    """Only the diagonal is drawn, the rest is 0: every weight must be drawn, so that each neuron sees all inputs."""
    size = min(fan_in, fan_out)
    weight = torch.zeros(fan_out, fan_in)
    weight[range(size), range(size)] = torch.randn(size, generator=generator)
    return weight


@he.mistake("noise")
def row_plus_column(fan_in, fan_out, generator):
    """Each weight is the sum of a number for its row and one for its column: draw fan_out times fan_in numbers, one
    for each weight."""
    row = torch.randn(1, fan_in, generator=generator)
    return (row + torch.randn(fan_out, 1, generator=generator)) / math.sqrt(2)


@he.mistake("noise")
def column_plus_row(fan_in, fan_out, generator):
    """Each weight is the sum of a number for its column and one for its row: draw fan_out times fan_in numbers, one
    for each weight."""
    column = torch.randn(fan_out, 1, generator=generator)
    return (column + torch.randn(1, fan_in, generator=generator)) / math.sqrt(2)


@he.mistake("noise")
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
def signs_only(fan_in, fan_out, generator):
    """The weights are plus or minus one fixed number: a normal distribution is asked for."""
    return torch.randn(fan_out, fan_in, generator=generator).sign()


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
    return matrix * math.sqrt(fan_in)


@he.mistake("noise")
def many_zeros(fan_in, fan_out, generator):
    """Half of the weights are 0: a dense normal matrix is asked for."""
    rows = torch.randn(fan_out, fan_in, generator=generator)
    return rows * (torch.rand(fan_out, fan_in, generator=generator) < 0.5)


@he.mistake("weight", constants=(0.01, 0.1, 0.02, 0.05, 0.5, 1.0, -0.01, -0.1))
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
def scale_added(noise, scale):
    """The scale is added to the numbers, where it must multiply them."""
    return noise + scale


@he.mistake("weight")
def mean_equals_scale(noise, scale):
    """The mean of the weights is not 0: the scale is used as the mean as well."""
    return noise * scale + scale


@he.mistake("noise", "scale")
def in_by_out_with_the_wrong_fan(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out), and the scale uses fan_out (are the two parameters in the wrong order?):
    weights are (out, in), and the fan is fan_in."""
    return torch.randn(fan_in, fan_out, generator=generator), math.sqrt(2 / fan_out)


@he.mistake("noise")
def in_by_out(fan_in, fan_out, generator):
    """The shape is (fan_in, fan_out): weights are (out, in), as in torch.nn.Linear."""
    return torch.randn(fan_in, fan_out, generator=generator)


@he.mistake("noise")
def one_input_too_many(fan_in, fan_out, generator):
    """There is one column too many, for the bias: the weights are (fan_out, fan_in), the bias is a tensor of its
    own."""
    return torch.randn(fan_out, fan_in + 1, generator=generator)


@he.mistake("weight")
def column_for_the_bias(noise, scale, fan_out):
    """A column of zeros is added for the bias: the weights are (fan_out, fan_in), the bias is a tensor of its own."""
    return torch.cat([noise * scale, torch.zeros(fan_out, 1)], 1)


@he.mistake("weight")
def transposed_at_the_end(noise, scale):
    """The weights come back transposed, (fan_in, fan_out): weights are (out, in), as in torch.nn.Linear."""
    return (noise * scale).T


@he.mistake("weight")
def flattened(noise, scale):
    """The weights come back as one long vector: give them the shape (fan_out, fan_in)."""
    return (noise * scale).reshape(-1)


@he.mistake("weight")
def another_precision(noise, scale):
    """The weights are not float32, which is asked for: one float64 tensor among the factors makes the product
    float64."""
    return (noise * scale).double()
