"""Known mistakes of the unit losses: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.explaining.declared import Anatomy, mistake

# ---------------------------------------------------------------------------------------------- softmax

softmax = Anatomy("losses.softmax", "probabilities")


@softmax.step
def dim():
    return -1


@softmax.step
def shifted(logits, dim):
    """each row of `logits` minus its own largest entry"""
    return logits - logits.amax(dim, keepdim=True)


@softmax.step
def powers(shifted):
    """the exponentials of the shifted logits (each row minus its largest)"""
    return torch.exp(shifted)


@softmax.step
def total(powers, dim):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return powers.sum(dim, keepdim=True)


@softmax.step
def probabilities(powers, total):
    """the probabilities of the classes, which add up to 1 in every row"""
    return powers / total


@softmax.quantity
def largest(logits):
    """the largest logit of each row"""
    return logits.amax(-1, keepdim=True)


@softmax.quantity
def largest_flat(logits):
    """the largest logit of each row"""
    return logits.amax(-1)


@softmax.quantity
def total_flat(powers):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return powers.sum(-1)


@softmax.quantity
def total_for_every_class(powers, total):
    """the sum of each row's exponentials, with its maximum subtracted first, once for every class"""
    return total.expand_as(powers)


@softmax.quantity
def one_over_total(total):
    """one over the sum of each row's exponentials, with its maximum subtracted first"""
    return 1 / total


@softmax.quantity
def log_of_total(total):
    """the logarithm of the sum of each row's exponentials, with its maximum subtracted first"""
    return torch.log(total)


@softmax.quantity
def log_sum_exp(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1, keepdim=True)


@softmax.quantity
def log_sum_exp_flat(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1)


@softmax.quantity
def logs_of_probabilities(logits):
    """the logarithm of each class's probability"""
    return torch.log_softmax(logits, -1)


@softmax.quantity
def differences(logits):
    """for each class, all logits of its row minus its own"""
    return logits.unsqueeze(-2) - logits.unsqueeze(-1)


@softmax.quantity
def one_over_probabilities(differences):
    """one over the probability of each class"""
    return torch.exp(differences).sum(-1)


@softmax.quantity
def table(logits):
    """the logits as a matrix, with one set of scores a row"""
    return logits.reshape(-1, logits.shape[-1])


@mistake("losses.softmax")
def view_of_logits_that_are_not_contiguous(logits):
    """view fails where the logits are not contiguous in memory (a transposed matrix, say). reshape copies if it must,
    or work along the last dimension and leave the shape alone."""
    rows = logits.view(-1, logits.shape[-1])
    powers = torch.exp(rows - rows.amax(-1, keepdim=True))
    return (powers / powers.sum(-1, keepdim=True)).reshape(logits.shape)


@mistake("losses.softmax")
def matrices_only(logits):
    """You unpack the shape into two numbers, N and C: the logits may also be one vector, or have more dimensions. Work
    along the last dimension, and the shape does not matter."""
    _, _ = logits.shape
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@mistake("losses.softmax")
def reshaped_where_transposed_is_meant(logits):
    """You bring the classes to the front with reshape: that cuts the numbers up anew, in the order of memory, and mixes
    rows. Transposing moves a dimension, reshaping does not."""
    columns = logits.reshape(logits.shape[-1], -1)
    powers = torch.exp(columns - columns.amax(0, keepdim=True))
    return (powers / powers.sum(0, keepdim=True)).reshape(logits.shape)


@mistake("losses.log_softmax")
def reshaped_in_place_of_transposed(logits):
    """You bring the classes to the front with reshape: that cuts the numbers up anew, in the order of memory, and mixes
    rows. Transposing moves a dimension, reshaping does not."""
    columns = logits.reshape(logits.shape[-1], -1)
    return (columns - torch.logsumexp(columns, 0, keepdim=True)).reshape(logits.shape)


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
def minimum_subtracted(logits, dim):
    """You subtract the minimum of the row. What is left is positive and can be as large as before: exp still
    overflows. Subtract what makes the largest exponent 0."""
    return logits - logits.amin(dim, keepdim=True)


@softmax.mistake("shifted")
def mean_subtracted(logits, dim):
    """You subtract the row's mean. That centres the row but does not bound it: a row with one huge logit still
    overflows in exp. Subtract what makes the largest exponent 0."""
    return logits - logits.mean(dim, keepdim=True)


@softmax.mistake("shifted")
def mean_of_the_batch_subtracted(logits):
    """You subtract the mean of the whole batch: rows far from it still overflow, or vanish, in exp."""
    return logits - logits.mean()


@softmax.mistake("shifted")
def minimum_of_the_batch_subtracted(logits):
    """You subtract the minimum of the whole batch: everything else grows, and exp overflows."""
    return logits - logits.min()


@softmax.mistake("shifted")
def median_subtracted(logits, dim):
    """You subtract the row's median: a row with one huge logit still overflows in exp."""
    return logits - logits.median(dim, keepdim=True).values


@softmax.mistake("shifted")
def first_logit_subtracted(logits):
    """You subtract the row's first logit. Where another logit is much larger, exp still overflows."""
    return logits - logits[..., :1]


@softmax.mistake("shifted")
def last_logit_subtracted(logits):
    """You subtract the row's last logit. Where another logit is much larger, exp still overflows."""
    return logits - logits[..., -1:]


@softmax.mistake("shifted")
def largest_absolute_value_subtracted(logits, dim):
    """You subtract the largest absolute value. In a row of very negative logits that pushes everything further down,
    and all exponentials become 0. Subtract the largest value, with its sign."""
    return logits - logits.abs().amax(dim, keepdim=True)


@softmax.mistake("shifted")
def largest_absolute_value_of_the_batch_subtracted(logits):
    """You subtract the largest absolute value of the whole batch: rows far below it become all zeros."""
    return logits - logits.abs().max()


@softmax.mistake("shifted")
def divided_by_the_maximum(logits, dim):
    """You divide by the maximum. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.amax(dim, keepdim=True)


@softmax.mistake("shifted")
def divided_by_the_maximum_of_the_batch(logits):
    """You divide by the maximum of the batch. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.max()


@softmax.mistake("shifted")
def divided_by_the_largest_absolute_value(logits, dim):
    """You divide by the largest absolute value. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.abs().amax(dim, keepdim=True)


@softmax.mistake("shifted")
def standardised(logits, dim):
    """You divide by the standard deviation. Softmax forgives adding a number to a row, not scaling it: the
    probabilities become too even or too sharp."""
    centred = logits - logits.mean(dim, keepdim=True)
    return centred / _deviation(centred, dim)


@softmax.mistake("shifted", constants=(0.0, 1e-8, 1e-5, 1e-6, 1e-7, 1e-12))
def standardised_by_the_biased_deviation(logits, dim, constant):
    """You divide by the standard deviation of the row (plus {constant}). Softmax forgives adding a number to a row, not
    scaling it: the probabilities become too even or too sharp."""
    centred = logits - logits.mean(dim, keepdim=True)
    return centred / (centred.std(dim, keepdim=True, unbiased=False) + constant)


@softmax.mistake("shifted", constants=(0.0, 1e-8, 1e-12, 1e-10, 1e-7, 1e-6, 1e-5))
def scaled_to_between_zero_and_one(logits, dim, constant):
    """You squeeze each row into 0..1 before exp, dividing by its range (plus {constant}). Softmax forgives adding a
    number to a row, not scaling it."""
    smallest, largest = logits.amin(dim, keepdim=True), logits.amax(dim, keepdim=True)
    return (logits - smallest) / (largest - smallest + constant)


@softmax.mistake("shifted")
def only_positive_maxima_subtracted(logits, dim):
    """You subtract the maximum only where it is positive (or start the search for it at 0). A row of very negative
    logits is left as it is: all its exponentials are 0, and 0 / 0 is NaN."""
    return logits - logits.amax(dim, keepdim=True).clamp(min=0)


@softmax.mistake("shifted")
def sum_subtracted(logits, dim):
    """You subtract the row's sum: exp may still overflow, or everything in the row vanish. Subtract what makes the
    largest exponent 0."""
    return logits - logits.sum(dim, keepdim=True)


@softmax.mistake("shifted")
def divided_by_the_sum_of_the_logits(logits, dim):
    """You divide the logits by their sum before exp. Softmax forgives adding a number to a row, not scaling it."""
    return logits / logits.sum(dim, keepdim=True)


@softmax.mistake("shifted")
def divided_by_the_norm(logits, dim):
    """You divide each row by its length before exp. Softmax forgives adding a number to a row, not scaling it."""
    return logits / (logits**2).sum(dim, keepdim=True).sqrt()


@softmax.mistake("shifted")
def positions_in_place_of_logits(logits):
    """You take exp of the class's position (0, 1, 2, ...): the logits themselves are not used."""
    return torch.arange(logits.shape[-1], dtype=logits.dtype).expand_as(logits)


@softmax.mistake("dim")
def axis_one():
    """You work along dimension 1, whatever the input's shape. The classes are in the last dimension: -1 finds it
    whether there are one, two or three."""
    return 1


@softmax.mistake("dim")
def axis_zero():
    """You work along the first dimension: that normalises over the batch. The classes are in the last dimension."""
    return 0


@softmax.mistake("dim")
def axis_one_except_for_a_vector(logits):
    """You work along dimension 1 wherever there is one. With three dimensions the classes are not there: they are in
    the last dimension, -1."""
    return 1 if logits.dim() > 1 else 0


@softmax.mistake("dim")
def axis_two():
    """You work along dimension 2, which only an input of three dimensions has. The classes are in the last dimension:
    -1 finds it always."""
    return 2


@softmax.mistake("shifted")
def sign_of_the_logits(logits, dim):
    """The signs are turned round (a minus, or abs after the shift): the largest logit gets the smallest probability."""
    return logits.amin(dim, keepdim=True) - logits


@softmax.mistake("shifted")
def maximum_added(logits, dim):
    """You add the maximum where it should be subtracted: the exponents grow and overflow."""
    return logits + logits.amax(dim, keepdim=True)


@softmax.mistake("shifted")
def maximum_subtracted_twice(logits, dim):
    """The maximum is subtracted twice: with large logits every exponential becomes 0, and 0 / 0 is NaN."""
    return logits - 2 * logits.amax(dim, keepdim=True)


@softmax.mistake("shifted")
def maximum_in_place_of_the_logits(logits, dim):
    """You replace the logits by their maximum instead of subtracting it: every class gets the same probability."""
    return logits.amax(dim, keepdim=True).expand_as(logits)


@softmax.mistake("shifted", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 60.0, 70.0, 80.0, 85.0, 88.0, 100.0, 700.0))
def logits_clamped(logits, constant):
    """You clamp the logits to between -{constant} and {constant}. Nothing overflows any more, but logits beyond the
    limits are all treated alike, so the probabilities are wrong."""
    return logits.clamp(-constant, constant)


@softmax.mistake("shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 700.0))
def logits_clamped_from_above(logits, constant):
    """You clamp the logits to at most {constant}. Logits above it are all treated alike, so the probabilities are
    wrong, and rows of very negative logits still become 0 / 0."""
    return logits.clamp(max=constant)


@softmax.mistake("shifted", constants=(1.0, 5.0, 10.0, 20.0))
def shifted_logits_clamped(logits, dim, constant):
    """After the shift you clamp at -{constant}: probabilities of classes further down come out too large. They may
    underflow to 0, that is right."""
    return (logits - logits.amax(dim, keepdim=True)).clamp(min=-constant)


@softmax.mistake("shifted")
def shifted_logits_clamped_far_down(logits, dim):
    """Very small probabilities are kept from getting smaller: the shifted logits are clamped (at -30 or below), or the
    probabilities themselves. They may underflow to 0, that is right."""
    return (logits - logits.amax(dim, keepdim=True)).clamp(min=-30.0)


@softmax.mistake("shifted", constants=(100.0, 10.0, 50.0, 500.0, 1000.0))
def fixed_number_subtracted(logits, constant):
    """You subtract the same number, {constant}, from every row. It helps only for logits near that number."""
    return logits - constant


@softmax.mistake("shifted", constants=(0.5, 2.0, 0.1, 10.0))
def temperature_left_in(logits, dim, constant):
    """The logits are multiplied by {constant} on the way: that is softmax with a temperature, and none is asked for."""
    return constant * (logits - logits.amax(dim, keepdim=True))


@softmax.mistake("shifted")
def scaled_by_the_square_root_of_the_classes(logits, dim):
    """You divide by the square root of the number of classes, as attention does. Plain softmax does not scale."""
    return (logits - logits.amax(dim, keepdim=True)) / math.sqrt(logits.shape[-1])


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


@softmax.mistake("powers", constants=(2.7, 2.71, 2.72, 2.718, 2.7183, 2.71828, 3.0))
def rounded_e(shifted, constant):
    """You use {constant} for e: torch.exp knows it to the last digit."""
    return constant**shifted


@softmax.mistake("powers")
def squares_in_place_of_exponentials(logits):
    """You normalise the squares of the logits: softmax normalises their exponentials."""
    return logits**2


@softmax.mistake("powers")
def sizes_in_place_of_exponentials(logits):
    """You normalise the absolute values of the logits: softmax normalises their exponentials."""
    return logits.abs()


@softmax.mistake("powers")
def logits_in_place_of_exponentials(logits):
    """The exponential is missing: you divide the logits by their sum, which can be negative or 0."""
    return logits


@softmax.mistake("powers")
def logits_above_the_smallest(logits, dim):
    """The exponential is missing: you divide each logit's distance from the smallest by the sum of these distances."""
    return logits - logits.amin(dim, keepdim=True)


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
def sum_of_the_other_classes(powers, dim):
    """You divide by the sum of the other classes: that is the odds, not the probability. The class's own
    exponential belongs into the sum."""
    return powers.sum(dim, keepdim=True) - powers


@softmax.mistake("total")
def mean_in_place_of_sum(powers, dim):
    """You divide by the mean of the exponentials: the result is C times too large, and rows add up to C."""
    return powers.mean(dim, keepdim=True)


@softmax.mistake("total")
def not_normalised(powers):
    """The division by the sum is missing (or you divide by the largest exponential): exponentials alone do not add up
    to 1."""
    return torch.ones_like(powers)


@softmax.mistake("total")
def euclidean_norm(powers, dim):
    """You divide by the root of the sum of squares: that makes the row a unit vector. Probabilities add up to 1."""
    return (powers**2).sum(dim, keepdim=True).sqrt()


@softmax.mistake("total")
def one_added_to_the_sum(powers, dim):
    """You add 1 to the sum: rows add up to less than 1."""
    return powers.sum(dim, keepdim=True) + 1


@softmax.mistake("total")
def sum_of_the_logits(logits, dim):
    """You divide by the sum of the logits, where the sum of the exponentials is meant."""
    return logits.sum(dim, keepdim=True)


@softmax.mistake("total")
def exponential_of_the_sum(shifted, dim):
    """You divide by exp of the sum, where the sum of the exps is meant: exp(a + b) is not exp(a) + exp(b)."""
    return torch.exp(shifted.sum(dim, keepdim=True))


@softmax.mistake("total")
def last_class_left_out(powers, dim):
    """The sum leaves the last class out."""
    return powers[..., :-1].sum(dim, keepdim=True)


@softmax.mistake("total")
def first_class_left_out(powers, dim):
    """The sum leaves the first class out."""
    return powers[..., 1:].sum(dim, keepdim=True)


@softmax.mistake("total")
def unshifted_sum(logits, dim):
    """The numerator is shifted by the maximum and the sum is not: both must be shifted by the same number."""
    return torch.exp(logits).sum(dim, keepdim=True)


@softmax.mistake("total")
def keepdim_missing(powers, dim):
    """A sum (or maximum) over the last dimension loses its dimension, so it is paired with columns instead of rows, or
    does not fit at all. Keep the dimension: keepdim."""
    return powers.sum(dim)


@softmax.mistake("total", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8))
def epsilon_in_the_denominator(powers, dim, constant):
    """You add {constant} to the sum. After the shift by the row's maximum the sum is at least 1, so nothing can divide
    by 0, and the small number only makes the result wrong."""
    return powers.sum(dim, keepdim=True) + constant


@softmax.mistake("total")
def log_of_the_total(powers, dim):
    """You divide by the logarithm of the sum: that mixes softmax with log-softmax. Divide by the sum itself."""
    return torch.log(powers.sum(dim, keepdim=True))


@softmax.mistake("total")
def number_of_classes(logits, powers):
    """You divide by the number of classes, where the sum of the exponentials is meant."""
    return torch.full_like(powers, logits.shape[-1])


@softmax.mistake("total")
def sum_divided_by_the_batch(powers, dim):
    """The sum is divided by the number of rows on the way: each row adds up to N."""
    return powers.sum(dim, keepdim=True) / len(powers)


@softmax.mistake("total")
def first_row_total(powers, dim):
    """All rows are divided by the first row's sum: each needs its own."""
    return powers.sum(dim, keepdim=True).reshape(-1)[0]


@softmax.mistake("total")
def running_sum(powers, dim):
    """You divide by the sum so far, while it still grows (or by cumsum): finish the sum first, then divide."""
    return powers.cumsum(dim)


@softmax.mistake("total")
def neighbouring_total(powers, dim):
    """You divide each row by another row's sum: the sums stand in the wrong order."""
    return powers.sum(dim, keepdim=True).flip(0)


@softmax.mistake("shifted", "total")
def one_distribution_for_the_batch(logits):
    """One maximum and one sum for the whole batch: all rows together add up to 1. Each row is a distribution of its
    own."""
    shifted = logits - logits.max()
    return shifted, torch.exp(shifted).sum()


@softmax.mistake("shifted", "total")
def rows_of_the_first_dimension(logits):
    """Your loop over the first dimension takes whatever it finds for one row of logits: a single number if the input is
    a vector, a whole matrix if it has three dimensions. A row is the last dimension."""
    rows = logits.reshape(len(logits), -1)
    rows = rows - rows.amax(1, keepdim=True)
    totals = torch.exp(rows).sum(1).reshape(-1, *[1] * (logits.dim() - 1))
    return rows.reshape(logits.shape), totals


@softmax.mistake("probabilities")
def numerator_not_shifted(logits, total):
    """The sum is shifted by the maximum and the numerator is not: both must be shifted by the same number."""
    return torch.exp(logits) / total


@softmax.mistake("probabilities")
def divided_inside_the_exponential(shifted, total):
    """A parenthesis is misplaced: you divide by the sum inside exp. exp comes first, the division after it."""
    return torch.exp(shifted / total)


@softmax.mistake("probabilities")
def every_class_gets_one(powers):
    """Every class gets probability 1: each exponential is divided by itself (a maximum in the place of the row, or a
    sum over a single number). Divide by the sum over the row's classes."""
    return torch.ones_like(powers)


@softmax.mistake("probabilities")
def nothing_filled_in(powers):
    """All probabilities are 0: the result is created and never filled in."""
    return torch.zeros_like(powers)


@softmax.mistake("probabilities")
def return_inside_the_loop(powers, total):
    """Only the first row is filled in, the others stay 0: the return stands inside the loop over the rows, and ends it
    in its first round."""
    return _only_row(powers / total, 0)


@softmax.mistake("probabilities")
def only_the_last_row_filled_in(powers, total):
    """Only the last row is filled in, the others stay 0: every round of the loop must write into a row of its own."""
    return _only_row(powers / total, -1)


@softmax.mistake("probabilities")
def last_row_left_out(powers, total):
    """The last row stays 0: the loop over the rows ends one too early."""
    return _without_row(powers / total, -1)


@softmax.mistake("probabilities")
def first_row_left_out(powers, total):
    """The first row stays 0: the loop over the rows starts at 1, and counting starts at 0."""
    return _without_row(powers / total, 0)


@softmax.mistake("probabilities")
def first_row_only_returned(powers, total):
    """You return a single row: the return stands inside the loop over the rows. Collect them all first."""
    return (powers / total).reshape(-1, powers.shape[-1])[0]


@softmax.mistake("probabilities")
def last_row_only_returned(powers, total):
    """You return a single row, the last one: every round of the loop overwrites the one before. Collect them all."""
    return (powers / total).reshape(-1, powers.shape[-1])[-1]


@softmax.mistake("probabilities")
def always_a_matrix(powers, total):
    """The result is always a matrix: it must have the shape of the logits, a vector for a vector and three dimensions
    for three."""
    return (powers / total).reshape(-1, powers.shape[-1])


@softmax.mistake("probabilities")
def vector_becomes_a_matrix(powers, total):
    """A vector of logits comes back as a matrix with one row: the result must have the shape of the logits."""
    probabilities = powers / total
    return probabilities.unsqueeze(0) if probabilities.dim() == 1 else probabilities


@softmax.mistake("probabilities")
def leading_dimensions_merged(powers, total):
    """Three dimensions come back as two: give the result the shape of the logits again."""
    probabilities = powers / total
    return probabilities.flatten(0, -2) if probabilities.dim() > 2 else probabilities


@softmax.mistake("probabilities")
def largest_probability_only(powers, total, dim):
    """You return the largest probability of each row: one for every class is asked for."""
    return (powers / total).amax(dim)


@softmax.mistake("probabilities")
def predicted_class(powers, dim):
    """You return the index of the largest class: a probability for every class is asked for."""
    return powers.argmax(dim)


@softmax.mistake("probabilities")
def negative_log_of_the_probabilities(powers, total):
    """You return -log p of every class, which is a loss. The probabilities themselves are asked for."""
    return -torch.log(powers / total)


@softmax.mistake("probabilities")
def percentages(powers, total):
    """You return percentages: the row adds up to 100. Probabilities add up to 1."""
    return 100 * powers / total


@softmax.mistake("probabilities")
def slope_of_the_softmax(powers, total):
    """You return p (1 - p), softmax's slope: the probabilities themselves are asked for."""
    return powers / total * (1 - powers / total)


@softmax.mistake("probabilities")
def squared_probabilities(powers, total):
    """The probabilities are squared: rows no longer add up to 1."""
    return (powers / total) ** 2


@softmax.mistake("probabilities")
def upside_down(powers, total):
    """The fraction is upside down: the sum is divided by the exponential."""
    return total / powers


@softmax.mistake("probabilities")
def multiplied_by_the_total(powers, total):
    """You multiply by the sum where you should divide."""
    return powers * total


@softmax.mistake("probabilities")
def total_subtracted(powers, total):
    """You subtract the sum where you should divide by it: that works for logarithms only."""
    return powers - total


@softmax.mistake("probabilities")
def sorted_probabilities(powers, total):
    """The probabilities come back sorted: each belongs to its class, leave them in place."""
    return (powers / total).sort(-1, descending=True).values


@softmax.mistake("probabilities")
def log_of_the_probabilities(powers, total):
    """You return log-probabilities. That is the next exercise."""
    return torch.log(powers / total)


@softmax.mistake("probabilities")
def softmax_twice(powers, total, dim):
    """Softmax is applied twice: the second one flattens the probabilities."""
    return torch.exp(powers / total) / torch.exp(powers / total).sum(dim, keepdim=True)


@softmax.mistake("probabilities")
def complement(powers, total):
    """You return 1 - p."""
    return 1 - powers / total


