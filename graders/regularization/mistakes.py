"""Known mistakes of the unit regularization: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.explaining.declared import Anatomy, mistake

# ------------------------------------------------------------------------------------------------ penalties

l1 = Anatomy("regularization.l1_penalty", "penalty")
l2 = Anatomy("regularization.l2_penalty", "penalty")


@l1.step
@l2.step
def chosen(weights):
    return weights


@l1.step
def elements(chosen):
    """the absolute value of every weight, tensor by tensor"""
    return [weight.abs() for weight in chosen]


@l2.step
def elements(chosen):
    """the square of every weight, tensor by tensor"""
    return [weight.square() for weight in chosen]


@l1.step
@l2.step
def sums(elements):
    """each tensor's part of the penalty, before the factor `strength`"""
    return [element.sum() for element in elements]


@l1.step
@l2.step
def total(sums, weights):
    """the whole penalty, before the factor `strength`"""
    return sum(sums, weights[0].new_zeros(()))


@l1.step
@l2.step
def penalty(total, strength):
    """the penalty on all weights together"""
    return strength * total


@l1.quantity
@l2.quantity
def penalties(sums, strength):
    """each tensor's part of the penalty"""
    return [strength * each for each in sums]


@l1.quantity
@l2.quantity
def stacked_sums(sums):
    """each tensor's part of the penalty, before the factor `strength`"""
    return torch.stack(sums)


@l1.quantity
@l2.quantity
def costs(elements, strength):
    """every single weight's part of the penalty, tensor by tensor"""
    return [strength * element for element in elements]


@l1.quantity
@l2.quantity
def vector(weights):
    """all weights in one long vector"""
    return torch.cat([weight.reshape(-1) for weight in weights])


@l1.quantity
def sizes(vector):
    """the absolute value of every weight, in one long vector"""
    return vector.abs()


@l2.quantity
def squares(vector):
    """the square of every weight, in one long vector"""
    return vector.square()


@l1.quantity
def signs(weights):
    """the sign of every weight, tensor by tensor"""
    return [weight.sign() for weight in weights]


@l2.quantity
def norms(sums):
    """the Euclidean norm of each tensor of `weights`"""
    return [each.sqrt() for each in sums]


@l2.quantity
def norm(total):
    """the Euclidean norm of all weights together"""
    return total.sqrt()


@l1.mistake("chosen")
@l2.mistake("chosen")
def first_tensor_only(weights):
    """Only the first tensor of the list counts: does the loop return (or break) in its first round?"""
    return weights[:1]


@l1.mistake("chosen")
@l2.mistake("chosen")
def last_tensor_only(weights):
    """Only the last tensor of the list counts: each round of the loop overwrites the sum (= where += is meant)."""
    return weights[-1:]


@l1.mistake("chosen")
@l2.mistake("chosen")
def all_but_the_last(weights):
    """The last tensor of the list is left out: the loop ends one too early."""
    return weights[:-1]


@l1.mistake("chosen")
@l2.mistake("chosen")
def all_but_the_first(weights):
    """The first tensor of the list is left out: the loop starts one too late."""
    return weights[1:]


@l1.mistake("chosen")
@l2.mistake("chosen")
def single_numbers_left_out(weights):
    """Tensors with a single number in them are left out: every tensor of the list counts."""
    return [weight for weight in weights if weight.numel() > 1]


@l1.mistake("chosen")
@l2.mistake("chosen")
def one_tensor_of_each_shape(weights):
    """Of several tensors with the same shape only one counts (kept in a dict by shape?): every tensor of the list
    counts, and layers often have equal shapes."""
    return list({weight.shape: weight for weight in weights}.values())


@l1.mistake("chosen")
@l2.mistake("chosen")
def matrices_only(weights):
    """Tensors with fewer than two dimensions are left out, as biases often are: here every tensor of the list counts,
    whoever calls you has chosen them."""
    return [weight for weight in weights if weight.dim() >= 2]


@l1.mistake("chosen")
@l2.mistake("chosen")
def tensors_of_the_first_shape(weights):
    """Only tensors with the shape of the first one count (stacked, or zipped?): every tensor of the list counts, and
    layers have many shapes."""
    return [weight for weight in weights if weight.shape == weights[0].shape]


@l1.mistake("chosen")
@l2.mistake("chosen")
def without_0d(weights):
    """Tensors without dimensions (0-d) are left out: every tensor of the list counts."""
    return [weight for weight in weights if weight.dim() >= 1]


@l1.mistake("elements")
def not_absolute(chosen):
    """The absolute value is missing: positive and negative weights cancel, and a large negative one lowers the loss.
    What counts is each weight's size."""
    return chosen


@l1.mistake("elements")
def squared(chosen):
    """You square the weights: that is the L2 penalty. L1 adds up absolute values."""
    return [weight.square() for weight in chosen]


@l2.mistake("elements")
def absolute(chosen):
    """You add up absolute values: that is the L1 penalty. L2 adds up squares."""
    return [weight.abs() for weight in chosen]


@l2.mistake("elements")
def not_squared(chosen):
    """The square is missing: positive and negative weights cancel, and a large negative one lowers the loss."""
    return chosen


@l2.mistake("elements")
def cubed(chosen):
    """You cube the weights: the L2 penalty adds up squares."""
    return [weight**3 for weight in chosen]


@l2.mistake("elements")
def fourth_power(chosen):
    """The square is taken twice: the L2 penalty adds up w^2, not w^4."""
    return [weight**4 for weight in chosen]


@l2.mistake("elements")
def doubled(chosen):
    """You multiply by 2 where the square is meant: w^2 is w * w (in Python `**`); 2 w is its gradient."""
    return [2 * weight for weight in chosen]


@l2.mistake("elements")
def signed_square(chosen):
    """The sign is kept (w |w|): negative weights lower the penalty. A square is never negative."""
    return [weight * weight.abs() for weight in chosen]


@l1.mistake("elements")
def positive_part(chosen):
    """Only positive weights count: a negative weight has a size as well."""
    return [weight.clamp(min=0) for weight in chosen]


@l2.mistake("elements")
def positive_part_squared(chosen):
    """Only positive weights count: a negative weight has a square as well."""
    return [weight.clamp(min=0) ** 2 for weight in chosen]


@l1.mistake("elements")
def roots_of_sizes(chosen):
    """You add up the roots of the absolute values: L1 takes the absolute values as they are."""
    return [weight.abs().sqrt() for weight in chosen]


@l1.mistake("elements")
def number_of_weights_that_are_not_zero(chosen):
    """You count the weights that are not 0: that is L0, which has no gradient. L1 adds up how large they are."""
    return [(weight != 0).to(weight.dtype) for weight in chosen]


@l1.mistake("elements")
def signs(chosen):
    """You add up the signs of the weights: that is the gradient's form, and the penalty adds up absolute values."""
    return [weight.sign() for weight in chosen]


@l1.mistake("elements")
def logarithms_of_sizes(chosen):
    """You add up log(1 + |w|): L1 takes the absolute values as they are."""
    return [weight.abs().log1p() for weight in chosen]


@l1.mistake("elements")
def means_removed(chosen):
    """Each tensor's mean is subtracted before the absolute value is taken: that measures the scatter of the weights.
    The penalty pulls towards 0, not towards the mean."""
    return [(weight - weight.mean()).abs() for weight in chosen]


@l1.mistake("elements", constants=(1e-8, 1e-6, 1e-4, 1e-12, 1e-3))
def smoothed_at_zero(chosen, constant):
    """You take the root of w^2 + {constant}: near 0 that is larger than |w|, and a weight of 0 is punished as well. The
    absolute value needs no padding."""
    return [(weight.square() + constant).sqrt() for weight in chosen]


@l1.mistake("elements", constants=(1e-8, 1e-6, 1e-4, 1e-3))
def padded_sizes(chosen, constant):
    """You add {constant} to every absolute value: nothing is divided by it here, so it needs no padding."""
    return [weight.abs() + constant for weight in chosen]


@l1.mistake("elements")
def quadratic_near_zero(chosen):
    """Weights below 1 count with half their square, as in Huber's loss: L1 takes the absolute value of all of them,
    which is what drives small weights to exactly 0."""
    return [torch.where(weight.abs() < 1, weight.square() / 2, weight.abs() - 0.5) for weight in chosen]


@l1.mistake("elements")
def capped_at_one(chosen):
    """No weight counts for more than 1: the absolute values are cut off there."""
    return [weight.abs().clamp(max=1) for weight in chosen]


@l1.mistake("elements")
def absolute_after_the_sum(chosen):
    """The absolute value is taken of each tensor's sum: inside the sum, weights of different signs have cancelled
    already. Take it of each weight, and add up then."""
    return [weight.sum().abs() for weight in chosen]


@l2.mistake("elements")
def squared_after_the_sum(chosen):
    """You square each tensor's sum: the square belongs to each weight, before anything is added up."""
    return [weight.sum().square() for weight in chosen]


@l2.mistake("elements")
def means_removed(chosen):
    """Each tensor's mean is subtracted before the square is taken: that measures the variance of the weights. The
    penalty pulls towards 0, not towards the mean."""
    return [(weight - weight.mean()).square() for weight in chosen]


@l2.mistake("elements")
def products_of_rows(chosen):
    """You multiply the matrix with its own transpose (W @ W.T) and add everything up: that has the products of every
    two rows in it. The square of each weight is w * w, element by element."""
    return [weight @ weight.mT if weight.dim() >= 2 else weight.square() for weight in chosen]


@l2.mistake("elements")
def products_of_columns(chosen):
    """You multiply the transpose with the matrix (W.T @ W) and add everything up: that has the products of every two
    columns in it. The square of each weight is w * w, element by element."""
    return [weight.mT @ weight if weight.dim() >= 2 else weight.square() for weight in chosen]


@l2.mistake("elements")
def largest_singular_value(chosen):
    """For a matrix, torch.linalg.norm with ord 2 is its largest singular value, even if you square it. L2 adds up the
    squares of all weights."""
    return [torch.linalg.matrix_norm(weight, 2).square() if weight.dim() == 2 else weight.square() for weight in chosen]


@l2.mistake("elements", constants=(1e-8, 1e-6, 1e-4, 1e-3))
def padded_squares(chosen, constant):
    """You add {constant} to every square: nothing is divided by it here, so it needs no padding."""
    return [weight.square() + constant for weight in chosen]


@l2.mistake("elements")
def squared_sum_of_sizes(chosen):
    """You square the sum of the absolute values of each tensor: the square belongs to each weight, before anything is
    added up."""
    return [weight.abs().sum().square() for weight in chosen]


@l1.mistake("sums")
@l2.mistake("sums")
def mean_of_each_tensor(elements):
    """You take the mean of each tensor where the sum is meant: a weight would count less, the larger its tensor is."""
    return [element.mean() for element in elements]


@l1.mistake("sums")
@l2.mistake("sums")
def largest_of_each_tensor(elements):
    """Only the largest weight of each tensor counts: the penalty adds up all of them."""
    return [element.max() for element in elements]


@l1.mistake("sums")
def norm_of_each_tensor(elements):
    """You add up the Euclidean norms of the tensors (torch's norm without further arguments): L1 adds up absolute
    values."""
    return [element.square().sum().sqrt() for element in elements]


@l2.mistake("sums")
def norm_of_each_tensor(elements):
    """You add up the norms of the tensors: a norm has a root, and the penalty has none. Its gradient, 2 strength w,
    must grow with the weight."""
    return [element.sum().sqrt() for element in elements]


@l1.mistake("sums")
def norm_of_the_matrix(elements):
    """For a matrix, torch.linalg.norm with ord 1 is a matrix norm, the largest sum of a column. L1 adds up all absolute
    values."""
    return [element.sum(0).max() if element.dim() == 2 else element.sum() for element in elements]


@l1.mistake("sums")
@l2.mistake("sums")
def largest_of_each_row(elements):
    """Only the largest weight of each row counts: the penalty adds up all of them."""
    return [element.amax(-1).sum() if element.dim() else element for element in elements]


@l1.mistake("sums")
@l2.mistake("sums")
def largest_of_each_column(elements):
    """Only the largest weight of each column counts: the penalty adds up all of them."""
    return [element.amax(0).sum() if element.dim() else element for element in elements]


@l1.mistake("sums")
def norm_of_each_row(elements):
    """You add up the Euclidean norms of the rows, as the group lasso does: L1 adds up absolute values."""
    return [element.square().sum(-1).sqrt().sum() if element.dim() else element for element in elements]


@l2.mistake("sums")
def norm_of_each_row(elements):
    """You add up the norms of the rows, as the group lasso does: L2 has no root."""
    return [element.sum(-1).sqrt().sum() if element.dim() else element.sqrt() for element in elements]


@l1.mistake("sums")
@l2.mistake("sums")
def first_row_of_each_tensor(elements):
    """Only the first row of each tensor counts: the penalty adds up all of them."""
    return [element[0].sum() if element.dim() else element for element in elements]


@l1.mistake("sums")
@l2.mistake("sums")
def mean_over_the_rows(elements):
    """Each tensor's sum is divided by the length of its first dimension: the penalty adds up, and divides by
    nothing."""
    return [element.sum() / (len(element) if element.dim() else 1) for element in elements]


@l1.mistake("total")
@l2.mistake("total")
def mean_over_the_tensors(sums):
    """The sum is divided by the number of tensors: every weight counts in full, however many layers there are."""
    return torch.stack(sums).mean()


@l1.mistake("total")
@l2.mistake("total")
def mean_over_all_weights(sums, weights):
    """You take the mean over all weights where the sum is meant."""
    return torch.stack(sums).sum() / sum(weight.numel() for weight in weights)


@l1.mistake("total")
@l2.mistake("total")
def largest_tensor_only(sums):
    """Only the tensor with the largest sum counts: add them all up."""
    return torch.stack(sums).max()


@l2.mistake("total")
def norm_of_everything(sums):
    """You take the root of the sum: that is the norm of all weights, and the penalty adds up squares without a root."""
    return torch.stack(sums).sum().sqrt()


@l1.mistake("total")
def root_of_the_sum(sums):
    """A root is taken of the sum: the L1 penalty has none."""
    return torch.stack(sums).sum().sqrt()


@l1.mistake("total")
def square_of_the_sum(sums):
    """The sum is squared: the L1 penalty squares nothing."""
    return torch.stack(sums).sum().square()


@l2.mistake("total")
def square_of_the_sum(sums):
    """The whole sum is squared once more: only each weight is."""
    return torch.stack(sums).sum().square()


@l1.mistake("total")
@l2.mistake("total")
def product_of_the_sums(sums):
    """The tensors' sums are multiplied with each other: add them up."""
    return torch.stack(sums).prod()


@l1.mistake("total")
def norm_of_the_sums(sums):
    """The tensors' sums are put together as a Euclidean norm: add them up."""
    return torch.stack(sums).square().sum().sqrt()


@l1.mistake("total")
def absolute_of_the_whole_sum(weights):
    """The absolute value is taken of the sum of all weights: inside the sum they have cancelled already. Take it of
    each weight, and add up then."""
    return torch.stack([weight.sum() for weight in weights]).sum().abs()


@l2.mistake("total")
def square_of_the_plain_sum(weights):
    """You square the sum of all weights: the square belongs to each weight, before anything is added up."""
    return torch.stack([weight.sum() for weight in weights]).sum().square()


@l1.mistake("penalty")
@l2.mistake("penalty")
def cut_out_of_the_graph(total, strength):
    """The value is right, but no gradient reaches the weights: something on the way leaves autograd's graph (.item(),
    .data, detach, torch.no_grad, a new torch.tensor(...) of numbers). A penalty without a gradient changes nothing in
    training."""
    return strength * total.detach()


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_missing(total):
    """strength is missing: without it nobody can choose how much the penalty counts."""
    return total


@l1.mistake("penalty")
@l2.mistake("penalty")
def always_zero(total):
    """The penalty is 0 whatever the weights are: is anything added up, and is strength (which may be below 1)
    rounded?"""
    return 0 * total


@l1.mistake("penalty", constants=(2.0, 0.25, 0.1, 0.01))
@l2.mistake("penalty", constants=(2.0, 0.25, 0.1, 0.01))
def times_a_constant(total, strength, constant):
    """There is a factor of {constant} too much: the penalty is strength times the sum."""
    return constant * strength * total


