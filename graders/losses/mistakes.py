"""Known mistakes of the unit losses: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, mistake

# ---------------------------------------------------------------------------------------------- softmax

softmax = Anatomy("losses.softmax", "probabilities")


@softmax.step
def shifted(logits):
    return logits - logits.amax(-1, keepdim=True)


@softmax.step
def powers(shifted):
    return torch.exp(shifted)


@softmax.step
def total(powers):
    return powers.sum(-1, keepdim=True)


@softmax.step
def probabilities(powers, total):
    return powers / total


@softmax.mistake("shifted")
def no_maximum_subtracted(logits):
    """exp of a large logit is infinity, and infinity / infinity is NaN; exp of very negative ones is 0, and 0 / 0 is
    NaN as well. Something must be subtracted from each row before exp."""
    return logits


@softmax.mistake("shifted")
def maximum_of_the_whole_batch(logits):
    """You subtract one maximum for the whole batch. A row far below it becomes exp of a very negative number: all
    zeros, and 0 / 0. Each row needs its own maximum."""
    return logits - logits.max()


@softmax.mistake("shifted")
def maximum_of_each_column(logits):
    """You subtract the maximum of each column (over the batch). That changes the differences inside a row, and they
    are what softmax is about: take the maximum over the last dimension."""
    return logits - logits.amax(0, keepdim=True)


@softmax.mistake("shifted")
def minimum_subtracted(logits):
    """You subtract the minimum of the row. What is left is positive and can be as large as before: exp still
    overflows. Subtract what makes the largest exponent 0."""
    return logits - logits.amin(-1, keepdim=True)


@softmax.mistake("shifted")
def mean_subtracted(logits):
    """You subtract the row's mean. That centres the row but does not bound it: a row with one huge logit still
    overflows in exp. Subtract what makes the largest exponent 0."""
    return logits - logits.mean(-1, keepdim=True)


@softmax.mistake("shifted")
def mean_of_the_batch_subtracted(logits):
    """You subtract the mean of the whole batch: rows far from it still overflow, or vanish, in exp."""
    return logits - logits.mean()


@softmax.mistake("shifted")
def minimum_of_the_batch_subtracted(logits):
    """You subtract the minimum of the whole batch: everything else grows, and exp overflows."""
    return logits - logits.min()


@softmax.mistake("shifted")
def median_subtracted(logits):
    """You subtract the row's median: a row with one huge logit still overflows in exp."""
    return logits - logits.median(-1, keepdim=True).values


@softmax.mistake("shifted")
def first_logit_subtracted(logits):
    """You subtract the row's first logit. Where another logit is much larger, exp still overflows."""
    return logits - logits[..., :1]


@softmax.mistake("shifted")
def last_logit_subtracted(logits):
    """You subtract the row's last logit. Where another logit is much larger, exp still overflows."""
    return logits - logits[..., -1:]


@softmax.mistake("shifted")
def largest_absolute_value_subtracted(logits):
    """You subtract the largest absolute value. In a row of very negative logits that pushes everything further down,
    and all exponentials become 0. Subtract the largest value, with its sign."""
    return logits - logits.abs().amax(-1, keepdim=True)


@softmax.mistake("shifted")
def largest_absolute_value_of_the_batch_subtracted(logits):
    """You subtract the largest absolute value of the whole batch: rows far below it become all zeros."""
    return logits - logits.abs().max()


@softmax.mistake("shifted")
def divided_by_the_maximum(logits):
    """You divide by the maximum. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.amax(-1, keepdim=True)


@softmax.mistake("shifted")
def divided_by_the_maximum_of_the_batch(logits):
    """You divide by the maximum of the batch. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.max()