@softmax.mistake("probabilities", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def probabilities_clamped(powers, total, constant):
    """You keep probabilities at {constant} or above. A probability may underflow to 0, that is right."""
    return (powers / total).clamp(min=constant)


@softmax.mistake("probabilities", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_added_to_the_probabilities(powers, total, constant):
    """You add {constant} to every probability. Rows no longer add up to 1."""
    return powers / total + constant


@softmax.mistake("probabilities")
def hard_maximum(powers, total, dim):
    """You return 1 for the largest logit and 0 for the rest: that is argmax. Softmax is the soft version."""
    return (powers == powers.amax(dim, keepdim=True)).to(powers.dtype)


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


def _deviation(tensor, dim):
    """The standard deviation, without the warning that torch gives for a single number."""
    squares = (tensor - tensor.mean(dim, keepdim=True)) ** 2
    return (squares.sum(dim, keepdim=True) / (tensor.shape[dim] - 1)).sqrt()


def _only_row(tensor, index):
    """`tensor` with every row but one set to 0."""
    rows = torch.zeros_like(tensor).reshape(-1, tensor.shape[-1])
    rows[index] = tensor.reshape(-1, tensor.shape[-1])[index]
    return rows.reshape(tensor.shape)


def _without_row(tensor, index):
    """`tensor` with one row set to 0."""
    return tensor - _only_row(tensor, index)


@mistake("losses.softmax")
def nan_replaced_by_equal_shares(logits):
    """NaN is replaced by 1/C after the fact. The overflow that made it is still there, and the answer is wrong where it
    happened: keep exp from overflowing instead."""
    powers = torch.exp(logits)
    probabilities = powers / powers.sum(-1, keepdim=True)
    return probabilities.where(~probabilities.isnan(), torch.full_like(logits, 1 / logits.shape[-1]))


@mistake("losses.softmax")
def nan_replaced_by_one(logits):
    """NaN is replaced by 1 after the fact. The overflow that made it is still there: keep exp from overflowing
    instead."""
    powers = torch.exp(logits)
    return torch.nan_to_num(powers / powers.sum(-1, keepdim=True), nan=1.0)


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


@mistake("losses.softmax", constants=(1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_hides_the_missing_maximum(logits, constant):
    """You add {constant} to the sum to avoid 0 / 0. That does not help where exp overflows, and where all exponentials
    vanish it returns zeros. Subtract each row's maximum: then the sum is at least 1."""
    powers = torch.exp(logits)
    return powers / (powers.sum(-1, keepdim=True) + constant)


@mistake("losses.softmax")
def tiny_epsilon_hides_the_missing_maximum(logits):
    """You add a tiny number to the sum to avoid 0 / 0. That does not help where exp overflows, and where all
    exponentials vanish it returns zeros. Subtract each row's maximum: then the sum is at least 1."""
    powers = torch.exp(logits)
    return powers / (powers.sum(-1, keepdim=True) + 1e-15)


@mistake("losses.softmax", constants=(1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30))
def epsilon_hides_the_shared_maximum(logits, constant):
    """You add {constant} to the sum to avoid 0 / 0, because the maximum is one for the whole batch: rows far below it
    come out as zeros. Each row needs its own maximum."""
    powers = torch.exp(logits - logits.max())
    return powers / (powers.sum(-1, keepdim=True) + constant)


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
def sum_and_shift_detached(logits):
    """The value is right and the gradient is not: the sum is cut out of autograd's graph (detach, .item(), .data,
    no_grad). Detaching the maximum does no harm, detaching the sum does: raising one logit must lower the others."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True).detach())
    return powers / powers.sum(-1, keepdim=True).detach()


@mistake("losses.softmax")
def shift_detached_in_the_sum_only(logits):
    """The value is right and the gradient is not: the maximum is detached in the sum and not in the numerator (or the
    other way round), so it no longer cancels. Detach it in both or in neither."""
    largest = logits.amax(-1, keepdim=True)
    return torch.exp(logits - largest) / torch.exp(logits - largest.detach()).sum(-1, keepdim=True)


@mistake("losses.softmax")
def shift_detached_in_the_numerator_only(logits):
    """The value is right and the gradient is not: the maximum is detached in the numerator and not in the sum, so it no
    longer cancels. Detach it in both or in neither."""
    largest = logits.amax(-1, keepdim=True)
    return torch.exp(logits - largest.detach()) / torch.exp(logits - largest).sum(-1, keepdim=True)


@mistake("losses.softmax")
def numerator_and_shift_detached(logits):
    """The value is right and the gradient is not: the numerator is cut out of autograd's graph. Detaching the maximum
    does no harm, detaching the exponentials does."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True).detach())
    return powers.detach() / powers.sum(-1, keepdim=True)


@mistake("losses.softmax")
def numerator_detached(logits):
    """The value is right and the gradient is not: the exponentials in the numerator are cut out of autograd's graph
    (detach, .data, no_grad)."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers.detach() / powers.sum(-1, keepdim=True)


# ------------------------------------------------------------------------------------------ log_softmax

log_softmax = Anatomy("losses.log_softmax", "log_probabilities")


@log_softmax.step
def axis():
    return -1


@log_softmax.step
def largest(logits, axis):
    """the largest logit of each row"""
    return logits.amax(axis, keepdim=True)


@log_softmax.step
def log_shifted(logits, largest):
    """each row of `logits` minus its own largest entry"""
    return logits - largest


@log_softmax.step
def sum_of_exponentials(log_shifted, axis):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return torch.exp(log_shifted).sum(axis, keepdim=True)


@log_softmax.step
def log_of_the_sum(sum_of_exponentials):
    """the logarithm of the sum of each row's exponentials, with its maximum subtracted first"""
    return torch.log(sum_of_exponentials)


@log_softmax.step
def log_probabilities(log_shifted, log_of_the_sum):
    """the log-probability of each class"""
    return log_shifted - log_of_the_sum


@log_softmax.quantity
def largest_flat(logits):
    """the largest logit of each row"""
    return logits.amax(-1)


@log_softmax.quantity
def exponentials(log_shifted):
    """the exponentials of the shifted logits (each row minus its largest)"""
    return torch.exp(log_shifted)


@log_softmax.quantity
def sum_flat(sum_of_exponentials):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return sum_of_exponentials.squeeze(-1)


@log_softmax.quantity
def log_of_the_sum_flat(log_of_the_sum):
    """the logarithm of the sum of each row's exponentials, with its maximum subtracted first"""
    return log_of_the_sum.squeeze(-1)


@log_softmax.quantity
def sum_of_the_others(exponentials):
    """the sum of each row's shifted exponentials, without that of its largest logit"""
    return exponentials.sort(-1).values[..., :-1].sum(-1, keepdim=True)


@log_softmax.quantity
def log_sum_exp(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1, keepdim=True)


@log_softmax.quantity
def log_sum_exp_flat(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1)


@log_softmax.quantity
def log_sum_exp_for_every_class(logits, log_sum_exp):
    """the log-sum-exp of each row of the unshifted `logits`, once for every class"""
    return log_sum_exp.expand_as(logits)


@log_softmax.quantity
def table(logits):
    """the logits as a matrix, with one set of scores a row"""
    return logits.reshape(-1, logits.shape[-1])


@mistake("losses.log_softmax")
def view_of_what_is_not_contiguous(logits):
    """view fails where the logits are not contiguous in memory (a transposed matrix, say). reshape copies if it must,
    or work along the last dimension and leave the shape alone."""
    rows = logits.view(-1, logits.shape[-1])
    return (rows - torch.logsumexp(rows, -1, keepdim=True)).reshape(logits.shape)


@mistake("losses.log_softmax")
def log_matrices_only(logits):
    """You unpack the shape into two numbers, N and C: the logits may also be one vector, or have more dimensions. Work
    along the last dimension, and the shape does not matter."""
    _, _ = logits.shape
    return logits - torch.logsumexp(logits, -1, keepdim=True)


@mistake("losses.log_softmax")
def matrices_only_in_einsum(logits):
    """Your einsum names two dimensions: the logits may also be one vector, or have more dimensions. An ellipsis stands
    for any number of them, and a sum over -1 needs no names."""
    shift = logits - logits.amax(-1, keepdim=True)
    return shift - torch.log(torch.einsum("nc->n", torch.exp(shift))).unsqueeze(-1)


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
def smallest_subtracted(logits, axis):
    """You subtract the minimum: what is left can be large and positive, and exp overflows. Subtract what makes the
    largest exponent 0."""
    return logits.amin(axis, keepdim=True)


@log_softmax.mistake("largest")
def row_mean_subtracted(logits, axis):
    """You subtract the row's mean: a row with one huge logit still overflows in exp. Subtract what makes the largest
    exponent 0."""
    return logits.mean(axis, keepdim=True)


@log_softmax.mistake("largest")
def batch_mean_subtracted(logits):
    """You subtract the mean of the whole batch: rows far from it still overflow, or vanish, in exp."""
    return logits.mean()


@log_softmax.mistake("largest")
def batch_minimum_subtracted(logits):
    """You subtract the minimum of the whole batch: everything else grows, and exp overflows."""
    return logits.min()


@log_softmax.mistake("largest")
def row_median_subtracted(logits, axis):
    """You subtract the row's median: a row with one huge logit still overflows in exp."""
    return logits.median(axis, keepdim=True).values


@log_softmax.mistake("largest")
def row_first_subtracted(logits):
    """You subtract the row's first logit: where another one is much larger, exp still overflows."""
    return logits[..., :1]


@log_softmax.mistake("largest")
def row_last_subtracted(logits):
    """You subtract the row's last logit: where another one is much larger, exp still overflows."""
    return logits[..., -1:]


@log_softmax.mistake("largest")
def absolute_maximum_subtracted(logits, axis):
    """You subtract the largest absolute value: a row of very negative logits is pushed further down, and the logarithm
    of 0 is -infinity. Subtract the largest value, with its sign."""
    return logits.abs().amax(axis, keepdim=True)


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
    """You clamp the logits to between -{constant} and {constant}. Nothing overflows any more, but logits beyond the
    limits are treated alike, and their log-probabilities are wrong."""
    return logits.clamp(-constant, constant)


@log_softmax.mistake("log_shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 700.0))
def clamped_logits_from_above(logits, constant):
    """You clamp the logits to at most {constant}. Logits above it are treated alike, so their log-probabilities are
    wrong, and rows of very negative logits still end in log(0)."""
    return logits.clamp(max=constant)


@log_softmax.mistake("log_shifted", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 87.0, 88.0, 100.0))
def clamped_after_the_shift(logits, largest, constant):
    """After the shift you clamp at -{constant}: a confident mistake is then never worse than that. Log-probabilities of
    -2000 are finite numbers, keep them."""
    return (logits - largest).clamp(min=-constant)


@log_softmax.mistake("log_shifted", constants=(0.5, 2.0, 0.1, 10.0))
def logits_scaled(logits, largest, constant):
    """The logits are multiplied by {constant} on the way: that is a temperature, and none is asked for."""
    return constant * (logits - largest)


@log_softmax.mistake("log_shifted")
def logits_divided_by_the_maximum(logits, largest):
    """You divide by the maximum. Log-softmax forgives adding a number to a row, not scaling it."""
    return logits / largest


@log_softmax.mistake("log_shifted")
def logits_standardised(logits, axis):
    """You divide by the row's standard deviation. Log-softmax forgives adding a number to a row, not scaling it."""
    return (logits - logits.mean(axis, keepdim=True)) / _deviation(logits, axis)


@log_softmax.mistake("log_shifted")
def maximum_added_to_the_logits(logits, largest):
    """You add the maximum where it should be subtracted: the exponents grow and overflow."""
    return logits + largest


@log_softmax.mistake("axis")
def along_dimension_one():
    """You work along dimension 1, whatever the input's shape. The classes are in the last dimension: -1 finds it
    whether there are one, two or three."""
    return 1


@log_softmax.mistake("axis")
def along_dimension_zero():
    """You work along the first dimension: that normalises over the batch. The classes are in the last dimension."""
    return 0


@log_softmax.mistake("axis")
def along_dimension_one_except_for_a_vector(logits):
    """You work along dimension 1 wherever there is one. With three dimensions the classes are not there: they are in
    the last dimension, -1."""
    return 1 if logits.dim() > 1 else 0


@log_softmax.mistake("axis")
def along_dimension_two():
    """You work along dimension 2, which only an input of three dimensions has. The classes are in the last dimension:
    -1 finds it always."""
    return 2


@log_softmax.mistake("largest")
def only_positive_maximum_subtracted(logits, axis):
    """You subtract the maximum only where it is positive (or start the search for it at 0). A row of very negative
    logits becomes all zeros in exp, and log(0) is -infinity."""
    return logits.amax(axis, keepdim=True).clamp(min=0)


@log_softmax.mistake("log_shifted")
def turned_round(logits, axis):
    """The signs of the logits are turned round: the largest logit gets the smallest log-probability."""
    return logits.amin(axis, keepdim=True) - logits


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
def mean_of_exponentials(log_shifted, axis):
    """You take the mean of the exponentials where the sum is meant: the result is log C too large."""
    return torch.exp(log_shifted).mean(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def own_class_left_out(log_shifted, axis):
    """The sum leaves the class itself out: that gives log-odds."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) - torch.exp(log_shifted)


@log_softmax.mistake("sum_of_exponentials")
def one_added(log_shifted, axis):
    """You add 1 to the sum (log1p in place of log): exp(0) = 1 of the largest class is in the sum already."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) + 1


@log_softmax.mistake("sum_of_exponentials")
def sum_not_shifted(logits, axis):
    """The maximum is subtracted once too often: the logits outside are shifted, and the log-sum-exp that you subtract
    from them is that of the unshifted ones. Subtract the same number in both, or in neither."""
    return torch.exp(logits).sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def dimension_lost(log_shifted, axis):
    """A sum (or maximum) over the last dimension loses its dimension, so it is paired with columns instead of rows, or
    does not fit at all. Keep the dimension: keepdim."""
    return torch.exp(log_shifted).sum(axis)


@log_softmax.mistake("sum_of_exponentials", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_in_the_sum(log_shifted, axis, constant):
    """You add {constant} to the sum. After the shift by the row's maximum the sum is at least 1: there is nothing to
    guard, and the result is off."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) + constant


@log_softmax.mistake("sum_of_exponentials")
def sum_of_squares(log_shifted, axis):
    """You sum the squares of the exponentials: the sum itself is meant."""
    return (torch.exp(log_shifted) ** 2).sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def powers_of_two(log_shifted, axis):
    """You sum powers of 2 where softmax sums powers of e."""
    return torch.exp2(log_shifted).sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def log_last_class_left_out(log_shifted, axis):
    """The sum leaves the last class out."""
    return torch.exp(log_shifted)[..., :-1].sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def log_first_class_left_out(log_shifted, axis):
    """The sum leaves the first class out."""
    return torch.exp(log_shifted)[..., 1:].sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def first_two_classes_only(log_shifted):
    """The sum takes the first two classes only: all classes of the row belong into it."""
    return torch.exp(log_shifted)[..., :2].sum(-1, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def first_class_counted_twice(log_shifted, axis):
    """The first class is counted twice: the sum starts from it and the loop starts from it again."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) + torch.exp(log_shifted[..., :1])


@log_softmax.mistake("sum_of_exponentials")
def last_class_counted_twice(log_shifted, axis):
    """The last class is counted twice in the sum."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) + torch.exp(log_shifted[..., -1:])


@log_softmax.mistake("sum_of_exponentials")
def zero_counted_as_a_class(log_shifted, largest, axis):
    """A class too many is counted, with the logit 0: logaddexp starts from 0, where an empty sum is -infinity (or 1 is
    added to the sum of exponentials)."""
    return torch.exp(log_shifted).sum(axis, keepdim=True) + torch.exp(-largest)


@log_softmax.mistake("sum_of_exponentials")
def powers_of_ten(log_shifted, axis):
    """You sum powers of 10 where softmax sums powers of e."""
    return (10**log_shifted).sum(axis, keepdim=True)


@log_softmax.mistake("sum_of_exponentials")
def running_sum_of_exponentials(log_shifted, axis):
    """You use the sum so far, while it still grows (or cumsum): finish the sum first."""
    return torch.exp(log_shifted).cumsum(axis)


@log_softmax.mistake("log_of_the_sum")
def root_in_place_of_the_logarithm(sum_of_exponentials):
    """You take the square root of the sum where its logarithm is meant."""
    return sum_of_exponentials.sqrt()


@log_softmax.mistake("log_of_the_sum")
def log_of_the_mean_over_the_batch(sum_of_exponentials):
    """The logarithm of the sum is averaged over the batch: each row needs its own."""
    return torch.log(sum_of_exponentials).mean()


@log_softmax.mistake("log_of_the_sum")
def log_of_the_sum_in_reverse(sum_of_exponentials):
    """Each row gets another row's log-sum: they stand in the wrong order."""
    return torch.log(sum_of_exponentials).flip(0)


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
def sum_of_the_logits_themselves(log_shifted, axis):
    """You sum the shifted logits: log(exp(a) + exp(b)) is not a + b."""
    return log_shifted.sum(axis, keepdim=True)


@log_softmax.mistake("log_of_the_sum")
def normaliser_left_out(sum_of_exponentials):
    """You subtract the row's maximum and stop there: the logarithm of the sum of all exponentials is not subtracted."""
    return torch.zeros_like(sum_of_exponentials)


@log_softmax.mistake("log_probabilities")
def maximum_not_added_back(logits, log_of_the_sum):
    """The maximum comes back on one side only: you subtract it inside exp, and the logits outside are unshifted. Shift
    both, or add the maximum to the logarithm."""
    return logits - log_of_the_sum


@log_softmax.mistake("log_probabilities")
def maximum_added_back_with_the_wrong_sign(logits, largest, log_of_the_sum):
    """The maximum comes back with the wrong sign: log-sum-exp is the maximum plus the logarithm of the shifted sum, and
    that is subtracted from the logits as a whole. Look at the parenthesis."""
    return logits - log_of_the_sum + largest


@log_softmax.mistake("log_probabilities")
def log_sum_exp_subtracted_twice(logits, largest, log_of_the_sum):
    """The log-sum-exp is subtracted twice: once is enough, and the probabilities add up to 1."""
    return logits - 2 * (largest + log_of_the_sum)


@log_softmax.mistake("log_probabilities")
def divided_by_the_log_sum_exp(logits, largest, log_of_the_sum):
    """You divide by the log-sum-exp: the logarithm of a quotient is a difference."""
    return logits / (largest + log_of_the_sum)


@log_softmax.mistake("log_probabilities")
def log_sum_exp_added(logits, largest, log_of_the_sum):
    """The log-sum-exp is added where it must be subtracted."""
    return logits + largest + log_of_the_sum


@log_softmax.mistake("log_probabilities")
def exponentials_minus_the_log(log_shifted, log_of_the_sum):
    """You subtract the logarithm of the sum from the exponentials: it belongs to the shifted logits. If you use exp_,
    it overwrites the logits that you need afterwards."""
    return torch.exp(log_shifted) - log_of_the_sum


@log_softmax.mistake("log_probabilities")
def first_row_normalises_all(logits):
    """All rows are normalised with the first row's log-sum-exp: each needs its own."""
    return logits - torch.logsumexp(logits.reshape(-1, logits.shape[-1])[0], 0)


@log_softmax.mistake("log_probabilities")
def last_row_normalises_all(logits):
    """All rows are normalised with the last row's log-sum-exp (left over from a loop): each needs its own."""
    return logits - torch.logsumexp(logits.reshape(-1, logits.shape[-1])[-1], 0)


@log_softmax.mistake("log_probabilities")
def never_filled_in(log_shifted):
    """The result is all zeros: it is created and never filled in."""
    return torch.zeros_like(log_shifted)


@log_softmax.mistake("log_probabilities")
def returned_inside_the_loop(log_shifted, log_of_the_sum):
    """Only the first row is filled in, the others stay 0: the return stands inside the loop over the rows, and ends it
    in its first round."""
    return _only_row(log_shifted - log_of_the_sum, 0)


@log_softmax.mistake("log_probabilities")
def last_row_only_filled_in(log_shifted, log_of_the_sum):
    """Only the last row is filled in, the others stay 0: every round of the loop must write into a row of its own."""
    return _only_row(log_shifted - log_of_the_sum, -1)


@log_softmax.mistake("log_probabilities")
def last_row_skipped(log_shifted, log_of_the_sum):
    """The last row stays 0: the loop over the rows ends one too early."""
    return _without_row(log_shifted - log_of_the_sum, -1)


@log_softmax.mistake("log_probabilities")
def first_row_skipped(log_shifted, log_of_the_sum):
    """The first row stays 0: the loop over the rows starts at 1, and counting starts at 0."""
    return _without_row(log_shifted - log_of_the_sum, 0)


@log_softmax.mistake("log_probabilities")
def first_row_returned(log_shifted, log_of_the_sum):
    """You return a single row: the return stands inside the loop over the rows. Collect them all first."""
    return (log_shifted - log_of_the_sum).reshape(-1, log_shifted.shape[-1])[0]


@log_softmax.mistake("log_probabilities")
def last_row_returned(log_shifted, log_of_the_sum):
    """You return a single row, the last one: every round of the loop overwrites the one before. Collect them all."""
    return (log_shifted - log_of_the_sum).reshape(-1, log_shifted.shape[-1])[-1]


@log_softmax.mistake("log_probabilities")
def matrix_for_every_shape(log_shifted, log_of_the_sum):
    """The result is always a matrix: it must have the shape of the logits, a vector for a vector and three dimensions
    for three."""
    return (log_shifted - log_of_the_sum).reshape(-1, log_shifted.shape[-1])


@log_softmax.mistake("log_probabilities")
def vector_comes_back_as_a_matrix(log_shifted, log_of_the_sum):
    """A vector of logits comes back as a matrix with one row: the result must have the shape of the logits."""
    result = log_shifted - log_of_the_sum
    return result.unsqueeze(0) if result.dim() == 1 else result


@log_softmax.mistake("log_probabilities")
def three_dimensions_come_back_as_two(log_shifted, log_of_the_sum):
    """Three dimensions come back as two: give the result the shape of the logits again."""
    result = log_shifted - log_of_the_sum
    return result.flatten(0, -2) if result.dim() > 2 else result


@log_softmax.mistake("log_probabilities")
def normaliser_returned(largest, log_of_the_sum):
    """You return the log-sum-exp, one number a row: it still has to be subtracted from the logits."""
    return largest + log_of_the_sum


@log_softmax.mistake("log_probabilities")
def normaliser_returned_as_a_vector(largest, log_of_the_sum):
    """You return the log-sum-exp, one number for each row: subtract it from the logits, row by row."""
    return (largest + log_of_the_sum).squeeze(-1)


@log_softmax.mistake("log_probabilities")
def log_of_each_sigmoid(logits):
    """You return the logarithm of a sigmoid for each class by itself. The classes of a softmax compete: their
    probabilities add up to 1."""
    return -torch.log1p(torch.exp(-logits))


@log_softmax.mistake("log_probabilities")
def logarithm_of_the_logits_themselves(logits):
    """You take the logarithm of the logits: a logit can be negative, and is no probability."""
    return torch.log(logits)


@log_softmax.mistake("log_probabilities")
def normalised_twice(log_shifted, log_of_the_sum):
    """The logarithm of the sum is subtracted twice."""
    return log_shifted - 2 * log_of_the_sum


@log_softmax.mistake("log_probabilities")
def exponential_of_the_result_doubled(log_shifted, log_of_the_sum):
    """The result is doubled on the way."""
    return 2 * (log_shifted - log_of_the_sum)


@log_softmax.mistake("log_probabilities")
def clamped_log_of_softmax(log_shifted):
    """You take the logarithm of a softmax and replace its -infinity by the shifted logit. The logarithm of the sum is
    missing there: simplify log(exp(x) / sum) on paper, and no probability is ever formed."""
    powers = torch.exp(log_shifted)
    result = torch.log(powers / powers.sum(-1, keepdim=True))
    return torch.where(torch.isfinite(result), result, log_shifted)


@log_softmax.mistake("log_probabilities")
def p_log_p(log_shifted, log_of_the_sum):
    """You return p log p, a part of the entropy: log p alone is asked for."""
    return torch.exp(log_shifted - log_of_the_sum) * (log_shifted - log_of_the_sum)


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
def log_of_softmax(log_shifted, log_of_the_sum, axis):
    """You take the logarithm of a probability. A probability of exp(-800) is 0 in floating point, and its logarithm is
    lost: log-softmax must not go through softmax. Simplify log(exp(x) / sum) on paper first."""
    powers = torch.exp(log_shifted)
    return torch.log(powers / powers.sum(axis, keepdim=True))


@log_softmax.mistake("log_probabilities", constants=tuple(10.0**-k for k in (*range(2, 18), 20, 30, 38, 45)))
def epsilon_in_the_logarithm(log_shifted, log_of_the_sum, constant):
    """You take the logarithm of p + {constant}. It is finite, but wrong: for small p it is the logarithm of
    {constant}. A log-probability of -2000 is a fine number, if you never form the probability."""
    return torch.log(torch.exp(log_shifted - log_of_the_sum) + constant)


@log_softmax.mistake("log_probabilities", constants=tuple(10.0**-k for k in (*range(2, 18), 20, 30, 38, 45)))
def probability_clamped_before_the_logarithm(log_shifted, log_of_the_sum, constant):
    """You clamp the probability at {constant} before the logarithm. It is finite, but wrong for small p. A
    log-probability of -2000 is a fine number, if you never form the probability."""
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


@log_softmax.mistake(
    "log_probabilities", constants=(-10.0, -20.0, -30.0, -50.0, -80.0, -88.0, -100.0, -103.0, -700.0, -745.0, -1000.0)
)
def result_clamped(log_shifted, log_of_the_sum, constant):
    """You cut the result off at {constant}. A log-probability of -2000 is a fine number: keep it."""
    return (log_shifted - log_of_the_sum).clamp(min=constant)


@log_softmax.mistake("largest", "log_probabilities")
def log_of_naive_softmax(logits, axis):
    """exp of a large logit is infinity, and the logarithm of a probability that has vanished is -infinity: neither a
    missing shift nor the detour through softmax survives large logits."""
    powers = torch.exp(logits)
    return torch.zeros_like(logits[..., :1]), torch.log(powers / powers.sum(axis, keepdim=True))


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


@mistake("losses.log_softmax", constants=tuple(10.0**-k for k in range(5, 15)))
def epsilon_in_the_unshifted_logarithm(logits, constant):
    """You add {constant} inside the logarithm to keep it finite. exp still overflows for large logits, and for small
    ones the result is the logarithm of {constant}. Shift each row by its maximum instead."""
    return logits - torch.log(torch.exp(logits).sum(-1, keepdim=True) + constant)


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
def shift_detached_inside_only(logits):
    """The value is right and the gradient is not: the maximum is detached inside the log-sum-exp and not outside,
    where it should cancel. Detach it in both places or in neither."""
    largest = logits.amax(-1, keepdim=True)
    return logits - largest - torch.log(torch.exp(logits - largest.detach()).sum(-1, keepdim=True))


@mistake("losses.log_softmax")
def shift_detached_on_one_side(logits):
    """The value is right and the gradient is not: the maximum is detached in one place and not in the other, where it
    no longer cancels. Detach it in both or in neither."""
    largest = logits.amax(-1, keepdim=True)
    return logits - largest.detach() - torch.log(torch.exp(logits - largest).sum(-1, keepdim=True))


# ---------------------------------------------------------------------------------------- cross_entropy

cross_entropy = Anatomy("losses.cross_entropy", "loss")
weighted = Anatomy("losses.weighted_cross_entropy", "loss")
focal = Anatomy("losses.focal_loss", "loss")


@cross_entropy.step
@weighted.step
@focal.step
def scores(logits):
    return logits


@cross_entropy.step
@weighted.step
@focal.step
def class_dim():
    return -1


@cross_entropy.step
@weighted.step
@focal.step
def row_maximum(scores, class_dim):
    """the largest logit of each row"""
    return scores.amax(class_dim, keepdim=True)


@cross_entropy.step
@weighted.step
@focal.step
def centred(scores, row_maximum):
    """each row of `logits` minus its own largest entry"""
    return scores - row_maximum


@cross_entropy.step
@weighted.step
@focal.step
def log_total(centred, class_dim):
    """the logarithm of the sum of each row's exponentials, with its maximum subtracted first"""
    return torch.log(torch.exp(centred).sum(class_dim, keepdim=True))


@cross_entropy.step
@weighted.step
@focal.step
def log_p(centred, log_total):
    """the log-probability of each class"""
    return centred - log_total


@cross_entropy.step
@weighted.step
@focal.step
def correct(labels):
    return labels


@cross_entropy.step
@weighted.step
@focal.step
def picked(log_p, correct):
    """the log-probability of each sample's own class"""
    return log_p.gather(-1, correct.unsqueeze(-1)).squeeze(-1)


@cross_entropy.step
def each(picked):
    """the price of each sample: minus the log-probability of its own class"""
    return -picked


@cross_entropy.step
def loss(each):
    """the loss, averaged over the batch"""
    return each.mean()


# weighted_cross_entropy and focal_loss go on from `picked` in their own ways.


@weighted.step
def used(weight, correct):
    """the weight of each sample's own class"""
    return weight[correct]


@weighted.step
def each(used, picked):
    """the price of each sample times the weight of its class"""
    return -used * picked


@weighted.step
def divisor(used):
    """the sum of the weights that were used, one for each sample"""
    return used.sum()


@weighted.step
def loss(each, divisor):
    """the loss: the weighted mean of the prices"""
    return each.sum() / divisor


@focal.step
def power(gamma):
    return gamma


@focal.step
def factor(picked, power):
    """the focal factor of each sample, which its price is multiplied by"""
    return (-torch.expm1(picked)) ** power


@focal.step
def price(picked):
    """the price of each sample: minus the log-probability of its own class"""
    return -picked


@focal.step
def each(factor, price):
    """the price of each sample times its focal factor"""
    return factor * price


@focal.step
def loss(each):
    """the loss, averaged over the batch"""
    return each.mean()


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def powers_of_rows(centred):
    """the exponentials of the shifted logits (each row minus its largest)"""
    return torch.exp(centred)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def total_of_rows(powers_of_rows):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return powers_of_rows.sum(-1, keepdim=True)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def total_of_rows_flat(powers_of_rows):
    """the sum of each row's exponentials, with its maximum subtracted first"""
    return powers_of_rows.sum(-1)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def log_total_flat(log_total):
    """the logarithm of the sum of each row's exponentials, with its maximum subtracted first"""
    return log_total.squeeze(-1)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def row_maximum_flat(row_maximum):
    """the largest logit of each row"""
    return row_maximum.squeeze(-1)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def log_sum_exp_column(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1, keepdim=True)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def log_sum_exp_rows(logits):
    """the log-sum-exp of each row of the unshifted `logits`"""
    return torch.logsumexp(logits, -1)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def own_logit_column(logits, labels):
    """the logit of each sample's own class"""
    return logits.gather(-1, labels.unsqueeze(-1))


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def own_logit(own_logit_column):
    """the logit of each sample's own class"""
    return own_logit_column.squeeze(-1)


@cross_entropy.quantity
@focal.quantity
def own_shifted(own_logit, row_maximum_flat):
    """the logit of each sample's own class minus the largest of its row"""
    return own_logit - row_maximum_flat


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def margins(logits, own_logit_column):
    """each logit minus that of the sample's own class"""
    return logits - own_logit_column


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def picked_column(picked):
    """the log-probability of each sample's own class"""
    return picked.unsqueeze(-1)


@cross_entropy.quantity
@weighted.quantity
@focal.quantity
def price_column(picked):
    """the price of each sample: minus the log-probability of its own class"""
    return -picked.unsqueeze(-1)


@cross_entropy.quantity
def is_own_class(logits, labels):
    """a mask that is True at each sample's own class only"""
    return labels.unsqueeze(-1) == torch.arange(logits.shape[-1], device=labels.device)


@cross_entropy.quantity
def one_hot_labels(logits, is_own_class):
    """the labels as one-hot rows: 1 at each sample's own class, 0 elsewhere"""
    return is_own_class.to(logits.dtype)


@cross_entropy.quantity
def picked_in_place(log_p, is_own_class):
    """the log-probability of each sample's own class in its place, 0 at all others"""
    return log_p.masked_fill(~is_own_class, 0.0)


@cross_entropy.quantity
@focal.quantity
def number_of_samples(picked):
    """the number of samples"""
    return len(picked)


@cross_entropy.quantity
def sum_of_prices(each):
    """the sum of the prices over the batch"""
    return each.sum()


@cross_entropy.quantity
def mean_log_probability(picked):
    """the log-probability of each sample's own class, averaged over the batch"""
    return picked.mean()


@weighted.quantity
def unweighted_price(picked):
    """the price of each sample before its weight: minus the log-probability of its own class"""
    return -picked


@weighted.quantity
def used_column(used):
    """the weight of each sample's own class"""
    return used.unsqueeze(-1)


@weighted.quantity
def weighted_log_probability(used, picked):
    """the log-probability of each sample's own class times the weight of that class"""
    return used * picked


@weighted.quantity
def sum_of_weighted_prices(each):
    """the sum of all samples' prices, each times the weight of its class"""
    return each.sum()


@weighted.quantity
def sum_of_weighted_log_probabilities(weighted_log_probability):
    """the sum of the samples' log-probabilities, each times the weight of its class"""
    return weighted_log_probability.sum()


@weighted.quantity
def mean_weight(used):
    """the mean of the weights that were used, one for each sample"""
    return used.mean()


@weighted.quantity
def mean_of_weighted_prices(each):
    """the plain mean of the weighted prices, not yet divided by the mean weight"""
    return each.mean()


@weighted.quantity
def shares(used, divisor):
    """the share that each sample has in the sum of the weights that were used"""
    return used / divisor


@focal.quantity
def probability_of_each_class(logits):
    """the probability of each class"""
    return torch.softmax(logits, -1)


@focal.quantity
def own_probability(picked):
    """the probability of each sample's own class"""
    return torch.exp(picked)


@focal.quantity
def other_probability(picked):
    """the probability of all wrong classes together, for each sample"""
    return -torch.expm1(picked)


@focal.quantity
def factor_column(factor):
    """the focal factor of each sample, which its price is multiplied by"""
    return factor.unsqueeze(-1)


@focal.quantity
def log_probability_times_factor(picked, factor):
    """the log-probability of each sample's own class times its focal factor"""
    return factor * picked


@focal.quantity
def mean_log_probability_times_factor(log_probability_times_factor):
    """the log-probability times the focal factor, averaged over the batch"""
    return log_probability_times_factor.mean()


@cross_entropy.mistake("scores", "class_dim")
def batch_of_one_squeezed_away(logits):
    """squeeze turns a batch of one into a vector, and the dimensions of the classes and of the samples are no longer
    there. Squeeze only a dimension that you name, or none."""
    return logits.squeeze(), 1


@cross_entropy.mistake("scores", constants=(0.5, 2.0, 0.1, 10.0))
@weighted.mistake("scores", constants=(0.5, 2.0, 0.1, 10.0))
@focal.mistake("scores", constants=(0.5, 2.0, 0.1, 10.0))
def temperature(logits, constant):
    """The logits are multiplied by {constant} before the softmax: that is a temperature, and none is asked for."""
    return constant * logits


@cross_entropy.mistake("scores")
def logits_averaged_over_the_batch(logits):
    """You average the logits over the batch and take the softmax of that: each sample has a softmax of its own, and the
    mean comes last."""
    return logits.mean(0, keepdim=True).expand_as(logits)


@cross_entropy.mistake("scores")
@weighted.mistake("scores")
@focal.mistake("scores")
def logits_negated(logits):
    """The signs of the logits are turned round on the way."""
    return -logits


@cross_entropy.mistake("scores")
@weighted.mistake("scores")
@focal.mistake("scores")
def softmax_applied_twice(logits):
    """Softmax is applied twice: probabilities go through log-softmax as if they were logits. Only the logits do."""
    return torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))


@cross_entropy.mistake("scores")
@weighted.mistake("scores")
@focal.mistake("scores")
def sigmoid_before_softmax(logits):
    """The logits go through a sigmoid before the softmax: any real number is a logit, leave them as they are."""
    return 1 / (1 + torch.exp(-logits))


@cross_entropy.mistake("scores")
def relu_before_softmax(logits):
    """Negative logits are set to 0 before the softmax (a ReLU): any real number is a logit, leave them as they are."""
    return logits.clamp(min=0)


@cross_entropy.mistake("scores")
def logits_normalised(logits):
    """The logits are standardised (row by row) before the softmax: that changes how confident the network is."""
    return (logits - logits.mean(-1, keepdim=True)) / logits.std(-1, keepdim=True)


@cross_entropy.mistake("scores", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
@weighted.mistake("scores", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
@focal.mistake("scores", constants=(5.0, 10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
def logits_clamped_first(logits, constant):
    """You clamp the logits to between -{constant} and {constant}: nothing overflows any more, but larger logits are all
    treated alike."""
    return logits.clamp(-constant, constant)


@cross_entropy.mistake("scores", constants=(20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 700.0))
def logits_clamped_from_above_first(logits, constant):
    """You clamp the logits to at most {constant}: nothing overflows any more, but larger logits are all treated
    alike."""
    return logits.clamp(max=constant)


@cross_entropy.mistake("scores", "row_maximum", constants=(20.0, 30.0, 50.0, 80.0, 88.0, 700.0))
def logits_clamped_from_above_unshifted(logits, constant):
    """You clamp the logits to at most {constant} in place of a shift: larger logits are all treated alike, and rows
    of very negative logits end in log(0). Subtract each row's maximum."""
    return logits.clamp(max=constant), torch.zeros_like(logits[:, :1])


@cross_entropy.mistake("class_dim")
@weighted.mistake("class_dim")
@focal.mistake("class_dim")
def softmax_over_the_batch():
    """The log-softmax is taken over the batch (dimension 0). The classes are in the last dimension."""
    return 0


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def no_shift(scores):
    """Without a shift exp overflows for large logits, and vanishes for very negative ones, whose logarithm is
    -infinity. Subtract each row's maximum first, as your log_softmax does."""
    return torch.zeros_like(scores[:, :1])


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_shared_by_the_batch(scores):
    """You shift by one maximum for the whole batch: a row far below it vanishes in exp. Each row needs its own."""
    return scores.max()


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_the_minimum(scores, class_dim):
    """You shift by the minimum: what is left can be large and positive, and exp overflows."""
    return scores.amin(class_dim, keepdim=True)


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_the_mean(scores, class_dim):
    """You shift by the mean: a row with one huge logit still overflows in exp."""
    return scores.mean(class_dim, keepdim=True)


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_the_largest_absolute_value(scores, class_dim):
    """You shift by the largest absolute value: a row of very negative logits vanishes in exp."""
    return scores.abs().amax(class_dim, keepdim=True)


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_the_first_logit(scores):
    """You shift by the row's first logit: where another one is much larger, exp still overflows."""
    return scores[:, :1]


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_the_column_maximum(scores):
    """You shift by the maximum of each column (over the batch): that changes the differences inside a row. Take the
    maximum over the last dimension."""
    return scores.amax(0, keepdim=True)


@cross_entropy.mistake("row_maximum")
@weighted.mistake("row_maximum")
@focal.mistake("row_maximum")
def shift_by_positive_maxima_only(scores, class_dim):
    """You shift only where the maximum is positive (or start the search for it at 0): a row of very negative logits
    vanishes in exp."""
    return scores.amax(class_dim, keepdim=True).clamp(min=0)


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def sum_without_its_logarithm(centred, class_dim):
    """You subtract the sum of the exponentials itself: the logarithm of the sum is missing."""
    return torch.exp(centred).sum(class_dim, keepdim=True)


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def mean_of_the_exponentials(centred, class_dim):
    """You take the mean of the exponentials where their sum is meant: the loss is log C too small."""
    return torch.log(torch.exp(centred).mean(class_dim, keepdim=True))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def shifted_logits_only(centred):
    """You subtract the maximum from the logits and stop: the logarithm of the sum of exponentials is missing."""
    return torch.zeros_like(centred)


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def total_in_base_ten(centred, class_dim):
    """The logarithm of the sum is taken to base 10 (log10): exp and log must belong together."""
    return torch.log10(torch.exp(centred).sum(class_dim, keepdim=True))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def total_in_base_two(centred, class_dim):
    """The logarithm of the sum is taken to base 2 (log2): exp and log must belong together."""
    return torch.log2(torch.exp(centred).sum(class_dim, keepdim=True))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def one_added_to_the_total(centred, class_dim):
    """You add 1 to the sum of exponentials (log1p in place of log): exp(0) = 1 of the largest class is in it
    already."""
    return torch.log1p(torch.exp(centred).sum(class_dim, keepdim=True))


@cross_entropy.mistake("log_total")
def zero_logit_counted(centred, row_maximum, class_dim):
    """A class too many is counted, with the logit 0: logaddexp starts from 0, where an empty sum is -infinity (or 1 is
    added to the sum of exponentials)."""
    return torch.log(torch.exp(centred).sum(class_dim, keepdim=True) + torch.exp(-row_maximum))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def one_total_for_the_batch(centred):
    """You add up the exponentials of the whole batch: each row has a sum of its own."""
    return torch.log(torch.exp(centred).sum())


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def total_over_the_batch(centred):
    """You add up the exponentials over the batch (dimension 0): the classes of one sample belong together, sum over the
    last dimension."""
    return torch.log(torch.exp(centred).sum(0, keepdim=True))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def logits_summed(centred, class_dim):
    """You add up the logits in place of their exponentials: log(exp(a) + exp(b)) is not a + b."""
    return centred.sum(class_dim, keepdim=True)


@cross_entropy.mistake("log_total")
def total_leaves_the_last_class_out(centred):
    """The sum in the normaliser leaves the last class out."""
    return torch.log(torch.exp(centred)[:, :-1].sum(-1, keepdim=True))


@cross_entropy.mistake("log_total")
def total_leaves_the_first_class_out(centred):
    """The sum in the normaliser leaves the first class out."""
    return torch.log(torch.exp(centred)[:, 1:].sum(-1, keepdim=True))


@cross_entropy.mistake("log_total")
def log_sum_leaves_the_correct_class_out(centred, labels):
    """The sum in the normaliser leaves the correct class out: softmax sums over all classes."""
    mask = torch.nn.functional.one_hot(labels, centred.shape[-1]).bool()
    return torch.log(torch.exp(centred).masked_fill(mask, 0.0).sum(-1, keepdim=True))


@cross_entropy.mistake("log_total", constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12))
def epsilon_in_the_shifted_total(centred, class_dim, constant):
    """You add {constant} to the sum of exponentials. After the shift by the row's maximum it is at least 1: there is
    nothing to guard, and the loss is off."""
    return torch.log(torch.exp(centred).sum(class_dim, keepdim=True) + constant)


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def total_loses_its_dimension(centred):
    """The sum over the classes loses its dimension, so it is paired with columns instead of rows, or does not fit at
    all. Keep the dimension: keepdim."""
    return torch.log(torch.exp(centred).sum(-1))


@cross_entropy.mistake("log_total")
@weighted.mistake("log_total")
@focal.mistake("log_total")
def maximum_subtracted_once_too_often(centred, row_maximum, class_dim):
    """The maximum is subtracted once too often: the logit is shifted, and the log-sum-exp that you subtract from it
    is that of the unshifted ones. Subtract the same number in both, or in neither."""
    return torch.log(torch.exp(centred).sum(class_dim, keepdim=True)) + row_maximum


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def maximum_not_restored(scores, log_total):
    """The maximum is subtracted inside the logarithm of the sum and not outside: it must be taken from the logit as
    well, or added again."""
    return scores - log_total


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def maximum_restored_with_the_wrong_sign(scores, row_maximum, log_total):
    """The maximum comes back with the wrong sign: log-sum-exp is the maximum plus the logarithm of the shifted sum, and
    that is subtracted from the logits as a whole. Look at the parenthesis."""
    return scores - log_total + row_maximum


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def log_sum_exp_subtracted_twice(scores, row_maximum, log_total):
    """The log-sum-exp is subtracted twice from the logits: once is enough, and the probabilities add up to 1."""
    return scores - 2 * (row_maximum + log_total)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def divided_by_the_log_sum_exp(scores, row_maximum, log_total):
    """The logits are divided by the log-sum-exp: the logarithm of a quotient is a difference."""
    return scores / (row_maximum + log_total)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def log_sum_exp_added(scores, row_maximum, log_total):
    """The log-sum-exp is added to the logits where it must be subtracted."""
    return scores + row_maximum + log_total


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def total_added(centred, log_total):
    """You add the logarithm of the sum where it must be subtracted: a quotient becomes a difference."""
    return centred + log_total


@cross_entropy.mistake("log_p")
def divided_by_the_log_total(centred, log_total):
    """You divide by the logarithm of the sum: the logarithm of a quotient is a difference."""
    return centred / log_total


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def probabilities_not_logs(centred, log_total):
    """The logarithm is missing: you average the probability itself."""
    return torch.exp(centred - log_total)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def raw_logits(scores):
    """You pick the logits themselves: they are not log-probabilities until log-softmax has made them so."""
    return scores


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def exponentials_only(centred):
    """You pick the exponentials: they are neither divided by their sum nor is a logarithm taken."""
    return torch.exp(centred)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def logarithm_of_the_logits(scores):
    """You take the logarithm of the logits: a logit can be negative, and it is no probability. Softmax is missing."""
    return torch.log(scores)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def softmax_over_everything(scores):
    """One log-softmax over the whole batch: each row must be normalised by itself."""
    return scores - torch.logsumexp(scores.reshape(-1), 0)


@cross_entropy.mistake("log_p")
def first_row_normalises_all_rows(scores):
    """All rows are normalised with the first row's log-sum-exp: each needs its own."""
    return scores - torch.logsumexp(scores[0], 0)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def sigmoid_in_place_of_softmax(scores):
    """You use a sigmoid for each class: in a softmax the classes compete for a total probability of 1."""
    return -torch.log1p(torch.exp(-scores))


@cross_entropy.mistake("log_p")
def log_of_one_minus_p(centred, log_total):
    """You take log(1 - p) where log(p) is meant."""
    return torch.log1p(-torch.exp(centred - log_total))


@cross_entropy.mistake("log_p")
def log_of_one_plus_p(centred, log_total):
    """You take log(1 + p) where log(p) is meant."""
    return torch.log1p(torch.exp(centred - log_total))


@cross_entropy.mistake("log_p")
def logits_times_log_p(scores, centred, log_total):
    """The log-probability is multiplied by the logit: -log p of the correct class is all."""
    return scores * (centred - log_total)


@cross_entropy.mistake("row_maximum", "log_p")
def naive_softmax_then_log(scores, class_dim):
    """exp of a large logit is infinity, and a probability that has vanished has no logarithm: go through log-softmax,
    with each row shifted by its maximum."""
    powers = torch.exp(scores)
    return torch.zeros_like(scores[:, :1]), torch.log(powers / powers.sum(class_dim, keepdim=True))


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def softmax_then_log(centred, class_dim):
    """You take the logarithm of a softmax, or shift by the correct class's logit: where the network is confidently
    wrong, the probability is 0 in floating point (its inverse infinite), and so the loss is infinite. Use
    log-softmax, which never forms the probability."""
    return _log_of_softmax(centred, class_dim)


@cross_entropy.mistake("row_maximum", "log_p")
@weighted.mistake("row_maximum", "log_p")
@focal.mistake("row_maximum", "log_p")
def softmax_with_a_shared_shift_then_log(scores, class_dim):
    """You shift by one maximum for the whole batch and take the logarithm of a probability: rows far below vanish.
    Use log-softmax, row by row."""
    return scores.max(), _log_of_softmax(scores - scores.max(), class_dim)


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30, 38, 45)))
@weighted.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30, 38, 45)))
@focal.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30, 38, 45)))
def epsilon_inside_the_log(centred, class_dim, constant):
    """You take the logarithm of p + {constant}. For a confident mistake that gives the logarithm of {constant},
    however wrong the network is. Use log-softmax: there is no logarithm of 0 to guard against."""
    return torch.log(_softmax(centred, class_dim) + constant)


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30, 38)))
@weighted.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30, 38)))
@focal.mistake("log_p", constants=tuple(10.0**-k for k in (*range(1, 17), 20, 30)))
def probability_clamped(centred, class_dim, constant):
    """You clamp the probability at {constant} before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    return torch.log(_softmax(centred, class_dim).clamp(min=constant))


@cross_entropy.mistake("log_p", constants=tuple(10.0**-k for k in range(1, 10)))
def probability_clamped_on_both_sides(centred, class_dim, constant):
    """You clamp the probability between {constant} and 1 - {constant} before the logarithm. Use log-softmax: there is
    no logarithm of 0 to guard against."""
    return torch.log(_softmax(centred, class_dim).clamp(constant, 1 - constant))


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def probability_clamped_at_tiny(centred, class_dim):
    """You clamp the probability at the smallest float (finfo.tiny) before the logarithm, or add it: every confident
    mistake then costs the same. Use log-softmax: there is no logarithm of 0 to guard against."""
    p = _softmax(centred, class_dim)
    return torch.log(p.clamp(min=torch.finfo(p.dtype).tiny))


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def machine_epsilon_inside_the_log(centred, class_dim):
    """You add finfo.eps to the probability before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    p = _softmax(centred, class_dim)
    return torch.log(p + torch.finfo(p.dtype).eps)