@l1.mistake("penalty")
def half(total, strength):
    """There is a factor 1/2: the penalty is strength times the sum of the absolute values."""
    return 0.5 * strength * total


@l2.mistake("penalty")
def half(total, strength):
    """There is a factor 1/2, as in textbooks that like their gradient without the 2: here the penalty is strength times
    the sum of the squares."""
    return 0.5 * strength * total


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_squared(total, strength):
    """strength is multiplied in twice (inside the square, or twice in the loop): it multiplies the sum once."""
    return strength**2 * total


@l1.mistake("penalty")
@l2.mistake("penalty")
def root_of_strength(total, strength):
    """The root of strength is used: strength itself multiplies the sum."""
    return math.sqrt(strength) * total


@l1.mistake("penalty")
@l2.mistake("penalty")
def divided_by_strength(total, strength):
    """You divide by strength: a stronger penalty must be a larger one."""
    return total / strength if strength else total * math.inf


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_added(total, strength):
    """You add strength: it multiplies the sum."""
    return total + strength


@l1.mistake("penalty")
@l2.mistake("penalty")
def negative(total, strength):
    """The sign is wrong: a penalty is added to the loss, so it must grow with the weights."""
    return -strength * total


@l1.mistake("penalty")
@l2.mistake("penalty")
def one_minus_strength(total, strength):
    """You multiply by 1 - strength: strength itself multiplies the sum."""
    return (1 - strength) * total


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_for_each_tensor(total, strength, weights):
    """The result is multiplied by the number of tensors as well (added up once more in each round of a loop)."""
    return strength * total * len(weights)


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_in_every_round(sums, strength):
    """strength multiplies the running sum in every round of the loop, so that the first tensors get it many times:
    multiply once, after the loop."""
    running = torch.zeros_like(sums[0])
    for each in sums:
        running = strength * (running + each)
    return running


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_for_the_last_only(sums, strength):
    """Only the last tensor is multiplied by strength: a parenthesis is missing, or a line is indented too little."""
    return torch.stack([*sums[:-1], strength * sums[-1]]).sum()


@l1.mistake("penalty")
@l2.mistake("penalty")
def strength_for_the_first_only(sums, strength):
    """Only the first tensor is multiplied by strength: a parenthesis is missing."""
    return torch.stack([strength * sums[0], *sums[1:]]).sum()


@l1.mistake("penalty")
def elastic_net(total, strength, weights):
    """Squares are added as well: that is the elastic net. The L1 penalty has absolute values only."""
    return strength * (total + sum(weight.square().sum() for weight in weights))


@l2.mistake("penalty")
def elastic_net(total, strength, weights):
    """Absolute values are added as well: that is the elastic net. The L2 penalty has squares only."""
    return strength * (total + sum(weight.abs().sum() for weight in weights))


@l1.mistake("penalty")
@l2.mistake("penalty")
def divided_by_the_first_length(total, strength, weights):
    """The penalty is divided by a size (as if by the batch): it is strength times the sum, whatever the sizes."""
    return strength * total / (len(weights[0]) if weights[0].dim() else 1)


@l1.mistake("penalty")
@l2.mistake("penalty")
def divided_by_twice_the_first_length(total, strength, weights):
    """The penalty is divided by twice a size (lambda / 2N, as some courses have it): here it is strength times the
    sum."""
    return strength * total / (2 * len(weights[0]) if weights[0].dim() else 2)


# ------------------------------------------------------------------------------------------------ dropout

drop = Anatomy("regularization.dropout", "y", "mask")


@drop.step
def chance(p):
    return p


@drop.step
def uniform(x, generator):
    """a uniform random number between 0 and 1 for each entry of `x`"""
    return torch.rand(x.shape, generator=generator)


@drop.step
def kept(uniform, chance):
    """the mask of training, True where an entry is kept"""
    return uniform >= chance


@drop.step
def scale(p):
    """the factor for kept entries, to make up for dropped ones (0 if `p` is 1)"""
    return 1 / (1 - p) if p < 1 else 0.0


@drop.step
def trained(x, kept, scale):
    """the output of training, with dropped entries at 0 and kept ones scaled up"""
    return x * kept * scale


@drop.step
def y(x, trained, training):
    """the output `y`, which in evaluation is `x` itself"""
    return trained if training else x


@drop.step
def mask(kept, training):
    """the mask of kept entries, True everywhere in evaluation"""
    return kept if training else torch.ones_like(kept)


@drop.quantity
def chance_to_stay(p):
    """the probability that training keeps an entry"""
    return 1 - p


@drop.quantity
def dropped(kept):
    """the mask of dropped entries, True where training drops one"""
    return ~kept


@drop.quantity
def ones_and_zeros(x, kept):
    """the mask of training in numbers, 1 where an entry is kept"""
    return kept.to(x.dtype)


@drop.quantity
def factors(ones_and_zeros, scale):
    """each entry's factor in training, 0 where it is dropped"""
    return ones_and_zeros * scale


@drop.quantity
def unscaled(x, kept):
    """`x` with its dropped entries at 0, and nothing scaled up yet"""
    return x * kept


@drop.quantity
def all_scaled(x, p):
    """every entry of `x` scaled up, whether it is kept or not"""
    return x * (1 / (1 - p))


@drop.quantity
def survivors(x, kept):
    """the entries of `x` that are kept, one after another"""
    return x[kept]


@drop.quantity
def scaled_survivors(survivors, scale):
    """the entries of `x` that are kept, one after another and scaled up"""
    return survivors * scale


@drop.quantity
def all_kept(kept):
    """the mask of evaluation, which is True everywhere"""
    return torch.ones_like(kept)


@drop.mistake("chance", "scale")
def p_of_zero_not_taken(p):
    """With p = 0 you compute with 0.5 (is it `p or 0.5`, or `if p`?): 0 is a number like any other, and nothing is
    dropped then."""
    given = p or 0.5
    return given, 1 / (1 - given) if given < 1 else 0.0


@drop.mistake("kept")
def drops_with_one_minus_p(uniform, chance):
    """The comparison is the wrong way round: entries are kept with probability p, and p is the probability to be
    dropped."""
    return uniform < chance


@drop.mistake("kept", "scale")
def p_as_the_probability_to_keep(uniform, chance, p):
    """You read p as the probability to keep, as the first paper and some old libraries do: here, as in torch, p is the
    probability to be dropped."""
    return uniform < chance, 1 / p if p > 0 else 0.0


@drop.mistake("kept", "scale")
def p_as_the_probability_to_keep_unscaled(uniform, chance):
    """You read p as the probability to keep (it is the probability to be dropped), and the survivors are not scaled:
    they are divided by 1 - p."""
    return uniform < chance, 1.0


@drop.mistake("chance", constants=(0.5, 0.2, 0.1, 0.4))
def chance_fixed(constant):
    """Entries are dropped with the fixed probability {constant}: use p."""
    return constant


@drop.mistake("chance", "scale", constants=(0.5, 0.2, 0.1, 0.4))
def chance_and_scale_fixed(constant):
    """Entries are dropped with the fixed probability {constant}: use p, in both places."""
    return constant, 1 / (1 - constant)


@drop.mistake("chance")
def p_squared(p):
    """Entries are dropped with probability p * p: two draws decide where one is meant."""
    return p * p


@drop.mistake("chance")
def p_twice(p):
    """An entry gets two chances to be dropped (the mask is drawn twice, and both count)."""
    return 1 - (1 - p) ** 2


@drop.mistake("chance")
def half_of_p(p):
    """Entries are dropped with probability p / 2: the numbers drawn must be uniform from 0 to 1."""
    return p / 2


@drop.mistake("kept")
def normal_noise_above_p(x, generator, p):
    """The numbers come from torch.randn, a normal distribution: what is above p is not a share of 1 - p. Draw uniform
    ones."""
    return torch.randn(x.shape, generator=generator) >= p


@drop.mistake("kept")
def normal_noise_below_one_minus_p(x, generator, p):
    """The numbers come from torch.randn, a normal distribution: what is below 1 - p is not a share of 1 - p. Draw
    uniform ones."""
    return torch.randn(x.shape, generator=generator) < 1 - p


@drop.mistake("kept")
def normal_noise_below_p(x, generator, p):
    """The numbers come from torch.randn, a normal distribution, and the comparison with p is the wrong way round. Draw
    uniform ones, and keep a share of 1 - p."""
    return torch.randn(x.shape, generator=generator) < p


@drop.mistake("kept")
def size_of_normal_noise(x, generator, p):
    """The absolute value of torch.randn is compared with p: its distribution is not uniform."""
    return torch.randn(x.shape, generator=generator).abs() >= p


@drop.mistake("kept")
def both_sides(uniform, chance):
    """Numbers between -1 and 1 are compared with p: the wrong share is kept. Draw them from 0 to 1."""
    return 2 * uniform - 1 >= chance


def _like(x, generator, shape):
    return torch.rand(shape, generator=generator).expand(x.shape)


@drop.mistake("uniform")
def one_mask_for_all_samples(x, generator):
    """All samples of the batch get the same mask: draw a number for every entry of x, not only for every feature."""
    return _like(x, generator, (1, *x.shape[1:]))


@drop.mistake("uniform")
def one_coin_for_each_sample(x, generator):
    """A sample is kept or dropped as a whole: draw a number for every entry of x, not only for every row."""
    return _like(x, generator, (*x.shape[:1], *(1 for _ in x.shape[1:])))


@drop.mistake("uniform")
def one_coin_for_everything(x, generator):
    """One number decides about the whole tensor: draw one for every entry of x."""
    return _like(x, generator, ())


@drop.mistake("kept")
def one_coin_for_everything_from_below(x, generator, p):
    """One number decides about the whole tensor: draw one for every entry of x."""
    return _like(x, generator, ()) < 1 - p


@drop.mistake("kept")
def nothing_dropped(x):
    """Nothing is ever dropped: is anything drawn at all in training?"""
    return torch.ones_like(x, dtype=torch.bool)


@drop.mistake("kept")
def everything_dropped(x):
    """Everything is dropped, whatever p is."""
    return torch.zeros_like(x, dtype=torch.bool)


@drop.mistake("kept")
def small_entries_dropped(x, p):
    """Entries are chosen by their size, not by chance: dropout does not look at what it drops."""
    return x.abs() >= p


@drop.mistake("kept")
def entries_chosen_by_value(x, p):
    """Entries are chosen by their value, not by chance: dropout does not look at what it drops."""
    return x >= p


@drop.mistake("scale")
def survivors_not_scaled():
    """The survivors are not scaled: the layer after this one gets less in training than in evaluation. Divide by 1 - p
    in training."""
    return 1.0


@drop.mistake("scale")
def scaled_by_what_is_kept(p):
    """The survivors are multiplied by 1 - p, which makes them smaller: they have to make up for those that are gone, so
    divide."""
    return 1 - p


@drop.mistake("scale")
def divided_by_p(p):
    """The survivors are divided by p: what is left is a share of 1 - p."""
    return 1 / p if p else 1.0


@drop.mistake("scale")
def multiplied_by_p(p):
    """The survivors are multiplied by p: divide them by 1 - p."""
    return p


@drop.mistake("scale")
def root_of_the_scale(p):
    """The survivors are divided by the root of 1 - p: that keeps the variance. Dropout keeps the mean, with 1 - p
    itself."""
    return 1 / math.sqrt(1 - p) if p < 1 else 0.0


@drop.mistake("scale")
def scaled_twice(p):
    """The survivors are scaled twice: once by 1 / (1 - p) is enough."""
    return 1 / (1 - p) ** 2 if p < 1 else 0.0


@drop.mistake("scale")
def one_plus_p(p):
    """The survivors are multiplied by 1 + p: that is near 1 / (1 - p) only for small p."""
    return 1 + p


@drop.mistake("scale")
def always_doubled():
    """The survivors are always doubled: that is right for p = 0.5 only."""
    return 2.0


@drop.mistake("scale", constants=(1e-8, 1e-7, 1e-6, 1e-5))
def number_added_to_what_is_kept(p, constant):
    """{constant} is added to 1 - p: that changes every result. For p = 1, where it would help, the result is zeros:
    treat that case by itself."""
    return 1 / (1 - p + constant)


@drop.mistake("scale")
def scaled_by_the_share_that_is_kept(kept):
    """The survivors are scaled by the share that happens to be kept in this very mask: divide by 1 - p, which is the
    same in every call."""
    share = kept.double().mean().item()
    return 1 / share if share else 0.0


@drop.mistake("trained")
def nan_for_p_one(x, kept, p):
    """For p = 1 you divide by 1 - p = 0, and 0 / 0 is NaN: everything is dropped then, and the result is zeros."""
    return x * kept / (1 - p) if p < 1 else x * kept * math.inf


@drop.mistake("trained")
def dropped_entries_stay(x, kept, scale):
    """Dropped entries stay as they are, and only the others are scaled: dropped means 0."""
    return torch.where(kept, x * scale, x)


@drop.mistake("trained")
def dropped_ones_scaled(x, kept, scale):
    """Everything is scaled and nothing is set to 0: the mask is not applied to x."""
    return x * scale


@drop.mistake("trained")
def mask_not_applied(x):
    """y is x itself: the mask is drawn, and not applied."""
    return x


@drop.mistake("trained")
def kept_and_dropped_swapped(x, kept, scale):
    """y and mask contradict each other: the entries that are 0 in y are the ones that mask calls kept. The mask is True
    where an entry is kept."""
    return x * ~kept * scale


@drop.mistake("trained")
def zero_over_zero(x, kept, p):
    """For p = 1 you divide by 1 - p, which is 0: 0 / 0 is NaN, and so is infinity times 0. With everything dropped the
    result is zeros."""
    return x * kept / (1 - torch.tensor(p))


@drop.mistake("trained")
def unchanged_for_p_one(x, kept, scale, p):
    """For p = 1 you return x: everything is dropped then, and the result is zeros."""
    return x if p >= 1 else x * kept * scale


@drop.mistake("trained")
def mask_added(x, kept, scale):
    """The mask is added: multiply by it."""
    return (x + kept) * scale


@drop.mistake("trained")
def dropped_entries_become_one(x, kept, scale):
    """Dropped entries become 1: dropped means 0."""
    return torch.where(kept, x * scale, torch.ones_like(x))


@drop.mistake("trained")
def mask_in_the_place_of_y(x, kept, scale):
    """y is the scaled mask: x is missing."""
    return kept * scale + torch.zeros_like(x)


@drop.mistake("y", "mask")
def drops_in_evaluation(trained, kept):
    """Evaluation drops as well: is `training` used? A network that is to be relied on must not roll dice."""
    return trained, kept


@drop.mistake("y")
def y_dropped_in_evaluation(trained):
    """In evaluation the mask is right and y is not: it is dropped and scaled as in training. y is x then."""
    return trained


@drop.mistake("mask")
def mask_drawn_in_evaluation(kept):
    """In evaluation y is right and the mask is not: nothing is dropped, so it is True everywhere."""
    return kept


@drop.mistake("y", "mask")
def training_the_wrong_way_round(x, trained, kept, training):
    """Training and evaluation are the wrong way round: you drop in evaluation only."""
    return (x, torch.ones_like(kept)) if training else (trained, kept)


@drop.mistake("y")
def scaled_down_in_evaluation(x, trained, training, p):
    """In evaluation you multiply by 1 - p: that belongs to plain dropout, which does not scale in training. Inverted
    dropout leaves evaluation alone."""
    return trained if training else x * (1 - p)


@drop.mistake("y")
def scaled_up_in_evaluation(x, trained, training, scale):
    """In evaluation you scale by 1 / (1 - p): nothing is dropped there, so there is nothing to make up for."""
    return trained if training else x * scale


@drop.mistake("y")
def scaled_by_p_in_evaluation(x, trained, training, p):
    """In evaluation you multiply by p: y is x then."""
    return trained if training else x * p


@drop.mistake("y")
def zeros_in_evaluation(x, trained, training):
    """In evaluation y is zeros: nothing is dropped then, and y is x."""
    return trained if training else torch.zeros_like(x)


@drop.mistake("mask")
def mask_of_the_dropped(kept, training):
    """The mask is the wrong way round: True is for the entries that are kept."""
    return ~kept if training else torch.ones_like(kept)


@drop.mistake("mask")
def mask_false_in_evaluation(kept, training):
    """In evaluation the mask is False everywhere: nothing is dropped then, so everything is kept, True."""
    return kept if training else torch.zeros_like(kept)