@softmax.mistake("shifted")
def divided_by_the_largest_absolute_value(logits):
    """You divide by the largest absolute value. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.abs().amax(-1, keepdim=True)


@softmax.mistake("shifted")
def standardised(logits):
    """You divide by the standard deviation. Softmax forgives adding a number to a row, not scaling it: the
    probabilities become too even or too sharp."""
    centred = logits - logits.mean(-1, keepdim=True)
    return centred / centred.std(-1, keepdim=True)


@softmax.mistake("shifted")
def sign_of_the_logits(logits):
    """The signs are turned round: the largest logit gets the smallest probability."""
    return logits.amin(-1, keepdim=True) - logits


@softmax.mistake("shifted")
def maximum_added(logits):
    """You add the maximum where it should be subtracted: the exponents grow and overflow."""
    return logits + logits.amax(-1, keepdim=True)


@softmax.mistake("shifted")
def maximum_subtracted_twice(logits):
    """The maximum is subtracted twice: with large logits every exponential becomes 0, and 0 / 0 is NaN."""
    return logits - 2 * logits.amax(-1, keepdim=True)


@softmax.mistake("shifted")
def absolute_values(logits):
    """You take the absolute value of the shifted logits: the unlikely classes come out as the likely ones."""
    return (logits - logits.amax(-1, keepdim=True)).abs()


@softmax.mistake("shifted")
def maximum_in_place_of_the_logits(logits):
    """You replace the logits by their maximum instead of subtracting it: every class gets the same probability."""
    return logits.amax(-1, keepdim=True).expand_as(logits)


@softmax.mistake("shifted", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 60.0, 70.0, 80.0, 85.0, 88.0, 100.0, 500.0, 700.0))
def logits_clamped(logits, constant):
    """You clamp the logits to at most {constant}. Nothing overflows any more, but logits beyond the limit are all
    treated alike, so the probabilities are wrong."""
    return logits.clamp(-constant, constant)


@softmax.mistake("shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
def logits_clamped_from_above(logits, constant):
    """You clamp the logits to at most {constant}. Nothing overflows any more, but logits beyond the limit are all
    treated alike, so the probabilities are wrong."""
    return logits.clamp(max=constant)


@softmax.mistake("shifted", constants=(1.0, 5.0, 10.0, 20.0, 30.0, 50.0, 60.0, 80.0, 87.0, 88.0, 100.0))
def shifted_logits_clamped(logits, constant):
    """After the shift you clamp at -{constant}: probabilities of classes further down come out too large. They may
    underflow to 0, that is right."""
    return (logits - logits.amax(-1, keepdim=True)).clamp(min=-constant)


@softmax.mistake("shifted", constants=(100.0, 10.0, 50.0, 500.0, 1000.0))
def fixed_number_subtracted(logits, constant):
    """You subtract the same number, {constant}, from every row. It helps only for logits near that number."""
    return logits - constant


@softmax.mistake("shifted", constants=(0.5, 2.0, 0.1, 10.0))
def temperature_left_in(logits, constant):
    """The logits are multiplied by {constant} on the way: that is softmax with a temperature, and none is asked for."""
    return constant * (logits - logits.amax(-1, keepdim=True))


@softmax.mistake("shifted")
def scaled_by_the_square_root_of_the_classes(logits):
    """You divide by the square root of the number of classes, as attention does. Plain softmax does not scale."""
    return (logits - logits.amax(-1, keepdim=True)) / math.sqrt(logits.shape[-1])


@softmax.mistake("powers")
def base_two(shifted):
    """You use powers of 2 where softmax uses powers of e."""
    return torch.exp2(shifted)


@softmax.mistake("powers")
def base_ten(shifted):
    """You use powers of 10 where softmax uses powers of e."""
    return 10**shifted


@softmax.mistake("powers")
def no_exponential(shifted):
    """The exponential is missing: you normalise the (shifted) logits themselves."""
    return shifted


@softmax.mistake("powers")
def expm1(shifted):
    """You use exp(x) - 1 where exp(x) is meant: the largest class gets probability 0."""
    return torch.expm1(shifted)


@softmax.mistake("powers")
def one_plus_exponential(shifted):
    """You add 1 to each exponential: the probabilities come out too even."""
    return 1 + torch.exp(shifted)


@softmax.mistake("powers")
def exponential_of_the_square(shifted):
    """You square on the way to the exponential: softmax takes exp of the logits themselves."""
    return torch.exp(-(shifted**2))


@softmax.mistake("powers")
def exponential_squared(shifted):
    """The exponentials are squared (or the logits doubled): the probabilities come out too sharp."""
    return torch.exp(shifted) ** 2


@softmax.mistake("powers")
def exponential_twice(shifted):
    """The exponential is taken twice."""
    return torch.exp(torch.exp(shifted))


@softmax.mistake("powers")
def sigmoid_of_each_logit(logits):
    """Each logit goes through a sigmoid before the normalisation. Softmax normalises exponentials."""
    return 1 / (1 + torch.exp(-logits))


@softmax.mistake("powers")
def softplus_of_each_logit(logits):
    """You normalise log(1 + exp(x)) where softmax normalises exp(x)."""
    return torch.log1p(torch.exp(logits))


@softmax.mistake("powers")
def negative_logits_cut_off(logits):
    """Negative logits are set to 0 on the way (a ReLU): softmax needs no such thing, any real number is a logit."""
    return torch.exp(logits.clamp(min=0))


@softmax.mistake("total")
def normalised_over_the_batch(powers):
    """You normalise over the batch (the first dimension). Each sample's classes compete with each other: sum over
    the last dimension."""
    return powers.sum(0, keepdim=True)


@softmax.mistake("total")
def normalised_over_everything(powers):
    """One sum for the whole batch: all rows together add up to 1. Each row must add up to 1 by itself."""
    return powers.sum()


@softmax.mistake("total")
def sum_of_the_other_classes(powers):
    """You divide by the sum of the other classes: that is the odds, not the probability. The class's own
    exponential belongs into the sum."""
    return powers.sum(-1, keepdim=True) - powers


@softmax.mistake("total")
def mean_in_place_of_sum(powers):
    """You divide by the mean of the exponentials: the result is C times too large, and rows add up to C."""
    return powers.mean(-1, keepdim=True)


@softmax.mistake("total")
def divided_by_the_largest_exponential(powers):
    """You divide by the largest exponential: the top class gets 1, but the row does not add up to 1."""
    return powers.amax(-1, keepdim=True)


@softmax.mistake("total")
def euclidean_norm(powers):
    """You divide by the root of the sum of squares: that makes the row a unit vector. Probabilities add up to 1."""
    return (powers**2).sum(-1, keepdim=True).sqrt()


@softmax.mistake("total")
def not_normalised(powers):
    """The division is missing: exponentials alone do not add up to 1."""
    return torch.ones_like(powers)


@softmax.mistake("total")
def one_added_to_the_sum(powers):
    """You add 1 to the sum: rows add up to less than 1."""
    return powers.sum(-1, keepdim=True) + 1


@softmax.mistake("total")
def sum_of_the_logits(logits):
    """You divide by the sum of the logits, where the sum of the exponentials is meant."""
    return logits.sum(-1, keepdim=True)


@softmax.mistake("total")
def exponential_of_the_sum(shifted):
    """You divide by exp of the sum, where the sum of the exps is meant: exp(a + b) is not exp(a) + exp(b)."""
    return torch.exp(shifted.sum(-1, keepdim=True))


@softmax.mistake("total")
def last_class_left_out(powers):
    """The sum leaves the last class out."""
    return powers[..., :-1].sum(-1, keepdim=True)


@softmax.mistake("total")
def first_class_left_out(powers):
    """The sum leaves the first class out."""
    return powers[..., 1:].sum(-1, keepdim=True)


@softmax.mistake("total")
def unshifted_sum(logits):
    """The numerator is shifted by the maximum and the sum is not: both must be shifted by the same number."""
    return torch.exp(logits).sum(-1, keepdim=True)


@softmax.mistake("total")
def keepdim_missing(powers):
    """The sum over the last dimension loses its dimension, so the division pairs the sums with columns instead of
    rows (or does not fit at all). Keep the dimension: keepdim."""
    return powers.sum(-1)


@softmax.mistake("total", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8))
def epsilon_in_the_denominator(powers, constant):
    """You add {constant} to the sum. After the shift by the row's maximum the sum is at least 1, so nothing can divide
    by 0, and the small number only makes the result wrong."""
    return powers.sum(-1, keepdim=True) + constant


@softmax.mistake("probabilities")
def log_of_the_probabilities(powers, total):
    """You return log-probabilities. That is the next exercise."""
    return torch.log(powers / total)


@softmax.mistake("probabilities")
def softmax_twice(powers, total):
    """Softmax is applied twice: the second one flattens the probabilities."""
    return torch.exp(powers / total) / torch.exp(powers / total).sum(-1, keepdim=True)


@softmax.mistake("probabilities")
def complement(powers, total):
    """You return 1 - p."""
    return 1 - powers / total


@softmax.mistake("probabilities", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20))
def probabilities_clamped(powers, total, constant):
    """You keep probabilities at {constant} or above. A probability may underflow to 0, that is right."""
    return (powers / total).clamp(min=constant)


@softmax.mistake("probabilities", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_added_to_the_probabilities(powers, total, constant):
    """You add {constant} to every probability. Rows no longer add up to 1."""
    return powers / total + constant


@softmax.mistake("probabilities")
def hard_maximum(powers, total):
    """You return 1 for the largest logit and 0 for the rest: that is argmax. Softmax is the soft version."""
    return (powers == powers.amax(-1, keepdim=True)).to(powers.dtype)


@softmax.mistake("probabilities", constants=(2, 3, 4, 5, 6))
def rounded(powers, total, constant):
    """The probabilities are rounded to {constant} decimals. Return them as they are."""
    return torch.round(powers / total, decimals=int(constant))


@softmax.mistake("probabilities")
def square_root_taken(powers, total):
    """A square root of the probabilities is returned: rows no longer add up to 1."""
    return (powers / total).sqrt()


@softmax.mistake("probabilities")
def denominator_through_exp(powers, total):
    """You divide by exp of the sum of exponentials, where the sum itself is meant."""
    return powers / torch.exp(total)


@softmax.mistake("probabilities")
def sigmoids(logits):
    """You return a sigmoid for each class by itself. The classes of a softmax compete: rows add up to 1."""
    return 1 / (1 + torch.exp(-logits))


@mistake("losses.softmax")
def nan_replaced_by_zero(logits):
    """NaN is replaced after the fact (nan_to_num). The overflow that made it is still there, and the answer is wrong
    where it happened: keep exp from overflowing instead."""
    powers = torch.exp(logits)
    return torch.nan_to_num(powers / powers.sum(-1, keepdim=True))


@mistake("losses.softmax")
def overflow_replaced_by_a_large_number(logits):
    """Infinity is replaced by a large number after exp (nan_to_num, clamp). All overflowing classes then look alike:
    keep exp from overflowing instead."""
    powers = torch.nan_to_num(torch.exp(logits))
    return powers / powers.sum(-1, keepdim=True)


@mistake("losses.softmax")
def nan_replaced_by_zero_after_a_shared_shift(logits):
    """NaN is replaced after the fact (nan_to_num), and the shift is one for the whole batch: rows far below come out
    as zeros. Each row needs its own maximum."""
    powers = torch.exp(logits - logits.max())
    return torch.nan_to_num(powers / powers.sum(-1, keepdim=True))


@mistake("losses.softmax", constants=(1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30))
def epsilon_hides_the_missing_maximum(logits, constant):
    """You add {constant} to the sum to avoid 0 / 0. That does not help where exp overflows, and where all exponentials
    vanish it returns zeros. Subtract each row's maximum: then the sum is at least 1."""
    powers = torch.exp(logits)
    return powers / (powers.sum(-1, keepdim=True) + constant)