@cross_entropy.mistake("log_p")
def probability_clamped_at_eps(centred, class_dim):
    """You clamp the probability at finfo.eps before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    p = _softmax(centred, class_dim)
    return torch.log(p.clamp(min=torch.finfo(p.dtype).eps))


@cross_entropy.mistake("log_p", constants=(-100.0, -10.0, -20.0, -30.0, -50.0, -80.0, -88.0))
@weighted.mistake("log_p", constants=(-100.0, -10.0, -20.0, -30.0, -50.0, -80.0, -88.0))
@focal.mistake("log_p", constants=(-100.0, -10.0, -20.0, -30.0, -50.0, -80.0, -88.0))
def log_probability_clamped(centred, class_dim, constant):
    """You cut log-probabilities off at {constant}: every confident mistake then costs the same. They are finite
    numbers, keep them."""
    return _log_of_softmax(centred, class_dim).clamp(min=constant)


@cross_entropy.mistake("log_p", constants=(-700.0, -1000.0))
def stable_log_probability_clamped(centred, log_total, constant):
    """You cut log-probabilities off at {constant}: every confident mistake beyond it then costs the same. They are
    finite numbers, keep them."""
    return (centred - log_total).clamp(min=constant)


@cross_entropy.mistake("log_p")
@weighted.mistake("log_p")
@focal.mistake("log_p")
def infinite_log_probability_replaced(centred, class_dim):
    """Infinity or NaN is replaced after the fact (nan_to_num): the price of the confident mistake is lost. Use
    log-softmax, which is finite by itself."""
    return torch.nan_to_num(_log_of_softmax(centred, class_dim))


@cross_entropy.mistake("log_p")
def infinite_log_probability_set_to_zero(centred, class_dim):
    """Infinity is replaced by 0 after the fact: the worst mistakes cost nothing. Use log-softmax, which is finite by
    itself."""
    return torch.nan_to_num(_log_of_softmax(centred, class_dim), nan=0.0, neginf=0.0)


@cross_entropy.mistake("row_maximum", "log_p")
def infinite_naive_log_probability_replaced(scores, class_dim):
    """Infinity or NaN is replaced after the fact (nan_to_num): the number that should be there is lost. Use
    log-softmax, with each row shifted by its maximum."""
    powers = torch.exp(scores)
    replaced = torch.nan_to_num(torch.log(powers / powers.sum(class_dim, keepdim=True)))
    return torch.zeros_like(scores[:, :1]), replaced


@cross_entropy.mistake("row_maximum", "log_p")
def naive_probability_and_logarithm_replaced(scores, class_dim):
    """NaN is replaced in the probabilities, and infinity in their logarithms (nan_to_num): the numbers that should be
    there are lost. Use log-softmax, with each row shifted by its maximum."""
    powers = torch.exp(scores)
    p = torch.nan_to_num(powers / powers.sum(class_dim, keepdim=True))
    return torch.zeros_like(scores[:, :1]), torch.nan_to_num(torch.log(p))


@cross_entropy.mistake("row_maximum", "log_total", constants=(1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15))
def epsilon_in_the_log_of_the_sum(scores, class_dim, constant):
    """You add {constant} to the sum of exponentials inside the logarithm: the loss is off, and large logits overflow
    all the same. Shift each row by its maximum: then the sum is at least 1."""
    return torch.zeros_like(scores[:, :1]), torch.log(torch.exp(scores).sum(class_dim, keepdim=True) + constant)


def _softmax(centred, class_dim):
    powers = torch.exp(centred)
    return powers / powers.sum(class_dim, keepdim=True)


def _log_of_softmax(centred, class_dim):
    return torch.log(_softmax(centred, class_dim))


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def labels_counted_from_one(labels, logits):
    """The labels are used as if they were counted from 1 (label - 1): class 0 becomes the last class."""
    return (labels - 1) % logits.shape[-1]


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def labels_one_too_high(labels, logits):
    """You pick the class after the correct one (label + 1)."""
    return (labels + 1) % logits.shape[-1]


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def predicted_class_in_place_of_label(logits):
    """You use the class that the network predicts (argmax): the loss must look at the label, also where the network
    disagrees with it."""
    return logits.argmax(-1)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def least_likely_class(logits):
    """You use the least likely class in place of the label."""
    return logits.argmin(-1)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def always_class_zero(labels):
    """You always use the first column: the labels are not used."""
    return torch.zeros_like(labels)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def always_the_last_class(labels, logits):
    """You always use the last column: the labels are not used."""
    return torch.full_like(labels, logits.shape[-1] - 1)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def first_label_for_all(labels):
    """The first sample's label is used for the whole batch."""
    return labels[:1].expand_as(labels)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def labels_reversed(labels):
    """The labels are paired with the samples in the wrong order."""
    return labels.flip(0)