@drop.mistake("mask")
def scaled_mask(x, kept, scale, training):
    """The mask holds the factor 1 / (1 - p): it is to say only what was kept, True or False. The backward pass gets p,
    and scales by itself; with this mask it would scale twice."""
    return (kept * torch.ones_like(x) * scale) if training else torch.ones_like(x)


@drop.mistake("mask")
def always_true(kept):
    """The mask is True everywhere, and y is not: return the mask that you have applied."""
    return torch.ones_like(kept)


@drop.mistake("mask")
def mask_drawn_anew(x, generator, p, kept, training):
    """The mask that you return is not the one that you have applied: it is drawn a second time."""
    return torch.rand(x.shape, generator=generator) >= p if training else torch.ones_like(kept)


@drop.mistake("mask")
def mask_read_off_the_result(kept, x, training):
    """The mask is read off the result (y != 0): entries of x that are 0 anyway look as if they had been dropped."""
    return kept & (x != 0) if training else torch.ones_like(kept)


@drop.mistake("mask")
def numbers_in_the_place_of_the_mask(x, uniform, training):
    """You return the random numbers: the mask is their comparison with p."""
    return uniform.to(x.dtype) if training else torch.ones_like(x)


@drop.mistake("trained")
def mean_for_what_is_dropped(x, kept, scale):
    """What is dropped becomes the mean of x: it becomes 0."""
    return torch.where(kept, x * scale, x.mean())


@drop.mistake("mask")
def mask_of_p_one(kept, training, p):
    """For p = 1 the mask says that everything is kept: it is False everywhere then."""
    return torch.ones_like(kept) if not training or p >= 1 else kept


@drop.mistake("y", "mask")
def returned_in_the_wrong_order(x, trained, kept, training):
    """y and mask are returned in the wrong order."""
    return (kept, trained) if training else (torch.ones_like(kept), x)


back = Anatomy("regularization.dropout_backward", "grad_x")


@back.step
def passed(grad_out, mask):
    """`grad_out` where the entry was kept, and 0 where it was dropped"""
    return grad_out * mask


@back.step
def factor(p):
    """the factor by which the forward pass scaled up what it kept"""
    return 1 / (1 - p)


@back.step
def grad_x(passed, factor):
    """the gradient with respect to `x`"""
    return passed * factor


@back.quantity
def chance_to_stay(p):
    """the probability with which an entry was kept"""
    return 1 - p


@back.quantity
def ones_and_zeros(grad_out, mask):
    """the mask in numbers, 1 where an entry was kept and 0 elsewhere"""
    return mask.to(grad_out.dtype)


@back.quantity
def slopes(ones_and_zeros, factor):
    """the slope of each entry of `y` with respect to its own entry of `x`"""
    return ones_and_zeros * factor


@back.quantity
def all_scaled(grad_out, factor):
    """`grad_out` scaled up as in the forward pass, dropped entries included"""
    return grad_out * factor


@back.quantity
def survivors(grad_out, mask):
    """the entries of `grad_out` whose inputs were kept, one after another"""
    return grad_out[mask]


@back.quantity
def scaled_survivors(survivors, factor):
    """the gradient of the kept entries alone, one after another"""
    return survivors * factor


@back.quantity
def dropped(mask):
    """the opposite of the mask, True where an entry was dropped"""
    return ~mask


@back.mistake("passed")
def mask_not_applied(grad_out):
    """The mask is missing: an entry that was dropped did not move the output, so its gradient is 0."""
    return grad_out


@back.mistake("grad_x")
def zeros_for_p_zero(grad_out, mask, p):
    """For p = 0 the gradient is 0 (`if not p`, or p as a factor?): nothing was dropped then, and the gradient comes
    through unchanged."""
    return grad_out * mask / (1 - p) * (1 if p else 0)


@back.mistake("passed")
def mask_inverted(grad_out, mask):
    """The mask is the wrong way round: it is True where an entry was kept, and these are the ones with a gradient."""
    return grad_out * ~mask


@back.mistake("passed")
def grad_out_missing(grad_out, mask):
    """grad_out is missing: you return the scaled mask, the slope of dropout alone. The chain rule multiplies the
    two."""
    return mask.to(grad_out.dtype)


@back.mistake("passed")
def mask_added(grad_out, mask):
    """The mask is added: multiply by it."""
    return grad_out + mask


@back.mistake("factor")
def not_scaled():
    """The factor is missing: the forward pass multiplies survivors by 1 / (1 - p), and so does the way back."""
    return 1.0


@back.mistake("factor")
def multiplied_by_what_is_kept(p):
    """You multiply by 1 - p: the forward pass divides by it, and so does the way back."""
    return 1 - p


@back.mistake("factor")
def divided_by_p(p):
    """You divide by p: the forward pass divides by 1 - p, and so does the way back."""
    return 1 / p if p else 1.0


@back.mistake("factor")
def multiplied_by_p(p):
    """You multiply by p: the forward pass divides by 1 - p, and so does the way back."""
    return p


@back.mistake("factor")
def scaled_twice(p):
    """You divide by 1 - p twice: once is enough."""
    return 1 / (1 - p) ** 2


@back.mistake("factor")
def root_of_the_scale(p):
    """You divide by the root of 1 - p: the forward pass divides by 1 - p itself."""
    return 1 / math.sqrt(1 - p)


@back.mistake("factor")
def one_plus_p(p):
    """You multiply by 1 + p: that is near 1 / (1 - p) only for small p."""
    return 1 + p


@back.mistake("factor", constants=(2.0, 0.5, 1.25))
def factor_fixed(constant):
    """The factor is always {constant}: it is 1 / (1 - p)."""
    return constant


@back.mistake("factor")
def p_over_one_minus_p(p):
    """The factor is p / (1 - p): it is 1 / (1 - p)."""
    return p / (1 - p)


@back.mistake("factor")
def scaled_by_the_share_that_is_kept(mask):
    """You divide by the share that happens to be kept in this mask: the forward pass divides by 1 - p."""
    share = mask.double().mean().item()
    return 1 / share if share else 0.0


@back.mistake("factor")
def scaled_by_the_number_kept(mask):
    """You divide by the number of entries that are kept: dropout divides by 1 - p."""
    return 1 / max(int(mask.sum()), 1)


@back.mistake("grad_x")
def wrong_sign(passed, factor):
    """The sign is wrong: a kept entry that grows makes the output grow."""
    return -passed * factor


@back.mistake("grad_x")
def dropped_ones_unscaled(grad_out, mask, factor):
    """Dropped entries get grad_out as it is: they did not reach the output, so their gradient is 0."""
    return torch.where(mask, grad_out * factor, grad_out)


@back.mistake("grad_x")
def only_dropped_ones_scaled(grad_out, mask, factor):
    """Dropped entries get the scaled gradient and kept ones the plain one: dropped ones get 0, and kept ones are
    scaled."""
    return torch.where(mask, grad_out, grad_out * factor)


@back.mistake("grad_x")
def dropped_ones_with_the_other_share(grad_out, mask, p):
    """Kept entries are divided by 1 - p and dropped ones by p: dropped ones get 0."""
    return torch.where(mask, grad_out / (1 - p), grad_out / p if p else grad_out)


@back.mistake("grad_x")
def dropped_ones_become_one(grad_out, mask, factor):
    """Dropped entries get a gradient of 1: they get 0."""
    return torch.where(mask, grad_out * factor, torch.ones_like(grad_out))


@back.mistake("grad_x")
def divided_by_the_mask(grad_out, mask, factor):
    """You divide by the mask, which is 0 where an entry was dropped: multiply by it."""
    return grad_out * factor / mask


@back.mistake("grad_x")
def factor_added(passed, factor):
    """The factor 1 / (1 - p) is added: multiply by it."""
    return passed + factor


@back.mistake("grad_x")
def p_subtracted(passed, p):
    """1 - p is subtracted where it divides."""
    return passed - (1 - p)


@back.mistake("grad_x")
def precedence(passed, p):
    """A parenthesis is missing: grad / 1 - p divides by 1 and subtracts p. Divide by (1 - p)."""
    return passed / 1 - p


@back.mistake("grad_x")
def averaged(passed, factor):
    """The gradient is divided by the number of entries: nothing is averaged here."""
    return passed * factor / max(passed.numel(), 1)


@back.mistake("grad_x")
def averaged_over_the_batch(passed, factor):
    """The gradient is divided by the batch size: grad_out has that in it already."""
    return passed * factor / (len(passed) if passed.dim() else 1)


# ------------------------------------------------------------------------------------------------ early stopping

stop = Anatomy("regularization.early_stopping", "stop_epoch", "best_epoch")


@stop.step
def improves(min_delta):
    return lambda loss, best, previous: loss < best - min_delta


@stop.step
def count():
    return lambda waited, improved: 0 if improved else waited + 1


@stop.step
def enough(patience):
    return lambda waited: waited >= patience


@stop.step
def remembered():
    return lambda loss, best, improved: loss if improved else best


@stop.step
def start(val_losses):
    """the first loss as the best so far, its epoch 0, and no epoch waited"""
    return val_losses[0], 0, 0


@stop.step
def run(val_losses, improves, count, enough, remembered, start):
    """the epoch of the stop (or None) and the epoch of the last improvement"""
    best, best_epoch, waited = start
    for epoch in range(1, len(val_losses)):
        loss = val_losses[epoch]
        improved = improves(loss, best, val_losses[epoch - 1])
        best = remembered(loss, best, improved)
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
        if not improved and enough(waited):
            return epoch, best_epoch
    return None, best_epoch


@stop.step
def stop_epoch(run):
    """the epoch at which the run stops, or None if it never does"""
    return run[0]


@stop.step
def best_epoch(run):
    """the epoch of the last improvement that is seen, 0 if there is none"""
    return run[1]


@stop.quantity
def best_loss(val_losses, best_epoch):
    """the loss of the best epoch, that of the last improvement"""
    return val_losses[best_epoch]


@stop.quantity
def bar(best_loss, min_delta):
    """the loss that another improvement would have to get below, at the end"""
    return best_loss - min_delta


@stop.quantity
def last_seen(val_losses, stop_epoch):
    """the epoch of the stop, or the last one if there is no stop"""
    return len(val_losses) - 1 if stop_epoch is None else stop_epoch


@stop.quantity
def epochs_seen(last_seen):
    """the number of epochs up to the stop, or of all without one"""
    return last_seen + 1


@stop.quantity
def losses_seen(val_losses, epochs_seen):
    """the losses up to the stop, or all of them without one"""
    return val_losses[:epochs_seen]


@stop.quantity
def waited(last_seen, best_epoch):
    """the number of epochs since the last improvement, at the end"""
    return last_seen - best_epoch


@stop.quantity
def later_losses(val_losses):
    """the losses of all epochs after the first"""
    return val_losses[1:]


@stop.mistake("improves", constants=(1e-4, 1e-3, 1e-5, 1e-6))
def min_delta_of_zero_not_taken(min_delta, constant):
    """With min_delta = 0 a loss has to fall by more than {constant} in your code: without min_delta every fall is an
    improvement, however small."""
    return lambda loss, best, previous: loss < best - (min_delta or constant)


@stop.mistake("improves")
def best_of_zero_not_taken(min_delta):
    """A best loss of 0 counts as none in your code (`if not best`), so that the next epoch is an improvement whatever
    its loss: 0 is a loss like any other. Ask whether it `is None`."""
    return lambda loss, best, previous: not best or loss < best - min_delta


@stop.mistake("best_epoch")
def best_epoch_of_zero_not_taken(run, val_losses):
    """A best epoch of 0 counts as none in your code (`best or ...`, `if not best`), and the last epoch is returned: 0
    is the first epoch, and a number like any other."""
    return run[1] or len(val_losses) - 1


@stop.mistake("best_epoch")
def best_epoch_of_zero_not_taken_at_the_end(run, val_losses):
    """Where the run is never stopped, a best epoch of 0 counts as none in your code (`best or ...`), and the last epoch
    is returned: 0 is the first epoch, and a number like any other."""
    return run[1] if run[0] is not None else run[1] or len(val_losses) - 1


@stop.mistake("improves")
def plateau_counts(min_delta):
    """A loss that equals best - min_delta counts as an improvement (<= where < is asked for): on a plateau the run
    would never stop."""
    return lambda loss, best, previous: loss <= best - min_delta


@stop.mistake("improves")
def min_delta_ignored():
    """min_delta is not used: the smallest step down counts as an improvement."""
    return lambda loss, best, previous: loss < best


@stop.mistake("improves")
def min_delta_ignored_and_plateau_counts():
    """min_delta is not used, and an equal loss counts as an improvement: it must fall below best - min_delta."""
    return lambda loss, best, previous: loss <= best


@stop.mistake("improves")
def min_delta_added(min_delta):
    """min_delta has the wrong sign: a loss that is a little worse than the best counts as an improvement."""
    return lambda loss, best, previous: loss < best + min_delta


@stop.mistake("improves")
def min_delta_added_and_plateau_counts(min_delta):
    """min_delta has the wrong sign, and ties count: a loss that is a little worse than the best counts as an
    improvement."""
    return lambda loss, best, previous: loss <= best + min_delta


@stop.mistake("improves")
def compared_with_the_epoch_before(min_delta):
    """You compare with the epoch before (or overwrite the best in every epoch): a loss that rises and falls again looks
    like an improvement. Compare with the best so far."""
    return lambda loss, best, previous: loss < previous - min_delta


@stop.mistake("improves")
def plateau_against_the_epoch_before(min_delta):
    """You compare with the epoch before, and ties count as improvements: compare with the best so far, strictly."""
    return lambda loss, best, previous: loss <= previous - min_delta


@stop.mistake("improves")
def larger_is_better(min_delta):
    """The comparison is the wrong way round: a loss that rises counts as an improvement."""
    return lambda loss, best, previous: loss > best + min_delta


@stop.mistake("improves")
def larger_is_better_by_less(min_delta):
    """The comparison is the wrong way round: what is not an improvement counts as one."""
    return lambda loss, best, previous: loss > best - min_delta


@stop.mistake("improves")
def min_delta_relative(min_delta):
    """You take min_delta as a share of the best loss: it is subtracted."""
    return lambda loss, best, previous: loss < best * (1 - min_delta)


@stop.mistake("improves")
def any_change_counts(min_delta):
    """Every change of more than min_delta counts, up or down (an absolute value): only a fall is an improvement."""
    return lambda loss, best, previous: abs(loss - best) > min_delta


@stop.mistake("count")
def never_reset():
    """The counter is not set back by an improvement: only epochs in a row count."""
    return lambda waited, improved: waited if improved else waited + 1


@stop.mistake("count")
def reset_to_one():
    """An improvement sets the counter to 1: that epoch is not one without an improvement."""
    return lambda waited, improved: 1 if improved else waited + 1


@stop.mistake("count")
def improvements_count_too():
    """Every epoch is counted, improvements too."""
    return lambda waited, improved: waited + 1


@stop.mistake("count")
def counted_down():
    """An improvement takes one off the counter: it sets it back to 0."""
    return lambda waited, improved: max(waited - 1, 0) if improved else waited + 1


@stop.mistake("enough")
def one_epoch_late(patience):
    """The run stops one epoch too late (> where >= is meant, or a check before the count): it ends with the epoch that
    makes `patience` in a row."""
    return lambda waited: waited > patience


@stop.mistake("enough")
def one_epoch_early(patience):
    """The run stops one epoch too early: `patience` epochs in a row without an improvement are needed."""
    return lambda waited: waited >= patience - 1


@stop.mistake("enough")
def two_epochs_late(patience):
    """The run stops two epochs too late: it ends with the epoch that makes `patience` in a row."""
    return lambda waited: waited > patience + 1


@stop.mistake("enough")
def patience_ignored():
    """patience is not used: the run stops at the first epoch without an improvement."""
    return lambda waited: waited >= 1


@stop.mistake("enough", constants=(2, 3, 5))
def patience_fixed(constant):
    """patience is the fixed number {constant} in your code: use the argument."""
    return lambda waited: waited >= constant


@stop.mistake("enough")
def never_stops():
    """The run is never stopped, and stop_epoch is always None."""
    return lambda waited: False