@mistake("losses.softmax", constants=(1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30))
def epsilon_hides_the_shared_maximum(logits, constant):
    """You add {constant} to the sum to avoid 0 / 0, because the maximum is one for the whole batch: rows far below it
    come out as zeros. Each row needs its own maximum."""
    powers = torch.exp(logits - logits.max())
    return powers / (powers.sum(-1, keepdim=True) + constant)


@mistake("losses.softmax")
def axis_one(logits):
    """You work along dimension 1, whatever the input's shape. The classes are in the last dimension: -1 finds it
    whether there are one, two or three."""
    powers = torch.exp(logits - logits.amax(1, keepdim=True))
    return powers / powers.sum(1, keepdim=True)


@mistake("losses.softmax")
def axis_zero(logits):
    """You work along the first dimension: that normalises over the batch. The classes are in the last dimension."""
    powers = torch.exp(logits - logits.amax(0, keepdim=True))
    return powers / powers.sum(0, keepdim=True)


@mistake("losses.softmax")
def batch_of_one_squeezed(logits):
    """A dimension of size 1 gets lost (squeeze): the result must have the shape of the logits, for a batch of one as
    well."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return (powers / powers.sum(-1, keepdim=True)).squeeze()


@mistake("losses.softmax")
def sum_detached(logits):
    """The value is right and the gradient is not: the sum is cut out of autograd's graph (detach, .item(), .data,
    no_grad), so raising one logit no longer lowers the other classes."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True).detach()


@mistake("losses.softmax")
def numerator_detached(logits):
    """The value is right and the gradient is not: the exponentials in the numerator are cut out of autograd's graph
    (detach, .data, no_grad)."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers.detach() / powers.sum(-1, keepdim=True)


# ------------------------------------------------------------------------------------------ log_softmax

log_softmax = Anatomy("losses.log_softmax", "log_probabilities")


@log_softmax.step
def largest(logits):
    return logits.amax(-1, keepdim=True)


@log_softmax.step
def log_shifted(logits, largest):
    return logits - largest


@log_softmax.step
def sum_of_exponentials(log_shifted):
    return torch.exp(log_shifted).sum(-1, keepdim=True)


@log_softmax.step
def log_of_the_sum(sum_of_exponentials):
    return torch.log(sum_of_exponentials)


@log_softmax.step
def log_probabilities(log_shifted, log_of_the_sum):
    return log_shifted - log_of_the_sum


@log_softmax.mistake("largest")
def nothing_subtracted(logits):
    """Without a shift, exp of a large logit is infinity and exp of very negative ones is 0, whose logarithm is
    -infinity. Something must be subtracted from each row before exp."""
    return torch.zeros_like(logits[..., :1])


@log_softmax.mistake("largest")
def largest_of_the_whole_batch(logits):
    """You subtract one maximum for the whole batch: a row far below it becomes all zeros in exp, and log(0) is
    -infinity. Each row needs its own maximum."""
    return logits.max()


@log_softmax.mistake("largest")
def largest_of_each_column(logits):
    """You subtract the maximum of each column (over the batch): that changes the differences inside a row. Take the
    maximum over the last dimension."""
    return logits.amax(0, keepdim=True)


@log_softmax.mistake("largest")
def smallest_subtracted(logits):
    """You subtract the minimum: what is left can be large and positive, and exp overflows. Subtract what makes the
    largest exponent 0."""
    return logits.amin(-1, keepdim=True)


@log_softmax.mistake("largest")
def row_mean_subtracted(logits):
    """You subtract the row's mean: a row with one huge logit still overflows in exp. Subtract what makes the largest
    exponent 0."""
    return logits.mean(-1, keepdim=True)


@log_softmax.mistake("largest")
def batch_mean_subtracted(logits):
    """You subtract the mean of the whole batch: rows far from it still overflow, or vanish, in exp."""
    return logits.mean()


@log_softmax.mistake("largest")
def batch_minimum_subtracted(logits):
    """You subtract the minimum of the whole batch: everything else grows, and exp overflows."""
    return logits.min()


@log_softmax.mistake("largest")
def row_median_subtracted(logits):
    """You subtract the row's median: a row with one huge logit still overflows in exp."""
    return logits.median(-1, keepdim=True).values


@log_softmax.mistake("largest")
def row_first_subtracted(logits):
    """You subtract the row's first logit: where another one is much larger, exp still overflows."""
    return logits[..., :1]


@log_softmax.mistake("largest")
def row_last_subtracted(logits):
    """You subtract the row's last logit: where another one is much larger, exp still overflows."""
    return logits[..., -1:]


@log_softmax.mistake("largest")
def absolute_maximum_subtracted(logits):
    """You subtract the largest absolute value: a row of very negative logits is pushed further down, and the logarithm
    of 0 is -infinity. Subtract the largest value, with its sign."""
    return logits.abs().amax(-1, keepdim=True)


@log_softmax.mistake("largest")
def absolute_maximum_of_the_batch_subtracted(logits):
    """You subtract the largest absolute value of the whole batch: rows far below it become all zeros in exp."""
    return logits.abs().max()


@log_softmax.mistake("largest", constants=(10.0, 50.0, 100.0, 500.0, 1000.0))
def constant_subtracted(logits, constant):
    """You subtract the same number, {constant}, from every row. It helps only for logits near that number."""
    return torch.full_like(logits[..., :1], constant)