@cross_entropy.mistake("correct")
@weighted.mistake("correct")
@focal.mistake("correct")
def labels_sorted(labels):
    """The labels are sorted first: label n belongs to sample n, leave their order alone."""
    return labels.sort().values


@cross_entropy.mistake("correct")
def classes_counted_from_the_end(labels, logits):
    """You count the classes from the end (a minus before the label): label 1 picks the last class."""
    return (-labels) % logits.shape[-1]


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def columns_of_the_labels(log_p, labels):
    """`log_p[:, labels]` takes, for every row, the columns of all labels: an (N, N) table. You need one number from
    each row: pair a range of rows with the labels."""
    return log_p[:, labels]


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def columns_of_the_labels_over_n(log_p, labels):
    """`log_p[:, labels]` takes, for every row, the columns of all labels: an (N, N) table, and you add all of it up.
    You need one number from each row: pair a range of rows with the labels."""
    return log_p[:, labels].sum(-1)


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def rows_of_the_labels(log_p, labels):
    """`log_p[labels]` takes whole rows: a label says which column is right. Pair a range of rows with the labels."""
    return log_p[labels].mean(-1)


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def rows_of_the_labels_summed(log_p, labels):
    """`log_p[labels]` takes whole rows, and you add them up: a label says which column is right. Pair a range of rows
    with the labels."""
    return log_p[labels].sum(-1)


@cross_entropy.mistake("picked")
def rows_of_the_wrapped_labels(log_p, labels):
    """The labels pick rows (`log_p[labels % N]`): a label says which column is right. Pair a range of rows with the
    labels."""
    return log_p[labels % len(log_p)].sum(-1)


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def rows_and_columns_exchanged(log_p, labels):
    """Rows and columns are exchanged: `log_p[labels, range]` looks for the sample in the row of its label. The range of
    rows comes first, the labels second."""
    return log_p[labels, torch.arange(len(labels))]


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def gathered_along_the_batch(log_p, labels):
    """You gather along dimension 0, the batch: the labels are indices of classes, in dimension 1."""
    return log_p.gather(0, labels.unsqueeze(0)).squeeze(0)


@cross_entropy.mistake("picked")
def labels_as_a_row(log_p, labels):
    """The labels are given to gather as one row, so all are looked up in the first sample. gather needs one label in
    each row: a column, (N, 1)."""
    return log_p.gather(1, labels.view(1, -1)).squeeze(0)


@cross_entropy.mistake("picked")
def one_hot_as_wide_as_the_largest_label(log_p, labels):
    """The one-hot labels are as wide as the largest label that is there: where the last class does not occur, they do
    not fit. The number of classes is that of the logits' columns."""
    return (torch.nn.functional.one_hot(labels).to(log_p.dtype) * log_p).sum(-1)


@cross_entropy.mistake("picked", constants=(0.1, 0.2, 0.05, 0.01))
@weighted.mistake("picked", constants=(0.1, 0.2, 0.05, 0.01))
@focal.mistake("picked", constants=(0.1, 0.2, 0.05, 0.01))
def smoothed_labels(log_p, labels, constant):
    """The labels are smoothed by {constant} (label smoothing): the statement asks for plain labels."""
    own = log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    return (1 - constant) * own + constant * log_p.mean(-1)


@cross_entropy.mistake("picked", constants=(0.1, 0.2, 0.05, 0.01))
def smoothed_over_the_other_classes(log_p, labels, constant):
    """The labels are smoothed: {constant} is shared out over the other classes. The statement asks for plain labels."""
    own = log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    return (1 - constant) * own + constant * (log_p.sum(-1) - own) / (log_p.shape[-1] - 1)


@cross_entropy.mistake("picked", constants=tuple(10.0**-k for k in range(3, 17)))
def roles_exchanged(log_p, labels, constant):
    """Prediction and truth are exchanged: you sum p log(y + {constant}). The logarithm is taken of the prediction, the
    truth is the weight."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    return (torch.exp(log_p) * torch.log(truth + constant)).sum(-1)


@cross_entropy.mistake("picked", constants=tuple(10.0**-k for k in range(3, 12)))
def roles_exchanged_and_clamped(log_p, labels, constant):
    """Prediction and truth are exchanged: you sum p log(y), with y kept at {constant} or above. The logarithm is
    taken of the prediction, the truth is the weight."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    return (torch.exp(log_p) * torch.log(truth.clamp(min=constant))).sum(-1)


@cross_entropy.mistake("picked")
def divergence_from_the_uniform(log_p, labels):
    """You average the log-probability over all classes and add the correct one: only that of the correct class
    counts."""
    return log_p.mean(-1) + log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
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
@weighted.mistake("picked")
@focal.mistake("picked")
def picked_times_the_label(log_p, labels):
    """The log-probability is multiplied by the label's number. The label is an index: it says which class is
    correct."""
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
@weighted.mistake("picked")
@focal.mistake("picked")
def entropy_of_the_prediction(log_p):
    """You compute the entropy of the prediction, -sum p log p: the labels play no part in it."""
    return (torch.exp(log_p) * log_p).sum(-1)


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def wrong_classes(log_p, labels):
    """You add up the log-probabilities of the wrong classes: only that of the correct class counts."""
    return log_p.sum(-1) - log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)


@cross_entropy.mistake("picked")
def weighted_by_the_probability(log_p, labels):
    """Each sample is weighted with its own probability (p log p): cross-entropy is -log p of the correct class."""
    mine = log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    return torch.exp(mine) * mine


@cross_entropy.mistake("picked")
@weighted.mistake("picked")
@focal.mistake("picked")
def probability_of_the_correct_class(log_p, labels):
    """You average p - 1, the shortfall of the probability: cross-entropy takes its logarithm, which punishes confident
    mistakes far more."""
    return torch.exp(log_p.gather(-1, labels.unsqueeze(-1)).squeeze(-1)) - 1


@cross_entropy.mistake("each")
def sign_forgotten(picked):
    """The minus is missing: log-probabilities are negative, a loss is positive and falls as p rises."""
    return picked


@cross_entropy.mistake("each")
def base_two_logarithm(picked):
    """The logarithm is taken to base 2: that is bits. Cross-entropy is in nats, with the natural logarithm."""
    return -picked / math.log(2)


@cross_entropy.mistake("each")
def base_ten_logarithm(picked):
    """The logarithm is taken to base 10. Cross-entropy is in nats, with the natural logarithm."""
    return -picked / math.log(10)


@cross_entropy.mistake("each")
def divided_by_log_c(picked, logits):
    """The loss is divided by log C, so that guessing costs 1. Plain cross-entropy is asked for: guessing costs log
    C."""
    return -picked / math.log(logits.shape[-1])


@cross_entropy.mistake("each")
def hinge_loss(scores, labels):
    """This is a hinge loss, max(0, 1 + other - own): cross-entropy is -log p of the correct class."""
    own = scores.gather(-1, labels.unsqueeze(-1))
    return (scores - own + 1).clamp(min=0).sum(-1) - 1


@cross_entropy.mistake("each")
def hinge_loss_with_the_correct_class(scores, labels):
    """This is a hinge loss, and the correct class is compared with itself as well: cross-entropy is -log p of the
    correct class."""
    own = scores.gather(-1, labels.unsqueeze(-1))
    return (scores - own + 1).clamp(min=0).sum(-1)


@cross_entropy.mistake("each")
def squared_error(log_p, labels):
    """This is the squared error between probabilities and one-hot labels: cross-entropy is -log p of the correct class,
    which punishes confident mistakes far more."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    return ((torch.exp(log_p) - truth) ** 2).sum(-1)


@cross_entropy.mistake("each")
def squared_error_of_the_correct_class(picked):
    """This is the squared error (1 - p) ** 2 of the correct class: cross-entropy is -log p."""
    return (1 - torch.exp(picked)) ** 2


@cross_entropy.mistake("each")
def absolute_error(log_p, labels):
    """This is the absolute error between probabilities and one-hot labels: cross-entropy is -log p of the correct
    class."""
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(log_p.dtype)
    return (torch.exp(log_p) - truth).abs().sum(-1)


@cross_entropy.mistake("each")
def squared_error_of_the_logits(scores, labels):
    """This is the squared error between the logits and the one-hot labels: cross-entropy is -log p of the correct
    class."""
    truth = torch.nn.functional.one_hot(labels, scores.shape[-1]).to(scores.dtype)
    return ((scores - truth) ** 2).sum(-1)


@cross_entropy.mistake("each")
def only_misclassified_samples(picked, logits, labels):
    """Samples that are classified correctly cost nothing in your loss: a correct but unsure prediction has a price,
    too."""
    return -picked * (logits.argmax(-1) != labels)


@cross_entropy.mistake("each")
def only_correct_samples(picked, logits, labels):
    """Samples that are classified wrongly cost nothing in your loss: they are what it is for."""
    return -picked * (logits.argmax(-1) == labels)


@cross_entropy.mistake("each")
def error_rate(picked, logits, labels):
    """You return the share of wrong predictions: that counts errors, and has no gradient. Cross-entropy is -log p."""
    return (logits.argmax(-1) != labels).to(picked.dtype)


@cross_entropy.mistake("each")
def accuracy(picked, logits, labels):
    """You return the share of right predictions, the accuracy: cross-entropy is -log p of the correct class."""
    return (logits.argmax(-1) == labels).to(picked.dtype)


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
    """Your loss grows with the batch: it adds where it should average (or a (N, 1) and a (N,) tensor meet, and make N
    times N differences). Divide by N, so that one learning rate fits every batch size."""
    return each.sum()


@cross_entropy.mistake("loss", constants=(32, 64, 16, 128, 10, 100, 8, 4, 5, 3, 256))
def fixed_batch_size(each, constant):
    """You divide by a fixed batch size, {constant}: divide by the number of samples that are there."""
    return each.sum() / constant


@cross_entropy.mistake("loss")
def first_sample_over_n(each):
    """Only the first sample counts, divided by N: the return stands inside the loop over the batch."""
    return each[0] / len(each)


@cross_entropy.mistake("loss")
def mean_without_the_first_sample(each):
    """The first sample is left out of the mean: the loop, or the slice, starts one too late."""
    return each[1:].mean()


@cross_entropy.mistake("loss")
def mean_without_the_last_sample(each):
    """The last sample is left out of the mean: the loop, or the slice, ends one too early."""
    return each[:-1].mean()


@cross_entropy.mistake("loss")
def mean_over_the_classes_seen(each, labels):
    """You average each class first and then the classes: a rare class then weighs as much as a frequent one. Every
    sample counts alike."""
    return torch.stack([each[labels == label].mean() for label in labels.unique()]).mean()


@cross_entropy.mistake("loss")
def class_zero_ignored(each, labels):
    """Samples of class 0 are left out, as if it were padding: every class counts."""
    keep = (labels > 0).to(each.dtype)
    return (each * keep).sum() / keep.sum().clamp(min=1)


@cross_entropy.mistake("loss")
def class_zero_costs_nothing(each, labels):
    """Samples of class 0 cost nothing in your loss, as if it were padding: every class counts."""
    return (each * (labels > 0)).mean()


@cross_entropy.mistake("loss")
def divided_by_the_classes_seen(each, labels):
    """You divide by the number of different labels, where the number of samples N is meant."""
    return each.sum() / len(labels.unique())


@cross_entropy.mistake("loss")
def divided_by_the_sum_of_the_labels(each, labels):
    """You divide by the sum of the labels, where the number of samples N is meant."""
    return each.sum() / labels.sum()


@cross_entropy.mistake("loss")
def perplexity(each):
    """You return the exponential of the loss: that is perplexity. The loss is the mean of -log p itself."""
    return torch.exp(each.mean())


@cross_entropy.mistake("loss")
def nothing_added_up(each):
    """The loss is always 0: nothing is added up, the terms of the loop get lost."""
    return 0 * each.detach().nan_to_num().mean()


@cross_entropy.mistake("loss")
def smallest_loss(each):
    """You return the smallest loss of the batch: the mean is asked for."""
    return each.min()


@cross_entropy.mistake("loss")
def product_of_the_losses(each):
    """You multiply the samples' losses: probabilities are multiplied, their logarithms are added."""
    return each.prod()


@cross_entropy.mistake("loss")
def root_of_the_mean_square(each):
    """You return the root of the mean of the squares: the plain mean is asked for."""
    return (each**2).mean().sqrt()


@cross_entropy.mistake("loss")
def divided_by_the_square_root_of_n(each):
    """You divide by the square root of N: the mean divides by N."""
    return each.sum() / math.sqrt(len(each))


@cross_entropy.mistake("loss")
def running_average(each):
    """You average in the loop with the average so far, (old + new) / 2: the last samples then weigh the most. Add them
    all up and divide by N."""
    result = 0 * each[0]
    for one in each:
        result = (result + one) / 2
    return result


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


@cross_entropy.mistake("each", "loss")
def mean_probability_then_log(picked):
    """You average the probabilities and then take the logarithm: the logarithm comes first, sample by sample."""
    return -picked, -torch.log(torch.exp(picked).mean())


@mistake("losses.cross_entropy")
def shift_detached_on_the_other_side(logits, labels):
    """The value is right and the gradient is not: the maximum is detached inside the log-sum-exp and not outside,
    where it should cancel. Detach it in both places or in neither."""
    largest = logits.amax(-1, keepdim=True)
    log_p = logits - largest - torch.log(torch.exp(logits - largest.detach()).sum(-1, keepdim=True))
    return -log_p.gather(-1, labels.unsqueeze(-1)).mean()


@mistake("losses.cross_entropy")
def normaliser_detached(logits, labels):
    """The value is right and the gradient is not: the log-sum-exp is cut out of autograd's graph (detach, .item(),
    no_grad), so only the correct class ever gets a gradient."""
    log_p = logits - torch.logsumexp(logits, -1, keepdim=True).detach()
    return -log_p.gather(-1, labels.unsqueeze(-1)).mean()


@mistake("losses.cross_entropy")
def correct_logit_detached(logits, labels):
    """The value is right and the gradient is not: the correct class's logit is cut out of autograd's graph, and only
    the normaliser gets a gradient."""
    return (torch.logsumexp(logits, -1) - logits.gather(-1, labels.unsqueeze(-1)).squeeze(-1).detach()).mean()


@mistake("losses.cross_entropy")
def maximum_detached_on_one_side(logits, labels):
    """The value is right and the gradient is not: the maximum is detached in one place and not in the other, where it
    no longer cancels."""
    largest = logits.amax(-1, keepdim=True)
    log_p = logits - largest.detach() - torch.log(torch.exp(logits - largest).sum(-1, keepdim=True))
    return -log_p.gather(-1, labels.unsqueeze(-1)).mean()


# -------------------------------------------------- means over elements: the steps that several losses share

mse = Anatomy("losses.mse_loss", "result")
mae = Anatomy("losses.mae_loss", "result")
huber = Anatomy("losses.huber_loss", "result")
bce = Anatomy("losses.binary_cross_entropy", "result")
bce_logits = Anatomy("losses.bce_with_logits", "result")


@mse.step
@mae.step
@huber.step
def error(pred, target):
    """the error of each element: `pred` minus `target`"""
    return pred - target


@mse.step
def each(error):
    """the square of each error"""
    return error**2


@mae.step
def each(error):
    """the size of each error"""
    return error.abs()


@huber.step
def each(error, delta):
    """the price of each error: a parabola up to `delta`, a straight line beyond"""
    inside = error.abs().clamp(max=delta)
    return 0.5 * inside**2 + delta * (error.abs() - inside)


@bce.step
@bce_logits.step
def truth(target):
    return target


@bce.step
def log_of_one(prob):
    """the log-probability of class 1, cut off at -100"""
    return torch.log(prob).clamp(min=-100)


@bce.step
def log_of_zero(prob):
    """the log-probability of class 0, cut off at -100"""
    return torch.log(1 - prob).clamp(min=-100)


@bce_logits.step
def log_of_one(logits):
    """the log-probability of class 1"""
    return -torch.logaddexp(torch.zeros_like(logits), -logits)


@bce_logits.step
def log_of_zero(logits):
    """the log-probability of class 0"""
    return -torch.logaddexp(torch.zeros_like(logits), logits)


@bce.step
@bce_logits.step
def each(truth, log_of_one, log_of_zero):
    """the price of each element, with both classes weighed by `target`"""
    return -(truth * log_of_one + (1 - truth) * log_of_zero)


@mse.step
@mae.step
@huber.step
@bce.step
@bce_logits.step
def loss(each):
    return each.mean()


@mse.step
@mae.step
@huber.step
@bce.step
@bce_logits.step
def scaled(loss):
    return loss


@mse.step
@mae.step
@huber.step
@bce.step
@bce_logits.step
def result(scaled):
    """the loss, averaged over all elements"""
    return scaled


@mse.quantity
@mae.quantity
def minus_error(error):
    """the error of each element with its sign turned round: `target` minus `pred`"""
    return -error


@mse.quantity
@mae.quantity
@huber.quantity
@bce.quantity
@bce_logits.quantity
def number_of_elements(each):
    """the number of elements, of all rows together"""
    return each.numel()


@mse.quantity
def sum_of_squares(each):
    """the sum of all squared errors"""
    return each.sum()


@mse.quantity
def mean_square_of_rows(each):
    """the mean of the squared errors in each row"""
    return each.mean(-1)


@mse.quantity
def sum_of_squares_of_rows(each):
    """the sum of the squared errors in each row"""
    return each.sum(-1)


@mse.quantity
def flat_errors(error):
    """all errors in one long vector"""
    return error.reshape(-1)


@mse.quantity
def length_of_the_errors(each):
    """the length of all errors as one vector: the root of their summed squares"""
    return each.sum().sqrt()


@mse.quantity
def twice_the_product(pred, target):
    """twice the product of `pred` and `target`"""
    return 2 * pred * target


@mae.quantity
def sum_of_sizes(each):
    """the sum of the sizes of all errors"""
    return each.sum()


@mae.quantity
def mean_size_of_rows(each):
    """the mean size of the errors in each row"""
    return each.mean(-1)


@mae.quantity
def sum_of_sizes_of_rows(each):
    """the sum of the sizes of the errors in each row"""
    return each.sum(-1)


@mae.quantity
def sign_of_the_error(error):
    """the sign of each error: 1, -1, or 0 where there is none"""
    return error.sign()


@mae.quantity
def square_of_the_error(error):
    """the square of each error"""
    return error**2


@mae.quantity
def larger(pred, target):
    """the larger one of `pred` and `target`"""
    return torch.maximum(pred, target)


@mae.quantity
def smaller(pred, target):
    """the smaller one of `pred` and `target`"""
    return torch.minimum(pred, target)


@huber.quantity
def size(error):
    """the size of each error"""
    return error.abs()


@huber.quantity
def is_small(size, delta):
    """which errors are at most `delta` in size, so that the parabola holds"""
    return size <= delta


@huber.quantity
def parabola(error):
    """the price of each error on the parabola: half of its square"""
    return 0.5 * error**2


@huber.quantity
def above_half_delta(size, delta):
    """the size of each error minus half of `delta`"""
    return size - delta / 2


@huber.quantity
def line(above_half_delta, delta):
    """the price of each error on the straight line that holds beyond `delta`"""
    return delta * above_half_delta


@huber.quantity
def drop_of_the_line(delta):
    """what the line is lowered by to meet the parabola: half of `delta` squared"""
    return 0.5 * delta**2


@huber.quantity
def inside(size, delta):
    """the part of each error's size up to `delta`"""
    return size.clamp(max=delta)


@huber.quantity
def beyond(size, delta):
    """the part of each error's size beyond `delta`, 0 for small errors"""
    return (size - delta).clamp(min=0)


@huber.quantity
def cut_off(error, delta):
    """each error with its sign, cut off at `delta` on both sides"""
    return error.clamp(-delta, delta)


@huber.quantity
def size_in_deltas(size, delta):
    """the size of each error as a multiple of `delta`"""
    return size / delta


@huber.quantity
def price_in_squared_deltas(each, delta):
    """the price of each error as a multiple of `delta` squared"""
    return each / delta**2


@bce.quantity
def probability_of_zero(prob):
    """the probability of class 0"""
    return 1 - prob


@bce.quantity
def uncut_log_of_one(prob):
    """the log-probability of class 1, not cut off yet"""
    return torch.log(prob)


@bce.quantity
def uncut_log_of_zero(prob):
    """the log-probability of class 0, not cut off yet"""
    return torch.log(1 - prob)


@bce.quantity
@bce_logits.quantity
def truth_of_zero(target):
    """the share of class 0 in each target"""
    return 1 - target


@bce.quantity
@bce_logits.quantity
def price_of_one(log_of_one):
    """what each element would cost if its target were 1"""
    return -log_of_one


@bce.quantity
@bce_logits.quantity
def price_of_zero(log_of_zero):
    """what each element would cost if its target were 0"""
    return -log_of_zero


@bce.quantity
@bce_logits.quantity
def part_of_one(truth, log_of_one):
    """the term of class 1: its logarithm, weighed by its share of the target"""
    return truth * log_of_one