@stop.mistake("remembered")
def best_follows_small_steps():
    """The best loss follows every fall, even one that is too small to be an improvement: a slow descent then never
    adds up to one. The best is the loss at the last improvement."""
    return lambda loss, best, improved: min(loss, best)


@stop.mistake("remembered")
def best_never_updated():
    """The best loss stays that of the first epoch: an improvement makes it the new best."""
    return lambda loss, best, improved: best


@stop.mistake("remembered")
def best_lowered_by_min_delta(min_delta):
    """min_delta is subtracted from the best as it is stored, and once more in the comparison: the best is the loss
    itself."""
    return lambda loss, best, improved: loss - min_delta if improved else best


@stop.mistake("remembered")
def largest_loss_remembered():
    """You remember the largest loss, not the smallest."""
    return lambda loss, best, improved: max(loss, best)


@stop.mistake("run")
def epoch_zero_is_no_best(val_losses, improves, count, enough, remembered, start):
    """While the best epoch is 0, every loss is taken for an improvement: `if not best_epoch` is true of 0 as well as of
    None. Ask `is None`, or start with the first loss."""
    best, best_epoch, waited = start
    for epoch in range(1, len(val_losses)):
        loss = val_losses[epoch]
        improved = not best_epoch or improves(loss, best, val_losses[epoch - 1])
        best = loss if improved else best
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
        if not improved and enough(waited):
            return epoch, best_epoch
    return None, best_epoch


@stop.mistake("start")
def first_epoch_counted(val_losses):
    """The first epoch is counted as one without an improvement: it is the first best."""
    return val_losses[0], 0, 1


@stop.mistake("start")
def best_starts_at_zero():
    """The best loss starts at 0, which no loss is below: start from infinity, or from the first loss."""
    return 0.0, 0, 1


@stop.mistake("start")
def best_starts_at_one(val_losses):
    """The best loss starts at 1: losses may be larger. Start from infinity, or from the first loss."""
    better = val_losses[0] < 1.0
    return (val_losses[0], 0, 0) if better else (1.0, 0, 1)


@stop.mistake("run")
def not_stopped_at_once(val_losses, improves, count, enough, remembered, start):
    """The loop goes on after the stop, and overwrites what was found: the first stop counts."""
    best, best_epoch, waited = start
    stopped = None
    for epoch in range(1, len(val_losses)):
        loss = val_losses[epoch]
        improved = improves(loss, best, val_losses[epoch - 1])
        best = remembered(loss, best, improved)
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
        stopped = epoch if not improved and enough(waited) else stopped
    return stopped, best_epoch


@stop.mistake("run")
def best_after_the_stop(val_losses, improves, count, enough, remembered, start):
    """The stop is right, and the loop goes on looking for a best epoch after it: the run has ended, later losses are
    never seen."""
    best, best_epoch, waited = start
    stopped = None
    for epoch in range(1, len(val_losses)):
        loss = val_losses[epoch]
        improved = improves(loss, best, val_losses[epoch - 1])
        best = remembered(loss, best, improved)
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
        if stopped is None and not improved and enough(waited):
            stopped = epoch
    return stopped, best_epoch


@stop.mistake("run")
def checked_at_the_start_of_the_next_epoch(val_losses, improves, count, enough, remembered, start):
    """The counter is looked at before the epoch's own loss: the stop comes one epoch late, and not at all where the
    list ends."""
    best, best_epoch, waited = start
    for epoch in range(1, len(val_losses)):
        if enough(waited):
            return epoch, best_epoch
        loss = val_losses[epoch]
        improved = improves(loss, best, val_losses[epoch - 1])
        best = remembered(loss, best, improved)
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
    return None, best_epoch


@stop.mistake("run")
def last_epoch_left_out(val_losses, improves, count, enough, remembered, start):
    """The last epoch is left out: the loop ends one too early."""
    best, best_epoch, waited = start
    for epoch in range(1, len(val_losses) - 1):
        loss = val_losses[epoch]
        improved = improves(loss, best, val_losses[epoch - 1])
        best = remembered(loss, best, improved)
        best_epoch = epoch if improved else best_epoch
        waited = count(waited, improved)
        if not improved and enough(waited):
            return epoch, best_epoch
    return None, best_epoch


@stop.mistake("run")
def rises_in_a_row(val_losses, patience, min_delta):
    """You wait for `patience` rises in a row, each above the epoch before: what counts is that no epoch was better than
    the best."""
    waited, best_epoch = 0, 0
    for epoch in range(1, len(val_losses)):
        best_epoch = epoch if val_losses[epoch] < val_losses[best_epoch] - min_delta else best_epoch
        waited = waited + 1 if val_losses[epoch] > val_losses[epoch - 1] else 0
        if waited >= patience:
            return epoch, best_epoch
    return None, best_epoch


@stop.mistake("run")
def compared_with_patience_epochs_ago(val_losses, patience, min_delta):
    """You compare with the loss `patience` epochs ago: compare each epoch with the best so far, and count."""
    best_epoch = 0
    for epoch in range(1, len(val_losses)):
        best_epoch = epoch if val_losses[epoch] < val_losses[best_epoch] - min_delta else best_epoch
        if epoch >= patience and val_losses[epoch] >= val_losses[epoch - patience] - min_delta:
            return epoch, best_epoch
    return None, best_epoch


@stop.mistake("stop_epoch")
def stop_counted_from_one(run):
    """stop_epoch is one too large: epochs count from 0 (or you return the epoch after the stop)."""
    return None if run[0] is None else run[0] + 1


@stop.mistake("stop_epoch")
def stop_one_too_small(run):
    """stop_epoch is one too small: it is the epoch that makes `patience` in a row."""
    return None if run[0] is None else run[0] - 1


@stop.mistake("stop_epoch", "best_epoch")
def both_counted_from_one(run):
    """Both epochs are one too large: epochs count from 0."""
    return None if run[0] is None else run[0] + 1, run[1] + 1


@stop.mistake("best_epoch")
def best_counted_from_one(run):
    """best_epoch is one too large: epochs count from 0."""
    return run[1] + 1


@stop.mistake("stop_epoch")
def last_epoch_for_none(run, val_losses):
    """Where the run is never stopped you return its last epoch: stop_epoch is None then."""
    return len(val_losses) - 1 if run[0] is None else run[0]


@stop.mistake("stop_epoch")
def number_of_epochs_for_none(run, val_losses):
    """Where the run is never stopped you return the number of epochs: stop_epoch is None then."""
    return len(val_losses) if run[0] is None else run[0]


@stop.mistake("stop_epoch")
def minus_one_for_none(run):
    """Where the run is never stopped you return -1: stop_epoch is None then."""
    return -1 if run[0] is None else run[0]


@stop.mistake("stop_epoch")
def zero_for_none(run):
    """Where the run is never stopped you return 0: stop_epoch is None then; 0 is the first epoch."""
    return 0 if run[0] is None else run[0]


@stop.mistake("stop_epoch")
def stop_forgotten(run):
    """stop_epoch is always None: the run is stopped (best_epoch shows it), and the epoch is not returned."""
    return None


@stop.mistake("stop_epoch")
def true_or_false(run):
    """stop_epoch says only whether the run was stopped: the epoch is asked for, or None."""
    return run[0] is not None


@stop.mistake("stop_epoch")
def best_epoch_for_stop_epoch(run):
    """stop_epoch is the best epoch: the run goes on for `patience` epochs after it."""
    return None if run[0] is None else run[1]


@stop.mistake("stop_epoch", "best_epoch")
def returned_in_the_wrong_order(run):
    """The two epochs are returned in the wrong order: stop_epoch first, then best_epoch."""
    return run[1], run[0]


@stop.mistake("best_epoch")
def smallest_loss_of_all(val_losses):
    """best_epoch is the epoch of the smallest loss of the whole list: a run that was stopped never sees what comes
    later, and only an improvement by more than min_delta makes a new best."""
    return val_losses.index(min(val_losses))


@stop.mistake("best_epoch")
def smallest_loss_so_far(val_losses, run):
    """best_epoch is the epoch of the smallest loss before the stop: it is the epoch of the last improvement, and a fall
    by min_delta or less is none."""
    seen = val_losses if run[0] is None else val_losses[: run[0] + 1]
    return seen.index(min(seen))


@stop.mistake("best_epoch")
def last_of_the_smallest(val_losses, run):
    """Of equal losses best_epoch is the last (<= where < is meant): an equal loss is no improvement."""
    seen = val_losses if run[0] is None else val_losses[: run[0] + 1]
    return max(epoch for epoch, loss in enumerate(seen) if loss == min(seen))


@stop.mistake("best_epoch")
def largest_loss(val_losses):
    """best_epoch is the epoch of the largest loss."""
    return val_losses.index(max(val_losses))


@stop.mistake("best_epoch")
def loss_in_the_place_of_the_epoch(val_losses, run):
    """best_epoch is the best loss: the epoch is asked for, an int."""
    return val_losses[run[1]]


@stop.mistake("best_epoch")
def always_the_first_epoch():
    """best_epoch is always 0: an improvement makes its epoch the best."""
    return 0


@stop.mistake("best_epoch")
def last_epoch_seen(run, val_losses):
    """best_epoch is the last epoch that was seen: it is updated with an improvement only."""
    return len(val_losses) - 1 if run[0] is None else run[0]


@stop.mistake("best_epoch")
def none_without_a_stop(run):
    """best_epoch is None where the run is never stopped: there is a best epoch all the same."""
    return None if run[0] is None else run[1]


@stop.mistake("best_epoch")
def stop_minus_patience(run, patience, val_losses):
    """best_epoch is counted back from the end: where the run is never stopped, the last improvement is elsewhere."""
    return len(val_losses) - 1 - patience if run[0] is None else run[1]


@stop.mistake("best_epoch")
def last_without_a_stop(run, val_losses):
    """Where the run is never stopped best_epoch is the last epoch: it is the epoch of the last improvement."""
    return len(val_losses) - 1 if run[0] is None else run[1]


@stop.mistake("best_epoch")
def last_smallest_of_all(val_losses):
    """best_epoch is the last epoch with the smallest loss of the whole list: an equal loss is no improvement, and a run
    that was stopped never sees what comes later."""
    return max(epoch for epoch, loss in enumerate(val_losses) if loss == min(val_losses))


# ------------------------------------------------------------------------------------------------ label smoothing

smooth = Anatomy("regularization.label_smoothing", "targets")


@smooth.step
def hot(labels, num_classes):
    """the one-hot targets, with a 1 at each sample's label"""
    return (labels[:, None] == torch.arange(num_classes)).float()


@smooth.step
def shrunk(smoothing):
    """the weight of the one-hot targets in the smoothed ones"""
    return 1 - smoothing


@smooth.step
def spread(smoothing, num_classes):
    """the share of the smoothing that each class gets"""
    return smoothing / num_classes


@smooth.step
def targets(hot, shrunk, spread):
    """the smoothed targets, one row for each sample"""
    return shrunk * hot + spread


@smooth.quantity
def matches(hot):
    """the mask of the labels, True at each sample's own class"""
    return hot == 1


@smooth.quantity
def hot_integers(hot):
    """the one-hot targets as integers, with a 1 at each sample's label"""
    return hot.long()


@smooth.quantity
def other_classes(hot):
    """the opposite of the one-hot targets, with a 0 at each sample's label"""
    return 1 - hot


@smooth.quantity
def table(num_classes):
    """the one-hot targets of all classes, one row for each class"""
    return torch.eye(num_classes)


@smooth.quantity
def column(labels):
    """the labels as a column, one row for each sample"""
    return labels[:, None]


@smooth.quantity
def top(shrunk, spread):
    """the smoothed target of the label's own class"""
    return shrunk + spread


@smooth.quantity
def weighted(shrunk, hot):
    """the one-hot part of the smoothed targets"""
    return shrunk * hot


@smooth.quantity
def floor(hot, spread):
    """what each class gets of the smoothing, one row for each sample"""
    return torch.full_like(hot, spread)


@smooth.quantity
def chance(num_classes):
    """the probability of each class if all are equally likely"""
    return 1 / num_classes


@smooth.quantity
def uniform(hot, chance):
    """the uniform distribution over the classes, one row for each sample"""
    return torch.full_like(hot, chance)


@smooth.quantity
def smoothed_table(table, shrunk, spread):
    """the smoothed targets of all classes, one row for each class"""
    return shrunk * table + spread


@smooth.mistake("shrunk", "spread")
def smoothing_of_zero_not_taken(smoothing, num_classes):
    """With smoothing = 0 you compute with 0.1 (is it `smoothing or 0.1`, or `if smoothing`?): 0 is a number like any
    other, and the targets are one-hot then."""
    given = smoothing or 0.1
    return 1 - given, given / num_classes


@smooth.mistake("spread")
def divided_by_c_minus_one(smoothing, num_classes):
    """Each class gets smoothing / (C - 1): divide by C, as the label's own class gets its share, too. Your rows add up
    to more than 1."""
    return smoothing / (num_classes - 1)


@smooth.mistake("spread")
def not_divided(smoothing):
    """Every class gets all of smoothing: it is shared among the C classes, or the rows add up to more than 1."""
    return smoothing


@smooth.mistake("spread")
def nothing_spread():
    """The label's share is cut, and nobody gets it: smoothing / C is added to every class, so that rows add up to 1."""
    return 0.0


@smooth.mistake("spread")
def one_over_c(num_classes):
    """Every class gets 1 / C: it gets smoothing / C."""
    return 1 / num_classes


@smooth.mistake("spread")
def divided_by_the_batch(smoothing, labels):
    """You divide smoothing by the number of samples: divide by the number of classes."""
    return smoothing / len(labels)


@smooth.mistake("spread")
def divided_by_c_twice(smoothing, num_classes):
    """smoothing is divided by C twice (C * C, or C and a mean over the classes): every class gets smoothing / C."""
    return smoothing / num_classes**2


@smooth.mistake("spread")
def divided_by_the_root_of_c(smoothing, num_classes):
    """smoothing is divided by the root of C: every class gets smoothing / C."""
    return smoothing / math.sqrt(num_classes)


@smooth.mistake("spread")
def divided_by_c_plus_one(smoothing, num_classes):
    """You divide smoothing by C + 1: divide by C."""
    return smoothing / (num_classes + 1)


@smooth.mistake("spread")
def subtracted(smoothing, num_classes):
    """smoothing / C is subtracted: add it."""
    return -smoothing / num_classes


@smooth.mistake("spread")
def multiplied_by_c(smoothing, num_classes):
    """smoothing is multiplied by C: it is shared among the C classes."""
    return smoothing * num_classes


@smooth.mistake("spread")
def one_minus_smoothing_spread(smoothing, num_classes):
    """You spread 1 - smoothing: what is spread is smoothing, and the label keeps the rest."""
    return (1 - smoothing) / num_classes


@smooth.mistake("spread")
def half_spread(smoothing):
    """Each class gets half of smoothing: divide by C."""
    return smoothing / 2


@smooth.mistake("shrunk")
def not_shrunk():
    """The one-hot part keeps its 1: rows add up to more than 1. It is multiplied by 1 - smoothing."""
    return 1.0


@smooth.mistake("shrunk")
def multiplied_by_smoothing(smoothing):
    """The one-hot part is multiplied by smoothing: the label keeps 1 - smoothing."""
    return smoothing


@smooth.mistake("shrunk")
def one_plus_smoothing(smoothing):
    """The one-hot part is multiplied by 1 + smoothing: the label gives something away, 1 - smoothing is left."""
    return 1 + smoothing


@smooth.mistake("shrunk", "spread", constants=(0.1, 0.2, 0.05))
def smoothing_fixed(num_classes, constant):
    """smoothing is the fixed number {constant} in your code: use the argument."""
    return 1 - constant, constant / num_classes


@smooth.mistake("shrunk", "spread")
def smoothing_ignored():
    """These are plain one-hot targets: smoothing is not used."""
    return 1.0, 0.0


@smooth.mistake("shrunk", "spread")
def roles_swapped(smoothing, num_classes):
    """smoothing and 1 - smoothing have swapped their roles: the label keeps 1 - smoothing, and smoothing is spread."""
    return smoothing, (1 - smoothing) / num_classes


@smooth.mistake("targets")
def cut_to_whole_numbers(hot, shrunk, spread):
    """Your targets are whole numbers (int64, the dtype of labels, is kept on the way): every share is cut to 0. Smooth
    targets are floats."""
    return (hot * shrunk + spread).long()