@log_softmax.mistake("log_shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
def clamped_logits(logits, constant):
    """You clamp the logits to at most {constant}. Nothing overflows any more, but logits beyond the limit are treated
    alike, and their log-probabilities are wrong."""
    return logits.clamp(-constant, constant)


@log_softmax.mistake("log_shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 700.0))
def clamped_logits_from_above(logits, constant):
    """You clamp the logits to at most {constant}. Nothing overflows any more, but logits beyond the limit are treated
    alike, and their log-probabilities are wrong."""
    return logits.clamp(max=constant)


@log_softmax.mistake("log_shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 87.0, 88.0, 100.0))
def clamped_after_the_shift(logits, largest, constant):
    """After the shift you clamp at -{constant}: a confident mistake is then never worse than that. Log-probabilities of
    -2000 are finite numbers, keep them."""
    return (logits - largest).clamp(min=-constant)


@log_softmax.mistake("log_shifted")
def turned_round(logits):
    """The signs of the logits are turned round: the largest logit gets the smallest log-probability."""
    return logits.amin(-1, keepdim=True) - logits


@log_softmax.mistake("sum_of_exponentials")
def summed_over_the_batch_dimension(log_shifted):
    """You sum over the batch (the first dimension). Each sample's classes compete with each other: sum over the last
    dimension."""
    return torch.exp(log_shifted).sum(0, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def one_sum_for_everything(log_shifted):
    """One sum for the whole batch. The exponentials of each row must add up to 1 by themselves."""
    return torch.exp(log_shifted).sum()


@log_softmax.mistake("sum_of_exponentials")
def mean_of_exponentials(log_shifted):
    """You take the mean of the exponentials where the sum is meant: the result is log C too large."""
    return torch.exp(log_shifted).mean(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def own_class_left_out(log_shifted):
    """The sum leaves the class itself out: that gives log-odds."""
    return torch.exp(log_shifted).sum(-1, keepdim=True) - torch.exp(log_shifted)


@log_softmax.mistake("sum_of_exponentials")
def largest_exponential_only(log_shifted):
    """You take the largest exponential where the sum is meant."""
    return torch.exp(log_shifted).amax(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def one_added(log_shifted):
    """You add 1 to the sum (log1p in place of log): exp(0) = 1 of the largest class is in the sum already."""
    return torch.exp(log_shifted).sum(-1, keepdim=True) + 1


@log_softmax.mistake("sum_of_exponentials")
def sum_not_shifted(logits):
    """The logit is shifted by the maximum and the sum of exponentials is not: subtract the same number in both, or add
    it again."""
    return torch.exp(logits).sum(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def dimension_lost(log_shifted):
    """The sum over the last dimension loses its dimension, so the subtraction pairs the sums with columns instead of
    rows (or does not fit at all). Keep the dimension: keepdim."""
    return torch.exp(log_shifted).sum(-1)


@log_softmax.mistake("sum_of_exponentials", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_in_the_sum(log_shifted, constant):
    """You add {constant} to the sum. After the shift by the row's maximum the sum is at least 1: there is nothing to
    guard, and the result is off."""
    return torch.exp(log_shifted).sum(-1, keepdim=True) + constant


@log_softmax.mistake("sum_of_exponentials")
def sum_of_squares(log_shifted):
    """You sum the squares of the exponentials: the sum itself is meant."""
    return (torch.exp(log_shifted) ** 2).sum(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def powers_of_two(log_shifted):
    """You sum powers of 2 where softmax sums powers of e."""
    return torch.exp2(log_shifted).sum(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def log_last_class_left_out(log_shifted):
    """The sum leaves the last class out."""
    return torch.exp(log_shifted)[..., :-1].sum(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def log_first_class_left_out(log_shifted):
    """The sum leaves the first class out."""
    return torch.exp(log_shifted)[..., 1:].sum(-1, keepdim=True)


@log_softmax.mistake("log_of_the_sum")
def log_missing(sum_of_exponentials):
    """You subtract the sum of the exponentials itself: the logarithm of the sum is missing."""
    return sum_of_exponentials


@log_softmax.mistake("log_of_the_sum")
def log_base_two(sum_of_exponentials):
    """The logarithm of the sum is taken to base 2; exp and log must belong together."""
    return torch.log2(sum_of_exponentials)


@log_softmax.mistake("log_of_the_sum")
def log_base_ten(sum_of_exponentials):
    """The logarithm of the sum is taken to base 10; exp and log must belong together."""
    return torch.log10(sum_of_exponentials)


@log_softmax.mistake("log_of_the_sum")
def sum_of_the_logits_themselves(log_shifted):
    """You sum the shifted logits: log(exp(a) + exp(b)) is not a + b."""
    return log_shifted.sum(-1, keepdim=True)


@log_softmax.mistake("log_of_the_sum")
def normaliser_left_out(sum_of_exponentials):
    """You return the shifted logits: the logarithm of the sum is not subtracted."""
    return torch.zeros_like(sum_of_exponentials)


@log_softmax.mistake("log_of_the_sum")
def maximum_not_added_back(logits, largest, sum_of_exponentials):
    """The maximum comes back on one side only: you subtract it inside exp, and the logits outside are unshifted. Shift
    both, or add the maximum to the logarithm."""
    return torch.log(sum_of_exponentials) - largest


@log_softmax.mistake("log_of_the_sum")
def maximum_counted_twice(largest, sum_of_exponentials):
    """The maximum is subtracted twice: the logits are shifted already, and you subtract it once more with the
    logarithm of the sum."""
    return torch.log(sum_of_exponentials) + largest


@log_softmax.mistake("log_probabilities")
def added_in_place_of_subtracted(log_shifted, log_of_the_sum):
    """You add the logarithm of the sum where it must be subtracted: a quotient becomes a difference."""
    return log_shifted + log_of_the_sum


@log_softmax.mistake("log_probabilities")
def divided_in_place_of_subtracted(log_shifted, log_of_the_sum):
    """You divide by the logarithm of the sum: the logarithm of a quotient is a difference."""
    return log_shifted / log_of_the_sum


@log_softmax.mistake("log_probabilities")
def negative_log_probabilities(log_shifted, log_of_the_sum):
    """The sign is turned round: log-probabilities are at most 0. The minus belongs to the cross-entropy."""
    return log_of_the_sum - log_shifted


@log_softmax.mistake("log_probabilities")
def probabilities_returned(log_shifted, log_of_the_sum):
    """You return probabilities: the logarithm is missing."""
    return torch.exp(log_shifted - log_of_the_sum)


@log_softmax.mistake("log_probabilities")
def whole_result_in_base_two(log_shifted, log_of_the_sum):
    """The result is in base 2 (bits). The natural logarithm is asked for."""
    return (log_shifted - log_of_the_sum) / math.log(2)


@log_softmax.mistake("log_probabilities")
def whole_result_in_base_ten(log_shifted, log_of_the_sum):
    """The result is in base 10. The natural logarithm is asked for."""
    return (log_shifted - log_of_the_sum) / math.log(10)


@log_softmax.mistake("log_probabilities")
def log_softmax_of_probabilities(log_shifted, log_of_the_sum):
    """Softmax is applied twice: you take the log-softmax of probabilities. The logits go in as they are."""
    inner = torch.exp(log_shifted - log_of_the_sum)
    return inner - torch.logsumexp(inner, -1, keepdim=True)


@log_softmax.mistake("log_probabilities")
def log_softmax_of_log_softmax_halved(log_shifted, log_of_the_sum):
    """The result is halved on the way."""
    return (log_shifted - log_of_the_sum) / 2


@log_softmax.mistake("log_probabilities")
def log_of_one_plus_probability(log_shifted, log_of_the_sum):
    """You take log(1 + p) (log1p) where log(p) is meant."""
    return torch.log1p(torch.exp(log_shifted - log_of_the_sum))


@log_softmax.mistake("log_probabilities")
def log_of_one_minus_probability(log_shifted, log_of_the_sum):
    """You return log(1 - p)."""
    return torch.log1p(-torch.exp(log_shifted - log_of_the_sum))


@log_softmax.mistake("log_probabilities")
def log_of_softmax(log_shifted, log_of_the_sum):
    """You take the logarithm of a probability. A probability of exp(-800) is 0 in floating point, and its logarithm is
    lost: log-softmax must not go through softmax. Simplify log(exp(x) / sum) on paper first."""
    powers = torch.exp(log_shifted)
    return torch.log(powers / powers.sum(-1, keepdim=True))


@log_softmax.mistake("log_probabilities", constants=tuple(10.0**-k for k in range(2, 46)))
def epsilon_in_the_logarithm(log_shifted, log_of_the_sum, constant):
    """You take the logarithm of p + {constant}. It is finite, but wrong: for small p it is the logarithm of {constant}. A
    log-probability of -2000 is a fine number, if you never form the probability."""
    return torch.log(torch.exp(log_shifted - log_of_the_sum) + constant)


@log_softmax.mistake("log_probabilities", constants=tuple(10.0**-k for k in range(2, 46)))
def probability_clamped_before_the_logarithm(log_shifted, log_of_the_sum, constant):
    """You clamp the probability at {constant} before the logarithm. It is finite, but wrong for small p. A log-probability of
    -2000 is a fine number, if you never form the probability."""
    return torch.log(torch.exp(log_shifted - log_of_the_sum).clamp(min=constant))


@log_softmax.mistake("log_probabilities")
def probability_clamped_at_the_smallest_float(log_shifted, log_of_the_sum):
    """You clamp the probability at the smallest float before the logarithm (finfo.tiny). It is finite, but wrong for
    small p. A log-probability of -2000 is a fine number, if you never form the probability."""
    p = torch.exp(log_shifted - log_of_the_sum)
    return torch.log(p.clamp(min=torch.finfo(p.dtype).tiny))


@log_softmax.mistake("log_probabilities")
def machine_epsilon_in_the_logarithm(log_shifted, log_of_the_sum):
    """You add finfo.eps to the probability before the logarithm. It is finite, but wrong for small p."""
    p = torch.exp(log_shifted - log_of_the_sum)
    return torch.log(p + torch.finfo(p.dtype).eps)


@log_softmax.mistake("log_probabilities")
def smallest_float_in_the_logarithm(log_shifted, log_of_the_sum):
    """You add finfo.tiny to the probability before the logarithm. It is finite, but wrong for small p."""
    p = torch.exp(log_shifted - log_of_the_sum)
    return torch.log(p + torch.finfo(p.dtype).tiny)


@log_softmax.mistake("log_probabilities")
def probability_clamped_at_machine_epsilon(log_shifted, log_of_the_sum):
    """You clamp the probability at finfo.eps before the logarithm. It is finite, but wrong for small p."""
    p = torch.exp(log_shifted - log_of_the_sum)
    return torch.log(p.clamp(min=torch.finfo(p.dtype).eps))


@log_softmax.mistake("log_probabilities", constants=(-10.0, -20.0, -30.0, -50.0, -80.0, -88.0, -100.0, -103.0, -700.0, -745.0, -1000.0))
def result_clamped(log_shifted, log_of_the_sum, constant):
    """You cut the result off at {constant}. A log-probability of -2000 is a fine number: keep it."""
    return (log_shifted - log_of_the_sum).clamp(min=constant)


@mistake("losses.log_softmax")
def log_of_naive_softmax(logits):
    """exp of a large logit is infinity, and the logarithm of a probability that has vanished is -infinity: neither a
    missing shift nor the detour through softmax survives large logits."""
    powers = torch.exp(logits)
    return torch.log(powers / powers.sum(-1, keepdim=True))


@mistake("losses.log_softmax")
def infinities_replaced(logits):
    """NaN or infinity is replaced after the fact (nan_to_num). The number that should be there is still lost: compute
    the logarithm without ever forming the probability."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return torch.nan_to_num(torch.log(powers / powers.sum(-1, keepdim=True)))


@mistake("losses.log_softmax")
def infinities_of_the_naive_form_replaced(logits):
    """NaN or infinity is replaced after the fact (nan_to_num). The number that should be there is still lost: shift
    each row by its maximum, so that nothing overflows."""
    return torch.nan_to_num(logits - torch.log(torch.exp(logits).sum(-1, keepdim=True)))


@mistake("losses.log_softmax")
def infinities_of_the_naive_softmax_replaced(logits):
    """NaN or infinity is replaced after the fact (nan_to_num). The number that should be there is still lost: shift
    each row by its maximum, and never form the probability."""
    powers = torch.exp(logits)
    return torch.nan_to_num(torch.log(powers / powers.sum(-1, keepdim=True)))


@mistake("losses.log_softmax", constants=tuple(10.0**-k for k in range(5, 31)))
def epsilon_in_the_unshifted_logarithm(logits, constant):
    """You add {constant} inside the logarithm to keep it finite. exp still overflows for large logits, and for small ones
    the result is the logarithm of {constant}. Shift each row by its maximum instead."""
    return logits - torch.log(torch.exp(logits).sum(-1, keepdim=True) + constant)


@mistake("losses.log_softmax", constants=tuple(10.0**-k for k in range(3, 31)))
def epsilon_in_the_logarithm_of_the_naive_softmax(logits, constant):
    """You take the logarithm of p + {constant}, and exp overflows for large logits. Shift each row by its maximum, and
    never form the probability."""
    powers = torch.exp(logits)
    return torch.log(powers / powers.sum(-1, keepdim=True) + constant)


@mistake("losses.log_softmax")
def along_dimension_one(logits):
    """You work along dimension 1, whatever the input's shape. The classes are in the last dimension: -1 finds it
    whether there are one, two or three."""
    return logits - torch.logsumexp(logits, 1, keepdim=True)


@mistake("losses.log_softmax")
def along_dimension_zero(logits):
    """You work along the first dimension: that normalises over the batch. The classes are in the last dimension."""
    return logits - torch.logsumexp(logits, 0, keepdim=True)


@mistake("losses.log_softmax")
def over_all_elements(logits):
    """One maximum and one sum for the whole batch: each row must be normalised by itself."""
    shift = logits - logits.max()
    return shift - torch.log(torch.exp(shift).sum())


@mistake("losses.log_softmax")
def squeezed(logits):
    """A dimension of size 1 gets lost (squeeze): the result must have the shape of the logits, for a batch of one as
    well."""
    return (logits - torch.logsumexp(logits, -1, keepdim=True)).squeeze()


@mistake("losses.log_softmax")
def log_of_the_sum_detached(logits):
    """The value is right and the gradient is not: the logarithm of the sum is cut out of autograd's graph (detach,
    .item(), .data, no_grad), so raising one logit no longer lowers the other classes."""
    return logits - torch.logsumexp(logits, -1, keepdim=True).detach()


@mistake("losses.log_softmax")
def shift_detached_on_one_side(logits):
    """The value is right and the gradient is not: the maximum is detached in one place and not in the other, where it
    no longer cancels. Detach it in both or in neither."""
    largest = logits.amax(-1, keepdim=True)
    return logits - largest.detach() - torch.log(torch.exp(logits - largest).sum(-1, keepdim=True))


# ---------------------------------------------------------------------------------------- cross_entropy

cross_entropy = Anatomy("losses.cross_entropy", "loss")


@cross_entropy.step
def log_p(logits):
    return logits - torch.logsumexp(logits, -1, keepdim=True)


@cross_entropy.step
def correct(labels):
    return labels


@cross_entropy.step
def picked(log_p, correct):
    return log_p.gather(-1, correct.unsqueeze(-1)).squeeze(-1)


@cross_entropy.step
def each(picked):
    return -picked


@cross_entropy.step
def loss(each):
    return each.mean()


@cross_entropy.mistake("log_p")
def probabilities_not_logs(logits):
    """The logarithm is missing: you average the probability itself."""
    return torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))


@cross_entropy.mistake("log_p")
def raw_logits(logits):
    """You pick the logits themselves: they are not log-probabilities until log-softmax has made them so."""
    return logits


@cross_entropy.mistake("log_p")
def logarithm_of_the_logits(logits):
    """You take the logarithm of the logits: a logit can be negative, and it is no probability. Softmax is missing."""
    return torch.log(logits)


@cross_entropy.mistake("log_p")
def softmax_applied_twice(logits):
    """Softmax is applied twice: probabilities go through log-softmax as if they were logits. Only the logits do."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return p - torch.logsumexp(p, -1, keepdim=True)


@cross_entropy.mistake("log_p")
def softmax_over_the_batch(logits):
    """The log-softmax is taken over the batch (dimension 0). The classes are in the last dimension."""
    return logits - torch.logsumexp(logits, 0, keepdim=True)


@cross_entropy.mistake("log_p")
def softmax_over_everything(logits):
    """One log-softmax over the whole batch: each row must be normalised by itself."""
    return logits - torch.logsumexp(logits.reshape(-1), 0)


@cross_entropy.mistake("log_p")
def base_two_logarithm(logits):
    """The logarithm is taken to base 2: that is bits. Cross-entropy is in nats, with the natural logarithm."""
    return (logits - torch.logsumexp(logits, -1, keepdim=True)) / math.log(2)


@cross_entropy.mistake("log_p")
def base_ten_logarithm(logits):
    """The logarithm is taken to base 10. Cross-entropy is in nats, with the natural logarithm."""
    return (logits - torch.logsumexp(logits, -1, keepdim=True)) / math.log(10)


@cross_entropy.mistake("log_p")
def sum_without_its_logarithm(logits):
    """You subtract the sum of the exponentials itself: the logarithm of the sum is missing."""
    shift = logits - logits.amax(-1, keepdim=True)
    return shift - torch.exp(shift).sum(-1, keepdim=True)


@cross_entropy.mistake("log_p")
def maximum_not_restored(logits):
    """The maximum is subtracted inside the logarithm of the sum and not outside: it must be taken from the logit as
    well, or added again."""
    largest = logits.amax(-1, keepdim=True)
    return logits - torch.log(torch.exp(logits - largest).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def mean_of_the_exponentials(logits):
    """You take the mean of the exponentials where their sum is meant: the loss is log C too small."""
    return logits - torch.logsumexp(logits, -1, keepdim=True) + math.log(logits.shape[-1])


@cross_entropy.mistake("log_p")
def sigmoid_in_place_of_softmax(logits):
    """You use a sigmoid for each class: in a softmax the classes compete for a total probability of 1."""
    return -torch.log1p(torch.exp(-logits))


@cross_entropy.mistake("log_p")
def log_of_one_minus_p(logits):
    """You take log(1 - p) where log(p) is meant."""
    return torch.log1p(-torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True)))


@cross_entropy.mistake("log_p")
def log_of_one_plus_p(logits):
    """You take log(1 + p) where log(p) is meant."""
    return torch.log1p(torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True)))


@cross_entropy.mistake("log_p")
def shifted_logits_only(logits):
    """You subtract the maximum from the logits and stop: the logarithm of the sum of exponentials is missing."""
    return logits - logits.amax(-1, keepdim=True)


@cross_entropy.mistake("log_p")
def logits_negated(logits):
    """The signs of the logits are turned round on the way."""
    return -logits - torch.logsumexp(-logits, -1, keepdim=True)


@cross_entropy.mistake("log_p")
def log_sum_leaves_the_correct_class_out(logits, labels):
    """The sum in the normaliser leaves the correct class out: softmax sums over all classes."""
    mask = torch.nn.functional.one_hot(labels, logits.shape[-1]).bool()
    return logits - torch.logsumexp(logits.masked_fill(mask, -torch.inf), -1, keepdim=True)


@cross_entropy.mistake("log_p")
def no_shift(logits):
    """Without a shift exp overflows for large logits, and vanishes for very negative ones, whose logarithm is
    -infinity. Subtract each row's maximum first, as your log_softmax does."""
    return logits - torch.log(torch.exp(logits).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def naive_softmax_then_log(logits):
    """exp of a large logit is infinity, and a probability that has vanished has no logarithm: go through log-softmax,
    with each row shifted by its maximum."""
    powers = torch.exp(logits)
    return torch.log(powers / powers.sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def softmax_then_log(logits):
    """You take the logarithm of a softmax: where the network is confidently wrong, the probability is 0 in floating
    point and the loss infinite. Use log-softmax, which never forms the probability."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return torch.log(powers / powers.sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def shift_shared_by_the_batch(logits):
    """You shift by one maximum for the whole batch: a row far below it vanishes in exp. Each row needs its own."""
    shift = logits - logits.max()
    return shift - torch.log(torch.exp(shift).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def softmax_with_a_shared_shift_then_log(logits):
    """You shift by one maximum for the whole batch and take the logarithm of a probability: rows far below vanish.
    Use log-softmax, row by row."""
    powers = torch.exp(logits - logits.max())
    return torch.log(powers / powers.sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def shift_by_the_minimum(logits):
    """You shift by the minimum: what is left can be large and positive, and exp overflows."""
    shift = logits - logits.amin(-1, keepdim=True)
    return shift - torch.log(torch.exp(shift).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def shift_by_the_mean(logits):
    """You shift by the mean: a row with one huge logit still overflows in exp."""
    shift = logits - logits.mean(-1, keepdim=True)
    return shift - torch.log(torch.exp(shift).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def shift_by_the_largest_absolute_value(logits):
    """You shift by the largest absolute value: a row of very negative logits vanishes in exp."""
    shift = logits - logits.abs().amax(-1, keepdim=True)
    return shift - torch.log(torch.exp(shift).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p")
def shift_by_the_correct_logit(logits, labels):
    """You shift by the logit of the correct class: where another logit is much larger, exp still overflows."""
    shift = logits - logits.gather(-1, labels.unsqueeze(-1))
    return shift - torch.log(torch.exp(shift).sum(-1, keepdim=True))


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in range(1, 46)))
def epsilon_inside_the_log(logits, constant):
    """You take the logarithm of p + {constant}. For a confident mistake that gives the logarithm of {constant}, however wrong the
    network is. Use log-softmax: there is no logarithm of 0 to guard against."""
    return torch.log(torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True)) + constant)


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in range(1, 46)))
def probability_clamped(logits, constant):
    """You clamp the probability at {constant} before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    return torch.log(torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True)).clamp(min=constant))


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in range(1, 17)))
def probability_clamped_on_both_sides(logits, constant):
    """You clamp the probability between {constant} and 1 - {constant} before the logarithm. Use log-softmax: there is no
    logarithm of 0 to guard against."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.log(p.clamp(constant, 1 - constant))


@cross_entropy.mistake("log_p")
def probability_clamped_at_tiny(logits):
    """You clamp the probability at the smallest float (finfo.tiny) before the logarithm: every confident mistake then
    costs the same. Use log-softmax: there is no logarithm of 0 to guard against."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.log(p.clamp(min=torch.finfo(p.dtype).tiny))


@cross_entropy.mistake("log_p")
def machine_epsilon_inside_the_log(logits):
    """You add finfo.eps to the probability before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.log(p + torch.finfo(p.dtype).eps)


@cross_entropy.mistake("log_p")
def tiny_inside_the_log(logits):
    """You add finfo.tiny to the probability before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.log(p + torch.finfo(p.dtype).tiny)


@cross_entropy.mistake("log_p")
def probability_clamped_at_eps(logits):
    """You clamp the probability at finfo.eps before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.log(p.clamp(min=torch.finfo(p.dtype).eps))


@cross_entropy.mistake("log_p", constants=(-10.0, -20.0, -30.0, -50.0, -80.0, -88.0, -100.0, -700.0, -1000.0))
def log_probability_clamped(logits, constant):
    """You cut log-probabilities off at {constant}: every confident mistake then costs the same. They are finite numbers,
    keep them."""
    return (logits - torch.logsumexp(logits, -1, keepdim=True)).clamp(min=constant)


@cross_entropy.mistake("log_p", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
def logits_clamped_first(logits, constant):
    """You clamp the logits to at most {constant}: nothing overflows any more, but larger logits are all treated alike."""
    limited = logits.clamp(-constant, constant)
    return limited - torch.logsumexp(limited, -1, keepdim=True)


@cross_entropy.mistake("log_p", constants=(20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 700.0))
def logits_clamped_from_above_first(logits, constant):
    """You clamp the logits to at most {constant}: nothing overflows any more, but larger logits are all treated alike."""
    limited = logits.clamp(max=constant)
    return limited - torch.logsumexp(limited, -1, keepdim=True)


@cross_entropy.mistake("log_p")
def infinite_log_probability_replaced(logits):
    """Infinity or NaN is replaced after the fact (nan_to_num): the price of the confident mistake is lost. Use
    log-softmax, which is finite by itself."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return torch.nan_to_num(torch.log(powers / powers.sum(-1, keepdim=True)))


@cross_entropy.mistake("log_p")
def infinite_naive_log_probability_replaced(logits):
    """Infinity or NaN is replaced after the fact (nan_to_num): the number that should be there is lost. Use
    log-softmax, with each row shifted by its maximum."""
    powers = torch.exp(logits)
    return torch.nan_to_num(torch.log(powers / powers.sum(-1, keepdim=True)))


@cross_entropy.mistake("log_p", constants=(1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15))
def epsilon_in_the_log_of_the_sum(logits, constant):
    """You add {constant} to the sum of exponentials inside the logarithm: the loss is off, and large logits overflow all
    the same. Shift each row by its maximum: then the sum is at least 1."""
    return logits - torch.log(torch.exp(logits).sum(-1, keepdim=True) + constant)


@cross_entropy.mistake("correct")
def labels_counted_from_one(labels, logits):
    """The labels are used as if they were counted from 1 (label - 1): class 0 becomes the last class."""
    return (labels - 1) % logits.shape[-1]


@cross_entropy.mistake("correct")
def labels_one_too_high(labels, logits):
    """You pick the class after the correct one (label + 1)."""
    return (labels + 1) % logits.shape[-1]


@cross_entropy.mistake("correct")
def predicted_class_in_place_of_label(logits):
    """You use the class that the network predicts (argmax): the loss must look at the label, also where the network
    disagrees with it."""
    return logits.argmax(-1)


@cross_entropy.mistake("correct")
def least_likely_class(logits):
    """You use the least likely class in place of the label."""
    return logits.argmin(-1)


@cross_entropy.mistake("correct")
def always_class_zero(labels):
    """You always use the first column: the labels are not used."""
    return torch.zeros_like(labels)


@cross_entropy.mistake("correct")
def always_the_last_class(labels, logits):
    """You always use the last column: the labels are not used."""
    return torch.full_like(labels, logits.shape[-1] - 1)


@cross_entropy.mistake("correct")
def first_label_for_all(labels):
    """The first sample's label is used for the whole batch."""
    return labels[:1].expand_as(labels)


@cross_entropy.mistake("correct")
def labels_reversed(labels):
    """The labels are paired with the samples in the wrong order."""
    return labels.flip(0)


@cross_entropy.mistake("correct")
def classes_counted_from_the_end(labels, logits):
    """You count the classes from the end (a minus before the label): label 1 picks the last class."""
    return (-labels) % logits.shape[-1]


@cross_entropy.mistake("picked")
def columns_of_the_labels(log_p, labels):
    """`log_p[:, labels]` takes, for every row, the columns of all labels: an (N, N) table. You need one number from each
    row: pair a range of rows with the labels."""
    return log_p[:, labels]


@cross_entropy.mistake("picked")
def columns_of_the_labels_over_n(log_p, labels):
    """`log_p[:, labels]` takes, for every row, the columns of all labels: an (N, N) table, and you add all of it up. You
    need one number from each row: pair a range of rows with the labels."""
    return log_p[:, labels].sum(-1)


@cross_entropy.mistake("picked")
def all_classes(log_p):
    """You average the log-probabilities of all classes: only that of the correct class counts."""
    return log_p.mean(-1)


@cross_entropy.mistake("picked")
def all_classes_summed(log_p):
    """You add up the log-probabilities of all classes: only that of the correct class counts."""
    return log_p.sum(-1)


@cross_entropy.mistake("picked")
def multiplied_by_the_label(log_p, labels):
    """The label is used as a number that multiplies the log-probabilities. It is an index: it says which class is
    correct."""
    return (log_p * labels.unsqueeze(-1)).sum(-1)


@cross_entropy.mistake("picked")
def picked_times_the_label(log_p, labels):
    """The log-probability is multiplied by the label's number. The label is an index: it says which class is correct."""
    return log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1) * labels


@cross_entropy.mistake("picked")
def binary_entropy_of_every_class(log_p, labels):
    """You add -log(1 - p) of the wrong classes: that is binary cross-entropy for each class. With softmax only the
    correct class's -log p counts."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    return (truth * log_p + (1 - truth) * torch.log1p(-torch.exp(log_p))).sum(-1)


@cross_entropy.mistake("picked")
def softmax_of_the_one_hot_labels(log_p, labels):
    """The one-hot labels go through a softmax as well, and are no longer one-hot: the labels are the truth, leave them
    alone."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    truth = torch.exp(truth) / torch.exp(truth).sum(-1, keepdim=True)
    return (truth * log_p).sum(-1)


@cross_entropy.mistake("picked")
def entropy_of_the_prediction(log_p):
    """You compute the entropy of the prediction, -sum p log p: the labels play no part in it."""
    return (torch.exp(log_p) * log_p).sum(-1)


@cross_entropy.mistake("picked")
def wrong_classes(log_p, labels):
    """You add up the log-probabilities of the wrong classes: only that of the correct class counts."""
    return log_p.sum(-1) - log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)


@cross_entropy.mistake("picked")
def weighted_by_the_probability(log_p, labels):
    """Each sample is weighted with its own probability (p log p): cross-entropy is -log p of the correct class."""
    mine = log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    return torch.exp(mine) * mine


@cross_entropy.mistake("picked")
def probability_of_the_correct_class(log_p, labels):
    """You average p - 1, the shortfall of the probability: cross-entropy takes its logarithm, which punishes confident
    mistakes far more."""
    return torch.exp(log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)) - 1


@cross_entropy.mistake("each")
def sign_forgotten(picked):
    """The minus is missing: log-probabilities are negative, a loss is positive and falls as p rises."""
    return picked


@cross_entropy.mistake("each")
def squared(picked):
    """You square the log-probability: cross-entropy is -log p itself."""
    return picked**2


@cross_entropy.mistake("each")
def focal_weight(picked):
    """Each sample is weighted with (1 - p): that is a focal loss, another exercise."""
    return -(1 - torch.exp(picked)) * picked


@cross_entropy.mistake("each")
def focal_weight_squared(picked):
    """Each sample is weighted with (1 - p) squared: that is the focal loss, another exercise."""
    return -((1 - torch.exp(picked)) ** 2) * picked


@cross_entropy.mistake("each")
def exponential_of_the_loss(picked):
    """You return the exponential, 1 / p: that is perplexity. The loss is -log p."""
    return torch.exp(-picked)


@cross_entropy.mistake("loss")
def summed_over_the_batch(each):
    """Your loss grows with the batch: it adds where it should average. Divide by N, so that one learning rate fits every
    batch size."""
    return each.sum()


@cross_entropy.mistake("loss")
def divided_by_the_classes(each, logits):
    """You divide by the number of classes C where the number of samples N is meant."""
    return each.sum() / logits.shape[-1]


@cross_entropy.mistake("loss")
def divided_by_samples_and_classes(each, logits):
    """You divide by N and by C as well (a mean over all N times C entries): each sample counts one number, its correct
    class's, so the mean is over N."""
    return each.sum() / logits.numel()


@cross_entropy.mistake("loss")
def averaged_twice(each):
    """The mean is taken twice: you divide by N two times."""
    return each.mean() / len(each)


@cross_entropy.mistake("loss")
def divided_by_n_minus_one(each):
    """You divide by N - 1: that belongs to a sample variance. The loss is a plain mean."""
    return each.sum() / (len(each) - 1)


@cross_entropy.mistake("loss")
def divided_by_n_plus_one(each):
    """You divide by N + 1."""
    return each.sum() / (len(each) + 1)


@cross_entropy.mistake("loss")
def halved(each):
    """There is a factor 1/2 too much: it belongs to squared errors, where it cancels a 2."""
    return each.mean() / 2


@cross_entropy.mistake("loss")
def doubled(each):
    """There is a factor 2 too much."""
    return 2 * each.mean()


@cross_entropy.mistake("loss")
def multiplied_by_the_batch(each):
    """You multiply by N after the sum."""
    return each.sum() * len(each)


@cross_entropy.mistake("loss")
def not_reduced(each):
    """You return one loss for each sample: their mean over the batch is asked for, a 0-d tensor."""
    return each


@cross_entropy.mistake("loss")
def one_element_vector(each):
    """The loss has shape (1,): a loss is a 0-d tensor. Look at keepdim, or at a view or stack at the end."""
    return each.mean().reshape(1)


@cross_entropy.mistake("loss")
def last_sample_only(each):
    """Only the last sample counts: in a loop over the batch the loss is overwritten, or returned, too early."""
    return each[-1]


@cross_entropy.mistake("loss")
def first_sample_only(each):
    """Only the first sample counts: a return inside the loop, or an index too many."""
    return each[0]


@cross_entropy.mistake("loss")
def last_sample_over_n(each):
    """Only the last sample counts, divided by N: in the loop over the batch the loss is overwritten, not added to."""
    return each[-1] / len(each)


@cross_entropy.mistake("loss")
def first_sample_left_out(each):
    """The first sample is left out of the sum: the loop starts one too late."""
    return each[1:].sum() / len(each)


@cross_entropy.mistake("loss")
def last_sample_left_out(each):
    """The last sample is left out of the sum: the loop ends one too early."""
    return each[:-1].sum() / len(each)


@cross_entropy.mistake("loss")
def largest_loss(each):
    """You return the largest loss of the batch: the mean is asked for."""
    return each.max()


@cross_entropy.mistake("loss")
def median_loss(each):
    """You return the median of the losses: the mean is asked for."""
    return each.median()


@cross_entropy.mistake("loss")
def square_root_of_the_mean(each):
    """A square root is taken of the loss: that belongs to squared errors."""
    return each.mean().sqrt()


@mistake("losses.cross_entropy")
def mean_probability_then_log(logits, labels):
    """You average the probabilities and then take the logarithm: the logarithm comes first, sample by sample."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return -torch.log(p.gather(-1, labels.unsqueeze(-1)).mean())


@mistake("losses.cross_entropy")
def normaliser_detached(logits, labels):
    """The value is right and the gradient is not: the log-sum-exp is cut out of autograd's graph (detach, .item(),
    no_grad), so only the correct class ever gets a gradient."""
    log_p = logits - torch.logsumexp(logits, -1, keepdim=True).detach()
    return -log_p.gather(-1, labels.unsqueeze(-1)).mean()


@mistake("losses.cross_entropy")
def correct_logit_detached(logits, labels):
    """The value is right and the gradient is not: the correct class's logit is cut out of autograd's graph, and only the
    normaliser gets a gradient."""
    return (torch.logsumexp(logits, -1) - logits.gather(-1, labels.unsqueeze(-1)).squeeze(-1).detach()).mean()


@mistake("losses.cross_entropy")
def maximum_detached_on_one_side(logits, labels):
    """The value is right and the gradient is not: the maximum is detached in one place and not in the other, where it no
    longer cancels."""
    largest = logits.amax(-1, keepdim=True)
    log_p = logits - largest.detach() - torch.log(torch.exp(logits - largest).sum(-1, keepdim=True))
    return -log_p.gather(-1, labels.unsqueeze(-1)).mean()