@bce.quantity
@bce_logits.quantity
def part_of_zero(truth, log_of_zero):
    """the term of class 0: its logarithm, weighed by its share of the target"""
    return (1 - truth) * log_of_zero


@bce.quantity
@bce_logits.quantity
def weighed_logs(each):
    """both classes' logarithms, weighed by `target` and added, without the minus"""
    return -each


@bce.quantity
def mean_of_weighed_logs(each):
    """the weighed logarithms, averaged over all elements, without the minus"""
    return -each.mean()


@bce.quantity
def sum_of_binary_prices(each):
    """the sum of the prices of all elements"""
    return each.sum()


@bce_logits.quantity
def positive_part(logits):
    """each logit where it is positive, and 0 elsewhere"""
    return logits.clamp(min=0)


@bce_logits.quantity
def negative_part(logits):
    """the size of each negative logit, and 0 for the others"""
    return (-logits).clamp(min=0)


@bce_logits.quantity
def power_of_minus_the_size(logits):
    """the exponential of minus the size of each logit, which never overflows"""
    return torch.exp(-logits.abs())


@bce_logits.quantity
def above_the_positive_part(power_of_minus_the_size):
    """what an element of target 0 costs beyond the positive part of its logit"""
    return torch.log1p(power_of_minus_the_size)


@bce_logits.quantity
def target_times_logit(logits, target):
    """each logit times its target"""
    return target * logits


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def summed_over_all_elements(each):
    """You add up where you should average: the loss then grows with the batch, and one learning rate no longer fits
    every batch size."""
    return each.sum()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def divided_by_the_batch_only(each):
    """You divide by the number of samples only: the mean runs over all elements, so that the number of outputs does not
    change the scale of the loss either."""
    return each.sum() / len(each)


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def divided_by_the_outputs_only(each):
    """You divide by the size of the last dimension only: the mean runs over all elements."""
    return each.sum() / each.shape[-1]


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def summed_over_the_last_dimension(each):
    """You add up over the last dimension and average what is left: the mean runs over all elements, so that the number
    of outputs does not change the scale of the loss."""
    return each.sum(-1).mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def summed_over_the_first_dimension(each):
    """You add up over the first dimension and average what is left: the mean runs over all elements, so that the size
    of the batch does not change the scale of the loss."""
    return each.sum(0).mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def one_loss_for_each_element(each):
    """You return one number for each element: their mean is asked for, a 0-d tensor."""
    return each


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def one_loss_for_each_sample(each):
    """You average over the last dimension only, and return one number for each sample: the mean runs over all elements
    and gives a 0-d tensor."""
    return each.mean(-1)


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def one_loss_for_each_output(each):
    """You average over the first dimension only, and return one number for each output: the mean runs over all elements
    and gives a 0-d tensor."""
    return each.mean(0)


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def vector_of_one_element(each):
    """The loss has shape (1,): a loss is a 0-d tensor. Look at keepdim, or at a view or stack at the end."""
    return each.mean().reshape(1)


@mse.mistake("scaled")
@mae.mistake("scaled")
@huber.mistake("scaled")
@bce.mistake("scaled")
@bce_logits.mistake("scaled")
def half_of_the_mean(loss):
    """There is a factor 1/2 too much: some books put it there to cancel the 2 of the derivative, here the plain mean is
    asked for."""
    return loss / 2


@mse.mistake("scaled")
@mae.mistake("scaled")
@huber.mistake("scaled")
@bce.mistake("scaled")
@bce_logits.mistake("scaled")
def twice_the_mean(loss):
    """There is a factor 2 too much."""
    return 2 * loss


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def half_of_the_sum(each):
    """You return half of the sum: the plain mean over all elements is asked for."""
    return each.sum() / 2


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def half_of_the_mean_over_the_batch(each):
    """You return the sum over 2 N: the plain mean over all elements is asked for, without the 1/2."""
    return each.sum() / (2 * len(each))


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def divided_by_the_batch_twice(each):
    """The mean over all elements is divided by the number of samples once more."""
    return each.mean() / len(each)


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def divided_by_one_less(each):
    """You divide by one less than the number of elements: that belongs to a sample variance. The loss is a plain
    mean."""
    return each.sum() / (each.numel() - 1)


@mse.mistake("result")
@mae.mistake("result")
@huber.mistake("result")
@bce.mistake("result")
@bce_logits.mistake("result")
def root_at_the_end(scaled):
    """You take the square root of the mean: that is another loss, the root mean square. The mean itself is asked
    for."""
    return scaled.sqrt()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def largest_element_of_each_sample(each):
    """You take the largest over the last dimension and average those: the mean runs over all elements."""
    return each.amax(-1).mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def largest_element_of_each_output(each):
    """You take the largest over the first dimension and average those: the mean runs over all elements."""
    return each.amax(0).mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def first_element_left_out(each):
    """The first element is left out of the sum, and n counts it: a loop over all elements begins at 0."""
    return each.reshape(-1)[1:].sum() / each.numel()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def last_element_left_out(each):
    """The last element is left out of the sum, and n counts it: range(n) ends at n - 1 by itself."""
    return each.reshape(-1)[:-1].sum() / each.numel()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def mean_without_the_first_sample(each):
    """The first sample is left out of the mean: it counts as the others do."""
    return each[1:].mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def mean_without_the_last_sample(each):
    """The last sample is left out of the mean: it counts as the others do."""
    return each[:-1].mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def largest_element(each):
    """You return the largest element: the mean is asked for."""
    return each.max()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def median_element(each):
    """You return the median: the mean is asked for."""
    return each.median()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def first_sample_counts(each):
    """Only the first sample counts: a return inside the loop over the batch, or an index too many."""
    return each[0].mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def last_sample_counts(each):
    """Only the last sample counts: in a loop over the batch the loss is overwritten, where it should be added to."""
    return each[-1].mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def first_element_alone(each):
    """Only the first element counts: a return inside the loop over the elements, or an index too many."""
    return each.reshape(-1)[0]


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def last_element_alone(each):
    """Only the last element counts: each round of the loop overwrites the one before, where it should add to it."""
    return each.reshape(-1)[-1]


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def last_element_over_n(each):
    """Each round of the loop overwrites the one before: what you divide by the number of elements is only the last of
    them. Add them up."""
    return each.reshape(-1)[-1] / each.numel()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def divided_by_the_square_of_the_batch(each):
    """You divide by the number of samples twice, and not by the number of outputs: the mean runs over all elements."""
    return each.sum() / len(each) ** 2


@mse.mistake("result")
@mae.mistake("result")
@huber.mistake("result")
@bce.mistake("result")
@bce_logits.mistake("result")
def negative_loss(scaled):
    """The loss has the wrong sign: a perfect prediction must cost least."""
    return -scaled


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
@bce.mistake("loss")
@bce_logits.mistake("loss")
def mean_of_positive_elements(each):
    """Elements that cost nothing are left out of the mean: divide by all of them."""
    return each[each > 0].mean()


@mse.mistake("loss")
@mae.mistake("loss")
@huber.mistake("loss")
def mean_of_positive_elements_if_any(each):
    """Elements that cost nothing are left out of the mean: divide by all of them, perfect predictions included."""
    return each.sum() / (each > 0).sum().clamp(min=1)


# ------------------------------------------------------------------------------ mse_loss and mae_loss


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def every_pair(pred, target):
    """Each prediction meets every target (a dimension of size 1 was added, and two shapes were broadcast): pair them
    one by one."""
    return pred.reshape(-1, 1) - target.reshape(1, -1)


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def every_pair_in_a_row(pred, target):
    """Each prediction of a row meets every target of that row (a dimension of size 1 was added, and two shapes were
    broadcast): pair them one by one."""
    return pred.unsqueeze(-1) - target.unsqueeze(-2)


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def every_pair_of_samples(pred, target):
    """Each sample's prediction meets every sample's target (a dimension of size 1 was added, and two shapes were
    broadcast): pair them one by one."""
    return pred.unsqueeze(1) - target.unsqueeze(0)


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def sum_in_place_of_the_difference(pred, target):
    """You add prediction and target: the error is their difference."""
    return pred + target


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def relative_error(pred, target):
    """You divide the error by the target: that is a relative error. Here errors count by their own size."""
    return (pred - target) / target


@mse.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7))
@mae.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7))
@huber.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7))
def relative_error_with_epsilon(pred, target, constant):
    """You divide the error by the size of the target (plus {constant}): that is a relative error. Here errors count by
    their own size."""
    return (pred - target) / (target.abs() + constant)


@mse.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
@mae.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
@huber.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
def symmetric_relative_error(pred, target, constant):
    """You divide the error by the mean size of prediction and target (plus {constant}): that is a symmetric relative
    error. Here errors count by their own size."""
    return 2 * (pred - target) / (pred.abs() + target.abs() + constant)


@mse.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
@mae.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
@huber.mistake("error", constants=(1e-8, 1e-6, 1e-12, 1e-10, 1e-7, 0.0))
def error_over_the_sum_of_the_sizes(pred, target, constant):
    """You divide the error by the sizes of prediction and target together (plus {constant}): that is a relative error.
    Here errors count by their own size."""
    return (pred - target) / (pred.abs() + target.abs() + constant)


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def target_left_out(pred):
    """The target is not used: the loss measures the size of the predictions."""
    return pred


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def rounded_error(pred, target):
    """The errors are rounded to whole numbers (or cut off by a conversion to int)."""
    return (pred - target).round()


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def prediction_detached(pred, target):
    """The value is right and the gradient is not: the prediction is cut out of autograd's graph (detach, .item(),
    no_grad), so nothing learns from this loss."""
    return pred.detach() - target


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def target_detached(pred, target):
    """The value is right and a gradient is missing: the target is cut out of autograd's graph (detach). A loss serves
    whoever calls, also one who needs the gradient of the target."""
    return pred - target.detach()


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def positive_errors_only(pred, target):
    """Errors below 0 cost nothing in your loss: too small is as wrong as too large."""
    return (pred - target).clamp(min=0)


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def negative_errors_only(pred, target):
    """Errors above 0 cost nothing in your loss: too large is as wrong as too small."""
    return (pred - target).clamp(max=0)


@mse.mistake("error", constants=(100.0, 10.0, 1.0, 5.0))
@mae.mistake("error", constants=(100.0, 10.0, 1.0, 5.0))
@huber.mistake("error", constants=(5.0, 10.0, 1.0))
def errors_cut_off(pred, target, constant):
    """You cut the errors off at {constant}: a larger one then costs no more, and gets no gradient."""
    return (pred - target).clamp(-constant, constant)


@mae.mistake("error")
@huber.mistake("error")
def mean_error_subtracted(pred, target):
    """You subtract the mean error first: the error that all predictions share then costs nothing."""
    return pred - target - (pred - target).mean()


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def sorted_before_the_comparison(pred, target):
    """Predictions and targets are sorted before they are compared: pair them one by one, as they come."""
    return pred.flatten().sort().values - target.flatten().sort().values


@mse.mistake("error")
@mae.mistake("error")
@huber.mistake("error")
def target_transposed(pred, target):
    """The target is transposed before it is subtracted: both have the same shape already, pair them as they are."""
    return pred - (target.mT if target.dim() > 1 else target)


@mse.mistake("each")
def absolute_for_the_square(error):
    """You average absolute errors: that is the mean absolute error. Here each error is squared."""
    return error.abs()


@mse.mistake("each")
def not_squared(error):
    """The errors are not squared: those above and below 0 cancel."""
    return error


@mse.mistake("each")
def signed_squares(error):
    """You multiply each error by its size, which keeps its sign: errors above and below 0 cancel. Multiply it by
    itself."""
    return error * error.abs()


@mse.mistake("each")
def cubed(error):
    """The third power is taken: errors are squared."""
    return error**3


@mse.mistake("each")
def fourth_power(error):
    """The errors are squared twice."""
    return error**4


@mse.mistake("each")
def half_precision(error):
    """The squares are computed in half precision (float16): they keep three digits, and overflow above 65504."""
    return (error.half() ** 2).to(error.dtype)


@mse.mistake("each")
def doubled_in_place_of_squared(error):
    """You multiply by 2 where the power 2 is meant."""
    return 2 * error


@mse.mistake("each")
def difference_of_the_squares(pred, target):
    """You subtract squares: square the difference, (pred - target) ** 2, not pred ** 2 - target ** 2."""
    return pred**2 - target**2


@mse.mistake("each")
def mixed_term_forgotten(pred, target):
    """The square is expanded without its mixed term: (a - b) ** 2 is a ** 2 - 2 a b + b ** 2."""
    return pred**2 + target**2


@mse.mistake("loss")
def square_of_the_mean_error(error):
    """You square the mean error: square first, error by error. Errors above and below 0 cancel otherwise."""
    return error.mean() ** 2


@mse.mistake("loss")
def square_of_the_summed_error(error):
    """You square the sum of the errors: square first, error by error, and then take the mean."""
    return error.sum() ** 2


@mse.mistake("loss")
def square_of_the_mean_size(error):
    """You average the absolute errors and square the mean: square first, error by error, then average. The square of a
    mean is not the mean of the squares."""
    return error.abs().mean() ** 2


@mse.mistake("loss")
def squared_sum_over_n(error):
    """You square the sum of the errors and divide by their number: square first, error by error."""
    return error.sum() ** 2 / error.numel()


@mse.mistake("loss")
def squared_sum_over_the_batch(error):
    """You square the sum of the errors and divide by the number of samples: square first, error by error, and take the
    mean over all elements."""
    return error.sum() ** 2 / len(error)


@mse.mistake("loss")
def squares_of_the_mean_errors_of_the_samples(error):
    """You average the errors of each sample and square then: square first, error by error. Errors above and below 0
    cancel otherwise."""
    return (error.mean(-1) ** 2).mean()


@mse.mistake("loss")
def squares_of_the_mean_errors_of_the_outputs(error):
    """You average over the first dimension and square then: square first, error by error. Errors above and below 0
    cancel otherwise."""
    return (error.mean(0) ** 2).mean()


@mse.mistake("loss")
def variance_of_the_errors(error):
    """You return the variance of the errors: that leaves out the error that all of them share."""
    return error.var(unbiased=False) if error.numel() > 1 else error.mean() * 0


@mse.mistake("loss")
def length_of_the_error(error):
    """You return the length of the error vector: the root of a sum, where the mean of the squares is asked for."""
    return (error**2).sum().sqrt()


@mse.mistake("loss")
def squared_error_over_variance(each, target):
    """You divide by the size of the targets: that is a relative measure. The plain mean of the squares is asked for."""
    return each.sum() / (target**2).sum()


@mae.mistake("each")
def not_absolute(error):
    """The absolute value is missing: errors above and below 0 cancel."""
    return error


@mae.mistake("each")
def square_for_the_absolute(error):
    """You square the errors: that is the mean squared error. Here each error counts by its size."""
    return error**2


@mae.mistake("loss")
def size_of_the_mean_error(error):
    """You take the absolute value of the mean error: absolute values first, then the mean. Errors above and below 0
    cancel otherwise."""
    return error.mean().abs()


@mae.mistake("loss")
def size_of_the_summed_error(error):
    """You take the absolute value of the sum: absolute values first, then the mean."""
    return error.sum().abs()


@mae.mistake("loss")
def size_of_the_summed_error_over_the_batch(error):
    """You take the absolute value of the sum and divide by the number of samples: absolute values first, then the mean
    over all elements. Errors above and below 0 cancel otherwise."""
    return error.sum().abs() / len(error)


@mae.mistake("loss")
def sizes_of_the_mean_errors_of_the_samples(error):
    """You average the errors of each sample and take absolute values then: absolute values first, error by error.
    Errors above and below 0 cancel otherwise."""
    return error.mean(-1).abs().mean()


@mae.mistake("loss")
def sizes_of_the_mean_errors_of_the_outputs(error):
    """You average over the first dimension and take absolute values then: absolute values first, error by error. Errors
    above and below 0 cancel otherwise."""
    return error.mean(0).abs().mean()


@mae.mistake("loss")
def root_of_the_mean_squared_error(error):
    """You return the root of the mean squared error, in which large errors weigh more: here the absolute values are
    averaged."""
    return (error**2).mean().sqrt()


@mae.mistake("loss")
def length_of_the_errors(error):
    """You return the length of the error vector, or torch.norm of it: the mean of the absolute values is asked for."""
    return (error**2).sum().sqrt()


@mae.mistake("each")
def difference_of_the_sizes(pred, target):
    """You subtract absolute values: take the absolute value of the difference, or -3 and 3 count as equal."""
    return pred.abs() - target.abs()


@mae.mistake("each")
def size_of_the_difference_of_the_sizes(pred, target):
    """You take the sizes of prediction and target before you subtract: -3 and 3 then count as equal."""
    return (pred.abs() - target.abs()).abs()


@mae.mistake("each", constants=(1e-8, 1e-6, 1e-12, 1e-4, 1e-3, 1e-2, 1.0))
def smoothed_root(error, constant):
    """You take the root of the square plus {constant}: a perfect prediction then has a price, and no error is counted
    by its size."""
    return (error**2 + constant).sqrt()


@mae.mistake("loss")
def relative_to_the_targets(each, target):
    """You divide by the size of the targets: that is a relative measure, and NaN where they are 0. The plain mean of
    the absolute errors is asked for."""
    return each.sum() / target.abs().sum()


@mae.mistake("loss")
def relative_to_the_mean_target(each, target):
    """You divide by the mean of the targets: that is a relative measure. The plain mean of the absolute errors is asked
    for."""
    return each.mean() / target.mean()


@mae.mistake("each")
def sign_only(error):
    """You count the errors' signs: their sizes are asked for."""
    return error.sign().abs()


@mae.mistake("each")
def root_of_the_size(error):
    """You take the root of the absolute errors: they count as they are."""
    return error.abs().sqrt()


@mae.mistake("each")
def logarithm_of_the_size(error):
    """You take the logarithm of 1 + |e|: the absolute errors count as they are."""
    return torch.log1p(error.abs())


@mae.mistake("each")
def smooth_at_zero(error):
    """Small errors are squared in your loss: that is Huber's (or a smooth L1) loss. Here every error counts by its
    size."""
    return torch.where(error.abs() <= 1, 0.5 * error**2, error.abs() - 0.5)


# ------------------------------------------------------------------------------------------ huber_loss


@huber.mistake("each")
def no_half_of_delta_subtracted(error, delta):
    """Outside delta the half of delta is not subtracted: the two pieces do not meet, and the loss jumps where they
    should."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * error.abs())


@huber.mistake("each")
def whole_delta_subtracted(error, delta):
    """Outside, delta is subtracted, and half of delta is meant: the two pieces do not meet."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error.abs() - delta))


@huber.mistake("each")
def one_half_subtracted(error, delta):
    """Outside you subtract 1/2 inside the parenthesis (or half of delta after it) where delta (|e| - delta / 2) is
    meant: the pieces meet for delta = 1 only."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error.abs() - 0.5))


@huber.mistake("each")
def one_half_subtracted_at_the_end(error, delta):
    """Outside you subtract 1/2 where half of delta squared is meant: the pieces meet for delta = 1 only."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * error.abs() - 0.5)


@huber.mistake("each")
def half_of_delta_added(error, delta):
    """Outside, half of delta is added where it must be subtracted: the two pieces do not meet."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error.abs() + delta / 2))


@huber.mistake("each")
def slope_one_outside(error, delta):
    """Outside the slope is 1 where it must be delta: the pieces meet for delta = 1 only."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, error.abs() - 0.5 * delta)


@huber.mistake("each")
def slope_one_and_one_half(error, delta):
    """Outside you use |e| - 1/2, which belongs to delta = 1: delta is missing there, as a slope and in the offset."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, error.abs() - 0.5)


@huber.mistake("each")
def absolute_error_outside(error, delta):
    """Outside you use the plain absolute error: the pieces do not meet, in value or in slope."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, error.abs())