@smooth.mistake("targets")
def spread_over_the_neighbours(hot, shrunk, smoothing):
    """smoothing goes to the classes before and after the label: class numbers are names and have no neighbours. Every
    class gets smoothing / C."""
    return hot * shrunk + smoothing / 2 * (hot.roll(1, 1) + hot.roll(-1, 1))


@smooth.mistake("targets")
def spread_over_the_next_class(hot, shrunk, smoothing):
    """smoothing goes to the class after the label: every class gets smoothing / C."""
    return hot * shrunk + smoothing * hot.roll(1, 1)


@smooth.mistake("targets")
def spread_as_often_as_in_the_batch(hot, shrunk, smoothing):
    """smoothing is spread over the classes as often as they occur in this batch: every class gets smoothing / C, also
    one that does not occur."""
    return hot * shrunk + smoothing * hot.mean(0)


@smooth.mistake("targets")
def spread_over_the_classes_of_the_batch(hot, shrunk, smoothing):
    """smoothing is spread over the classes that occur in this batch: every class gets smoothing / C, also one that does
    not occur."""
    occurs = (hot.sum(0) > 0).to(hot.dtype)
    return hot * shrunk + smoothing * occurs / occurs.sum()


@smooth.mistake("targets")
def classes_before_samples(hot, shrunk, spread):
    """Your targets have the shape (C, N): a row is one sample, (N, C)."""
    return (hot * shrunk + spread).mT


@smooth.mistake("targets")
def label_without_its_share(hot, smoothing, num_classes):
    """The label gets 1 - smoothing, without its share smoothing / C: your rows add up to less than 1."""
    return torch.where(hot > 0, 1 - smoothing, smoothing / num_classes)


@smooth.mistake("targets")
def spread_over_the_others(hot, smoothing, num_classes):
    """smoothing is spread over the other C - 1 classes: another convention, and rows do add up to 1; here every class
    gets smoothing / C, the label's own too."""
    return torch.where(hot > 0, torch.tensor(1 - smoothing), torch.tensor(smoothing / (num_classes - 1)))


@smooth.mistake("targets")
def label_stays_one(hot, smoothing, num_classes):
    """The label's entry stays 1: it is (1 - smoothing) + smoothing / C."""
    return torch.where(hot > 0, torch.tensor(1.0), torch.tensor(smoothing / num_classes))


@smooth.mistake("targets")
def label_stays_one_beside_others(hot, smoothing, num_classes):
    """The label's entry stays 1, and the others get smoothing / (C - 1): it is (1 - smoothing) + smoothing / C, and
    each other class gets smoothing / C."""
    return torch.where(hot > 0, torch.tensor(1.0), torch.tensor(smoothing / (num_classes - 1)))


@smooth.mistake("targets")
def others_get_all_of_it(hot, smoothing):
    """Each other class gets all of smoothing: it is shared among the C classes."""
    return torch.where(hot > 0, torch.tensor(1 - smoothing), torch.tensor(smoothing))


@smooth.mistake("targets")
def label_with_its_share_others_more(hot, smoothing, num_classes):
    """The label's entry is right, and the others get smoothing / (C - 1): every class gets smoothing / C."""
    return torch.where(
        hot > 0, torch.tensor(1 - smoothing + smoothing / num_classes), torch.tensor(smoothing / (num_classes - 1))
    )


@smooth.mistake("targets")
def label_gives_up_one_share(hot, smoothing, num_classes):
    """The label's entry is 1 - smoothing / C: it gives away all of smoothing and gets one share back,
    1 - smoothing + smoothing / C."""
    return torch.where(hot > 0, torch.tensor(1 - smoothing / num_classes), torch.tensor(smoothing / num_classes))


@smooth.mistake("targets")
def label_without_what_the_others_would_get(hot, smoothing, num_classes):
    """From the label you take off smoothing C - 1 times: it gives away smoothing once, and gets its share smoothing / C
    back."""
    others = torch.tensor(smoothing / num_classes)
    return torch.where(hot > 0, torch.tensor(1 - smoothing * (num_classes - 1)), others)


@smooth.mistake("targets")
def other_labels_zero(hot, shrunk, spread):
    """The other classes stay at 0: every class gets smoothing / C."""
    return (shrunk + spread) * hot


@smooth.mistake("targets")
def renormalised(hot, smoothing, num_classes):
    """You add smoothing to the one-hot matrix and divide each row by its sum: shrink the one-hot part by 1 - smoothing
    and add smoothing / C."""
    return (hot + smoothing) / (1 + num_classes * smoothing)


@smooth.mistake("targets")
def renormalised_share(hot, smoothing):
    """You add smoothing / C to the one-hot matrix and divide each row by its sum, 1 + smoothing: shrink the one-hot
    part by 1 - smoothing instead."""
    return (hot + smoothing / hot.shape[1]) / (1 + smoothing)


@smooth.mistake("targets")
def softmax_of_the_targets(hot, shrunk, spread):
    """A softmax is taken of the targets: they are probabilities already."""
    return torch.softmax(shrunk * hot + spread, 1)


@smooth.mistake("targets")
def logarithm(hot, shrunk, spread):
    """You return the logarithm of the targets: the probabilities themselves are asked for."""
    return (shrunk * hot + spread).log()


@smooth.mistake("targets")
def precedence(hot, smoothing, num_classes):
    """A parenthesis is missing: 1 - smoothing * hot + ... multiplies first. The one-hot part is multiplied by
    (1 - smoothing)."""
    return 1 - smoothing * hot + smoothing / num_classes


@smooth.mistake("targets")
def all_divided_by_c(hot, smoothing, num_classes):
    """A parenthesis is wrong: the one-hot part is divided by C as well. Only smoothing is."""
    return ((1 - smoothing) * hot + smoothing) / num_classes


@smooth.mistake("targets")
def whole_result_multiplied(hot, smoothing, num_classes):
    """A parenthesis is wrong: smoothing / C is multiplied by 1 - smoothing as well."""
    return (1 - smoothing) * (hot + smoothing / num_classes)


@smooth.mistake("hot")
def class_after_the_label(labels, num_classes):
    """The wrong class is marked: labels count from 0, and you mark the one before (or wrap around)."""
    return ((labels - 1)[:, None] % num_classes == torch.arange(num_classes)).float()


@smooth.mistake("hot")
def next_class_marked(labels, num_classes):
    """The wrong class is marked, the one after the label: labels count from 0."""
    return ((labels + 1)[:, None] % num_classes == torch.arange(num_classes)).float()


@smooth.mistake("hot")
def classes_from_the_labels(labels, num_classes):
    """The number of columns comes from the largest label: a class that does not occur in this batch has a column as
    well. Use num_classes."""
    return (labels[:, None] == torch.arange(int(labels.max()) + 1)).float()


@smooth.mistake("spread")
def divided_by_the_largest_label(smoothing, labels):
    """You divide smoothing by the largest label of the batch + 1: a class that does not occur in it counts as well.
    Divide by num_classes."""
    return smoothing / (labels.max() + 1)


@smooth.mistake("spread")
def divided_by_the_labels_that_occur(smoothing, labels):
    """You divide smoothing by the number of different labels in the batch: a class that does not occur in it counts as
    well. Divide by num_classes."""
    return smoothing / len(labels.unique())


@smooth.mistake("hot", "spread")
def classes_counted_in_the_batch(labels, smoothing):
    """The number of classes comes from the largest label, for the columns and for what each gets: a class that does not
    occur in this batch is one as well. Use num_classes."""
    classes = int(labels.max()) + 1
    return (labels[:, None] == torch.arange(classes)).float(), smoothing / classes


@smooth.mistake("spread")
def nothing_for_classes_above_the_labels(labels, num_classes, smoothing):
    """smoothing is shared among the classes up to the largest label of the batch, and those above it get 0: every class
    gets smoothing / C, also one that does not occur in this batch."""
    classes = int(labels.max()) + 1
    return (torch.arange(num_classes) < classes) * smoothing / classes


@smooth.mistake("hot")
def all_labels_in_every_row(labels, num_classes):
    """Every row has the labels of the whole batch (a[:, labels] = ...): row n has label n only."""
    return (labels[:, None] == torch.arange(num_classes)).any(0).float().expand(len(labels), -1)


@smooth.mistake("hot")
def inverted(labels, num_classes):
    """The one-hot matrix is the wrong way round: 1 at the label, 0 elsewhere."""
    return (labels[:, None] != torch.arange(num_classes)).float()


@smooth.mistake("hot")
def first_row_only(labels, num_classes):
    """Only the first sample's label is marked: does the loop return (or break) in its first round?"""
    hot = (labels[:, None] == torch.arange(num_classes)).float()
    hot[1:] = 0
    return hot


@smooth.mistake("hot")
def up_to_the_label(labels, num_classes):
    """All classes up to the label are marked: only the label is."""
    return (labels[:, None] >= torch.arange(num_classes)).float()


# ------------------------------------------------------------------------------------------------ mixup


def _one_hot(targets):
    """1 for the largest entry of each row, 0 for the others."""
    return torch.zeros_like(targets).scatter(1, targets.argmax(1, keepdim=True), 1.0)


mix = Anatomy("regularization.mixup", "mixed", "mixed_targets")


@mix.step
def share(lam):
    return lam


@mix.step
def share_of_targets(share):
    return share


@mix.step
def partners():
    return lambda tensor, permutation: tensor[permutation]


@mix.step
def partner(x, permutation, partners):
    """each sample's partner, which `permutation` names"""
    return partners(x, permutation)


@mix.step
def partner_targets(targets, permutation, partners):
    """the target of each sample's partner"""
    return partners(targets, permutation)


@mix.step
def mixed(x, partner, share):
    """each sample blended with its partner"""
    return share * x + (1 - share) * partner


@mix.step
def mixed_targets(targets, partner_targets, share_of_targets):
    """each sample's target blended with its partner's"""
    return share_of_targets * targets + (1 - share_of_targets) * partner_targets


@mix.quantity
def rest(lam):
    """the share of the partner in the blend"""
    return 1 - lam


@mix.quantity
def own_part(x, lam):
    """what each sample itself adds to the blend"""
    return lam * x


@mix.quantity
def partner_part(partner, rest):
    """what each sample's partner adds to the blend"""
    return rest * partner


@mix.quantity
def own_part_of_targets(targets, lam):
    """what each sample's own target adds to the blend"""
    return lam * targets


@mix.quantity
def partner_part_of_targets(partner_targets, rest):
    """what the target of each sample's partner adds to the blend"""
    return rest * partner_targets


@mix.quantity
def lead(x, partner):
    """each sample minus its partner"""
    return x - partner


@mix.quantity
def way_to_partner(x, partner):
    """each sample's partner minus the sample itself"""
    return partner - x


@mix.quantity
def lead_of_targets(targets, partner_targets):
    """each sample's target minus its partner's"""
    return targets - partner_targets


@mix.quantity
def way_to_partner_targets(targets, partner_targets):
    """the partner's target minus each sample's own"""
    return partner_targets - targets


@mix.quantity
def permutation_matrix(x, permutation):
    """the permutation as a matrix, with a 1 at each sample's partner"""
    return torch.eye(len(x), dtype=x.dtype)[permutation]


@mix.quantity
def shares(x, lam, rest, permutation_matrix):
    """the share of every sample in every blend, one row for each blend"""
    return lam * torch.eye(len(x), dtype=x.dtype) + rest * permutation_matrix


@mix.mistake("share", constants=(0.5, 1.0))
def lam_of_zero_not_taken(lam, constant):
    """With lam = 0 you compute with {constant} (is it `lam or {constant}`, or `if lam`?): 0 is a number like any other,
    and every sample becomes its partner then."""
    return lam or constant


@mix.mistake("share")
def shares_swapped(lam):
    """lam and 1 - lam are swapped: lam is the share of the sample itself, 1 - lam that of its partner."""
    return 1 - lam


@mix.mistake("share_of_targets")
def shares_of_targets_swapped(share):
    """In the targets, lam and 1 - lam are swapped: the sample's own target keeps lam, as its x does."""
    return 1 - share


@mix.mistake("share")
def larger_share_first(lam):
    """You use the larger one of lam and 1 - lam (as MixMatch does): here lam is taken as it is."""
    return max(lam, 1 - lam)


@mix.mistake("share", constants=(0.5, 0.2, 0.4))
def share_fixed(constant):
    """lam is the fixed number {constant} in your code: use the argument."""
    return constant


@mix.mistake("mixed")
def roots_of_the_shares_of_x(x, partner, share):
    """x is blended with the roots of lam and 1 - lam, as if its variance were to be kept: the shares are lam and
    1 - lam themselves, for x as for the targets."""
    return math.sqrt(share) * x + math.sqrt(1 - share) * partner


@mix.mistake("mixed", "mixed_targets")
def roots_of_the_shares(x, partner, targets, partner_targets, share):
    """You blend with the roots of lam and 1 - lam: the shares are lam and 1 - lam themselves."""
    own, other = math.sqrt(share), math.sqrt(1 - share)
    return own * x + other * partner, own * targets + other * partner_targets


@mix.mistake("mixed", "mixed_targets")
def own_partners_left_out(x, partner, targets, partner_targets, share, permutation):
    """A sample that is its own partner only keeps lam of itself: blended with itself it stays as it is."""
    other = (permutation != torch.arange(len(permutation))).to(x.dtype)
    along_x = other.reshape(-1, *[1] * (x.dim() - 1))
    return (
        share * x + (1 - share) * along_x * partner,
        share * targets + (1 - share) * other[:, None] * partner_targets,
    )


@mix.mistake("mixed_targets")
def targets_divided_by_their_largest(targets, partner_targets, share_of_targets):
    """The blended targets are divided by the largest of their row: they stay as they come out, and add up to 1 if both
    did."""
    blended = share_of_targets * targets + (1 - share_of_targets) * partner_targets
    return blended / blended.amax(1, keepdim=True)


@mix.mistake("share")
def lam_squared(lam):
    """lam is squared: it is taken as it is."""
    return lam**2


@mix.mistake("partners")
def inverse_permutation():
    """The permutation is used the wrong way round (its inverse: x goes to the place permutation[i], or argsort). The
    partner of sample i is sample permutation[i]."""
    return lambda tensor, permutation: tensor[permutation.argsort()]


@mix.mistake("partners")
def reversed_batch():
    """The partners are the batch in reverse order: use permutation."""
    return lambda tensor, permutation: tensor.flip(0)


@mix.mistake("partners")
def next_in_the_batch():
    """The partner is the neighbour in the batch: use permutation."""
    return lambda tensor, permutation: tensor.roll(1, 0)


@mix.mistake("partners")
def next_in_the_batch_backwards():
    """The partner is the next sample in the batch: use permutation."""
    return lambda tensor, permutation: tensor.roll(-1, 0)


@mix.mistake("partners")
def mean_of_the_batch():
    """Every sample is blended with the mean of the batch: its partner is one sample, permutation[i]."""
    return lambda tensor, permutation: tensor.mean(0, keepdim=True).expand_as(tensor)


@mix.mistake("partners")
def first_partner_for_all():
    """Every sample gets the same partner, permutation[0]: each has its own."""
    return lambda tensor, permutation: tensor[permutation[:1]].expand_as(tensor)


@mix.mistake("partners")
def permutation_applied_twice():
    """The permutation is applied twice: the partner of sample i is sample permutation[i]."""
    return lambda tensor, permutation: tensor[permutation][permutation]


@mix.mistake("partners")
def features_permuted():
    """The permutation goes over the columns: it goes over the samples, the first dimension."""
    return lambda tensor, permutation: (
        tensor[:, permutation] if tensor.dim() > 1 and tensor.shape[1] >= len(tensor) else tensor[permutation]
    )


@mix.mistake("partner_targets")
def targets_with_another_partner(targets, permutation):
    """In the targets, the partner is found with the inverse permutation: it is the same sample as in x."""
    return targets[permutation.argsort()]


@mix.mistake("mixed")
def x_not_mixed(x):
    """x comes back as it was (not blended, or blended with itself): the second term is x[permutation]."""
    return x


@mix.mistake("mixed_targets")
def targets_not_mixed(targets):
    """The targets come back as they were (not blended, or blended with themselves): a picture that is partly a dog
    needs a target that is partly a dog."""
    return targets