@huber.mistake("each")
def no_half_inside(error, delta):
    """Inside, the 1/2 before the square is missing: value and slope do not meet those of the line outside."""
    return torch.where(error.abs() <= delta, error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def no_half_anywhere(error, delta):
    """Both halves are missing: it is half of the square inside, and half of delta that is subtracted outside."""
    return torch.where(error.abs() <= delta, error**2, delta * (error.abs() - delta))


@huber.mistake("each")
def compared_with_half_of_delta(error, delta):
    """You compare the error with half of delta: the pieces meet at delta."""
    return torch.where(error.abs() <= delta / 2, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def whole_square_of_the_excess_subtracted(error, delta):
    """From the parabola you subtract the whole square of what is beyond delta: half of it makes the line."""
    return 0.5 * error**2 - (error.abs() - delta).clamp(min=0) ** 2


@huber.mistake("each")
def smooth_l1(error, delta):
    """This is the smooth L1 loss: Huber's divided by delta. The slope outside is delta here, not 1."""
    return torch.where(error.abs() <= delta, 0.5 * error**2 / delta, error.abs() - delta / 2)


@huber.mistake("each")
def pieces_exchanged(error, delta):
    """The two pieces have changed places: small errors are squared, large ones are not."""
    return torch.where(error.abs() > delta, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def comparison_without_the_absolute_value(error, delta):
    """You compare the error itself with delta: an error of -100 then counts as small and is squared. Compare its
    absolute value."""
    return torch.where(error <= delta, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def signed_error_outside(error, delta):
    """Outside you use the error itself where its absolute value is meant: large negative errors earn something."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error - delta / 2))


@huber.mistake("each")
def squares_compared_with_delta(error, delta):
    """You compare the squared error with delta: the absolute error is meant (or delta squared)."""
    return torch.where(error**2 <= delta, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def halves_compared_with_delta(error, delta):
    """You compare half of the squared error with delta: the absolute error is meant."""
    return torch.where(0.5 * error**2 <= delta, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each", constants=(1.0, 1.35, 0.5, 2.0))
def delta_written_into_the_code(error, constant):
    """delta is fixed at {constant} in your code: use the argument."""
    return torch.where(error.abs() <= constant, 0.5 * error**2, constant * (error.abs() - constant / 2))


@huber.mistake("each")
def squares_cut_off(error, delta):
    """Outside the loss is flat: the square is cut off at delta. Large errors must go on costing more."""
    return 0.5 * error.abs().clamp(max=delta) ** 2


@huber.mistake("each")
def zero_outside(error, delta):
    """Large errors cost nothing in your loss: the piece outside delta is missing."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, 0.0)


@huber.mistake("each")
def zero_inside(error, delta):
    """Small errors cost nothing in your loss: the piece inside delta is missing."""
    return torch.where(error.abs() <= delta, 0.0, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def half_of_the_square_everywhere(error, delta):
    """All errors are squared (the larger of the two pieces always is the parabola): beyond delta the loss goes on in a
    straight line."""
    return 0.5 * error**2


@huber.mistake("each")
def line_everywhere(error, delta):
    """All errors are on the straight line (the smaller of the two pieces always is the line): inside delta they are
    squared."""
    return delta * (error.abs() - delta / 2)


@huber.mistake("each")
def pseudo_huber(error, delta):
    """This is the pseudo-Huber loss, a smooth relative: here there are two pieces, with delta between them."""
    return delta**2 * (torch.sqrt(1 + (error / delta) ** 2) - 1)


@huber.mistake("each")
def log_cosh(error, delta):
    """This is the log-cosh loss, a smooth relative of Huber's: here there are two pieces, with delta between them."""
    return torch.log(torch.cosh(error))


@huber.mistake("each")
def delta_squared_outside(error, delta):
    """Outside delta is squared once too often: it is delta |e| - delta ** 2 / 2."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta**2 * (error.abs() - delta / 2))


@huber.mistake("each")
def half_of_the_size_inside(error, delta):
    """Inside the square is missing: it is half of the squared error."""
    return torch.where(error.abs() <= delta, 0.5 * error.abs(), delta * (error.abs() - delta / 2))


@huber.mistake("each")
def size_inside(error, delta):
    """Inside you take the absolute error: it is half of the squared error there, so that the slope goes to 0."""
    return torch.where(error.abs() <= delta, error.abs(), delta * (error.abs() - delta / 2))


@huber.mistake("each")
def size_inside_and_square_outside(error, delta):
    """Small errors cost their size, large ones half of their square: it is the small ones that are squared, the large
    ones are charged along a straight line."""
    return torch.where(error.abs() <= delta, error.abs(), 0.5 * error**2)


@huber.mistake("each")
def half_of_delta_cubed_subtracted(error, delta):
    """Outside you subtract delta ** 2 / 2 inside the parenthesis, so that delta multiplies it once more: it is
    delta (|e| - delta / 2), or delta |e| - delta ** 2 / 2."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error.abs() - delta**2 / 2))


@huber.mistake("each")
def slope_one_and_half_of_delta_squared(error, delta):
    """Outside the slope is 1 where it must be delta (delta multiplies only what is subtracted): the pieces meet for
    delta = 1 only."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, error.abs() - delta**2 / 2)


@huber.mistake("each")
def delta_squared_subtracted(error, delta):
    """Outside you subtract delta ** 2 without its 1/2, and the slope is 1: it is delta (|e| - delta / 2)."""
    return torch.where(error.abs() <= delta, 0.5 * error**2, error.abs() - delta**2)


@huber.mistake("each", constants=(0.5, 1.35, 1.345, 2.0, 0.1, 1.5, 5.0, 10.0))
def another_default_of_delta(error, delta, constant):
    """The default of delta is {constant} in your code: it is 1."""
    delta = constant if delta == 1.0 else delta
    return torch.where(error.abs() <= delta, 0.5 * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def nothing_at_delta(error, delta):
    """An error of exactly delta costs nothing: it is neither below delta nor above it. One of the two comparisons must
    take it (<=)."""
    inside = torch.where(error.abs() < delta, 0.5 * error**2, 0.0)
    return torch.where(error.abs() > delta, delta * (error.abs() - delta / 2), inside)


@huber.mistake("each")
def both_pieces_at_delta(error, delta):
    """An error of exactly delta is charged twice: both comparisons take it. One of them must not (< in place of <=)."""
    inside = torch.where(error.abs() <= delta, 0.5 * error**2, 0.0)
    return inside + torch.where(error.abs() >= delta, delta * (error.abs() - delta / 2), 0.0)


@huber.mistake("each")
def delta_times_the_square_inside(error, delta):
    """Inside you multiply by delta: it is half of the squared error, whatever delta is."""
    return torch.where(error.abs() <= delta, 0.5 * delta * error**2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def error_times_delta_squared_inside(error, delta):
    """Inside delta is squared along with the error: it is half of the squared error, whatever delta is."""
    return torch.where(error.abs() <= delta, 0.5 * (delta * error) ** 2, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def square_divided_by_delta_inside(error, delta):
    """Inside you divide by delta, as the smooth L1 loss does, and outside you do not: the pieces do not meet. Inside it
    is half of the squared error."""
    return torch.where(error.abs() <= delta, 0.5 * error**2 / delta, delta * (error.abs() - delta / 2))


@huber.mistake("each")
def error_over_delta_squared_inside(error, delta):
    """Inside you square error / delta: it is half of the squared error, whatever delta is."""
    return torch.where(error.abs() <= delta, 0.5 * (error / delta) ** 2, delta * (error.abs() - delta / 2))


@huber.mistake("loss")
def one_piece_for_all(error, delta):
    """You choose one piece for the whole batch (an if on the mean, or on all()): each element chooses by its own
    error."""
    inside = error.abs().mean() <= delta
    return torch.where(inside, 0.5 * error**2, delta * (error.abs() - delta / 2)).mean()


@huber.mistake("each", in_pairs=False)
def root_of_the_square_for_the_size(error, delta):
    """The value is right, and where an error is exactly 0 the gradient is NaN: the size is taken as the root of the
    square, and a root has an infinite slope at 0. abs has no such place."""
    size = (error**2).sqrt()
    inside = size.clamp(max=delta)
    return 0.5 * inside**2 + delta * (size - inside)


@huber.mistake("loss")
def means_of_the_pieces_by_their_shares(error, delta):
    """You average each piece by itself and weigh the two means: where one of the pieces is empty, its mean is NaN
    (0/0), and so is the loss. Choose the piece element by element (torch.where), and average once."""
    inside = error.abs() <= delta
    share = inside.to(error.dtype).mean()
    outside = delta * (error[~inside].abs() - delta / 2)
    return share * (0.5 * error[inside] ** 2).mean() + (1 - share) * outside.mean()


@huber.mistake("loss")
def mean_of_each_piece_nan_if_empty(error, delta):
    """You average each piece by itself and add up, and where one of them is empty its mean is NaN (0/0): choose the
    piece element by element (torch.where), and average all of them together."""
    inside = error.abs() <= delta
    return (0.5 * error[inside] ** 2).mean() + (delta * (error[~inside].abs() - delta / 2)).mean()


@huber.mistake("loss")
def mean_of_each_piece(error, delta):
    """You average each piece by itself and add the means: all elements belong to one mean, over their whole number."""
    inside = error.abs() <= delta
    parts = (0.5 * error[inside] ** 2, delta * (error[~inside].abs() - delta / 2))
    return sum(part.mean() if part.numel() else part.sum() for part in parts)


# ---------------------------------------------------------- binary_cross_entropy and bce_with_logits


@bce.mistake("each")
@bce_logits.mistake("each")
def first_term_only(truth, log_of_one):
    """The second term is missing, so samples of class 0 cost nothing: a network that always says 1 would be perfect."""
    return -truth * log_of_one


@bce.mistake("each")
@bce_logits.mistake("each")
def second_term_only(truth, log_of_zero):
    """The first term is missing, so samples of class 1 cost nothing: a network that always says 0 would be perfect."""
    return -(1 - truth) * log_of_zero


@bce.mistake("each")
@bce_logits.mistake("each")
def second_term_with_the_wrong_sign(truth, log_of_one, log_of_zero):
    """The second term has the wrong sign: the minus stands before the whole sum."""
    return -truth * log_of_one + (1 - truth) * log_of_zero


@bce.mistake("each")
@bce_logits.mistake("each")
def first_term_with_the_wrong_sign(truth, log_of_one, log_of_zero):
    """The first term has the wrong sign: the minus stands before the whole sum."""
    return truth * log_of_one - (1 - truth) * log_of_zero


@bce.mistake("each")
@bce_logits.mistake("each")
def classes_exchanged(truth, log_of_one, log_of_zero):
    """The classes have changed places: target is the weight of log p, 1 - target that of log(1 - p)."""
    return -((1 - truth) * log_of_one + truth * log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def target_does_not_weigh_the_second_term(truth, log_of_one, log_of_zero):
    """The second term counts in full for every sample: 1 - target is its weight."""
    return -(truth * log_of_one + log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def target_left_out_of_both_terms(log_of_one, log_of_zero):
    """The target is not used: it says which of the two logarithms counts."""
    return -(log_of_one + log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def probability_weighs_the_second_term(truth, log_of_one, log_of_zero):
    """The second logarithm is weighed by 1 - probability, the prediction's own: it is 1 - target, the truth, that says
    how much it counts."""
    return -(truth * log_of_one + (1 - torch.exp(log_of_one)) * log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def probability_weighs_the_first_term(truth, log_of_one, log_of_zero):
    """The first logarithm is weighed by the predicted probability: it is the target, the truth, that says how much it
    counts."""
    return -(torch.exp(log_of_one) * log_of_one + (1 - truth) * log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def entropy_of_the_predicted_probability(log_of_one, log_of_zero):
    """Both logarithms are weighed by the predicted probabilities: that is the prediction's own entropy, and the target
    has no say in it."""
    p = torch.exp(log_of_one)
    return -(p * log_of_one + (1 - p) * log_of_zero)


@bce.mistake("each")
@bce_logits.mistake("each")
def same_logarithm_in_both_terms(truth, log_of_one):
    """Both terms take the logarithm of p: the second is that of 1 - p."""
    return -(truth * log_of_one + (1 - truth) * log_of_one)


@bce.mistake("each")
@bce_logits.mistake("each")
def one_minus_the_logarithm(truth, log_of_one):
    """The second term is 1 - log p where log(1 - p) is meant."""
    return -(truth * log_of_one + (1 - truth) * (1 - log_of_one))


@bce.mistake("log_of_zero")
def plus_in_the_second_logarithm(prob):
    """In the second term stands log(1 + prob) where log(1 - prob) is meant: log1p adds what it is given."""
    return torch.log(1 + prob)


@bce.mistake("each")
@bce_logits.mistake("each")
def terms_multiplied(truth, log_of_one, log_of_zero):
    """The two terms are multiplied: they are added."""
    return -(truth * log_of_one) * ((1 - truth) * log_of_zero)


@bce.mistake("loss")
@bce_logits.mistake("loss")
def mean_of_each_class(truth, log_of_one, log_of_zero):
    """You average the samples of each class by themselves and add the two means: all elements belong to one mean, over
    their whole number."""
    ones, zeros = truth.sum().clamp(min=1), (1 - truth).sum().clamp(min=1)
    return -(truth * log_of_one).sum() / ones - ((1 - truth) * log_of_zero).sum() / zeros


@bce.mistake("each")
@bce_logits.mistake("each")
def two_as_base(truth, log_of_one, log_of_zero):
    """The logarithm has base 2: torch.log, the natural one, is meant."""
    return -(truth * log_of_one + (1 - truth) * log_of_zero) / math.log(2)


@bce.mistake("each")
@bce_logits.mistake("each")
def ten_as_base(truth, log_of_one, log_of_zero):
    """The logarithm has base 10: torch.log, the natural one, is meant."""
    return -(truth * log_of_one + (1 - truth) * log_of_zero) / math.log(10)


@bce.mistake("truth")
@bce_logits.mistake("truth")
def target_rounded(target):
    """Targets between 0 and 1 are rounded (an if, a comparison or an index): they weigh both logarithms as they are."""
    return (target > 0.5).to(target.dtype)


@bce.mistake("truth")
@bce_logits.mistake("truth")
def target_of_one_or_nothing(target):
    """Every target other than 1 counts as 0: targets between the two weigh both logarithms as they are."""
    return (target == 1).to(target.dtype)


@bce.mistake("truth")
@bce_logits.mistake("truth")
def target_of_zero_or_everything(target):
    """Every target other than 0 counts as 1: targets between the two weigh both logarithms as they are."""
    return (target > 0).to(target.dtype)


@bce.mistake("truth")
@bce_logits.mistake("truth")
def smoothed_target(target):
    """The targets are smoothed: they are to be used as they are."""
    return 0.9 * target + 0.05


@bce.mistake("log_of_one", "log_of_zero")
def logarithms_not_cut_off(prob):
    """The logarithms are not cut off: log(0) is -infinity, and 0 times infinity is NaN. A probability of exactly 0 or 1
    does occur, when a float32 sigmoid saturates."""
    return torch.log(prob), torch.log(1 - prob)


@bce.mistake("log_of_one")
def first_logarithm_not_cut_off(prob):
    """log(prob) is not cut off at -100: a probability of 0 gives infinity, or NaN."""
    return torch.log(prob)


@bce.mistake("log_of_zero")
def second_logarithm_not_cut_off(prob):
    """log(1 - prob) is not cut off at -100: a probability of 1 gives infinity, or NaN."""
    return torch.log(1 - prob)


@bce.mistake("log_of_one", "log_of_zero", constants=tuple(10.0**-k for k in (*range(2, 17), 20, 30, 38, 44, 45)))
def epsilon_added_to_the_probability(prob, constant):
    """You add {constant} inside the logarithms: that changes every price a little, and caps the highest one far too
    low. It is the logarithm that is cut off, at -100."""
    return torch.log(prob + constant), torch.log(1 - prob + constant)


@bce.mistake("log_of_one", "log_of_zero", constants=tuple(10.0**-k for k in (*range(2, 17), 20, 30, 38)))
def probability_kept_off_zero_and_one(prob, constant):
    """You clamp the probability to between {constant} and 1 - {constant}: that caps the price too low (and where 1 -
    {constant} rounds to 1, not at all). It is the logarithm that is cut off, at -100."""
    clamped = prob.clamp(constant, 1 - constant)
    return torch.log(clamped), torch.log(1 - clamped)


@bce.mistake("log_of_one", "log_of_zero", constants=tuple(10.0**-k for k in (*range(2, 17), 20, 30)))
def arguments_of_the_logarithms_clamped(prob, constant):
    """You clamp what the logarithms are taken of at {constant}: that caps the price too low. It is the logarithm that
    is cut off, at -100."""
    return torch.log(prob.clamp(min=constant)), torch.log((1 - prob).clamp(min=constant))


@bce.mistake("log_of_one", "log_of_zero")
def machine_epsilon(prob):
    """You keep the probability away from 0 and 1 by finfo.eps: that caps the price too low. It is the logarithm that is
    cut off, at -100."""
    eps = torch.finfo(prob.dtype).eps
    return torch.log(prob.clamp(eps, 1 - eps)), torch.log((1 - prob).clamp(eps, 1 - eps))


@bce.mistake("log_of_one", "log_of_zero")
def smallest_float(prob):
    """You keep the logarithms' arguments above the smallest float (finfo.tiny): that gives -87 or -708, and the
    logarithm is cut off at -100."""
    tiny = torch.finfo(prob.dtype).tiny
    return torch.log(prob.clamp(min=tiny)), torch.log((1 - prob).clamp(min=tiny))


@bce.mistake("log_of_one", "log_of_zero", constants=(-10.0, -20.0, -50.0, -1000.0, -87.0, -16.0, -23.0, -30.0))
def cut_off_elsewhere(prob, constant):
    """You cut the logarithms off at {constant}: -100 is asked for."""
    return torch.log(prob).clamp(min=constant), torch.log(1 - prob).clamp(min=constant)


@bce.mistake("log_of_one", "log_of_zero")
def only_infinity_replaced(prob):
    """Only a logarithm of -infinity is replaced by -100: all below -100 are cut off there, or an impossible thing would
    cost less than an unlikely one."""
    return tuple(torch.log(each).nan_to_num(neginf=-100.0) for each in (prob, 1 - prob))


@bce.mistake("each")
def infinite_prices_replaced(truth, prob):
    """Infinity or NaN is replaced after the fact (nan_to_num): the price of a confident mistake is lost. Cut the
    logarithms off at -100."""
    return torch.nan_to_num(-(truth * torch.log(prob) + (1 - truth) * torch.log(1 - prob)))


@bce.mistake("each")
def infinite_prices_replaced_by_zero(truth, prob):
    """Infinity and NaN are replaced by 0 after the fact: the worst mistakes cost nothing. Cut the logarithms off at
    -100."""
    return torch.nan_to_num(-(truth * torch.log(prob) + (1 - truth) * torch.log(1 - prob)), nan=0.0, posinf=0.0)


@bce.mistake("each")
def price_cut_off_in_place_of_the_logarithms(truth, prob):
    """You cut the price off at 100 and not the logarithms: 0 times -infinity is NaN before that."""
    return (-(truth * torch.log(prob) + (1 - truth) * torch.log(1 - prob))).clamp(max=100)


@bce.mistake("each")
def products_cut_off_in_place_of_the_logarithms(truth, prob):
    """You cut off each term after the target has weighed it: it is the logarithm that is cut off, at -100. A target of
    0.5 at a probability of 0 then costs 50, not 100."""
    first, second = torch.xlogy(truth, prob), torch.xlogy(1 - truth, 1 - prob)
    return -(first.clamp(min=-100) + second.clamp(min=-100))


@bce.mistake("each")
def infinite_products_replaced(truth, prob):
    """You replace the infinite terms after the target has weighed them: it is the logarithm that is cut off, at -100. A
    target of 0.5 at a probability of 0 then costs 50."""
    first, second = torch.xlogy(truth, prob), torch.xlogy(1 - truth, 1 - prob)
    return -(first.nan_to_num(neginf=-100.0) + second.nan_to_num(neginf=-100.0))


@bce.mistake("each")
def products_not_cut_off(truth, prob):
    """xlogy makes 0 times log(0) a 0, and where the target is not 0 the price is still infinite: cut both logarithms
    off at -100."""
    return -(torch.xlogy(truth, prob) + torch.xlogy(1 - truth, 1 - prob))


@bce.mistake("each", constants=(10.0, 1.0, 2.0, 5.0, 20.0, 50.0))
def price_cut_off_too_low(truth, log_of_one, log_of_zero, constant):
    """You cut the price off at {constant}: it is the logarithms that are cut off, and at -100."""
    return (-(truth * log_of_one + (1 - truth) * log_of_zero)).clamp(max=constant)


@bce.mistake("log_of_one", "log_of_zero")
def logarithms_cut_off_from_above(prob):
    """You cut the logarithms off from above (max=-100, or a minimum where a maximum is meant): they are to be at least
    -100, and yours are at most that."""
    return torch.log(prob).clamp(max=-100), torch.log(1 - prob).clamp(max=-100)


@bce.mistake("log_of_zero")
def logarithm_of_one_minus_the_target(target):
    """In the second term stands log(1 - target) where log(1 - prob) is meant."""
    return torch.log(1 - target).clamp(min=-100)


@bce.mistake("log_of_one")
def logarithm_of_the_target(target):
    """In the first term stands log(target) where log(prob) is meant."""
    return torch.log(target).clamp(min=-100)


@bce.mistake("each")
def prob_and_target_exchanged(prob, target):
    """prob and target have changed places: the target weighs, and the logarithm is taken of the probability."""
    return -(prob * torch.log(target).clamp(min=-100) + (1 - prob) * torch.log(1 - target).clamp(min=-100))


@bce.mistake("log_of_one", "log_of_zero")
def sigmoid_again(prob):
    """A sigmoid is applied: prob is a probability already, not a logit."""
    again = 1 / (1 + torch.exp(-prob))
    return torch.log(again), torch.log(1 - again)


@bce.mistake("each")
@bce_logits.mistake("each")
def squared_error_of_the_probability(truth, log_of_one):
    """This is the squared error between probability and target: cross-entropy is the logarithm's, which punishes
    confident mistakes far more."""
    return (torch.exp(log_of_one) - truth) ** 2


@bce.mistake("each")
@bce_logits.mistake("each")
def absolute_error_of_the_probability(truth, log_of_one):
    """This is the absolute error between probability and target: cross-entropy takes the logarithm."""
    return (torch.exp(log_of_one) - truth).abs()


@bce.mistake("each")
@bce_logits.mistake("each")
def probabilities_without_logarithm(truth, log_of_one, log_of_zero):
    """The logarithms are missing: you average the probability of what was true."""
    return -(truth * torch.exp(log_of_one) + (1 - truth) * torch.exp(log_of_zero))


@bce.mistake("each")
def logarithm_of_the_expected_probability(truth, prob):
    """You take the logarithm of the weighted probability: the logarithms come first, then the target weighs them.
    Targets of exactly 0 or 1 do not show it."""
    return -torch.log(truth * prob + (1 - truth) * (1 - prob)).clamp(min=-100)


@bce.mistake("log_of_one", "log_of_zero")
def probability_detached(prob):
    """The value is right and the gradient is not: the probability is cut out of autograd's graph (detach, .item(),
    no_grad)."""
    return torch.log(prob.detach()).clamp(min=-100), torch.log(1 - prob.detach()).clamp(min=-100)


@bce.mistake("truth")
@bce_logits.mistake("truth")
def truth_detached(target):
    """The value is right and a gradient is missing: the target is cut out of autograd's graph (detach)."""
    return target.detach()


def _sigmoid(logits):
    return 1 / (1 + torch.exp(-logits))


@bce_logits.mistake("log_of_one", "log_of_zero")
def logarithm_of_a_sigmoid(logits):
    """You take the logarithm of a sigmoid: for large logits the sigmoid is exactly 0 or 1, and the logarithm of 0 is
    infinite. Simplify on paper first, the logit itself is the answer there."""
    return torch.log(_sigmoid(logits)), torch.log(1 - _sigmoid(logits))


@bce_logits.mistake("log_of_one", "log_of_zero")
def logarithm_of_a_sigmoid_cut_off(logits):
    """The logarithm of a sigmoid is cut off at -100: every confident mistake then costs the same, and long before that
    the sigmoid has lost its digits. Simplify on paper first, the logit itself is the answer there."""
    return torch.log(_sigmoid(logits)).clamp(min=-100), torch.log(1 - _sigmoid(logits)).clamp(min=-100)


@bce_logits.mistake("log_of_one", "log_of_zero", constants=tuple(10.0**-k for k in (*range(3, 17), 20, 30)))
def epsilon_added_to_the_sigmoid(logits, constant):
    """You take the logarithm of a sigmoid plus {constant}: every confident mistake then costs the same. Simplify on
    paper first, the logit itself is the answer there."""
    return torch.log(_sigmoid(logits) + constant), torch.log(1 - _sigmoid(logits) + constant)


@bce_logits.mistake("log_of_one", "log_of_zero", constants=tuple(10.0**-k for k in (*range(3, 17), 20, 30)))
def sigmoid_clamped(logits, constant):
    """You clamp the sigmoid to between {constant} and 1 - {constant}: every confident mistake then costs the same.
    Simplify on paper first, the logit itself is the answer there."""
    prob = _sigmoid(logits).clamp(constant, 1 - constant)
    return torch.log(prob), torch.log(1 - prob)


@bce_logits.mistake("log_of_one", "log_of_zero", constants=(10.0, 15.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0))
def logits_cut_off(logits, constant):
    """You clamp the logits to between -{constant} and {constant}: nothing overflows any more, but larger logits all
    cost the same."""
    logits = logits.clamp(-constant, constant)
    return -torch.log1p(torch.exp(-logits)), -torch.log1p(torch.exp(logits))


@bce_logits.mistake("each")
def exponential_overflows(truth, logits):
    """log(1 + exp(z)) - t z is right on paper, and exp(z) overflows for large z. Pull the larger of 0 and z out of the
    logarithm."""
    return torch.log(1 + torch.exp(logits)) - truth * logits


@bce_logits.mistake("each")
def exponential_of_the_negative_overflows(truth, logits):
    """(1 - t) z + log(1 + exp(-z)) is right on paper, and exp(-z) overflows where z is very negative. Pull the larger
    of 0 and -z out of the logarithm."""
    return (1 - truth) * logits + torch.log(1 + torch.exp(-logits))


@bce_logits.mistake("log_of_one", "log_of_zero")
def both_exponentials_overflow(logits):
    """log(1 + exp(z)) is right on paper, and exp overflows for large z (then 0 times infinity is NaN). Pull the larger
    of 0 and z out of the logarithm."""
    return -torch.log(1 + torch.exp(-logits)), -torch.log(1 + torch.exp(logits))


@bce_logits.mistake("each")
def infinite_prices_of_logits_replaced(truth, logits):
    """Infinity or NaN is replaced after the fact (nan_to_num): the price of the confident mistake is lost."""
    return torch.nan_to_num(-(truth * torch.log(_sigmoid(logits)) + (1 - truth) * torch.log(1 - _sigmoid(logits))))


@bce_logits.mistake("each")
def larger_of_zero_and_z_left_out(truth, logits):
    """The term max(z, 0) is missing: it is what was pulled out of the logarithm, and has to come back."""
    return torch.log1p(torch.exp(-logits.abs())) - truth * logits


@bce_logits.mistake("each")
def absolute_value_for_the_maximum(truth, logits):
    """You use |z| where max(z, 0) is meant, or exp(-z) where exp(-|z|) is: a very negative logit with target 0 costs
    next to nothing."""
    return logits.abs() - truth * logits + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def z_for_the_maximum(truth, logits):
    """You use z where max(z, 0) is meant."""
    return logits - truth * logits + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def minimum_for_the_maximum(truth, logits):
    """You use min(z, 0) where max(z, 0) is meant."""
    return logits.clamp(max=0) - truth * logits + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def exponential_of_z_in_the_correction(truth, logits):
    """The exponent is z where -|z| is meant, or max(z, 0) is counted twice (z + |z| without its half): for positive z
    the loss is too large by z."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(logits))


@bce_logits.mistake("each")
def minus_left_out_of_the_exponential(truth, logits):
    """The minus in exp(-|z|) is missing: it overflows, and the value is wrong."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(logits.abs()))


@bce_logits.mistake("each")
def correction_left_out(truth, logits):
    """The term log(1 + exp(-|z|)) is missing: it is small for large logits only, and log 2 at 0."""
    return logits.clamp(min=0) - truth * logits


@bce_logits.mistake("each")
def correction_subtracted(truth, logits):
    """The term log(1 + exp(-|z|)) is subtracted where it must be added."""
    return logits.clamp(min=0) - truth * logits - torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def logarithm_left_out_of_the_correction(truth, logits):
    """The logarithm is missing: you add exp(-|z|), and log(1 + exp(-|z|)) is meant."""
    return logits.clamp(min=0) - truth * logits + torch.exp(-logits.abs())


@bce_logits.mistake("each")
def one_left_out_of_the_logarithm(truth, logits):
    """The 1 in log(1 + exp(-|z|)) is missing, so that the logarithm and exp cancel."""
    return logits.clamp(min=0) - truth * logits - logits.abs()


@bce_logits.mistake("each", constants=(0.5, 2.0))
def size_of_z_scaled_in_the_correction(truth, logits, constant):
    """The correction is log(1 + exp(-|z|)), and yours has {constant} times |z| in the exponential."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-constant * logits.abs()))


@bce_logits.mistake("each")
def squared_size_in_the_correction(truth, logits):
    """The correction is log(1 + exp(-|z|)), and yours has z squared in the exponential."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-(logits**2)))


@bce_logits.mistake("each")
def one_more_in_the_logarithm(truth, logits):
    """You add 1 to 1 + exp(-|z|) once more: log1p adds its own."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(1 + torch.exp(-logits.abs()))


@bce_logits.mistake("each", constants=(10.0, 5.0, 2.0, 1.0))
def straight_line_from_a_threshold(truth, logits, constant):
    """Above {constant} you replace log(1 + exp(z)) by z: the two differ by exp(-z), which is not rounding there. Pull
    the larger of 0 and z out of the logarithm, and nothing is left out."""
    below = torch.log1p(torch.exp(logits.clamp(max=constant)))
    return torch.where(logits > constant, logits, below) - truth * logits


@bce_logits.mistake("each")
def target_times_z_added(truth, logits):
    """The term t z is added where it must be subtracted: the classes change places."""
    return logits.clamp(min=0) + truth * logits + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def target_not_times_z(truth, logits):
    """The target is subtracted by itself: it is the target times the logit."""
    return logits.clamp(min=0) - truth + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("each")
def target_left_out_of_the_stable_form(logits):
    """The target is not used: t z is missing."""
    return logits.clamp(min=0) + torch.log1p(torch.exp(-logits.abs()))


@bce_logits.mistake("log_of_one", "log_of_zero")
def logits_taken_for_probabilities(logits):
    """You take the logarithm of the logits: they are not probabilities, the sigmoid lies between."""
    return torch.log(logits).clamp(min=-100), torch.log(1 - logits).clamp(min=-100)


@bce_logits.mistake("log_of_one", "log_of_zero")
def logarithm_of_the_raw_logits(logits):
    """You take the logarithm of the logits, which is NaN below 0: they are not probabilities, the sigmoid lies
    between."""
    return torch.log(logits), torch.log(1 - logits)


@bce_logits.mistake("each")
def plus_or_minus_one(truth, logits):
    """You use log(1 + exp(-s z)) with s = 2 t - 1, which is right for targets of 0 and 1 only: those between weigh both
    logarithms."""
    return torch.logaddexp(torch.zeros_like(logits), (1 - 2 * truth) * logits)


@bce_logits.mistake("each")
def targets_taken_for_plus_or_minus_one(truth, logits):
    """log(1 + exp(-t z)) is for targets of -1 and 1: here they are 0 and 1, and a target of 0 then always costs
    log 2."""
    return torch.logaddexp(torch.zeros_like(logits), -truth * logits)


@bce_logits.mistake("loss")
def softmax_over_the_elements(truth, logits):
    """The elements compete in a softmax: each is a question of its own, yes or no."""
    flat = logits.reshape(-1)
    return -(truth.reshape(-1) * (flat - torch.logsumexp(flat, 0))).mean()


@bce_logits.mistake("each")
def softmax_over_the_last_dimension(truth, logits):
    """You take a softmax over the last dimension: the outputs then compete, and add up to 1. Here each output is a yes
    or no of its own, with a sigmoid."""
    return -truth * (logits - torch.logsumexp(logits, -1, keepdim=True))


@bce_logits.mistake("each")
def softmax_over_the_first_dimension(truth, logits):
    """You take a softmax over the first dimension: the samples then compete, and add up to 1. Here each number is a yes
    or no of its own, with a sigmoid."""
    return -truth * (logits - torch.logsumexp(logits, 0, keepdim=True))


@bce_logits.mistake("log_of_one", "log_of_zero")
def softmax_for_the_sigmoid(logits):
    """Your probabilities come from a softmax over the last dimension, which makes them add up to 1: here each output is
    a yes or no of its own, with a sigmoid."""
    log_p = logits - torch.logsumexp(logits, -1, keepdim=True)
    return log_p, torch.log(-torch.expm1(log_p)).clamp(min=-100)


@bce_logits.mistake("each")
def correction_to_base_two(truth, logits):
    """The logarithm of the correction is to base 2: log(1 + exp(-|z|)) takes the natural one, which belongs to exp."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-logits.abs())) / math.log(2)


@bce_logits.mistake("each")
def correction_to_base_ten(truth, logits):
    """The logarithm of the correction is to base 10: log(1 + exp(-|z|)) takes the natural one, which belongs to exp."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-logits.abs())) / math.log(10)


@bce_logits.mistake("each", in_pairs=False)
def root_of_the_square_in_the_correction(truth, logits):
    """The value is right, and where a logit is exactly 0 the gradient is NaN: its size is taken as the root of the
    square, and a root has an infinite slope at 0. abs has no such place."""
    size = (logits**2).sqrt()
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-size))


@bce_logits.mistake("log_of_one", "log_of_zero")
def sigmoid_twice(logits):
    """The sigmoid is applied twice: the loss of a perfect prediction stays at 0.31."""
    again = _sigmoid(_sigmoid(logits))
    return torch.log(again), torch.log(1 - again)


@bce_logits.mistake("log_of_one", "log_of_zero")
def hinge(logits):
    """This is the hinge loss, linear with a corner: the logistic one is asked for."""
    return -(1 - logits).clamp(min=0), -(1 + logits).clamp(min=0)


@bce_logits.mistake("log_of_one", "log_of_zero")
def logits_detached(logits):
    """The value is right and the gradient is not: the logits are cut out of autograd's graph (detach, .item(),
    no_grad)."""
    zero = torch.zeros_like(logits)
    return -torch.logaddexp(zero, -logits.detach()), -torch.logaddexp(zero, logits.detach())


@bce_logits.mistake("each")
def correction_detached(truth, logits):
    """The value is right and the gradient is not: the logarithm's part is cut out of autograd's graph (detach,
    .item())."""
    return logits.clamp(min=0) - truth * logits + torch.log1p(torch.exp(-logits.abs())).detach()


# --------------------------------------------------------------------------------------- kl_divergence

kl = Anatomy("losses.kl_divergence", "loss")


@kl.step
def log_p_over_q(p, q):
    """the logarithm of `p` over `q`, and 0 where `p` is 0"""
    possible = p > 0
    return torch.log(torch.where(possible, p, 1.0) / torch.where(possible, q, 1.0))


@kl.step
def terms(p, log_p_over_q):
    """the term that each class adds to the divergence, 0 where `p` is 0"""
    return torch.where(p > 0, p * log_p_over_q, 0.0)


@kl.step
def rows(terms):
    """the divergence of each row"""
    return terms.sum(-1)


@kl.step
def loss(rows):
    """the divergence, averaged over the rows"""
    return rows.mean()


@kl.quantity
def is_possible(p):
    """which classes are possible under `p`"""
    return p > 0


@kl.quantity
def ratio(p, q):
    """`p` over `q`, and 1 where `p` is 0"""
    return torch.where(p > 0, p / q, 1.0)


@kl.quantity
def safe_p(p):
    """`p` with a 1 in place of each 0"""
    return torch.where(p > 0, p, 1.0)


@kl.quantity
def safe_q(p, q):
    """`q` with a 1 wherever `p` is 0"""
    return torch.where(p > 0, q, 1.0)


@kl.quantity
def log_of_p(safe_p):
    """the logarithm of `p`, and 0 where `p` is 0"""
    return torch.log(safe_p)


@kl.quantity
def log_of_q(safe_q):
    """the logarithm of `q`, and 0 wherever `p` is 0"""
    return torch.log(safe_q)


@kl.quantity
def p_log_p(p):
    """`p` times its own logarithm, and 0 where `p` is 0"""
    return torch.xlogy(p, p)


@kl.quantity
def p_log_q(p, q):
    """`p` times the logarithm of `q`, and 0 where `p` is 0"""
    return torch.xlogy(p, q)


@kl.quantity
def entropy_of_p(p_log_p):
    """the entropy of each row of `p`"""
    return -p_log_p.sum(-1)


@kl.quantity
def cross_entropy_of_rows(p_log_q):
    """the cross-entropy of each row: what `q` costs where `p` is true"""
    return -p_log_q.sum(-1)


@kl.quantity
def sum_of_divergences(rows):
    """the sum of the divergences of all rows"""
    return rows.sum()


@kl.quantity
def number_of_rows(rows):
    """the number of rows"""
    return len(rows)


def _of(p, q):
    """The terms of the divergence of `q` from `p`."""
    return torch.where(p > 0, p * torch.log(torch.where(p > 0, p, 1.0) / torch.where(p > 0, q, 1.0)), 0.0)


@kl.mistake("terms")
def arguments_exchanged(p, q):
    """This is the divergence of p from q: p is the truth, it weighs the logarithms and stands above q. The divergence
    is not symmetric."""
    return _of(q, p)


@kl.mistake("terms")
def weighted_by_q(p, q, log_p_over_q):
    """The logarithm of p / q is weighted with q: p is what really happens, it weighs."""
    return torch.where(p > 0, q * log_p_over_q, 0.0)


@kl.mistake("terms")
def weights_left_out(log_p_over_q):
    """The logarithms are not weighted: each counts as often as its class occurs, p."""
    return log_p_over_q


@kl.mistake("log_p_over_q")
def fraction_upside_down(p, q):
    """The fraction is upside down: it is p / q. Yours is never above 0."""
    return torch.log(torch.where(p > 0, q, 1.0) / torch.where(p > 0, p, 1.0))


@kl.mistake("terms")
def zero_times_infinity(p, q):
    """Where p is 0 you get NaN: the computer's 0 times log(0) is not a number, and the term is 0. Choose the terms
    where p is above 0."""
    return p * torch.log(p / q)


@kl.mistake("terms")
def zero_in_both(p, q):
    """Where p and q are both 0 you get NaN: a class that cannot occur costs nothing, whatever q says of it."""
    return torch.where((p > 0) | (q == 0), p * torch.log(p / q), 0.0)


@kl.mistake("terms")
def impossible_for_q_left_out(p, q):
    """Classes with q = 0 are left out (or infinity is replaced by 0): where p is above 0 there the divergence is
    infinite, q has ruled out what happens."""
    possible = (p > 0) & (q > 0)
    return torch.where(possible, p * torch.log(torch.where(possible, p, 1.0) / torch.where(possible, q, 1.0)), 0.0)


@kl.mistake("terms")
def infinities_replaced_by_numbers(p, q):
    """Infinity is replaced after the fact (nan_to_num): where q = 0 and p is above 0 the divergence is infinite."""
    return torch.nan_to_num(p * torch.log(p / q))


@kl.mistake("terms", constants=tuple(10.0**-k for k in (*range(2, 17), 20, 30)))
def epsilon_in_both_logarithms(p, q, constant):
    """You add {constant} inside the logarithms: that changes every term a little, and makes the infinite divergence of
    a q that rules out what happens finite. Choose the terms where p is above 0."""
    return p * torch.log((p + constant) / (q + constant))


@kl.mistake("terms", constants=tuple(10.0**-k for k in range(2, 14)))
def epsilon_in_the_logarithm_of_q(p, q, constant):
    """You add {constant} to q inside the logarithm: that makes the infinite divergence of a q that rules out what
    happens finite."""
    return torch.where(p > 0, p * torch.log(torch.where(p > 0, p, 1.0) / (q + constant)), 0.0)


@kl.mistake("terms", constants=tuple(10.0**-k for k in range(2, 12)))
def epsilon_around_the_fraction(p, q, constant):
    """You add {constant} to the fraction p / (q + {constant}) and inside the logarithm: that makes an infinite
    divergence finite."""
    return p * torch.log(p / (q + constant) + constant)


@kl.mistake("terms", constants=tuple(10.0**-k for k in range(2, 13)))
def both_clamped(p, q, constant):
    """You clamp both distributions at {constant}: that makes the infinite divergence of a q that rules out what happens
    finite, and gives an impossible class a price. Choose the terms where p is above 0."""
    return p.clamp(min=constant) * torch.log(p.clamp(min=constant) / q.clamp(min=constant))


@kl.mistake("terms", constants=tuple(10.0**-k for k in range(2, 13)))
def logarithms_of_clamped(p, q, constant):
    """You clamp q (or p and q) at {constant} inside the logarithm: that makes the infinite divergence of a q that rules
    out what happens finite."""
    return p * torch.log(p.clamp(min=constant) / q.clamp(min=constant))


@kl.mistake("terms", constants=tuple(10.0**-k for k in range(4, 13)))
def q_clamped_and_normalised_again(p, q, constant):
    """You clamp q at {constant} and normalise it again: that makes the infinite divergence of a q that rules out what
    happens finite."""
    q = q.clamp(min=constant)
    return _of(p, q / q.sum(-1, keepdim=True))


@kl.mistake("log_p_over_q")
def logarithm_left_out(p, q):
    """The logarithm is missing: you average the fraction p / q."""
    return torch.where(p > 0, p, 1.0) / torch.where(p > 0, q, 1.0)


@kl.mistake("terms")
def cross_entropy_in_its_place(p, q):
    """This is the cross-entropy, -sum p log q: the entropy of p is not subtracted, so that p = q does not give 0."""
    return torch.where(p > 0, -p * torch.log(torch.where(p > 0, q, 1.0)), 0.0)


@kl.mistake("terms")
def entropy_in_its_place(p):
    """This is the (negative) entropy of p: q is not used."""
    return torch.where(p > 0, p * torch.log(torch.where(p > 0, p, 1.0)), 0.0)


@kl.mistake("terms")
def entropy_added(p, q):
    """The entropy of p is added where it must be subtracted: it is log p minus log q."""
    possible = p > 0
    return torch.where(possible, -p * torch.log(torch.where(possible, p, 1.0) * torch.where(possible, q, 1.0)), 0.0)


@kl.mistake("terms")
def logarithms_added(p, q):
    """The logarithms of p and q are added where one is subtracted: it is log p minus log q."""
    possible = p > 0
    return torch.where(possible, p * torch.log(torch.where(possible, p, 1.0) * torch.where(possible, q, 1.0)), 0.0)


@kl.mistake("terms")
def infinite_for_an_impossible_class(p, q):
    """You return infinity wherever q is 0: where p is 0 as well the term is 0, nothing that happens was ruled out."""
    return torch.where(q == 0, torch.inf, _of(p, q))


@kl.mistake("terms")
def q_taken_for_its_logarithm(p, q):
    """You subtract q itself from log p: torch's kl_div takes its input as logarithms, here both are probabilities."""
    return torch.where(p > 0, p * (torch.log(torch.where(p > 0, p, 1.0)) - q), 0.0)


@kl.mistake("terms")
def difference_in_the_logarithm(p, q):
    """You take the logarithm of a difference: it is the logarithm of a fraction, or the difference of two
    logarithms."""
    return p * torch.log((p - q).abs())


@kl.mistake("terms")
def quotient_of_logarithms(p, q):
    """You divide one logarithm by the other: log(p / q) is their difference."""
    return p * (torch.log(p) / torch.log(q))


@kl.mistake("terms")
def absolute_terms(p, q):
    """You take absolute values: terms below 0 belong to the sum, and the whole is never below 0."""
    return _of(p, q).abs()


@kl.mistake("terms")
def negative_terms_cut_off(p, q):
    """Terms below 0 are cut off: they belong to the sum, and the whole is never below 0."""
    return _of(p, q).clamp(min=0)


@kl.mistake("terms")
def mean_of_both_directions(p, q):
    """This is symmetric, the mean of both directions: the divergence from p to q alone is asked for."""
    return (_of(p, q) + _of(q, p)) / 2


@kl.mistake("terms")
def sum_of_both_directions(p, q):
    """This is symmetric, the sum of both directions: the divergence from p to q alone is asked for."""
    return _of(p, q) + _of(q, p)


@kl.mistake("terms")
def jensen_shannon(p, q):
    """This is the Jensen-Shannon divergence, which is symmetric and always finite: the one of Kullback and Leibler is
    asked for."""
    middle = (p + q) / 2
    return (_of(p, middle) + _of(q, middle)) / 2


@kl.mistake("terms")
def unnormalised_form(p, q, log_p_over_q):
    """The terms - p + q of the divergence of unnormalised densities are in your sum: the gradient is another one. Here
    it is p log(p / q) alone."""
    return torch.where(p > 0, p * log_p_over_q, 0.0) - p + q


@kl.mistake("terms")
def squared_differences(p, q):
    """This is the squared difference of the probabilities: the divergence compares them by their logarithms."""
    return (p - q) ** 2


@kl.mistake("terms")
def absolute_differences(p, q):
    """This is the absolute difference of the probabilities: the divergence compares them by their logarithms."""
    return (p - q).abs()


@kl.mistake("log_p_over_q")
def bits(p, q):
    """The logarithm has base 2: torch.log, the natural one, is meant."""
    possible = p > 0
    return torch.log2(torch.where(possible, p, 1.0) / torch.where(possible, q, 1.0))


@kl.mistake("log_p_over_q")
def base_ten(p, q):
    """The logarithm has base 10: torch.log, the natural one, is meant."""
    possible = p > 0
    return torch.log10(torch.where(possible, p, 1.0) / torch.where(possible, q, 1.0))


@kl.mistake("terms")
def softmax_of_both(p, q):
    """p and q go through a softmax first: they are probabilities already, not logits."""
    p, q = torch.exp(p), torch.exp(q)
    return _of(p / p.sum(-1, keepdim=True), q / q.sum(-1, keepdim=True))


@kl.mistake("terms")
def taken_for_logarithms(p, q):
    """You take p and q for logarithms (exp(p) (p - q)): both are probabilities."""
    return torch.exp(p) * (p - q)


@kl.mistake("terms")
def p_detached(p, log_p_over_q):
    """The value is right and the gradient is not: p is cut out of autograd's graph (detach, .item(), no_grad)."""
    return torch.where(p > 0, p.detach() * log_p_over_q, 0.0)


@kl.mistake("terms")
def p_detached_everywhere(p, q):
    """The value is right and a gradient is missing: p is cut out of autograd's graph (detach, .item(), no_grad)."""
    return _of(p.detach(), q)


@kl.mistake("terms")
def q_detached(p, q):
    """The value is right and a gradient is missing: q is cut out of autograd's graph (detach, .item(), no_grad)."""
    return _of(p, q.detach())


@kl.mistake("terms")
def normalised_again(p, q):
    """p and q are divided by their sums, which are 1: the value is right, and the gradient is another one. Use them as
    they are."""
    return _of(p / p.sum(-1, keepdim=True), q / q.sum(-1, keepdim=True))


@kl.mistake("rows")
def mean_over_the_classes(terms):
    """You average over the classes (a mean over all elements, as torch's kl_div does by default): they are added up,
    and only the rows are averaged."""
    return terms.mean(-1)


@kl.mistake("rows")
def sum_over_the_batch(terms):
    """You add up over the batch and average over the classes: the classes of a row are added up, the rows averaged."""
    return terms.sum(0)


@kl.mistake("loss")
def rows_summed(rows):
    """You add up the rows: their mean is asked for, so that the size of the batch does not matter."""
    return rows.sum()


@kl.mistake("loss")
def rows_not_reduced(rows):
    """You return one divergence for each row: their mean is asked for, a 0-d tensor."""
    return rows


@kl.mistake("loss")
def halved_mean(rows):
    """There is a factor 1/2 too much."""
    return rows.mean() / 2


@kl.mistake("loss")
def mean_taken_twice(rows):
    """You divide by the number of rows twice."""
    return rows.mean() / len(rows)


@kl.mistake("loss")
def divided_by_one_row_less(rows):
    """You divide by the number of rows less one: a mean divides by their number."""
    return rows.sum() / (len(rows) - 1)


@kl.mistake("loss")
def first_row_counts(rows):
    """Only the first row counts: a return inside the loop, or an index too many."""
    return rows[0]


@kl.mistake("loss")
def last_row_counts(rows):
    """Only the last row counts: in a loop over the rows the result is overwritten, where it should be added to."""
    return rows[-1]


@kl.mistake("loss")
def largest_row(rows):
    """You return the largest of the rows' divergences: the mean is asked for."""
    return rows.max()


@kl.mistake("loss")
def infinite_rows_left_out(rows):
    """Rows with an infinite divergence are left out of the mean: one of them makes it infinite."""
    return rows[rows.isfinite()].mean()


@kl.mistake("loss")
def infinite_rows_left_out_beside_finite_ones(rows):
    """Rows with an infinite divergence are left out of the mean, unless there is no other: one of them makes it
    infinite."""
    finite = rows[rows.isfinite()]
    return finite.mean() if len(finite) else rows.mean()


@kl.mistake("loss")
def infinite_rows_count_as_zero(rows):
    """Rows with an infinite divergence count as 0: one of them makes the mean infinite."""
    return torch.where(rows.isfinite(), rows, 0.0).mean()


@kl.mistake("loss", constants=(1e3, 1e4, 1e6, 1e10, 100.0, 10.0))
def mean_cut_off(rows, constant):
    """You cut the divergence off at {constant}: where q = 0 and p is above 0 it is infinite."""
    return rows.mean().clamp(max=constant)


@kl.mistake("rows", constants=(1e3, 1e4, 1e6, 1e10, 100.0, 10.0))
def rows_cut_off(terms, constant):
    """You cut the divergence of each row off at {constant}: where q = 0 and p is above 0 it is infinite."""
    return terms.sum(-1).clamp(max=constant)


# ------------------------------------------------------------------------------- weighted_cross_entropy


@weighted.mistake("divisor")
def divided_by_n(each):
    """You divide by the number of samples: it is a weighted mean, divided by the sum of the weights that were used.
    With all weights equal to 5 the loss must not be 5 times as large."""
    return len(each)


@weighted.mistake("divisor")
def divided_by_all_weights(weight):
    """You divide by the sum of all classes' weights: only those that were used count, each as often as it was."""
    return weight.sum()


@weighted.mistake("divisor")
def divided_by_each_weight_once(weight, labels):
    """You divide by the weights of the classes that occur, each once: a weight counts as often as it was used."""
    return weight[labels.unique()].sum()


@weighted.mistake("divisor")
def divided_by_the_samples_with_a_weight(used):
    """You divide by the number of samples whose weight is above 0: divide by the sum of the weights that were used."""
    return (used > 0).sum()


@weighted.mistake("divisor")
def not_divided_by_anything(each):
    """The weighted prices are added up: divide by the sum of the weights that were used."""
    return 1


@weighted.mistake("divisor")
def divided_by_the_number_of_classes(weight):
    """You divide by the number of classes: it is a weighted mean, divided by the sum of the weights that were used."""
    return len(weight)


@weighted.mistake("divisor")
def divided_by_weights_and_n(used):
    """You divide by the sum of the weights and by N as well: the sum of the weights takes the place of N."""
    return used.sum() * len(used)


@weighted.mistake("divisor")
def divided_by_n_times_all_weights(weight, labels):
    """You divide by N times the sum of all weights: divide by the sum of the weights that were used."""
    return len(labels) * weight.sum()


@weighted.mistake("divisor")
def divided_by_n_times_the_mean_weight(weight, labels):
    """You divide by N times the classes' mean weight: divide by the sum of the weights that were used, which depends on
    the labels."""
    return len(labels) * weight.mean()


@weighted.mistake("divisor")
def divided_by_squared_weights(used):
    """You divide by the sum of the squared weights: the sum of the weights that were used is meant."""
    return (used**2).sum()


@weighted.mistake("divisor")
def divided_by_n_times_the_largest_weight(used, weight):
    """You divide by N times the largest weight: divide by the sum of the weights that were used."""
    return len(used) * weight.max()


@weighted.mistake("loss")
def means_multiplied(used, picked):
    """The mean price is multiplied by the mean weight: each price is multiplied by the weight of its own sample, and
    the sum divided by the sum of the weights that were used."""
    return -picked.mean() * used.mean()


@weighted.mistake("divisor", constants=(1e-8, 1e-6, 1e-12, 1e-7, 1e-5, 1e-3))
def epsilon_in_the_divisor(used, constant):
    """You add {constant} to the sum of the weights: that makes the loss a little too small."""
    return used.sum() + constant


@weighted.mistake("used", "divisor")
def weights_ignored(labels, weight):
    """The weights are not used: this is the plain cross-entropy."""
    return torch.ones(len(labels), dtype=weight.dtype), len(labels)


@weighted.mistake("each")
def prices_not_weighted(picked):
    """The prices are not weighted, and yet you divide by the weights: each price is multiplied by its weight."""
    return -picked


@weighted.mistake("used")
def weight_of_the_predicted_class(weight, logits):
    """Each sample gets the weight of the class that is predicted: it has that of its label."""
    return weight[logits.argmax(-1)]


@weighted.mistake("used")
def inverse_weights(weight, labels):
    """You divide by the weights: a larger weight makes a class count more."""
    return 1 / weight[labels]


@weighted.mistake("used")
def divided_by_the_smallest_weight(weight, labels):
    """You divide the weights by the smallest of them, and a weight may be 0: 0/0 is NaN. A common factor of the weights
    cancels in the mean anyway, so leave them as they are."""
    return (weight / weight.min())[labels]


@weighted.mistake("used")
def divided_by_the_smallest_weight_used(weight, labels):
    """You divide the weights by the smallest that is used, and a weight may be 0: 0/0 is NaN. A common factor of the
    weights cancels in the mean anyway, so leave them as they are."""
    return weight[labels] / weight[labels].min()


@weighted.mistake("used")
def squared_weights(weight, labels):
    """The weights count twice (squared): each price is multiplied by its weight once."""
    return weight[labels] ** 2


@weighted.mistake("each")
def weights_squared_in_the_sum(used, picked):
    """The prices are multiplied by the weight twice."""
    return -(used**2) * picked


@weighted.mistake("used")
def roots_of_the_weights(weight, labels):
    """You take the root of the weights: they are used as they are."""
    return weight[labels].sqrt()


@weighted.mistake("used")
def softmax_of_the_weights(weight, labels):
    """The weights go through a softmax: they are used as they are."""
    shares = torch.exp(weight - weight.max())
    return (shares / shares.sum())[labels]


@weighted.mistake("used")
def weights_in_the_order_of_the_samples(weight, labels):
    """Sample n gets weight n: it has the weight of its label."""
    return weight[torch.arange(len(labels)) % len(weight)]


@weighted.mistake("used")
def weights_counted_from_one(weight, labels):
    """The weights are looked up at label - 1: class 0 then gets the last class's weight."""
    return weight[labels - 1]


@weighted.mistake("used")
def weights_turned_round(weight, labels):
    """The weights are looked up from the end: class 0 then gets the last class's weight."""
    return weight.flip(0)[labels]


@weighted.mistake("log_total", "used", "divisor")
def weights_inside_the_softmax(centred, weight, labels):
    """The weights multiply the exponentials inside the softmax: that changes the prediction. It is the price of a
    sample that counts more."""
    ones = torch.ones_like(weight)[labels]
    return torch.log((weight * torch.exp(centred)).sum(-1, keepdim=True)), ones, ones.sum()


@weighted.mistake("scores")
def logits_weighted(logits, weight):
    """The logits are multiplied by the weights: it is the price of a sample that counts more, not its logit."""
    return logits * weight


@weighted.mistake("scores")
def logits_shifted_by_the_weights(logits, weight):
    """The logarithm of the weights is added to the logits: that changes the prediction. It is the price of a sample
    that counts more."""
    return logits + torch.log(weight)


@weighted.mistake("each")
def weight_inside_the_logarithm(used, picked):
    """The weight is inside the logarithm: it multiplies the price."""
    return -(torch.log(used) + picked)


@weighted.mistake("each")
def weight_added(used, picked):
    """The weight is added to the price: it multiplies it."""
    return used - picked


@weighted.mistake("each")
def all_classes_weighted(weight, log_p):
    """The prices of all classes are added up, each with its weight: only that of the correct class counts."""
    return -(log_p * weight).sum(-1)


@weighted.mistake("each")
def every_weight_with_every_price(used, picked):
    """Each weight meets every sample's price ((N, 1) times (N,) makes N times N): each belongs to its own sample
    only."""
    return used.unsqueeze(1) * -picked


@weighted.mistake("loss")
def weighted_prices_not_reduced(each):
    """You return one number for each sample: the weighted mean is asked for, a 0-d tensor."""
    return each


@weighted.mistake("loss")
def each_divided_by_its_weight(each, used):
    """Each price is divided by its own weight, which takes the weight out again: add up first, then divide by the sum
    of the weights."""
    return (each / used).mean()


@weighted.mistake("loss")
def sign_of_the_weighted_mean(each, divisor):
    """The sign is wrong: -log p is above 0."""
    return -each.sum() / divisor


@weighted.mistake("loss")
def mean_over_each_class(each, labels):
    """You average each class first and then the classes: every sample counts with its weight, and the sum is divided by
    the sum of the weights."""
    return torch.stack([each[labels == label].mean() for label in labels.unique()]).mean()


@weighted.mistake("loss")
def weighted_mean_over_each_class(each, labels, weight):
    """You average each class first and then weigh the classes: a class of many samples then counts no more than one of
    few. Every sample counts with its weight."""
    seen = labels.unique()
    prices = torch.stack([each[labels == label].mean() for label in seen])
    return prices.sum() / weight[seen].sum()


@weighted.mistake("used")
def weights_detached(weight, labels):
    """The value is right and a gradient is missing: the weights are cut out of autograd's graph (detach, .item(),
    tolist)."""
    return weight.detach()[labels]


@weighted.mistake("divisor")
def divisor_detached(used):
    """The value is right and the gradient with respect to the weights is not: their sum is cut out of autograd's graph
    (detach, .item())."""
    return used.detach().sum()


@weighted.mistake("log_p")
@focal.mistake("log_p")
def log_p_detached(centred, log_total):
    """The value is right and the gradient is not: the log-probabilities are cut out of autograd's graph (detach,
    .item(), no_grad)."""
    return (centred - log_total).detach()


# ---------------------------------------------------------------------------------------- class_weights

counting = Anatomy("losses.class_weights", "weights")


@counting.step
def counts(labels, num_classes):
    """the number of samples of each class"""
    return torch.bincount(labels, minlength=num_classes).to(torch.float32)


@counting.step
def present(counts, labels, num_classes):
    """the weight of each class, infinite for a class that does not occur"""
    return len(labels) / (num_classes * counts)


@counting.step
def weights(counts, present):
    """the weight of each class, 0 for a class that does not occur"""
    return torch.where(counts > 0, present, 0.0)


@counting.quantity
def number_of_samples(labels):
    """the number of samples"""
    return len(labels)


@counting.quantity
def occurs(counts):
    """which classes occur"""
    return counts > 0


@counting.quantity
def is_absent(counts):
    """which classes do not occur"""
    return counts == 0


@counting.quantity
def is_own_label(labels, num_classes):
    """one row a sample, True at its own class only"""
    return labels.unsqueeze(1) == torch.arange(num_classes, device=labels.device)


@counting.quantity
def counts_above_zero(counts):
    """the number of samples of each class, but 1 for a class that does not occur"""
    return counts.clamp(min=1)


@counting.quantity
def counts_times_classes(counts, num_classes):
    """the number of samples of each class times the number of classes"""
    return num_classes * counts


@counting.quantity
def safe_counts_times_classes(counts_above_zero, num_classes):
    """the samples of each class, but 1 for an absent one, times the number of classes"""
    return num_classes * counts_above_zero


@counting.quantity
def weights_with_a_stand_in(labels, safe_counts_times_classes):
    """the weight of each class, with a class that does not occur counted as one sample"""
    return len(labels) / safe_counts_times_classes


@counting.quantity
def even_count(labels, num_classes):
    """the number of samples that each class would have if all had the same"""
    return len(labels) / num_classes


@counting.quantity
def share_of_samples(counts, labels):
    """the share of the samples that belongs to each class"""
    return counts / len(labels)


@counting.quantity
def one_over_counts(counts):
    """one over the number of samples of each class, infinite for a class that does not occur"""
    return 1 / counts


@counting.mistake("present")
def classes_left_out(counts, labels):
    """The division by the number of classes is missing: a balanced batch then has weights of C, and not of 1."""
    return len(labels) / counts


@counting.mistake("present")
def samples_left_out(counts, num_classes):
    """The number of samples N is missing: a balanced batch then has weights of 1 / N, and not of 1."""
    return 1 / (num_classes * counts)


@counting.mistake("present")
def inverse_counts(counts):
    """You return 1 / count: N samples and C classes belong there, so that a balanced batch has weights of 1."""
    return 1 / counts


@counting.mistake("present")
def frequencies(counts, labels):
    """You return the frequencies themselves: a rare class then counts less. Weights are inverse to them."""
    return counts / len(labels)


@counting.mistake("present")
def counts_themselves(counts):
    """You return the counts: weights are inverse to them."""
    return counts


@counting.mistake("present")
def weight_upside_down(counts, labels, num_classes):
    """The fraction is upside down: a rare class then counts less."""
    return num_classes * counts / len(labels)


@counting.mistake("present")
def other_samples_over_count(counts, labels):
    """You divide the number of the other samples by each count: that is the weight of the positive class in a
    yes-or-no question. It is N / (C count)."""
    return (len(labels) - counts) / counts


@counting.mistake("present")
def one_subtracted_from_the_weight(counts, labels, num_classes):
    """You subtract 1 from each weight: it is N / (C count) itself."""
    return len(labels) / (num_classes * counts) - 1


@counting.mistake("present")
def multiplied_by_the_classes(counts, labels, num_classes):
    """You multiply by the number of classes where it must divide (a missing parenthesis): N / (C count)."""
    return len(labels) / counts * num_classes


@counting.mistake("present")
def count_multiplied(counts, labels, num_classes):
    """A parenthesis is missing: N / C count divides by C only, and multiplies by the count."""
    return len(labels) / num_classes * counts


@counting.mistake("present")
def classes_that_occur(counts, labels):
    """You divide by the number of classes that occur: C is num_classes, absent ones included."""
    return len(labels) / ((counts > 0).sum() * counts)


@counting.mistake("present")
def one_minus_the_frequency(counts, labels):
    """You return 1 minus the frequency: that is larger for rare classes as well, but not inverse."""
    return 1 - counts / len(labels)


@counting.mistake("present")
def classes_over_count(counts, num_classes):
    """The number of classes stands above where the number of samples belongs."""
    return num_classes / counts


@counting.mistake("present")
def largest_count_over_count(counts):
    """You divide the largest count by each count: the commonest class then has weight 1. It is N / (C count)."""
    return counts.max() / counts


@counting.mistake("present")
def normalised_to_one(counts):
    """Your weights add up to 1: they are scaled so that a balanced batch has weights of 1."""
    inverse = torch.where(counts > 0, 1 / counts, 0.0)
    return inverse / inverse.sum()


@counting.mistake("present")
def normalised_to_the_classes(counts, num_classes):
    """Your weights add up to C: here they are N / (C count), which need not."""
    inverse = torch.where(counts > 0, 1 / counts, 0.0)
    return inverse / inverse.sum() * num_classes


@counting.mistake("present")
def normalised_to_the_classes_that_occur(counts):
    """Your weights have the mean 1 over the classes that occur: here they are N / (C count), which need not."""
    inverse = torch.where(counts > 0, 1 / counts, 0.0)
    return inverse / inverse.sum() * (counts > 0).sum()


@counting.mistake("present")
def rarest_class_has_weight_one(counts):
    """You divide the smallest count by each count: the rarest class then has weight 1. It is N / (C count)."""
    return counts[counts > 0].min() / counts


@counting.mistake("present")
def mean_count_of_the_classes_that_occur(counts, num_classes):
    """The number of classes that occur stands where the number of samples is meant: N / (C count)."""
    return (counts > 0).sum() / (num_classes * counts)


@counting.mistake("weights")
def zero_times_infinity_for_an_absent_class(counts, present):
    """An absent class gets NaN, 0 times infinity: multiplying by a mask does not take an infinity away. Choose the
    classes that occur first (where), then divide."""
    return (counts > 0) * present


@counting.mistake("present")
def square_root_of_the_weight(counts, labels, num_classes):
    """A square root is taken: the weight is N / (C count) itself."""
    return torch.sqrt(len(labels) / (num_classes * counts))


@counting.mistake("present")
def logarithm_of_the_weight(counts, labels, num_classes):
    """A logarithm is taken: the weight is N / (C count) itself."""
    return torch.log(len(labels) / (num_classes * counts))


@counting.mistake("present")
def one_added_to_the_counts(counts, labels, num_classes):
    """You add 1 to each count: that keeps the division by 0 away, and changes every weight."""
    return len(labels) / (num_classes * (counts + 1))


@counting.mistake("present")
def whole_numbers(counts, labels, num_classes):
    """You divide whole numbers (//): the fraction gets lost."""
    return len(labels) // (num_classes * counts)


@counting.mistake("weights")
def infinite_for_an_absent_class(present):
    """An absent class gets infinity (a division by 0): it is to have weight 0."""
    return present


@counting.mistake("weights")
def one_for_an_absent_class(counts, present):
    """An absent class gets 1: it is to have weight 0."""
    return torch.where(counts > 0, present, 1.0)


@counting.mistake("weights", constants=(-1.0, 0.5))
def number_for_an_absent_class(counts, present, constant):
    """An absent class gets {constant}: it is to have weight 0."""
    return torch.where(counts > 0, present, constant)


@counting.mistake("weights")
def counted_as_one(counts, labels, num_classes):
    """An absent class is counted as if it occurred once: it is to have weight 0."""
    return len(labels) / (num_classes * counts.clamp(min=1))


@counting.mistake("weights")
def one_added_to_every_count(counts, labels, num_classes):
    """You add 1 to each count: that keeps the division by 0 away, and changes every weight. Choose the classes that
    occur, and give 0 to the others."""
    return len(labels) / (num_classes * (counts + 1))


@counting.mistake("weights")
def smoothed_frequencies(counts, labels, num_classes):
    """You add 1 to each count and C to their sum (Laplace's smoothing): that changes every weight. Choose the classes
    that occur, and give 0 to the others."""
    return (len(labels) + num_classes) / (num_classes * (counts + 1))


@counting.mistake("weights")
def gaps_closed(counts, present):
    """The weights of the classes that occur stand side by side, as unique returns them: an absent class in between must
    leave a gap, or all later weights belong to the wrong class."""
    weights = torch.zeros_like(counts)
    weights[: int((counts > 0).sum())] = present[counts > 0]
    return weights


@counting.mistake("weights", constants=(1e-8, 1e-6, 1e-12, 1e-5, 1e-3, 1e-7, 1e-10, 1e-9))
def huge_for_an_absent_class(counts, labels, num_classes, constant):
    """You add {constant} to the counts: an absent class gets a huge weight, and is to have weight 0."""
    return len(labels) / (num_classes * (counts + constant))


@counting.mistake("weights")
def largest_float_for_an_absent_class(present):
    """An absent class gets the largest float (nan_to_num turns infinity into it): it is to have weight 0."""
    return torch.nan_to_num(present)


@counting.mistake("weights")
def absent_classes_at_the_end_left_out(counts, present):
    """The weights end with the last class that occurs: there is one for each of num_classes, look at bincount's
    minlength."""
    last = int(counts.nonzero().max()) + 1
    return torch.where(counts > 0, present, 0.0)[:last]


@counting.mistake("weights")
def absent_classes_left_out(counts, present):
    """Absent classes are left out (as unique does), so that the weights no longer stand at their class's place: there
    is one for each of num_classes."""
    return present[counts > 0]


@counting.mistake("weights")
def one_weight_for_each_sample(present, labels):
    """You return one weight for each sample: one for each class is asked for."""
    return present[labels]


@counting.mistake("weights")
def integer_weights(counts, present):
    """The weights are whole numbers: float32 is asked for, and the fraction gets lost."""
    return torch.where(counts > 0, present, 0.0).long()


# ------------------------------------------------------------------------------------------- focal_loss


@focal.mistake("factor")
def probability_to_the_power(picked, power):
    """The factor is p to the power of gamma: that turns to the easy samples. It is 1 - p that is small for them."""
    return torch.exp(picked) ** power


@focal.mistake("factor")
def one_minus_the_power(picked, power):
    """A parenthesis is missing: 1 - p ** gamma, where (1 - p) ** gamma is meant."""
    return 1 - torch.exp(picked) ** power


@focal.mistake("factor")
def factor_left_out(picked):
    """The factor (1 - p) ** gamma is missing: this is the plain cross-entropy."""
    return torch.ones_like(picked)


@focal.mistake("factor")
def gamma_multiplies(picked, power):
    """You multiply by gamma where it is the exponent."""
    return -torch.expm1(picked) * power


@focal.mistake("factor")
def gamma_not_used(picked):
    """The factor is 1 - p: gamma, its exponent, is not used."""
    return -torch.expm1(picked)


@focal.mistake("power", constants=(2.0, 0.5, 5.0))
def gamma_written_into_the_code(constant):
    """gamma is fixed at {constant} in your code: use the argument."""
    return constant


@focal.mistake("power", constants=(1.0, 0.0, 0.5, 1.5, 3.0, 5.0))
def another_default_of_gamma(gamma, constant):
    """The default of gamma is {constant} in your code: it is 2."""
    return constant if gamma == 2.0 else gamma


@focal.mistake("power")
def zero_becomes_the_default(gamma):
    """A gamma of 0 becomes 2: `gamma or 2.0` and `if not gamma` take 0 for a gamma that was not given. It is given, and
    makes the plain cross-entropy."""
    return gamma or 2.0


@focal.mistake("power")
def zero_becomes_one(gamma):
    """A gamma of 0 counts as 1 (a maximum, or `gamma or 1`): it is given, and makes the plain cross-entropy."""
    return gamma or 1.0


@focal.mistake("power")
def gamma_plus_one(gamma):
    """The exponent is gamma + 1."""
    return gamma + 1


@focal.mistake("power")
def gamma_minus_one(gamma):
    """The exponent is gamma - 1."""
    return gamma - 1


@focal.mistake("power")
def gamma_negated(gamma):
    """The exponent is negative, or you divide by the factor: easy samples then count more, not less."""
    return -gamma


@focal.mistake("power")
def gamma_doubled(gamma):
    """The exponent is twice gamma (a square too many)."""
    return 2 * gamma


@focal.mistake("factor")
def logarithm_in_the_factor(picked, power):
    """The factor uses log p where p is meant: 1 - log p is above 1 for every sample."""
    return (1 - picked) ** power


@focal.mistake("factor")
def price_in_the_factor(picked, power):
    """The factor uses the price where the probability is meant: (1 + log p) is not 1 - p."""
    return (1 + picked) ** power


@focal.mistake("factor")
def price_to_the_power(picked, power):
    """The factor is a power of the price itself: it is one of 1 - p."""
    return (-picked) ** power


@focal.mistake("factor")
def largest_probability_in_the_factor(log_p, power):
    """The factor uses the largest probability of the row: it is that of the correct class."""
    return (-torch.expm1(log_p.amax(-1))) ** power


@focal.mistake("factor")
def largest_wrong_probability_in_the_factor(log_p, correct, power):
    """The factor is made of the largest probability among the wrong classes: it is 1 - p, which is the sum of all of
    theirs."""
    own = correct.unsqueeze(-1) == torch.arange(log_p.shape[-1])
    return torch.exp(log_p).masked_fill(own, 0.0).amax(-1) ** power


@focal.mistake("factor")
def sigmoid_in_the_factor(scores, correct, power):
    """The factor takes its probability from a sigmoid of the correct class's logit: it is that of the softmax, in which
    the classes compete."""
    logit = scores.gather(-1, correct.unsqueeze(-1)).squeeze(-1)
    return (1 / (1 + torch.exp(logit))) ** power


@focal.mistake("factor")
def exponential_in_the_factor(picked, power):
    """The factor is exp(-gamma p): it is a power, (1 - p) ** gamma."""
    return torch.exp(-power * torch.exp(picked))


@focal.mistake("factor")
def size_of_one_minus_the_price(picked, power):
    """The factor uses the price where the probability is meant, and its absolute value: |1 - price| is not 1 - p."""
    return (1 + picked).abs() ** power


@focal.mistake("factor")
def prediction_in_the_factor(logits, picked, power):
    """Only samples that are classified wrongly keep their price: the factor is (1 - p) ** gamma, which falls smoothly
    with the probability."""
    return (1 - torch.exp(picked)).round() ** power


@focal.mistake("factor")
def one_factor_for_the_batch(picked, power):
    """One factor, from the batch's mean loss, serves all samples: each sample has its own, and the mean comes last."""
    return (1 - torch.exp(picked.mean())) ** power


@focal.mistake("factor")
def mean_factor(picked, power):
    """The factors are averaged before they multiply: each sample is multiplied by its own."""
    return ((-torch.expm1(picked)) ** power).mean()


@focal.mistake("factor")
def mean_probability_in_the_factor(picked, power):
    """The probabilities are averaged before the factor is taken: each sample has its own factor."""
    return (1 - torch.exp(picked).mean()) ** power


@focal.mistake("factor")
def plus_in_the_factor(picked, power):
    """The factor is (1 + p) ** gamma where (1 - p) ** gamma is meant: easy samples then count more, not less."""
    return (1 + torch.exp(picked)) ** power


@focal.mistake("factor")
def factor_subtracted_from_one(picked, power):
    """You subtract the factor from 1: easy samples then count more, not less."""
    return 1 - (-torch.expm1(picked)) ** power


@focal.mistake("price")
def price_left_out(picked):
    """The price -log p is missing: only the factor is averaged."""
    return torch.ones_like(picked)


@focal.mistake("price", constants=tuple(10.0**-k for k in (8, 3, 4, 5, 6, 7, 9, 10)))
def epsilon_inside_the_log_of_the_price(picked, constant):
    """You take the logarithm of p + {constant}: every price is a little too small, and that of a confident mistake
    comes to rest where it should be large. Use log-softmax: there is no logarithm of 0 to guard against."""
    return -torch.log(torch.exp(picked) + constant)


@focal.mistake("price", constants=tuple(10.0**-k for k in (8, 3, 4, 5, 6, 7)))
def probability_clamped_in_the_price(picked, constant):
    """You clamp the probability at {constant} before the logarithm: every confident mistake then costs the same. Use
    log-softmax: there is no logarithm of 0 to guard against."""
    return -torch.log(torch.exp(picked).clamp(min=constant))


@focal.mistake("price")
def sign_of_the_price(picked):
    """The sign is wrong: -log p is above 0."""
    return picked


@focal.mistake("each")
def power_of_the_price(price, power):
    """You take the price to the power of gamma: gamma is the exponent of 1 - p, and the price is multiplied by that."""
    return price**power


@focal.mistake("each")
def power_of_the_product(picked, price, power):
    """A parenthesis is in the wrong place: gamma is the exponent of 1 - p only, and yours is that of the price as
    well."""
    return (-torch.expm1(picked) * price) ** power


@focal.mistake("each")
def factor_added(factor, price):
    """The factor is added to the price: it multiplies it."""
    return factor + price


@focal.mistake("each")
def alpha_of_one_quarter(factor, price):
    """The loss is multiplied by 0.25, the alpha of the paper: here there is none."""
    return 0.25 * factor * price


@focal.mistake("each", constants=(0.5, 0.75))
def alpha_multiplied(factor, price, constant):
    """The loss is multiplied by {constant}, the alpha of the paper: here there is none."""
    return constant * factor * price


@focal.mistake("each")
def wrong_classes_as_well(log_p, labels, power):
    """The wrong classes have a price of their own in your loss (the focal loss of C yes-or-no questions): only the
    correct class counts."""
    p = torch.exp(log_p)
    truth = torch.nn.functional.one_hot(labels, log_p.shape[-1]).to(p.dtype)
    right = (1 - p) ** power * -log_p * truth
    return (right - p**power * torch.log1p(-p) * (1 - truth)).sum(-1)


@focal.mistake("each")
def every_class(log_p, power):
    """The prices of all classes are added up: only that of the correct class counts."""
    return ((1 - torch.exp(log_p)) ** power * -log_p).sum(-1)


@focal.mistake("loss")
def focal_sum(each):
    """You add up where you should average: the loss then grows with the batch."""
    return each.sum()


@focal.mistake("loss")
def focal_divided_by_the_classes(each, logits):
    """You divide by the number of classes C where the number of samples N is meant."""
    return each.sum() / logits.shape[-1]


@focal.mistake("loss")
def focal_mean_over_all_entries(each, logits):
    """You divide by N times C: each sample counts one number, so the mean is over N."""
    return each.sum() / logits.numel()


@focal.mistake("loss")
def focal_losses_not_reduced(each):
    """You return one loss for each sample: their mean over the batch is asked for, a 0-d tensor."""
    return each


@focal.mistake("loss")
def divided_by_the_factors(each, factor):
    """You divide by the sum of the factors: it is a plain mean, over N, so that easy samples lower the loss."""
    return each.sum() / factor.sum()


@focal.mistake("factor")
def factor_detached(picked, power):
    """The value is right and the gradient is not: the factor is cut out of autograd's graph (detach, no_grad, .item()).
    It depends on the logits, too."""
    return (-torch.expm1(picked.detach())) ** power