@mix.mistake("mixed_targets")
def target_of_the_larger_share(targets, partner_targets, share_of_targets):
    """You take the target of the larger share: targets are blended with the same lam as x."""
    return targets if share_of_targets >= 0.5 else partner_targets


@mix.mistake("mixed_targets")
def partner_made_one_hot(targets, partner_targets, share_of_targets):
    """The partner's target is made one-hot (argmax) before it is blended: targets may be soft, and are blended as they
    are."""
    return share_of_targets * targets + (1 - share_of_targets) * _one_hot(partner_targets)


@mix.mistake("mixed_targets")
def own_target_made_one_hot(targets, partner_targets, share_of_targets):
    """The sample's own target is made one-hot (argmax) before it is blended: targets may be soft, and are blended as
    they are."""
    return share_of_targets * _one_hot(targets) + (1 - share_of_targets) * partner_targets


@mix.mistake("mixed_targets")
def both_made_one_hot(targets, partner_targets, share_of_targets):
    """Both targets are made one-hot (argmax) before they are blended: targets may be soft, and are blended as they
    are."""
    return share_of_targets * _one_hot(targets) + (1 - share_of_targets) * _one_hot(partner_targets)


@mix.mistake("mixed_targets")
def blend_made_one_hot(targets, partner_targets, share_of_targets):
    """The blended target is made one-hot (argmax): the point is that it is soft, as the picture is."""
    return _one_hot(share_of_targets * targets + (1 - share_of_targets) * partner_targets)


@mix.mistake("mixed_targets")
def partner_targets_only(partner_targets):
    """The targets are the partners': they are blended with the same lam as x."""
    return partner_targets


@mix.mistake("mixed")
def partner_only(partner):
    """x is the partners' x: blend the two."""
    return partner


@mix.mistake("mixed", "mixed_targets")
def first_term_not_scaled(x, partner, targets, partner_targets, share):
    """The sample itself is not multiplied by lam: the two shares add up to 1."""
    return x + (1 - share) * partner, targets + (1 - share) * partner_targets


@mix.mistake("mixed", "mixed_targets")
def second_term_not_scaled(x, partner, targets, partner_targets, share):
    """The partner is not multiplied by 1 - lam: the two shares add up to 1."""
    return share * x + partner, share * targets + partner_targets


@mix.mistake("mixed", "mixed_targets")
def lam_for_both(x, partner, targets, partner_targets, share):
    """Both terms are multiplied by lam: the partner's share is 1 - lam."""
    return share * (x + partner), share * (targets + partner_targets)


@mix.mistake("mixed", "mixed_targets")
def partner_subtracted(x, partner, targets, partner_targets, share):
    """The partner is subtracted: add it."""
    return share * x - (1 - share) * partner, share * targets - (1 - share) * partner_targets


@mix.mistake("mixed", "mixed_targets")
def precedence(x, partner, targets, partner_targets, share):
    """A parenthesis is missing: lam * x + 1 - lam * partner adds 1. The partner is multiplied by (1 - lam)."""
    return share * x + 1 - share * partner, share * targets + 1 - share * partner_targets


@mix.mistake("mixed", "mixed_targets")
def halved(x, partner, targets, partner_targets, share):
    """The blend is divided by 2: the shares lam and 1 - lam add up to 1 already."""
    return (share * x + (1 - share) * partner) / 2, (share * targets + (1 - share) * partner_targets) / 2


@mix.mistake("mixed")
def first_term_of_x_not_scaled(x, partner, share):
    """In x the sample itself is not multiplied by lam: the two shares add up to 1."""
    return x + (1 - share) * partner


@mix.mistake("mixed_targets")
def first_term_of_targets_not_scaled(targets, partner_targets, share_of_targets):
    """In the targets the sample's own is not multiplied by lam: the two shares add up to 1."""
    return targets + (1 - share_of_targets) * partner_targets


@mix.mistake("mixed")
def second_term_of_x_not_scaled(x, partner, share):
    """In x the partner is not multiplied by 1 - lam: the two shares add up to 1."""
    return share * x + partner


@mix.mistake("mixed_targets")
def second_term_of_targets_not_scaled(targets, partner_targets, share_of_targets):
    """In the targets the partner's is not multiplied by 1 - lam: the two shares add up to 1."""
    return share_of_targets * targets + partner_targets


@mix.mistake("mixed_targets")
def lam_for_both_targets(targets, partner_targets, share_of_targets):
    """Both targets are multiplied by lam: the partner's share is 1 - lam."""
    return share_of_targets * (targets + partner_targets)


@mix.mistake("mixed")
def lam_for_both_samples(x, partner, share):
    """Both samples are multiplied by lam: the partner's share is 1 - lam."""
    return share * (x + partner)


@mix.mistake("mixed", "mixed_targets")
def partners_blended_with_themselves(partner, partner_targets):
    """The partners are blended with themselves (x has been overwritten by x[permutation] before the sum): the sample
    itself is missing."""
    return partner, partner_targets


@mix.mistake("mixed")
def partner_of_the_scaled_x(x, partner, share):
    """The partners are taken from x after it has been multiplied by lam (x is overwritten, or changed in place): their
    share is then lam (1 - lam). Keep the original x until both terms are computed."""
    return share * x + (1 - share) * share * partner


@mix.mistake("mixed_targets")
def partner_of_the_scaled_targets(targets, partner_targets, share_of_targets):
    """The partners' targets are taken from the targets after these have been multiplied by lam (overwritten, or changed
    in place): keep the original ones until both terms are computed."""
    return share_of_targets * targets + (1 - share_of_targets) * share_of_targets * partner_targets


@mix.mistake("mixed_targets")
def targets_rounded(targets, partner_targets, share_of_targets):
    """The targets are rounded: soft targets are what mixup is for."""
    return (share_of_targets * targets + (1 - share_of_targets) * partner_targets).round()


@mix.mistake("mixed_targets")
def targets_renormalised(targets, partner_targets, share_of_targets):
    """Each row of the targets is divided by its sum: two blended rows that add up to 1 do so already."""
    blended = share_of_targets * targets + (1 - share_of_targets) * partner_targets
    return blended / blended.sum(1, keepdim=True)


@mix.mistake("mixed", "mixed_targets")
def returned_in_the_wrong_order(x, partner, targets, partner_targets, share):
    """x and targets are returned in the wrong order."""
    return share * targets + (1 - share) * partner_targets, share * x + (1 - share) * partner


@mix.mistake("mixed", "mixed_targets")
def overwritten_in_the_loop(x, targets, permutation, share):
    """The samples are blended one after the other into one tensor, and later ones meet partners that are blended
    already: keep the original batch beside the result."""
    x, targets = x.clone(), targets.clone()
    for index, other in enumerate(permutation.tolist()):
        x[index] = share * x[index] + (1 - share) * x[other]
        targets[index] = share * targets[index] + (1 - share) * targets[other]
    return x, targets


@mix.mistake("mixed", "mixed_targets")
def first_sample_only(x, partner, targets, partner_targets, share):
    """Only the first sample is blended: does the loop end in its first round?"""
    blended, blended_targets = x.clone(), targets.clone()
    blended[:1] = (share * x + (1 - share) * partner)[:1]
    blended_targets[:1] = (share * targets + (1 - share) * partner_targets)[:1]
    return blended, blended_targets


# ------------------------------------------------------------------------------------------------ cutmix

cut = Anatomy("regularization.cutmix", "pasted", "pasted_targets")


@cut.step
def corner(box):
    """the row and the column at which the box begins"""
    return box[0], box[1]


@cut.step
def extent(box):
    """the height and the width of the box"""
    return box[2], box[3]


@cut.step
def partners():
    return lambda tensor, permutation: tensor[permutation]


@cut.step
def partner(x, permutation, partners):
    """each image's partner, which `permutation` names"""
    return partners(x, permutation)


@cut.step
def partner_targets(targets, permutation, partners):
    """the target of each image's partner"""
    return partners(targets, permutation)


@cut.step
def region(corner, extent):
    """the slices of the rows and of the columns that the box covers"""
    return slice(corner[0], corner[0] + extent[0]), slice(corner[1], corner[1] + extent[1])


@cut.step
def pasted(x, partner, region):
    """the images, with their partners' pixels inside the box"""
    return _with_patch(x, partner[:, :, region[0], region[1]], region)


def _with_patch(x, patch, region):
    result = x.clone()
    result[:, :, region[0], region[1]] = patch
    return result


@cut.step
def area(x, extent):
    """the share of the image's area that the box covers"""
    return extent[0] * extent[1] / (x.shape[-2] * x.shape[-1])


@cut.step
def pasted_targets(targets, partner_targets, area):
    """the targets, blended with the partners' by the area of the box"""
    return (1 - area) * targets + area * partner_targets


@cut.quantity
def top(box):
    """the row at which the box begins"""
    return box[0]


@cut.quantity
def left(box):
    """the column at which the box begins"""
    return box[1]


@cut.quantity
def height(box):
    """the height of the box"""
    return box[2]


@cut.quantity
def width(box):
    """the width of the box"""
    return box[3]


@cut.quantity
def bottom(top, height):
    """the index at which the rows of the box end, itself no longer inside"""
    return top + height


@cut.quantity
def right(left, width):
    """the index at which the columns of the box end, itself no longer inside"""
    return left + width


@cut.quantity
def pixels_of_box(height, width):
    """the area of the box in pixels"""
    return height * width


@cut.quantity
def pixels_of_image(x):
    """the area of an image in pixels"""
    return x.shape[-2] * x.shape[-1]


@cut.quantity
def rest(area):
    """the share of the image's area that lies outside the box"""
    return 1 - area


@cut.quantity
def patch(partner, region):
    """the pixels of each image's partner inside the box"""
    return partner[:, :, region[0], region[1]]


@cut.quantity
def inside(x, region):
    """the mask of the box, True for each pixel inside"""
    return _with_patch(torch.zeros_like(x[:1, :1]), 1, region)[0, 0] == 1


@cut.quantity
def ones_and_zeros(x, inside):
    """the mask of the box in numbers, 1 for each pixel inside"""
    return inside.to(x.dtype)


@cut.mistake("corner")
def left_before_top(box):
    """top and left are swapped: the box is (top, left, height, width), rows before columns."""
    return box[1], box[0]


@cut.mistake("extent")
def width_before_height(box):
    """height and width are swapped: the box is (top, left, height, width), rows before columns."""
    return box[3], box[2]


@cut.mistake("corner", "extent")
def columns_before_rows(box):
    """Rows and columns are swapped: the box is (top, left, height, width), and the third dimension of the images runs
    from top to bottom."""
    return (box[1], box[0]), (box[3], box[2])


@cut.mistake("corner", "extent")
def size_before_corner(box):
    """You read the box as (height, width, top, left): the corner comes first."""
    return (box[2], box[3]), (box[0], box[1])


@cut.mistake("region")
def end_in_the_place_of_size(corner, extent):
    """You take height and width for the end of the box (bottom and right): the box ends at top + height and
    left + width."""
    return slice(corner[0], extent[0]), slice(corner[1], extent[1])


@cut.mistake("region", "area")
def corners_of_the_box(corner, extent, x):
    """You read the box as (top, left, bottom, right): it is (top, left, height, width)."""
    height, width = extent[0] - corner[0], extent[1] - corner[1]
    return (slice(corner[0], extent[0]), slice(corner[1], extent[1])), height * width / (x.shape[-2] * x.shape[-1])


@cut.mistake("region")
def one_row_and_column_too_many(corner, extent):
    """The box is one row and one column too large: a slice ends before its second number, so nothing is to be added."""
    return slice(corner[0], corner[0] + extent[0] + 1), slice(corner[1], corner[1] + extent[1] + 1)


@cut.mistake("region")
def one_row_and_column_too_few(corner, extent):
    """The box is one row and one column too small: a slice ends before its second number, so nothing is to be taken
    off."""
    return (
        slice(corner[0], corner[0] + max(extent[0] - 1, 0)),
        slice(corner[1], corner[1] + max(extent[1] - 1, 0)),
    )


@cut.mistake("region")
def box_around_its_centre(corner, extent):
    """You take (top, left) for the centre of the box: it is its corner."""
    top, left = corner[0] - extent[0] // 2, corner[1] - extent[1] // 2
    return slice(max(top, 0), max(top + extent[0], 0)), slice(max(left, 0), max(left + extent[1], 0))


@cut.mistake("region")
def box_around_a_centre(corner, extent):
    """You take (top, left) for the centre of the box (and push it into the image where it sticks out): it is the box's
    upper left corner."""
    top, left = (max(place - length // 2, 0) for place, length in zip(corner, extent, strict=True))
    return slice(top, top + extent[0]), slice(left, left + extent[1])


@cut.mistake("region", "area")
def empty_box_for_the_whole_image(x, corner, extent):
    """An empty box (height or width 0) is taken for the whole image, and the partner comes back: an empty box pastes
    nothing, and the targets stay as they are."""
    rows, columns = (slice(start, start + size) for start, size in zip(corner, extent, strict=True))
    share = extent[0] * extent[1] / (x.shape[-2] * x.shape[-1])
    return ((rows, columns), share) if share else ((slice(None), slice(None)), 1.0)


@cut.mistake("region")
def empty_box_to_the_end(x, corner, extent):
    """A height or width of 0 is taken for "to the end of the image" (`or`, or a test of truth): an empty box pastes
    nothing."""
    rows, columns = extent[0] or x.shape[-2] - corner[0], extent[1] or x.shape[-1] - corner[1]
    return slice(corner[0], corner[0] + rows), slice(corner[1], corner[1] + columns)


@cut.mistake("region")
def counted_from_the_corner_of_the_image(extent):
    """The box starts at the corner of the image: top and left are not used."""
    return slice(0, extent[0]), slice(0, extent[1])


@cut.mistake("region")
def to_the_end_of_the_image(corner):
    """The box reaches to the end of the image: it ends at top + height and left + width."""
    return slice(corner[0], None), slice(corner[1], None)


@cut.mistake("region")
def whole_rows(corner, extent):
    """Whole rows are pasted: the box has a first and a last column as well."""
    return slice(corner[0], corner[0] + extent[0]), slice(None)


@cut.mistake("region")
def whole_columns(corner, extent):
    """Whole columns are pasted: the box has a first and a last row as well."""
    return slice(None), slice(corner[1], corner[1] + extent[1])


@cut.mistake("region")
def width_for_both(corner, extent):
    """The width is used for the rows as well: the rows of the box end at top + height."""
    return slice(corner[0], corner[0] + extent[1]), slice(corner[1], corner[1] + extent[1])


@cut.mistake("region")
def height_for_both(corner, extent):
    """The height is used for the columns as well: the columns of the box end at left + width."""
    return slice(corner[0], corner[0] + extent[0]), slice(corner[1], corner[1] + extent[0])


@cut.mistake("pasted")
def inside_and_outside_swapped(x, partner, region):
    """Inside and outside are swapped: the partner's pixels belong into the box, and all others stay."""
    return _with_patch(partner, x[:, :, region[0], region[1]], region)


@cut.mistake("pasted")
def cut_out(x, region):
    """The box is set to 0: that is cutout. CutMix fills it with the partner's pixels."""
    return _with_patch(x, 0.0, region)


@cut.mistake("pasted")
def blended_in_the_box(x, partner, region, area):
    """Inside the box the pixels are blended by area: they are the partner's, only the targets are blended."""
    patch = (1 - area) * x + area * partner
    return _with_patch(x, patch[:, :, region[0], region[1]], region)


@cut.mistake("pasted")
def averaged_in_the_box(x, partner, region):
    """Inside the box the pixels are the mean of both images: they are the partner's."""
    return _with_patch(x, ((x + partner) / 2)[:, :, region[0], region[1]], region)


@cut.mistake("pasted")
def added_in_the_box(x, partner, region):
    """Inside the box the partner's pixels are added: they replace the image's own."""
    return _with_patch(x, (x + partner)[:, :, region[0], region[1]], region)


@cut.mistake("pasted")
def first_channel_only(x, partner, region):
    """Only the first channel is pasted: the box goes through all channels."""
    result = x.clone()
    result[:, 0, region[0], region[1]] = partner[:, 0, region[0], region[1]]
    return result


@cut.mistake("pasted")
def patch_from_the_corner(x, partner, region, extent):
    """The patch comes from the upper left corner of the partner: it comes from the same place."""
    rows, columns = (len(range(*each.indices(size))) for each, size in zip(region, x.shape[-2:], strict=True))
    return _with_patch(x, partner[:, :, :rows, :columns], region)


@cut.mistake("pasted")
def x_not_pasted(x):
    """x comes back as it was: the patch is never pasted, or comes from the image itself and not from x[permutation]."""
    return x


@cut.mistake("pasted")
def partner_returned(partner):
    """x is the whole image of the partner: only the box is pasted."""
    return partner


@cut.mistake("pasted")
def mixup_of_the_images(x, partner, area):
    """The whole images are blended by area: that is mixup. CutMix pastes the box."""
    return (1 - area) * x + area * partner


@cut.mistake("pasted")
def pasted_one_after_the_other(x, permutation, region):
    """The patches are pasted one after the other into one tensor (or x[...] = x[permutation] in memory that is shared),
    and later images get patches that were pasted already: take all patches from the original x."""
    result = x.clone()
    for index, other in enumerate(permutation.tolist()):
        result[index, :, region[0], region[1]] = result[other, :, region[0], region[1]]
    return result


@cut.mistake("pasted")
def first_image_only(x, partner, region):
    """Only the first image gets its patch: does the loop end in its first round?"""
    result = x.clone()
    result[0, :, region[0], region[1]] = partner[0, :, region[0], region[1]]
    return result


@cut.mistake("pasted")
def patch_flipped(x, partner, region):
    """The patch is mirrored: it is pasted as it is."""
    return _with_patch(x, partner[:, :, region[0], region[1]].flip(-1), region)


@cut.mistake("partners")
def inverse_permutation():
    """The permutation is used the wrong way round (its inverse): the partner of image i is image permutation[i]."""
    return lambda tensor, permutation: tensor[permutation.argsort()]


@cut.mistake("partners")
def reversed_batch():
    """The partners are the batch in reverse order: use permutation."""
    return lambda tensor, permutation: tensor.flip(0)


@cut.mistake("partners")
def next_in_the_batch():
    """The partner is the neighbour in the batch: use permutation."""
    return lambda tensor, permutation: tensor.roll(1, 0)


@cut.mistake("partners")
def next_in_the_batch_backwards():
    """The partner is the next image in the batch: use permutation."""
    return lambda tensor, permutation: tensor.roll(-1, 0)


@cut.mistake("partners")
def first_partner_for_all():
    """Every image gets the same partner, permutation[0]: each has its own."""
    return lambda tensor, permutation: tensor[permutation[:1]].expand_as(tensor)


@cut.mistake("partner_targets")
def targets_with_another_partner(targets, permutation):
    """In the targets, the partner is found with the inverse permutation: it is the same image as in x."""
    return targets[permutation.argsort()]


@cut.mistake("area")
def area_outside(x, extent):
    """The shares of the targets are swapped: the partner's share is the box's part of the image, and the rest is the
    image's own."""
    return 1 - extent[0] * extent[1] / (x.shape[-2] * x.shape[-1])


@cut.mistake("area")
def area_over_all_channels(x, extent):
    """The box is divided by the number of all values, channels included: the box goes through all channels too, so its
    share is height * width / (H * W)."""
    return extent[0] * extent[1] / (x.shape[-3] * x.shape[-2] * x.shape[-1])


@cut.mistake("area")
def area_of_the_whole_batch(x, extent):
    """The box is divided by the number of all values in the batch: its share is height * width / (H * W)."""
    return extent[0] * extent[1] / x.numel()


@cut.mistake("area")
def pixels_not_divided(extent):
    """The targets are blended by the number of pixels: divide by the pixels of the image, H * W."""
    return extent[0] * extent[1]


@cut.mistake("area")
def height_only(x, extent):
    """The share is height / H: an area has a width as well."""
    return extent[0] / x.shape[-2]


@cut.mistake("area")
def width_only(x, extent):
    """The share is width / W: an area has a height as well."""
    return extent[1] / x.shape[-1]


@cut.mistake("area")
def sum_of_the_sides(x, extent):
    """The share is made of the sum of the sides: an area is their product."""
    return (extent[0] + extent[1]) / (x.shape[-2] + x.shape[-1])


@cut.mistake("area")
def root_of_the_area(x, extent):
    """A root is taken of the area: the share is the area itself."""
    return math.sqrt(extent[0] * extent[1] / (x.shape[-2] * x.shape[-1]))


@cut.mistake("area")
def height_squared(x, extent):
    """You divide by H * H: the image has H * W pixels."""
    return extent[0] * extent[1] / x.shape[-2] ** 2


@cut.mistake("area")
def width_squared(x, extent):
    """You divide by W * W: the image has H * W pixels."""
    return extent[0] * extent[1] / x.shape[-1] ** 2


@cut.mistake("area")
def channels_and_height(x, extent):
    """You divide by C * H: the image's height and width are its last two dimensions."""
    return extent[0] * extent[1] / (x.shape[1] * x.shape[2])


@cut.mistake("area")
def precedence_of_the_division(x, extent):
    """A parenthesis is missing: height * width / H * W multiplies by W. Divide by (H * W)."""
    return extent[0] * extent[1] / x.shape[-2] * x.shape[-1]


@cut.mistake("area", constants=(0.5,))
def area_fixed(constant):
    """The targets are always blended by {constant}: use the area of the box."""
    return constant


@cut.mistake("area")
def area_of_the_corner(x, corner):
    """The share is computed from top and left: it is the area, height * width."""
    return corner[0] * corner[1] / (x.shape[-2] * x.shape[-1])


@cut.mistake("area")
def one_pixel_more_each_way(x, extent):
    """The area is counted with one row and one column too many."""
    return (extent[0] + 1) * (extent[1] + 1) / (x.shape[-2] * x.shape[-1])


@cut.mistake("pasted_targets")
def targets_not_blended(targets):
    """The targets come back as they were (not blended, blended with themselves, or by a share that // has rounded to
    0): the partner's target gets the area of the box."""
    return targets


@cut.mistake("pasted_targets")
def partner_made_one_hot(targets, partner_targets, area):
    """The partner's target is made one-hot (argmax) before it is blended: targets may be soft, and are blended as they
    are."""
    return (1 - area) * targets + area * _one_hot(partner_targets)


@cut.mistake("pasted_targets")
def both_made_one_hot(targets, partner_targets, area):
    """Both targets are made one-hot (argmax) before they are blended: targets may be soft, and are blended as they
    are."""
    return (1 - area) * _one_hot(targets) + area * _one_hot(partner_targets)


@cut.mistake("pasted_targets")
def share_of_changed_pixels(x, partner, region, targets, partner_targets):
    """The share is counted from pixels that differ: pixels that happen to be equal in both images count as well. It is
    the area of the box."""
    changed = (_with_patch(x, partner[:, :, region[0], region[1]], region) != x).to(x.dtype).flatten(1).mean(1)[:, None]
    return (1 - changed) * targets + changed * partner_targets


@cut.mistake("pasted_targets")
def partner_targets_only(partner_targets):
    """The targets are the partners': they are blended by area."""
    return partner_targets


@cut.mistake("pasted_targets")
def target_of_the_larger_part(targets, partner_targets, area):
    """You take the target of the larger part: they are blended by area."""
    return targets if area <= 0.5 else partner_targets


@cut.mistake("pasted_targets")
def own_target_not_scaled(targets, partner_targets, area):
    """The image's own target is not multiplied by 1 - share: the two shares add up to 1."""
    return targets + area * partner_targets


@cut.mistake("pasted_targets")
def partner_target_not_scaled(targets, partner_targets, area):
    """The partner's target is not multiplied by its share: the two shares add up to 1."""
    return (1 - area) * targets + partner_targets


@cut.mistake("pasted_targets")
def same_share_for_both(targets, partner_targets, area):
    """Both targets are multiplied by the box's share: the image's own is what is left, 1 - share."""
    return area * (targets + partner_targets)


@cut.mistake("pasted_targets")
def partner_target_subtracted(targets, partner_targets, area):
    """The partner's target is subtracted: add it."""
    return (1 - area) * targets - area * partner_targets


@cut.mistake("pasted", "pasted_targets")
def returned_in_the_wrong_order(x, partner, region, targets, partner_targets, area):
    """x and targets are returned in the wrong order."""
    patch = partner[:, :, region[0], region[1]]
    return (1 - area) * targets + area * partner_targets, _with_patch(x, patch, region)


# ------------------------------------------------------------------------------------------------ stochastic depth

deep = Anatomy("regularization.stochastic_depth", "y")


def _each(tensor):
    """The shape of one number a sample, ready to be broadcast."""
    return (*tensor.shape[:1], *(1 for _ in tensor.shape[1:]))


@deep.step
def chance(survival):
    return survival


@deep.step
def uniform(x, generator):
    """a uniform random number between 0 and 1 for each sample"""
    return torch.rand(_each(x), generator=generator)


@deep.step
def kept(uniform, chance):
    """the mask of training, True for each sample that keeps its branch"""
    return uniform < chance


@deep.step
def scale(survival):
    """the factor for kept branches, which makes up for the dropped ones"""
    return 1 / survival


@deep.step
def trained(x, branch, kept, scale):
    """the output of training, `x` plus the kept branches scaled up"""
    return x + branch * kept * scale


@deep.step
def evaluated(x, branch):
    """the output of evaluation, the plain sum of `x` and `branch`"""
    return x + branch


@deep.step
def y(trained, evaluated, training):
    """the output `y`, which in evaluation is the plain sum"""
    return trained if training else evaluated


@deep.quantity
def one_a_sample(x):
    """the shape for one number a sample, with as many dimensions as `x`"""
    return _each(x)


@deep.quantity
def chance_to_drop(survival):
    """the probability that training drops the branch of a sample"""
    return 1 - survival


@deep.quantity
def flat_uniform(uniform):
    """a uniform random number between 0 and 1 for each sample"""
    return uniform.reshape(-1)


@deep.quantity
def flat_kept(kept):
    """the mask of training, True for each sample that keeps its branch"""
    return kept.reshape(-1)


@deep.quantity
def dropped(kept):
    """the mask of dropped branches, True for each sample that loses its own"""
    return ~kept


@deep.quantity
def ones_and_zeros(x, kept):
    """the mask of training in numbers, 1 for each sample that keeps its branch"""
    return kept.to(x.dtype)


@deep.quantity
def factors(ones_and_zeros, scale):
    """the factor of each sample's branch in training, 0 where it is dropped"""
    return ones_and_zeros * scale


@deep.quantity
def unscaled(branch, kept):
    """the branches, with the dropped ones at 0 and nothing scaled up yet"""
    return branch * kept


@deep.quantity
def all_scaled(branch, scale):
    """every branch scaled up, whether it is kept or not"""
    return branch * scale


@deep.quantity
def added(unscaled, scale):
    """what is added to `x` in training"""
    return unscaled * scale


@deep.quantity
def all_kept(x, all_scaled):
    """the output of training if every sample kept its branch"""
    return x + all_scaled


@deep.mistake("kept")
def survival_as_the_probability_to_drop(uniform, chance):
    """Branches are dropped with probability survival: it is the probability to be kept."""
    return uniform >= chance


@deep.mistake("kept", "scale")
def survival_read_as_drop_probability(uniform, chance, survival):
    """You read survival as the probability to be dropped (as p in dropout), and scale by 1 / (1 - survival): it is the
    probability to be kept."""
    return uniform >= chance, 1 / (1 - survival) if survival < 1 else 0.0


@deep.mistake("chance", constants=(0.5, 0.8, 0.2, 0.9))
def chance_fixed(constant):
    """A branch survives with the fixed probability {constant}: use survival."""
    return constant


@deep.mistake("chance")
def survival_squared(survival):
    """A branch survives with probability survival squared: two draws decide where one is meant."""
    return survival**2


@deep.mistake("uniform")
def each_number_by_itself(x, generator):
    """Each number of the branch is dropped by itself: that is dropout. Here one draw decides about the whole branch of
    a sample."""
    return torch.rand(x.shape, generator=generator)


@deep.mistake("uniform")
def each_feature_by_itself(x, generator):
    """One draw for each feature or channel decides for all samples: it is to be one draw for each sample."""
    return torch.rand((1, *x.shape[1:]), generator=generator)


@deep.mistake("uniform")
def each_channel_of_each_sample(x, generator):
    """Each channel of a sample is dropped by itself: one draw decides about the whole branch of a sample."""
    return torch.rand((*x.shape[:2], *(1 for _ in x.shape[2:])), generator=generator)


@deep.mistake("uniform")
def one_coin_for_the_batch(x, generator):
    """One draw decides for the whole batch: each sample gets its own."""
    return torch.rand((1,) * x.dim(), generator=generator)


@deep.mistake("uniform")
def coins_along_the_last_dimension(x, generator):
    """The draws have the shape (N,) and are broadcast along the last dimension, so that they decide about columns: give
    them the shape (N, 1, ..., 1)."""
    coins = torch.rand(len(x), generator=generator)
    return coins if x.dim() and x.shape[-1] in (1, len(x)) else coins.reshape(_each(x))


@deep.mistake("uniform")
def coins_for_two_dimensions_only(x, generator):
    """The draws have the shape (N, 1), which fits for two dimensions only: x may have any number."""
    coins = torch.rand(len(x), 1, generator=generator)
    return coins if x.dim() == 2 or (x.dim() > 2 and x.shape[-2] in (1, len(x))) else coins.reshape(_each(x))


@deep.mistake("kept")
def normal_noise_below_survival(x, generator, survival):
    """The numbers come from torch.randn, a normal distribution: what is below survival is not that share. Draw uniform
    ones."""
    return torch.randn(_each(x), generator=generator) < survival


@deep.mistake("kept")
def normal_noise_above_what_is_dropped(x, generator, survival):
    """The numbers come from torch.randn, a normal distribution: what is above 1 - survival is not a share of survival.
    Draw uniform ones."""
    return torch.randn(_each(x), generator=generator) >= 1 - survival


@deep.mistake("kept")
def normal_noise_above_survival(x, generator, survival):
    """The numbers come from torch.randn, a normal distribution, and the comparison is the wrong way round. Draw uniform
    ones."""
    return torch.randn(_each(x), generator=generator) > survival


@deep.mistake("kept")
def never_dropped(x):
    """No branch is ever dropped in training, and all are scaled: what is drawn is not applied."""
    return torch.ones(_each(x), dtype=torch.bool)


@deep.mistake("kept")
def always_dropped(x):
    """Every branch is dropped: the result is x."""
    return torch.zeros(_each(x), dtype=torch.bool)


@deep.mistake("scale")
def survivors_not_scaled():
    """The branch of the survivors is not divided by survival: then training adds less on average than evaluation does.
    (The first paper scales in evaluation instead; here evaluation is the plain sum.)"""
    return 1.0


@deep.mistake("scale")
def multiplied_by_survival(survival):
    """The branch of the survivors is multiplied by survival: divide, to make up for those that are dropped."""
    return survival


@deep.mistake("scale")
def divided_by_what_is_dropped(survival):
    """The branch of the survivors is divided by 1 - survival: divide by survival, the share that is kept."""
    return 1 / (1 - survival) if survival < 1 else 1.0


@deep.mistake("scale")
def scaled_by_the_share_that_is_kept(kept):
    """The branch is divided by the share of the samples that happen to keep theirs in this call: divide by survival,
    which is the same in every call."""
    return 1 / kept.double().mean().clamp(min=1e-6)


@deep.mistake("scale")
def scaled_twice(survival):
    """The branch of the survivors is divided by survival twice: once is enough."""
    return 1 / survival**2


@deep.mistake("scale")
def root_of_survival(survival):
    """The branch is divided by the root of survival: that keeps the variance. Here the mean is kept, with survival
    itself."""
    return 1 / math.sqrt(survival)


@deep.mistake("scale")
def always_doubled():
    """The branch of the survivors is always doubled: that is right for survival = 0.5 only."""
    return 2.0


@deep.mistake("trained")
def everything_dropped_together(x, branch, kept, scale):
    """x is dropped and scaled along with the branch: the identity path is always there, unscaled. Only the branch is
    dropped."""
    return (x + branch) * kept * scale


@deep.mistake("trained")
def everything_dropped_unscaled(x, branch, kept, scale):
    """x is dropped along with the branch, a 0 is left: the identity path is always there. And survivors' branches are
    divided by survival."""
    return (x + branch) * kept


@deep.mistake("trained")
def identity_dropped(x, branch, kept, scale):
    """x is dropped, and the branch is always there: it is the other way round."""
    return x * kept * scale + branch


@deep.mistake("trained")
def identity_dropped_unscaled(x, branch, kept):
    """x is dropped, and the branch is always there: it is the other way round, and the branch is scaled."""
    return x * kept + branch


@deep.mistake("trained")
def sum_scaled(x, branch, kept, scale):
    """x is scaled along with the branch: only the branch is divided by survival."""
    return torch.where(kept, (x + branch) * scale, x)


@deep.mistake("trained")
def everything_scaled(x, branch, kept, scale):
    """x is scaled as well, in all samples: only the branch is divided by survival."""
    return (x + branch * kept) * scale


@deep.mistake("trained")
def identity_missing(x, branch, kept, scale):
    """x is missing: the branch is added to it."""
    return branch * kept * scale


@deep.mistake("trained")
def zeros_for_dropped(x, branch, kept, scale):
    """A sample whose branch is dropped becomes 0: x stays."""
    return torch.where(kept, x + branch * scale, torch.zeros_like(x))


@deep.mistake("trained")
def branch_where_kept(x, branch, kept, scale):
    """A sample that keeps its branch loses x: the two are added."""
    return torch.where(kept, branch * scale, x)


@deep.mistake("trained")
def branch_where_kept_unscaled(x, branch, kept):
    """A sample that keeps its branch loses x: the two are added, the branch divided by survival."""
    return torch.where(kept, branch, x)


@deep.mistake("trained")
def branch_subtracted(x, branch, kept, scale):
    """The branch is subtracted: add it."""
    return x - branch * kept * scale


@deep.mistake("trained")
def training_is_plain(x, branch):
    """Training is the plain sum: is anything drawn at all, or are training and evaluation the wrong way round?"""
    return x + branch


@deep.mistake("y")
def drops_in_evaluation(trained):
    """Evaluation drops as well: is `training` used? There the result is the plain sum."""
    return trained


@deep.mistake("evaluated")
def scaled_down_in_evaluation(x, branch, survival):
    """In evaluation the branch is multiplied by survival: that belongs to the first paper, which does not scale in
    training. Training has made up for it already, so evaluation is the plain sum."""
    return x + branch * survival


@deep.mistake("evaluated")
def scaled_by_what_is_dropped_in_evaluation(x, branch, survival):
    """In evaluation the branch is multiplied by 1 - survival: every branch is there, and the result is the plain
    sum."""
    return x + branch * (1 - survival)


@deep.mistake("evaluated")
def scaled_up_in_evaluation(x, branch, survival):
    """In evaluation the branch is divided by survival: nothing is dropped there, so there is nothing to make up for."""
    return x + branch / survival


@deep.mistake("evaluated")
def no_branch_in_evaluation(x):
    """In evaluation the branch is missing: every branch is there, and the result is x + branch."""
    return x


@deep.mistake("evaluated")
def branch_only_in_evaluation(branch):
    """In evaluation x is missing: the result is x + branch."""
    return branch


@deep.mistake("evaluated")
def both_scaled_down_in_evaluation(x, branch, survival):
    """In evaluation the whole sum is multiplied by survival: it is the plain sum."""
    return (x + branch) * survival


@mistake("regularization.stochastic_depth")
def same_draw_in_every_call(x, branch, survival, generator, training=True):
    """Every call drops the same samples: a seed is set anew in every call, or nothing is drawn at all. Draw from the
    generator that you are given, which moves on."""
    own = torch.Generator().manual_seed(generator.initial_seed())
    kept = torch.rand(_each(x), generator=own) < survival
    return x + branch * kept / survival if training else x + branch


# ------------------------------------------------------------------------------------------------ random flip

flip = Anatomy("regularization.random_flip", "result", "flags")


@flip.step
def chance(p):
    return p


@flip.step
def uniform(images, generator):
    """a uniform random number between 0 and 1 for each image"""
    return torch.rand(len(images), generator=generator)


@flip.step
def chosen(uniform, chance):
    """the mask of the images to mirror"""
    return uniform < chance


@flip.step
def mirrored(images):
    """all images mirrored left to right, whether chosen or not"""
    return images.flip(-1)


@flip.step
def result(images, mirrored, chosen):
    """all images, those mirrored that the draw has chosen"""
    return torch.where(chosen[:, None, None, None], mirrored, images)


@flip.step
def flags(chosen):
    """the flags that are returned, True for each image that was mirrored"""
    return chosen


@flip.quantity
def standing_uniform(uniform):
    """a uniform random number between 0 and 1 for each image"""
    return uniform[:, None, None, None]


@flip.quantity
def standing_chosen(chosen):
    """the mask of the images to mirror"""
    return chosen[:, None, None, None]


@flip.quantity
def ones_and_zeros(images, standing_chosen):
    """the mask in numbers, 1 for each image to mirror"""
    return standing_chosen.to(images.dtype)


@flip.quantity
def left_alone(chosen):
    """the opposite of the mask, True for each image that stays as it is"""
    return ~chosen


@flip.quantity
def indices(chosen):
    """the indices of the images to mirror"""
    return chosen.nonzero().reshape(-1)


@flip.quantity
def drawn(images, chosen):
    """the images to mirror, still as they were"""
    return images[chosen]


@flip.quantity
def drawn_mirrored(drawn):
    """the images to mirror, now mirrored"""
    return drawn.flip(-1)


@flip.quantity
def columns(images):
    """the indices of the columns from the last to the first"""
    return torch.arange(images.shape[-1]).flip(0)


@flip.quantity
def sources(images, chosen, columns):
    """the column that each new column comes from, image by image"""
    return torch.where(chosen[:, None], columns, columns.flip(0))


@flip.quantity
def last_column(images):
    """the index of the last column"""
    return images.shape[-1] - 1


@flip.quantity
def chance_to_stay(p):
    """the probability that an image stays as it is"""
    return 1 - p


@flip.mistake("chance")
def p_of_zero_not_taken(p):
    """With p = 0 you compute with 0.5 (is it `p or 0.5`, or `if p`?): 0 is a number like any other, and no image is
    mirrored then."""
    return p or 0.5


@flip.mistake("chosen")
def flipped_with_one_minus_p(uniform, chance):
    """The comparison is the wrong way round: images are flipped with probability 1 - p."""
    return uniform >= chance


@flip.mistake("chance", constants=(0.5, 0.2, 0.1))
def chance_fixed(constant):
    """Images are flipped with the fixed probability {constant}: use p."""
    return constant


@flip.mistake("chance")
def p_squared(p):
    """Images are flipped with probability p * p: two draws decide where one is meant."""
    return p * p


@flip.mistake("chosen")
def normal_noise_below_p(images, generator, p):
    """The numbers come from torch.randn, a normal distribution: what is below p is not a share of p. Draw uniform
    ones."""
    return torch.randn(len(images), generator=generator) < p


@flip.mistake("chosen")
def normal_noise_above_p(images, generator, p):
    """The numbers come from torch.randn, a normal distribution, and the comparison is the wrong way round. Draw uniform
    ones."""
    return torch.randn(len(images), generator=generator) > p


@flip.mistake("chosen")
def normal_noise_above_one_minus_p(images, generator, p):
    """The numbers come from torch.randn, a normal distribution: what is above 1 - p is not a share of p. Draw uniform
    ones."""
    return torch.randn(len(images), generator=generator) > 1 - p


@flip.mistake("uniform")
def one_coin_for_the_batch(images, generator):
    """One draw decides for the whole batch: each image gets its own."""
    return torch.rand(1, generator=generator).expand(len(images))


@flip.mistake("chosen")
def never_flipped(images):
    """No image is ever flipped."""
    return torch.zeros(len(images), dtype=torch.bool)


@flip.mistake("chosen")
def always_flipped(images):
    """Every image is flipped, whatever p is."""
    return torch.ones(len(images), dtype=torch.bool)


@flip.mistake("mirrored")
def upside_down(images):
    """The images are turned upside down: left to right is along the width, the last dimension."""
    return images.flip(-2)


@flip.mistake("mirrored")
def turned_around(images):
    """The images are mirrored in both directions, which turns them by 180 degrees: mirror the width only."""
    return images.flip(-1, -2)


@flip.mistake("mirrored")
def channels_reversed(images):
    """The channels are reversed: left to right is along the width, the last dimension."""
    return images.flip(1)


@flip.mistake("mirrored")
def batch_reversed(images):
    """The images of the batch change places: left to right is along the width, the last dimension."""
    return images.flip(0)


@flip.mistake("mirrored")
def everything_reversed(images):
    """All dimensions are reversed: only the width is."""
    return images.flip(-1, -2, -3)


@flip.mistake("mirrored")
def shifted(images):
    """The columns are shifted: they are to be reversed."""
    return images.roll(1, -1)


@flip.mistake("mirrored")
def shifted_to_the_left(images):
    """The columns are shifted by one to the left: they are to be reversed."""
    return images.roll(-1, -1)


@flip.mistake("mirrored")
def mirrored_and_shifted(images):
    """The mirrored images are shifted by one column: column w comes from W - 1 - w, and you use W - w (which lies
    outside for w = 0, where the first column stays)."""
    return images.flip(-1).roll(1, -1)


@flip.mistake("mirrored")
def mirrored_and_shifted_to_the_left(images):
    """The mirrored images are shifted by one column: column w comes from W - 1 - w, and you use W - 2 - w (-1, the
    last column, at the end)."""
    return images.flip(-1).roll(-1, -1)


@flip.mistake("mirrored")
def turned_by_a_quarter(images):
    """Square images are transposed or turned by a quarter: mirroring left to right reverses the columns, and rows stay
    rows."""
    return images.mT if images.shape[-1] == images.shape[-2] else images.flip(-1)


@flip.mistake("mirrored")
def columns_sorted(images):
    """The numbers of each row are sorted: they are to be reversed, whatever they are."""
    return images.sort(dim=-1, descending=True).values


@flip.mistake("mirrored")
def ends_exchanged(images):
    """Only the first and the last column change places: all columns are reversed."""
    width = images.shape[-1]
    order = [width - 1, *range(1, width - 1), 0] if width > 1 else [0]
    return images[..., order]


@flip.mistake("mirrored")
def left_half_copied(images):
    """The left half is written over before it is read: the right half of your image is a copy of the left half's
    mirror image, or the other way round. Build a new image."""
    width = images.shape[-1]
    return images[..., [max(w, width - 1 - w) for w in range(width)]]


@flip.mistake("mirrored")
def colours_inverted(images):
    """The pixels change their sign: mirroring moves them, and leaves their values alone."""
    return -images


@flip.mistake("mirrored")
def mirrored_and_inverted(images):
    """The pixels change their sign as well: mirroring moves them, and leaves their values alone."""
    return -images.flip(-1)


@flip.mistake("mirrored")
def reshaped(images):
    """Height and width are exchanged with reshape or view on the way, which puts pixels into other rows: reverse the
    last dimension, and nothing else."""
    height, width = images.shape[-2:]
    return images.reshape(*images.shape[:2], width, height).flip(-1).reshape(images.shape)


@flip.mistake("mirrored")
def first_channel_mirrored(images):
    """Only the first channel is mirrored: all of them are."""
    return torch.cat([images[:, :1].flip(-1), images[:, 1:]], dim=1)


@flip.mistake("mirrored")
def first_row_mirrored(images):
    """Only the first row of each image is mirrored: all of them are."""
    return torch.cat([images[..., :1, :].flip(-1), images[..., 1:, :]], dim=-2)


@flip.mistake("mirrored")
def channels_reversed_too(images):
    """The channels are reversed as well: only the width is."""
    return images.flip(-1, -3)


@flip.mistake("result")
def all_images_flipped(mirrored):
    """All images are flipped, and flipped says that some are not: the choice is not applied."""
    return mirrored


@flip.mistake("result")
def images_not_flipped(images):
    """No image is flipped, and flipped says that some are: the choice is not applied."""
    return images


@flip.mistake("result")
def the_others_flipped(images, mirrored, chosen):
    """images and flipped contradict each other: the images that are mirrored are the ones that flipped calls False."""
    return torch.where(chosen[:, None, None, None], images, mirrored)


@flip.mistake("flags")
def flags_inverted(chosen):
    """flipped is the wrong way round: it is True for the images that were mirrored."""
    return ~chosen


@flip.mistake("flags")
def flags_of_another_draw(images, generator, p, chosen):
    """flipped is not what was applied to the images: it is drawn a second time."""
    return torch.rand(len(images), generator=generator) < p


@flip.mistake("result")
def images_of_another_draw(images, mirrored, generator, p, chosen):
    """flipped is not what was applied to the images: it is drawn a second time."""
    again = torch.rand(len(images), generator=generator) < p
    return torch.where(again[:, None, None, None], mirrored, images)


@flip.mistake("flags")
def indices_in_the_place_of_flags(chosen):
    """You return the indices of the images that were mirrored: flipped has one True or False for each image, (N,)."""
    return chosen.nonzero().reshape(-1)


@flip.mistake("flags")
def flags_always_true(chosen):
    """flipped is True for all images, and not all are mirrored."""
    return torch.ones_like(chosen)


@flip.mistake("flags")
def flags_always_false(chosen):
    """flipped is False for all images, and some are mirrored."""
    return torch.zeros_like(chosen)


@flip.mistake("flags")
def numbers_in_the_place_of_flags(uniform):
    """You return the random numbers: flipped is their comparison with p."""
    return uniform


@flip.mistake("result")
def each_pixel_by_itself(images, mirrored, generator, p, chosen):
    """Each pixel is chosen by itself, so that images are torn apart: one draw decides about a whole image."""
    return torch.where(torch.rand(images.shape, generator=generator) < p, mirrored, images)


@flip.mistake("result")
def each_row_by_itself(images, mirrored, generator, p, chosen):
    """Each row of an image is chosen by itself: one draw decides about a whole image."""
    return torch.where(torch.rand((*images.shape[:3], 1), generator=generator) < p, mirrored, images)


@flip.mistake("result")
def each_channel_by_itself(images, mirrored, generator, p, chosen):
    """Each channel of an image is chosen by itself: one draw decides about a whole image."""
    return torch.where(torch.rand((*images.shape[:2], 1, 1), generator=generator) < p, mirrored, images)


@flip.mistake("result")
def zeros_for_the_others(mirrored, chosen):
    """Images that are not mirrored become 0: they stay as they are."""
    return mirrored * chosen[:, None, None, None]


@flip.mistake("result")
def zeros_for_the_flipped(images, chosen):
    """Images that are to be mirrored become 0: a multiplication by the choice is no flip."""
    return images * ~chosen[:, None, None, None]


@flip.mistake("result")
def scaled_like_dropout(images, mirrored, chosen, p):
    """The images are divided by 1 - p, as in dropout: nothing is lost in a flip, so there is nothing to make up for."""
    return torch.where(chosen[:, None, None, None], mirrored, images) / (1 - p if p < 1 else 1)


@flip.mistake("result")
def flags_along_the_width(images, mirrored, chosen):
    """The choice has the shape (N,) and is broadcast along the width, so that it decides about columns: give it the
    shape (N, 1, 1, 1)."""
    return torch.where(
        chosen if images.shape[-1] in (1, len(images)) else chosen[:, None, None, None], mirrored, images
    )


@flip.mistake("result", "flags")
def returned_in_the_wrong_order(images, mirrored, chosen):
    """images and flipped are returned in the wrong order."""
    return chosen, torch.where(chosen[:, None, None, None], mirrored, images)


@mistake("regularization.random_flip")
def same_draw_in_every_call(images, p, generator):
    """Every call flips the same images: a seed is set anew in every call, or nothing is drawn at all. Draw from the
    generator that you are given, which moves on."""
    own = torch.Generator().manual_seed(generator.initial_seed())
    chosen = torch.rand(len(images), generator=own) < p
    return torch.where(chosen[:, None, None, None], images.flip(-1), images), chosen


@mistake("regularization.random_flip")
def flipped_where_any_channel_is(images, p, generator):
    """Each channel of an image is chosen by itself, and flipped is True where any of them is mirrored: one draw decides
    about a whole image."""
    chosen = torch.rand(images.shape[:2], generator=generator) < p
    return torch.where(chosen[:, :, None, None], images.flip(-1), images), chosen.any(1)
