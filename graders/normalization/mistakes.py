"""Known mistakes of the unit normalization: short wrong solutions, and what to tell whoever wrote one.

The exercises are built from the same steps under the same names, so that one mistake serves several of them:
`mean`, `centred`, `variance`, `spread` (what is divided by), `normalised`, `shaped` (as `x` is), `gain`, `shift`, `y`.
"""

import torch

from backpass.explaining.declared import Anatomy, mistake

train = Anatomy("normalization.batch_norm_train", "y", "new_mean", "new_var")
evaluate = Anatomy("normalization.batch_norm_eval", "y")
layer = Anatomy("normalization.layer_norm", "y")
rms = Anatomy("normalization.rms_norm", "y")
group = Anatomy("normalization.group_norm", "y")
backward = Anatomy("normalization.batch_norm_backward", "out_x", "out_gamma", "out_beta")


def _biased(x, dim=None):
    """The variance with its dimension, divided by the number of values."""
    dim = tuple(range(x.dim())) if dim is None else dim
    return ((x - x.mean(dim, keepdim=True)) ** 2).mean(dim, keepdim=True)


def _unbiased(x, dim=None):
    """The variance with its dimension, divided by one less than the number of values; NaN for one value."""
    number = x.numel() if dim is None else x.shape[dim]
    return _biased(x, dim) * number / torch.tensor(number - 1, dtype=x.dtype)


# -------------------------------------------------------------------------------------------- the steps


@train.step
@evaluate.step
@layer.step
@rms.step
def data(x):
    return x


@group.step
def data(x, num_groups):
    """`x` with all numbers of a group side by side, one row a group"""
    return x.reshape(len(x), num_groups, -1)


@train.step
@backward.step
def dim():
    return 0


@layer.step
@rms.step
@group.step
def dim():
    return -1


@train.step
@layer.step
@group.step
def mean(data, dim):
    """the mean of the numbers that are normalised together"""
    return data.mean(dim, keepdim=True)


@evaluate.step
def mean(running_mean):
    return running_mean


@backward.step
def mean(x):
    """the mean of each feature over the batch"""
    return x.mean(0)


@train.step
@layer.step
@group.step
@evaluate.step
def centred(data, mean):
    """the numbers with the mean subtracted, not yet divided"""
    return data - mean


@rms.step
def centred(data):
    return data


@backward.step
def centred(x, mean):
    """`x` with each feature's mean subtracted, not yet divided"""
    return x - mean


@train.step
@layer.step
@rms.step
@group.step
@backward.step
def variance(centred, dim):
    """the mean of the squares under the root, before `eps` is added"""
    return (centred**2).mean(dim, keepdim=True)


@evaluate.step
def variance(running_var):
    return running_var


@train.step
@evaluate.step
@layer.step
@rms.step
@group.step
@backward.step
def spread(variance, eps):
    """the root to divide by, with `eps` added inside it"""
    return torch.sqrt(variance + eps)


@train.step
@evaluate.step
@layer.step
@rms.step
@group.step
@backward.step
def normalised(centred, spread):
    """the normalised numbers, not yet scaled by `gamma`"""
    return centred / spread


@train.step
@evaluate.step
@layer.step
@rms.step
def shaped(normalised):
    return normalised


@group.step
def shaped(normalised, x):
    """the normalised numbers in the shape of `x`, not yet scaled by `gamma`"""
    return normalised.reshape(x.shape)


@train.step
@evaluate.step
@layer.step
@rms.step
def gain(gamma):
    return gamma


@group.step
def gain(gamma):
    """`gamma` as a column, one row for each channel"""
    return gamma.unsqueeze(-1)


@train.step
@evaluate.step
@layer.step
def shift(beta):
    return beta


@group.step
def shift(beta):
    """`beta` as a column, one row for each channel"""
    return beta.unsqueeze(-1)


@train.step
@evaluate.step
@layer.step
@group.step
def y(shaped, gain, shift):
    """the normalised numbers, scaled by `gamma` and shifted by `beta`"""
    return shaped * gain + shift


@rms.step
def y(shaped, gain):
    """the normalised numbers, scaled by `gamma`"""
    return shaped * gain


@train.step
def batch_mean(x):
    """the mean of each feature over the batch"""
    return x.mean(0)


@train.step
def batch_var(x):
    """the unbiased variance of each feature over the batch"""
    return ((x - x.mean(0)) ** 2).sum(0) / (len(x) - 1)


@train.step
def new_mean(running_mean, batch_mean, momentum):
    """the running mean after this batch"""
    return (1 - momentum) * running_mean + momentum * batch_mean


@train.step
def new_var(running_var, batch_var, momentum):
    """the running variance after this batch"""
    return (1 - momentum) * running_var + momentum * batch_var


@backward.step
def grad_hat(grad_out, gamma):
    """the gradient with respect to the normalised `x`"""
    return grad_out * gamma


@backward.step
def path_of_the_mean(grad_hat):
    """the correction for the path through the mean, before the division by the root"""
    return grad_hat.mean(0)


@backward.step
def path_of_the_variance(grad_hat, normalised):
    """the correction for the path through the variance, before the division by the root"""
    return normalised * (grad_hat * normalised).mean(0)


@backward.step
def grad_x(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """the gradient with respect to `x`"""
    return (grad_hat - path_of_the_mean - path_of_the_variance) / spread


@backward.step
def grad_gamma(grad_out, normalised):
    """the gradient with respect to `gamma`, summed over the batch"""
    return (grad_out * normalised).sum(0)


@backward.step
def grad_beta(grad_out):
    """the gradient with respect to `beta`, summed over the batch"""
    return grad_out.sum(0)


@backward.step
def out_x(grad_x):
    return grad_x


@backward.step
def out_gamma(grad_gamma):
    return grad_gamma


@backward.step
def out_beta(grad_beta):
    return grad_beta


@layer.quantity
@group.quantity
def squares(centred):
    """the squares of the numbers after their mean is subtracted"""
    return centred**2


@evaluate.quantity
@layer.quantity
@group.quantity
@rms.quantity
def under_the_root(variance, eps):
    """what stands under the root, with `eps` already added"""
    return variance + eps


@evaluate.quantity
@layer.quantity
@group.quantity
@rms.quantity
def inverse_root(spread):
    """one over the root, with `eps` added inside it"""
    return 1 / spread


@train.quantity
@evaluate.quantity
@layer.quantity
@group.quantity
def scaled(shaped, gain):
    """the normalised numbers scaled by `gamma`, before `beta` is added"""
    return shaped * gain


@train.quantity
@evaluate.quantity
@layer.quantity
def scaled_before_the_division(centred, gamma):
    """the numbers with the mean subtracted, scaled by `gamma`, not yet divided"""
    return gamma * centred


@train.quantity
@backward.quantity
def samples(x):
    """the number of samples in the batch"""
    return len(x)


@train.quantity
@backward.quantity
def variance_of_each_feature(x):
    """the biased variance of each feature over the batch"""
    return x.var(0, unbiased=False)


@train.quantity
@backward.quantity
def root_of_each_feature(variance_of_each_feature, eps):
    """the root to divide each feature by, with `eps` added inside it"""
    return torch.sqrt(variance_of_each_feature + eps)


@train.quantity
def sum_of_squares(centred):
    """the sum of each feature's squared distances from its mean"""
    return (centred**2).sum(0)


@train.quantity
def under_the_root_of_each_feature(variance_of_each_feature, eps):
    """what stands under the root of each feature, with `eps` already added"""
    return variance_of_each_feature + eps


@train.quantity
def factor_of_each_feature(gamma, root_of_each_feature):
    """the factor of each feature: `gamma` divided by the root"""
    return gamma / root_of_each_feature


@train.quantity
def old_share_of_the_mean(running_mean, momentum):
    """the old running mean's share of the new one"""
    return (1 - momentum) * running_mean


@train.quantity
def share_of_the_batch_mean(batch_mean, momentum):
    """the batch mean's share of the new running mean"""
    return momentum * batch_mean


@train.quantity
def old_share_of_the_variance(running_var, momentum):
    """the old running variance's share of the new one"""
    return (1 - momentum) * running_var


@train.quantity
def share_of_the_batch_variance(batch_var, momentum):
    """the batch variance's share of the new running variance"""
    return momentum * batch_var


@evaluate.quantity
def factor_of_each_feature(gamma, spread):
    """the factor of each feature: `gamma` divided by the root"""
    return gamma / spread


@evaluate.quantity
def x_times_its_factor(x, factor_of_each_feature):
    """`x` times `gamma`, divided by the root, with no mean subtracted"""
    return x * factor_of_each_feature


@evaluate.quantity
def mean_times_its_factor(running_mean, factor_of_each_feature):
    """`running_mean` times `gamma`, divided by the root"""
    return running_mean * factor_of_each_feature


@evaluate.quantity
def offset(beta, mean_times_its_factor):
    """what is added to the scaled `x`: `beta` minus the equally scaled `running_mean`"""
    return beta - mean_times_its_factor


@layer.quantity
def mean_of_each_row(x):
    """the mean of each row"""
    return x.mean(-1)


@layer.quantity
def variance_of_each_row(x):
    """the biased variance of each row"""
    return x.var(-1, unbiased=False)


@layer.quantity
def sum_of_squares(squares):
    """the sum of each row's squared distances from its mean"""
    return squares.sum(-1, keepdim=True)


@layer.quantity
def deviation(x):
    """the biased standard deviation of each row, without `eps`"""
    return x.std(-1, unbiased=False, keepdim=True)


@layer.quantity
def mean_square(x):
    """the mean of the squares of each row, with no mean subtracted"""
    return (x**2).mean(-1, keepdim=True)


@layer.quantity
@rms.quantity
def squared_mean(x):
    """the square of each row's mean"""
    return x.mean(-1, keepdim=True) ** 2


@layer.quantity
@rms.quantity
def features(x):
    """the number of features in a row"""
    return x.shape[-1]


@rms.quantity
def squares(x):
    """the squares of the numbers in `x`"""
    return x**2


@rms.quantity
def sum_of_squares(squares):
    """the sum of the squares of each row"""
    return squares.sum(-1, keepdim=True)


@rms.quantity
def mean_square_of_each_row(squares):
    """the mean of the squares of each row"""
    return squares.mean(-1)


@rms.quantity
def root_mean_square(variance):
    """the root mean square of each row, without `eps`"""
    return torch.sqrt(variance)


@rms.quantity
def length(sum_of_squares):
    """the length of each row: the root of the sum of its squares"""
    return torch.sqrt(sum_of_squares)


@rms.quantity
def variance_around_the_mean(x):
    """the biased variance of each row"""
    return x.var(-1, unbiased=False, keepdim=True)


@rms.quantity
def scaled_before_the_division(x, gamma):
    """`x` scaled by `gamma`, not yet divided"""
    return gamma * x


@group.quantity
def channels_in_a_group(x, num_groups):
    """the number of channels in a group"""
    return x.shape[1] // num_groups


@group.quantity
def groups(x, num_groups, channels_in_a_group):
    """`x` cut into groups: (samples, groups, channels of a group, positions)"""
    return x.reshape(len(x), num_groups, channels_in_a_group, -1)


@group.quantity
def mean_of_each_group(groups):
    """the mean of each group of each sample"""
    return groups.mean((2, 3), keepdim=True)


@group.quantity
def variance_of_each_group(groups):
    """the biased variance of each group of each sample"""
    return groups.var((2, 3), unbiased=False, keepdim=True)


@group.quantity
def centred_groups(groups, mean_of_each_group):
    """the numbers of each group with the group's mean subtracted, not yet divided"""
    return groups - mean_of_each_group


@group.quantity
def normalised_groups(normalised, groups):
    """the normalised numbers, still cut into groups, not yet scaled by `gamma`"""
    return normalised.reshape(groups.shape)


@group.quantity
def gamma_of_each_channel(gamma):
    """`gamma` in the shape (1, channels, 1)"""
    return gamma.reshape(1, -1, 1)


@group.quantity
def beta_of_each_channel(beta):
    """`beta` in the shape (1, channels, 1)"""
    return beta.reshape(1, -1, 1)


@backward.quantity
def sum_of_grad_hat(grad_hat):
    """the gradient with respect to the normalised `x`, summed over the batch"""
    return grad_hat.sum(0)


@backward.quantity
def sum_along_the_normalised(grad_hat, normalised):
    """the sum over the batch of the normalised `x` times its gradient"""
    return (grad_hat * normalised).sum(0)


@backward.quantity
def mean_along_the_normalised(grad_hat, normalised):
    """the mean over the batch of the normalised `x` times its gradient"""
    return (grad_hat * normalised).mean(0)


@backward.quantity
def direct_path(grad_hat, spread):
    """the direct path to `x`: its gradient if mean and variance stood still"""
    return grad_hat / spread


@backward.quantity
def grad_variance(grad_hat, centred, root_of_each_feature):
    """the gradient with respect to the variance, one number a feature"""
    return -(grad_hat * centred).sum(0) / (2 * root_of_each_feature**3)


@backward.quantity
def grad_mean(sum_of_grad_hat, root_of_each_feature):
    """the gradient with respect to the mean, one number a feature"""
    return -sum_of_grad_hat / root_of_each_feature


@backward.quantity
def through_the_variance(grad_variance, centred, samples):
    """the part of the gradient that reaches `x` through the variance"""
    return grad_variance * 2 * centred / samples


@backward.quantity
def through_the_mean(grad_mean, samples):
    """the part of the gradient that reaches `x` through the mean"""
    return grad_mean / samples


@backward.quantity
def not_yet_divided(grad_hat, path_of_the_mean, path_of_the_variance):
    """the gradient with respect to `x`, before the division by the root"""
    return grad_hat - path_of_the_mean - path_of_the_variance


# ------------------------------------------------------------------------------- what is divided by


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_outside_the_root(variance, eps):
    """eps is added after the root: here it joins the variance before the root is taken, so that a variance of 0 gives
    sqrt(eps)."""
    return torch.sqrt(variance) + eps


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_left_out(variance):
    """eps is not used: where all the numbers are equal you divide by 0, and where they are nearly equal you blow up
    rounding errors."""
    return torch.sqrt(variance)


@train.mistake("spread", constants=(1e-5, 1e-8, 1e-6, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
@evaluate.mistake("spread", constants=(1e-5, 1e-8, 1e-6, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
@layer.mistake("spread", constants=(1e-5, 1e-8, 1e-6, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
@rms.mistake("spread", constants=(1e-6, 1e-5, 1e-8, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
@group.mistake("spread", constants=(1e-5, 1e-8, 1e-6, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
@backward.mistake("spread", constants=(1e-5, 1e-8, 1e-6, 1e-12, 1e-3, 1e-10, 1e-7, 1e-4))
def eps_written_into_the_code(variance, constant):
    """eps is fixed at {constant} in your code: use the argument, whoever calls may need another one."""
    return torch.sqrt(variance + constant)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def two_roots_added(variance, eps):
    """The root of the variance and the root of eps are added: the root of a sum is not the sum of the roots. eps joins
    the variance first."""
    return torch.sqrt(variance) + eps**0.5


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_inside_and_outside(variance, eps):
    """eps is added twice, inside the root and outside: inside is enough."""
    return torch.sqrt(variance + eps) + eps


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_squared(variance, eps):
    """eps is squared on its way into the root: it is added to the variance as it is."""
    return torch.sqrt(variance + eps**2)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def root_of_eps_inside(variance, eps):
    """The root of eps is added to the variance: eps itself is."""
    return torch.sqrt(variance + eps**0.5)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_added_twice(variance, eps):
    """eps is added twice to the variance."""
    return torch.sqrt(variance + 2 * eps)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_subtracted(variance, eps):
    """eps is subtracted: it is there to keep what is under the root above 0, and must be added."""
    return torch.sqrt(variance - eps)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def lower_bound_in_place_of_eps(variance, eps):
    """eps is used as a lower bound (max, clamp): it is added to the variance, whatever size that has."""
    return torch.sqrt(variance.clamp(min=eps))


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def lower_bound_after_the_root(variance, eps):
    """eps is used as a lower bound on the root (max, clamp): it is added to the variance before the root is taken."""
    return torch.sqrt(variance).clamp(min=eps)


@train.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def eps_only_where_zero(variance, eps):
    """eps is only used where the variance is 0: it is added everywhere, so that nothing jumps."""
    return torch.sqrt(torch.where(variance == 0, eps, variance))


@evaluate.mistake("spread")
@backward.mistake("spread")
def one_for_a_variance_of_zero(variance, eps):
    """A variance of 0 is replaced by 1 (as some libraries scale a constant feature): eps alone is what stands under the
    root there."""
    return torch.sqrt(torch.where(variance == 0, 1, variance) + eps)


@evaluate.mistake("spread")
@backward.mistake("spread")
def not_divided_where_the_variance_is_zero(variance, eps):
    """Where the variance is 0 you do not divide at all: there you divide by the root of eps."""
    return torch.where(variance == 0, 1, torch.sqrt(variance + eps))


@evaluate.mistake("normalised")
def single_sample_not_normalised(centred, spread):
    """A batch of one gets 0 before gamma and beta: the running statistics serve a single sample as well as many."""
    return centred / spread if len(centred) > 1 else torch.zeros_like(centred)


@layer.mistake("normalised")
@rms.mistake("normalised")
@group.mistake("normalised")
def single_number_left_as_it_is(data, centred, spread):
    """Where there is one number to normalise you leave it as it is: the formula holds there as well."""
    return data if data.shape[-1] == 1 else centred / spread


@evaluate.mistake("normalised")
def zero_where_the_variance_is_zero(centred, variance, spread):
    """Where the variance is 0 you return 0 before gamma and beta: there x - mean is divided by the root of eps."""
    return torch.where(variance == 0, 0, centred / spread)


@evaluate.mistake("spread")
@rms.mistake("spread")
def eps_added_to_the_root_of_the_root(variance, eps):
    """eps is added to the root, and the root is taken once more: it joins the variance, and there is one root."""
    return torch.sqrt(torch.sqrt(variance) + eps)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
@backward.mistake("spread")
def root_left_out(variance, eps):
    """The square root is missing (or you divide by the root twice): a variance is a mean of squares and has another
    unit than the numbers, its root is on their scale."""
    return variance + eps


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
def multiplied_by_the_root(variance, eps):
    """You multiply by the root where you should divide: numbers with a large spread then get a larger one."""
    return 1 / torch.sqrt(variance + eps)


@train.mistake("spread")
@evaluate.mistake("spread")
@layer.mistake("spread")
@rms.mistake("spread")
@group.mistake("spread")
def squared_in_place_of_the_root(variance, eps):
    """You take the square where the root belongs: the variance is a mean of squares already."""
    return (variance + eps) ** 2


@train.mistake("spread")
@layer.mistake("spread")
@group.mistake("spread")
@evaluate.mistake("spread")
@rms.mistake("spread")
def not_divided(variance):
    """Nothing is divided: the spread of the numbers stays what it was."""
    return torch.ones_like(variance)


@train.mistake("spread")
@layer.mistake("spread")
@group.mistake("spread")
@rms.mistake("spread")
@evaluate.mistake("spread")
def one_added(variance, eps):
    """1 is added under the root: only eps is."""
    return torch.sqrt(variance + 1 + eps)


@train.mistake("spread")
@layer.mistake("spread")
@group.mistake("spread")
@rms.mistake("spread")
@evaluate.mistake("spread")
@backward.mistake("spread")
def parenthesis_around_the_root(variance, eps):
    """The parenthesis is in the wrong place: eps is added to the quotient, not to the variance."""
    return 1 / (1 / torch.sqrt(variance) + eps)


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
@rms.mistake("normalised")
@evaluate.mistake("normalised")
def eps_added_to_the_result(centred, variance, eps):
    """eps is added after the division: a / b + eps where a / (b + eps) is meant."""
    return centred / torch.sqrt(variance) + eps


@train.mistake("normalised")
@evaluate.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def mean_subtracted_after_the_division(data, mean, spread):
    """A parenthesis is missing: x - mean / std divides only the mean. Subtract first, then divide the difference."""
    return data - mean / spread


@train.mistake("normalised")
@evaluate.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def only_x_divided(data, mean, spread):
    """Only x is divided, and the mean is subtracted undivided: subtract first, then divide the difference."""
    return data / spread - mean


@evaluate.mistake("y")
@train.mistake("y")
@layer.mistake("y")
def mean_subtracted_at_the_end(data, mean, spread, gain, shift):
    """The mean is subtracted at the end, neither divided nor multiplied: it belongs to x. Whoever folds gamma and the
    root into one scale must scale the mean as well."""
    return gain * data / spread + shift - mean


# ------------------------------------------------------------------------------------- mean and variance


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def unbiased_variance(centred, dim):
    """The variance that normalises is divided by one less than the number of values (torch.var and torch.std do so
    unless told otherwise): here it is divided by their number, so that these very numbers get variance 1."""
    return (centred**2).sum(dim, keepdim=True) / (centred.shape[dim] - 1)


@train.mistake("variance")
@layer.mistake("variance")
@rms.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def sum_of_squares(centred, dim):
    """The squares are added up, and their mean is asked for: divide by how many they are."""
    return (centred**2).sum(dim, keepdim=True)


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def divided_by_their_number_twice(centred, dim):
    """The mean of the squares is divided by their number once more."""
    return (centred**2).mean(dim, keepdim=True) / centred.shape[dim]


@train.mistake("variance")
@layer.mistake("variance")
@rms.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def divided_by_one_more(centred, dim):
    """The squares are divided by one more than their number: their mean is asked for."""
    return (centred**2).sum(dim, keepdim=True) / (centred.shape[dim] + 1)


@train.mistake("variance")
@layer.mistake("variance")
@rms.mistake("variance")
@group.mistake("variance")
def mean_of_absolute_values(centred, dim):
    """You average absolute values where squares are meant: the root of the mean of squares is asked for."""
    return centred.abs().mean(dim, keepdim=True)


@train.mistake("variance")
@layer.mistake("variance")
@rms.mistake("variance")
@group.mistake("variance")
def squared_mean_of_absolute_values(centred, dim):
    """You divide by the mean absolute value: the root of the mean of squares is asked for, in which large values weigh
    more."""
    return centred.abs().mean(dim, keepdim=True) ** 2


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def standard_deviation_under_the_root(centred, dim):
    """Under the root stands the standard deviation, so the root is taken twice: eps joins the variance, and there is
    one root."""
    return (centred**2).mean(dim, keepdim=True).sqrt()


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def unbiased_standard_deviation_under_the_root(data, dim):
    """Under the root stands torch.std, so the root is taken twice (and it divides by one less than the number of
    values): eps joins the variance, and there is one root."""
    return _unbiased(data, dim).sqrt()


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
@backward.mistake("variance")
def variance_squared(centred, dim):
    """The variance is squared under the root, so that eps meets the wrong unit: it is sqrt(variance + eps)."""
    return (centred**2).mean(dim, keepdim=True) ** 2


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def square_of_the_mean_added(data, dim):
    """Your variance is the mean of the squares plus the square of the mean: the square of the mean is subtracted."""
    return (data**2).mean(dim, keepdim=True) + data.mean(dim, keepdim=True) ** 2


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def squares_of_what_is_not_centred(data, dim):
    """Your variance is the mean of x squared: it is the mean of (x - mean) squared, or else the square of the mean has
    to be subtracted."""
    return (data**2).mean(dim, keepdim=True)


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def centred_not_squared(centred, dim):
    """The variance averages the differences from the mean without squaring them: that is always 0."""
    return centred.mean(dim, keepdim=True) * 0


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
@rms.mistake("variance")
def range_of_the_values(data, dim):
    """You divide by the range, largest minus smallest: the root of the variance is asked for."""
    return (data.amax(dim, keepdim=True) - data.amin(dim, keepdim=True)) ** 2


@train.mistake("mean")
@layer.mistake("mean")
@group.mistake("mean")
def median_for_the_mean(data, dim):
    """You subtract the median: the mean is asked for."""
    return data.median(dim, keepdim=True).values


@train.mistake("mean")
@layer.mistake("mean")
@group.mistake("mean")
def sum_for_the_mean(data, dim):
    """You subtract the sum where the mean is meant: divide by how many numbers there are."""
    return data.sum(dim, keepdim=True)


@train.mistake("centred", "variance")
@layer.mistake("centred", "variance")
@group.mistake("centred", "variance")
def mean_not_subtracted_at_all(data, dim):
    """The mean is not subtracted, neither from x nor in the variance: that is RMS norm. Here the result has mean 0
    before gamma and beta."""
    return data, (data**2).mean(dim, keepdim=True)


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
@evaluate.mistake("normalised")
def mean_not_subtracted(data, spread):
    """The mean is not subtracted from x before the division: the result keeps its offset."""
    return data / spread


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
@evaluate.mistake("normalised")
def mean_minus_x(centred, spread):
    """The sign is wrong: it is x minus the mean, not the mean minus x."""
    return -centred / spread


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
@evaluate.mistake("normalised")
def mean_added(data, mean, spread):
    """The mean is added where it must be subtracted."""
    return (data + mean) / spread


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def mean_of_everything_subtracted(data, spread):
    """The mean that is subtracted is that of the whole tensor (.mean() without a dimension), while the variance is
    right."""
    return (data - data.mean()) / spread


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def normalised_twice(centred, spread, dim, eps):
    """The normalisation is applied twice: with eps the second one changes the result again."""
    return _normalised(centred / spread, dim, eps)


@rms.mistake("normalised")
def divided_by_the_root_mean_square_twice(centred, spread, dim, eps):
    """The normalisation is applied twice: with eps the second one changes the result again."""
    once = centred / spread
    return once / torch.sqrt((once**2).mean(dim, keepdim=True) + eps)


@rms.mistake("normalised")
def square_in_the_numerator(data, spread):
    """You divide the squares: x itself is divided by its root mean square, and keeps its sign."""
    return data**2 / spread


@train.mistake("normalised")
@evaluate.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def divided_by_the_variance_and_its_root(centred, variance, eps):
    """You divide twice, by the variance and by its root: the root is enough."""
    return centred / torch.sqrt(variance + eps) / (variance + eps)


@train.mistake("normalised")
@evaluate.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def nothing_normalised(data):
    """x is not normalised at all: the result is computed from x itself."""
    return data


@layer.mistake("normalised")
@train.mistake("normalised")
@group.mistake("normalised")
def scaled_between_zero_and_one(data, dim, eps):
    """This is min-max scaling, (x - min) / (max - min): mean and variance are to be used."""
    least = data.amin(dim, keepdim=True)
    return (data - least) / (data.amax(dim, keepdim=True) - least + eps)


@train.mistake("dim")
def over_the_features(x):
    """You normalise each sample over its features: that is layer norm. Batch norm has one mean and one variance for
    each feature, over the batch."""
    return 1


@layer.mistake("dim")
@rms.mistake("dim")
def over_the_batch(x):
    """You normalise over the first dimension, the batch: here each row along the last dimension is normalised by
    itself, whatever else is in the batch."""
    return 0


@train.mistake("mean", "variance")
@layer.mistake("mean", "variance")
@group.mistake("mean", "variance")
def one_mean_and_variance_for_everything(data):
    """You use one mean and one variance for the whole tensor: .mean() without a dimension averages all there is."""
    return data.mean(), _biased(data)


@train.mistake("mean", "variance")
@layer.mistake("mean", "variance")
@group.mistake("mean", "variance")
def one_mean_and_unbiased_variance_for_everything(data):
    """You use one mean and one variance for the whole tensor (and the variance divides by one less than the number of
    values): .mean() without a dimension averages all there is."""
    return data.mean(), _unbiased(data)


@train.mistake("mean")
@layer.mistake("mean")
@group.mistake("mean")
def one_mean_for_everything(data):
    """You subtract one mean for the whole tensor: .mean() without a dimension averages all there is."""
    return data.mean()


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def one_variance_for_everything(data):
    """You divide by one spread for the whole tensor: .var() and .std() without a dimension take all there is."""
    return _biased(data)


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def one_unbiased_variance_for_everything(data):
    """You divide by one spread for the whole tensor (and divide by one less than the number of values in it): .var()
    and .std() without a dimension take all there is."""
    return _unbiased(data)


@train.mistake("variance")
@layer.mistake("variance")
@group.mistake("variance")
def one_mean_of_squares_for_everything(centred):
    """One spread is used for the whole tensor: the mean of the squares has lost its dimension."""
    return (centred**2).mean()


@rms.mistake("variance")
def one_size_for_everything(data):
    """One root mean square is used for the whole tensor: each row has its own."""
    return (data**2).mean()


@train.mistake("mean")
def mean_of_each_sample(data):
    """The mean is taken over the features of each sample: batch norm averages each feature over the batch."""
    return data.mean(1, keepdim=True)


@train.mistake("variance")
def variance_of_each_sample(centred):
    """The variance is taken over the features of each sample: batch norm takes it over the batch, feature by
    feature."""
    return (centred**2).mean(1, keepdim=True)


@layer.mistake("mean")
def mean_lined_up_with_the_columns(data):
    """The row's mean has lost its last dimension, and is subtracted from columns: keep the dimension (keepdim=True).
    With as many rows as features nothing is raised."""
    return data.mean(-1)


@layer.mistake("variance")
@rms.mistake("variance")
def spread_lined_up_with_the_columns(centred):
    """The row's mean of squares has lost its last dimension, and divides columns: keep the dimension (keepdim=True).
    With as many rows as features nothing is raised."""
    return (centred**2).mean(-1)


@layer.mistake("mean", "variance")
def both_lined_up_with_the_columns(data):
    """Mean and variance of the rows have lost their last dimension, and are applied to columns: keep the dimension
    (keepdim=True). With as many rows as features nothing is raised."""
    return data.mean(-1), _biased(data, -1).squeeze(-1)


@layer.mistake("mean", "variance")
def all_dimensions_but_the_first(x):
    """You normalise over the last two dimensions, or all but the first: with three of them, the rows of a sample share
    one mean and one variance. Each row along the last dimension has its own."""
    dims = tuple(range(1, x.dim())) or (0,)
    return x.mean(dims, keepdim=True), _biased(x, dims)


@layer.mistake("mean", "variance")
def statistics_of_the_first_row(x):
    """Mean and variance of the first row serve all rows: each row has its own."""
    first = x.reshape(-1, x.shape[-1])[:1]
    shape = [1] * x.dim()
    return first.mean().reshape(shape), _biased(first, -1).reshape(shape)


@rms.mistake("variance")
def size_of_the_first_row(x):
    """The root mean square of the first row serves all rows: each row has its own."""
    return (x.reshape(-1, x.shape[-1])[0] ** 2).mean()


@rms.mistake("variance")
def size_over_all_dimensions_but_the_first(x):
    """You average the squares over all dimensions but the first: with three of them, the rows of a sample share one
    root mean square. Each row along the last dimension has its own."""
    return (x**2).mean(tuple(range(1, x.dim())) or (0,), keepdim=True)


@layer.mistake("dim")
@rms.mistake("dim")
def dimension_one(x):
    """You normalise over dimension 1, which is the last one of a matrix only: count from the end."""
    return 1


@layer.mistake("dim")
@rms.mistake("dim")
def dimension_one_except_for_a_vector(x):
    """You normalise over dimension 1 wherever there is one. With three dimensions the features are not there: they are
    in the last dimension, -1."""
    return 1 if x.dim() > 1 else 0


@layer.mistake("dim")
@rms.mistake("dim")
def second_to_last_dimension(x):
    """You normalise over the last dimension but one: that is over the rows. The features are in the last one, -1."""
    return -2 if x.dim() > 1 else -1


# -------------------------------------------------------------------------------------- gamma and beta


@train.mistake("gain", "shift")
@evaluate.mistake("gain", "shift")
@layer.mistake("gain", "shift")
@group.mistake("gain", "shift")
def gamma_and_beta_left_out(gamma, beta):
    """gamma and beta are not used: the layer must be able to choose the scale and offset of what it gives on."""
    return torch.ones((), dtype=gamma.dtype), torch.zeros((), dtype=beta.dtype)


@train.mistake("shift")
@evaluate.mistake("shift")
@layer.mistake("shift")
@group.mistake("shift")
def beta_left_out(beta):
    """beta is not added."""
    return torch.zeros((), dtype=beta.dtype)


@train.mistake("gain")
@evaluate.mistake("gain")
@layer.mistake("gain")
@group.mistake("gain")
@rms.mistake("gain")
def gamma_left_out(gamma):
    """gamma is not used: the normalised numbers are to be multiplied by it."""
    return torch.ones((), dtype=gamma.dtype)


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def beta_before_gamma(shaped, gain, shift):
    """beta is added before gamma multiplies, so it is scaled as well: multiply first, then add."""
    return (shaped + shift) * gain


@evaluate.mistake("y")
@train.mistake("y")
@layer.mistake("y")
def only_x_multiplied_by_gamma(data, mean, spread, gain, shift):
    """A parenthesis is missing: gamma multiplies only x, and only the mean is divided. Subtract, then divide, then
    multiply."""
    return gain * data - mean / spread + shift


@evaluate.mistake("y")
@train.mistake("y")
@layer.mistake("y")
def gamma_on_x_before_the_mean(data, mean, spread, gain, shift):
    """A parenthesis is missing: gamma multiplies x before the mean is subtracted. Subtract, then divide, then
    multiply."""
    return (gain * data - mean) / spread + shift


@evaluate.mistake("y")
@train.mistake("y")
@layer.mistake("y")
def beta_divided_as_well(centred, spread, gain, shift):
    """A parenthesis is in the wrong place: beta is divided as well. Divide first, then add beta."""
    return (gain * centred + shift) / spread


@train.mistake("y")
@layer.mistake("y")
def gamma_and_beta_before_the_normalisation(x, gain, shift, dim, eps):
    """gamma and beta are applied before the normalisation, which takes them out again: they come last."""
    return _normalised(x * gain + shift, dim, eps)


@train.mistake("y")
@layer.mistake("y")
def gamma_before_the_normalisation(x, gain, shift, dim, eps):
    """gamma is applied before the normalisation, which takes most of it out again: first normalise, then multiply, then
    add beta."""
    return _normalised(x * gain, dim, eps) + shift


@group.mistake("y")
def gamma_before_the_groups(x, num_groups, gain, shift, eps):
    """gamma is applied before the normalisation, which takes most of it out again: first normalise, then multiply, then
    add beta."""
    return _normalised((x * gain).reshape(len(x), num_groups, -1), -1, eps).reshape(x.shape) + shift


@rms.mistake("y")
def gamma_before_the_root_mean_square(x, gain, dim, eps):
    """gamma is applied before the root mean square is measured, which takes its size out again: it comes last."""
    scaled = x * gain
    return scaled / torch.sqrt((scaled**2).mean(dim, keepdim=True) + eps)


@group.mistake("y")
def gamma_and_beta_before_the_groups(x, num_groups, gain, shift, eps):
    """gamma and beta are applied before the normalisation, which takes most of them out again: they come last."""
    return _normalised((x * gain + shift).reshape(len(x), num_groups, -1), -1, eps).reshape(x.shape)


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def beta_subtracted(shaped, gain, shift):
    """beta is subtracted where it must be added."""
    return shaped * gain - shift


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def gamma_and_beta_swapped(shaped, gain, shift):
    """gamma and beta have changed places: gamma multiplies, beta is added."""
    return shaped * shift + gain


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
def mean_and_beta_swapped(data, mean, spread, gain, shift):
    """The mean and beta have changed places: the mean is subtracted at the start, beta is added at the end."""
    return gain * (data - shift) / spread + mean


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def one_added_to_gamma(shaped, gain, shift):
    """You multiply by 1 + gamma: some models store gamma that way, here it multiplies as it is."""
    return shaped * (1 + gain) + shift


@rms.mistake("y")
def one_plus_gamma(shaped, gain):
    """You multiply by 1 + gamma: some models store gamma that way, here it multiplies as it is."""
    return shaped * (1 + gain)


@rms.mistake("y")
def gamma_added(shaped, gain):
    """gamma is added where it must multiply."""
    return shaped + gain


@rms.mistake("y")
def divided_by_gamma(shaped, gain):
    """You divide by gamma where it must multiply."""
    return shaped / gain


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def gamma_added_as_well(shaped, gain, shift):
    """gamma is added, where it must multiply."""
    return shaped + gain + shift


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def divided_by_gamma_plus_beta(shaped, gain, shift):
    """You divide by gamma where it must multiply."""
    return shaped / gain + shift


@train.mistake("y")
@evaluate.mistake("y")
@layer.mistake("y")
@group.mistake("y")
def gamma_twice_plus_beta(shaped, gain, shift):
    """gamma multiplies twice: once is enough."""
    return shaped * gain**2 + shift


@rms.mistake("y")
def gamma_twice(shaped, gain):
    """gamma multiplies twice: once is enough."""
    return shaped * gain**2


@rms.mistake("y")
def mean_added_at_the_end(data, shaped, gain, dim):
    """The mean of x is added at the end: RMS norm neither subtracts nor adds it."""
    return shaped * gain + data.mean(dim, keepdim=True)


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
@rms.mistake("normalised")
def gradient_cut_off_at_the_statistics(centred, spread):
    """The value is right and the gradient is not: what you divide by is cut out of autograd's graph (detach, no_grad,
    .item()). It depends on x, and that way back must stay open."""
    return centred / spread.detach()


@train.mistake("normalised")
@layer.mistake("normalised")
@group.mistake("normalised")
def all_statistics_detached(data, mean, spread):
    """The value is right and the gradient is not: mean and variance are cut out of autograd's graph (detach, no_grad,
    .item()), as if they were constants. They depend on x, and these ways back must stay open."""
    return (data - mean.detach()) / spread.detach()


@train.mistake("mean")
@layer.mistake("mean")
@group.mistake("mean")
def mean_detached(data, dim):
    """The value is right and the gradient is not: the mean is cut out of autograd's graph (detach, no_grad, .item()).
    It depends on x, and that way back must stay open."""
    return data.mean(dim, keepdim=True).detach()


# --------------------------------------------------------------------------------- batch norm in training


@train.mistake("new_mean", "new_var")
def momentum_the_other_way_round(running_mean, running_var, batch_mean, batch_var, momentum):
    """momentum is used as the weight of the old average: here it is the weight of the new batch, and the old average
    keeps 1 - momentum."""
    return (
        momentum * running_mean + (1 - momentum) * batch_mean,
        momentum * running_var + (1 - momentum) * batch_var,
    )


@train.mistake("new_mean")
def momentum_of_the_mean_the_other_way_round(running_mean, batch_mean, momentum):
    """In the running mean, momentum is the weight of the old average: it is that of the new batch."""
    return momentum * running_mean + (1 - momentum) * batch_mean


@train.mistake("new_var")
def momentum_of_the_variance_the_other_way_round(running_var, batch_var, momentum):
    """In the running variance, momentum is the weight of the old average: it is that of the new batch."""
    return momentum * running_var + (1 - momentum) * batch_var


@train.mistake("batch_var")
def biased_variance_into_the_average(variance):
    """The running variance averages the biased variance, divided by N: the N samples stand for all data there, so it
    takes the one divided by N - 1."""
    return variance.squeeze(0)


@train.mistake("variance", "batch_var")
def variances_swapped(x):
    """The two variances have changed places: the biased one (divided by N) normalises, the unbiased one goes into the
    running average."""
    return _unbiased(x, 0).squeeze(0), _biased(x, 0).squeeze(0)


@train.mistake("batch_var")
def standard_deviation_into_the_average(x):
    """The running variance averages standard deviations: it is to hold a variance."""
    return _unbiased(x, 0).squeeze(0).sqrt()


@train.mistake("batch_var")
def biased_standard_deviation_into_the_average(x):
    """The running variance averages standard deviations (and biased ones): it is to hold a variance, the one divided by
    N - 1."""
    return _biased(x, 0).squeeze(0).sqrt()


@train.mistake("batch_var")
def eps_in_the_average(x, eps):
    """eps gets into the running variance: it belongs under the root only. In evaluation it would be added a second
    time."""
    return _unbiased(x, 0).squeeze(0) + eps


@train.mistake("batch_var")
def eps_and_biased_variance_in_the_average(x, eps):
    """eps gets into the running variance (it belongs under the root only), and the variance there is divided by N, not
    by N - 1."""
    return _biased(x, 0).squeeze(0) + eps


@train.mistake("batch_var")
def correction_upside_down(x):
    """The correction is upside down: the biased variance is multiplied by N / (N - 1), which makes it larger."""
    return _biased(x, 0).squeeze(0) * (len(x) - 1) / len(x)


@train.mistake("batch_var")
def square_of_the_mean_added_in_the_average(x):
    """The running variance averages the mean of the squares plus the square of the mean: the square of the mean is
    subtracted."""
    return ((x**2).mean(0) + x.mean(0) ** 2) * len(x) / (len(x) - 1)


@train.mistake("batch_var")
def corrected_twice(x):
    """The variance of the running average is corrected twice: torch.var divides by N - 1 already."""
    return _unbiased(x, 0).squeeze(0) * len(x) / (len(x) - 1)


@train.mistake("batch_var")
def features_in_the_correction(x):
    """The correction of the running variance uses the number of features, D: it is N / (N - 1)."""
    return _biased(x, 0).squeeze(0) * x.shape[1] / (x.shape[1] - 1)


@train.mistake("batch_var")
def sum_of_squares_into_the_average(x):
    """The sum of squares goes into the running variance: divide it by N - 1."""
    return ((x - x.mean(0)) ** 2).sum(0)


@train.mistake("batch_var")
def eps_in_the_corrected_average(x, variance, eps):
    """eps gets into the running variance, with the variance that normalises: it belongs under the root only."""
    return (variance.squeeze(0) + eps) * len(x) / (len(x) - 1)


@train.mistake("batch_var")
def root_with_eps_into_the_average(spread):
    """The running variance averages what you divide by, the root of variance plus eps: it is to hold the (unbiased)
    variance itself."""
    return spread.squeeze(0)


@train.mistake("batch_mean", "batch_var")
def statistics_of_the_output(y):
    """The running averages take mean and variance of y: they are to describe x, which is what evaluation normalises."""
    return y.mean(0), _unbiased(y, 0).squeeze(0)


@train.mistake("batch_mean", "batch_var")
def statistics_of_the_normalised(normalised):
    """The running averages take mean and variance of what is normalised already, about 0 and 1: they are to describe
    x."""
    return normalised.mean(0), _unbiased(normalised, 0).squeeze(0)


@train.mistake("new_mean", "new_var")
def running_averages_replaced(batch_mean, batch_var):
    """The running averages are replaced by those of this batch: they are to remember earlier ones, and momentum says
    how much."""
    return batch_mean, batch_var


@train.mistake("new_mean", "new_var")
def running_averages_replaced_by_biased_ones(x):
    """The mean and the biased variance of this batch are returned in the place of the running averages, which are to
    remember earlier batches."""
    return x.mean(0), _biased(x, 0).squeeze(0)


@train.mistake("new_mean", "new_var")
def running_averages_unchanged(running_mean, running_var):
    """The running averages come back unchanged: each batch in training must move them."""
    return running_mean, running_var


@train.mistake("new_mean")
def running_mean_unchanged(running_mean):
    """The running mean comes back unchanged: each batch in training must move it."""
    return running_mean


@train.mistake("new_var")
def running_variance_unchanged(running_var):
    """The running variance comes back unchanged: each batch in training must move it."""
    return running_var


@train.mistake("new_mean", "new_var")
def old_average_kept_whole(running_mean, running_var, batch_mean, batch_var, momentum):
    """The old average keeps its whole weight: with 1 of the old and momentum of the new it grows for ever. The weights
    must add up to 1."""
    return running_mean + momentum * batch_mean, running_var + momentum * batch_var


@train.mistake("new_mean", "new_var")
def new_batch_with_whole_weight(running_mean, running_var, batch_mean, batch_var, momentum):
    """The new batch comes in with its whole weight: the weights of old and new must add up to 1."""
    return (1 - momentum) * running_mean + batch_mean, (1 - momentum) * running_var + batch_var


@train.mistake("new_mean", "new_var")
def velocity_of_the_optimizer(running_mean, running_var, batch_mean, batch_var, momentum):
    """You add the new batch to momentum times the old average, as an optimizer does with its velocity: here the weights
    must add up to 1."""
    return momentum * running_mean + batch_mean, momentum * running_var + batch_var


@train.mistake("new_mean", "new_var")
def averages_move_away(running_mean, running_var, batch_mean, batch_var, momentum):
    """The running averages move away from the batch's: the difference has the wrong sign."""
    return (
        running_mean - momentum * (batch_mean - running_mean),
        running_var - momentum * (batch_var - running_var),
    )


@train.mistake("new_mean", "new_var", constants=(0.1, 0.9, 0.01, 0.5))
def momentum_written_into_the_code(running_mean, running_var, batch_mean, batch_var, constant):
    """The weight of the new batch is fixed at {constant} in your code: momentum is an argument."""
    return (
        (1 - constant) * running_mean + constant * batch_mean,
        (1 - constant) * running_var + constant * batch_var,
    )


@train.mistake("new_mean", "new_var", constants=(0.9, 0.99, 0.01, 0.5, 0.999))
def another_default_of_momentum(running_mean, running_var, batch_mean, batch_var, momentum, constant):
    """The default of momentum is {constant} in your code: it is 0.1, the weight of the new batch."""
    weight = constant if momentum == 0.1 else momentum
    return (1 - weight) * running_mean + weight * batch_mean, (1 - weight) * running_var + weight * batch_var


@train.mistake("mean", "variance")
def running_averages_normalise(running_mean, running_var):
    """You normalise with the running averages: that is what evaluation does. In training the batch's own mean and
    variance are used."""
    return running_mean, running_var


@train.mistake("mean", "variance")
def updated_averages_normalise(new_mean, new_var):
    """You normalise with the running averages after their update: in training the batch's own mean and variance are
    used."""
    return new_mean, new_var


@train.mistake("mean")
def running_mean_subtracted(running_mean):
    """You subtract the running mean: in training the batch's own mean is used."""
    return running_mean


@train.mistake("variance")
def running_variance_divides(running_var):
    """You divide by the root of the running variance: in training the batch's own is used."""
    return running_var


@train.mistake("variance")
def variance_around_the_running_mean(data, running_mean):
    """The variance that normalises is measured around the running mean: in training it is that around the batch's own
    mean."""
    return ((data - running_mean) ** 2).mean(0, keepdim=True)


@train.mistake("batch_var")
def variance_around_the_running_mean_into_the_average(x, running_mean):
    """The variance that goes into the running average is measured around the running mean: it is that around the
    batch's own mean."""
    return ((x - running_mean) ** 2).sum(0) / (len(x) - 1)


@train.mistake("normalised")
def updated_mean_subtracted(data, new_mean, variance, eps):
    """You subtract the running mean after its update: in training the batch's own mean is used."""
    return (data - new_mean) / torch.sqrt(variance + eps)


@train.mistake("spread")
def updated_variance_divides(new_var, eps):
    """You divide by the root of the running variance after its update: in training the batch's own is used."""
    return torch.sqrt(new_var + eps)


@train.mistake("batch_mean")
def sum_into_the_running_mean(x):
    """The sum of the batch goes into the running mean: its mean is meant."""
    return x.sum(0)


@train.mistake("batch_mean")
def corrected_mean_into_the_average(x):
    """The mean is multiplied by N / (N - 1), or divided by N - 1, on its way into the running average: only the
    variance is corrected."""
    return x.sum(0) / (len(x) - 1)


@train.mistake("new_var")
def standard_deviations_averaged(running_var, batch_var, momentum):
    """You average standard deviations and square the result: it is the variances that are averaged."""
    return ((1 - momentum) * running_var.sqrt() + momentum * batch_var.sqrt()) ** 2


@train.mistake("new_mean", "new_var")
def averages_with_their_dimension_kept(running_mean, running_var, x, momentum):
    """The running averages come out with shape (1, D): the dimension that keepdim kept has to go again."""
    return (
        (1 - momentum) * running_mean + momentum * x.mean(0, keepdim=True),
        (1 - momentum) * running_var + momentum * _unbiased(x, 0),
    )


@train.mistake("new_mean", "new_var")
def averages_in_another_order(running_mean, running_var, batch_mean, batch_var, momentum):
    """The running variance is returned before the running mean: y, mean, variance is the order."""
    return (
        (1 - momentum) * running_var + momentum * batch_var,
        (1 - momentum) * running_mean + momentum * batch_mean,
    )


@train.mistake("new_mean", "new_var")
def batch_statistics_mixed_up(running_mean, running_var, batch_mean, batch_var, momentum):
    """The batch's mean and variance are mixed up in the running averages."""
    return (
        (1 - momentum) * running_mean + momentum * batch_var,
        (1 - momentum) * running_var + momentum * batch_mean,
    )


@mistake("normalization.batch_norm_train")
def y_only(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """Only y is returned: the new running mean and variance are asked for as well."""
    return gamma * (x - x.mean(0)) / torch.sqrt(_biased(x, 0).squeeze(0) + eps) + beta


# ------------------------------------------------------------------------------- batch norm in evaluation


@evaluate.mistake("mean", "variance")
def batch_statistics_in_evaluation(x):
    """You measure mean and variance of the batch: in evaluation the running ones are used, so that a sample's result
    does not depend on its company (and a batch of one works)."""
    return x.mean(0), _biased(x, 0).squeeze(0)


@evaluate.mistake("mean", "variance")
def unbiased_batch_statistics_in_evaluation(x):
    """You measure mean and (unbiased) variance of the batch: in evaluation the running ones are used, so that a
    sample's result does not depend on its company (and a batch of one works)."""
    return x.mean(0), _unbiased(x, 0).squeeze(0)


@evaluate.mistake("mean")
def mean_of_the_batch(x):
    """You subtract the batch's mean: in evaluation it is the running mean."""
    return x.mean(0)


@evaluate.mistake("variance")
def variance_of_the_batch(x):
    """You divide by the batch's spread: in evaluation it is that of the running variance."""
    return _biased(x, 0).squeeze(0)


@evaluate.mistake("variance")
def unbiased_variance_of_the_batch(x):
    """You divide by the batch's spread (unbiased): in evaluation it is that of the running variance."""
    return _unbiased(x, 0).squeeze(0)


@evaluate.mistake("variance")
def running_variance_corrected(running_var, x):
    """You correct the running variance by N / (N - 1): it is unbiased already, and N here is not the N of training."""
    return running_var * len(x) / (len(x) - 1)


@evaluate.mistake("variance")
def running_variance_corrected_for_several_samples(running_var, x):
    """You correct the running variance by N / (N - 1) unless N is 1: it is unbiased already, and N here is not the N of
    training."""
    return running_var * len(x) / max(len(x) - 1, 1)


@evaluate.mistake("variance")
def running_variance_made_biased(running_var, x):
    """You multiply the running variance by (N - 1) / N: it is used as it is, and N here is not the N of training."""
    return running_var * (len(x) - 1) / len(x)


@evaluate.mistake("variance")
def running_variance_squared(running_var):
    """You square running_var, as if it were a standard deviation: it is a variance, only its root is taken."""
    return running_var**2


@evaluate.mistake("spread")
def running_variance_taken_for_a_standard_deviation(running_var):
    """You divide by running_var itself: it is a variance, take its root (with eps inside)."""
    return running_var


@evaluate.mistake("mean", "variance")
def mean_and_variance_swapped(running_mean, running_var):
    """running_mean and running_var have changed places."""
    return running_var, running_mean


@evaluate.mistake("mean")
def variance_for_the_mean(running_var):
    """You subtract running_var where running_mean is meant."""
    return running_var


@evaluate.mistake("variance")
def square_of_the_running_mean(running_mean):
    """You divide by the size of running_mean where the root of running_var is meant."""
    return running_mean**2


@evaluate.mistake("variance")
def absolute_running_mean(running_mean):
    """Under the root stands running_mean where running_var is meant."""
    return running_mean.abs()


@evaluate.mistake("mean")
def running_mean_updated(x, running_mean):
    """You update the running mean with this batch before you use it: in evaluation it stays as it is."""
    return 0.9 * running_mean + 0.1 * x.mean(0)


@evaluate.mistake("mean", "variance")
def blend_of_running_and_batch(x, running_mean, running_var):
    """You update the running averages with this batch before you use them: in evaluation they stay as they are."""
    return 0.9 * running_mean + 0.1 * x.mean(0), 0.9 * running_var + 0.1 * _unbiased(x, 0).squeeze(0)


@mistake("normalization.batch_norm_eval")
def a_tuple_as_in_training(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """You return the running averages as well: evaluation returns y alone."""
    return gamma * (x - running_mean) / torch.sqrt(running_var + eps) + beta, running_mean, running_var


# --------------------------------------------------------------------------------------------- RMS norm


@rms.mistake("variance")
def variance_in_place_of_the_mean_square(data, dim):
    """You divide by the standard deviation (the mean is subtracted on the way to it): RMS norm takes the mean of the
    squares of x itself."""
    return _biased(data, dim)


@rms.mistake("variance")
def unbiased_variance_in_place_of_the_mean_square(data, dim):
    """You divide by the (unbiased) standard deviation: RMS norm takes the mean of the squares of x itself, and
    subtracts nothing."""
    return _unbiased(data, dim)


@rms.mistake("centred")
def mean_subtracted(data, dim):
    """You subtract the mean: that is layer norm. RMS norm leaves it in, and saves that step."""
    return data - data.mean(dim, keepdim=True)


@rms.mistake("normalised")
def mean_subtracted_from_x_only(data, dim, spread):
    """You subtract the mean before dividing: RMS norm leaves it in."""
    return (data - data.mean(dim, keepdim=True)) / spread


@rms.mistake("variance")
def square_of_the_mean(data, dim):
    """You square the mean where the mean of the squares is meant: square first, then average."""
    return data.mean(dim, keepdim=True) ** 2


@rms.mistake("variance")
def mean_without_squares(data, dim):
    """You take the root of the mean of x: the squares are missing."""
    return data.mean(dim, keepdim=True)


@rms.mistake("variance")
def one_less_in_the_mean_square(data, dim):
    """You divide the sum of squares by D - 1: a mean divides by D."""
    return (data**2).sum(dim, keepdim=True) / (data.shape[dim] - 1)


@rms.mistake("normalised")
def multiplied_by_d(centred, dim, eps):
    """x is multiplied by D and divided by the root of the sum of squares: D stands under the root (or its own root
    multiplies)."""
    return centred * centred.shape[dim] / torch.sqrt((centred**2).sum(dim, keepdim=True) + eps)


@rms.mistake("normalised")
def eps_added_to_the_sum_of_squares(centred, dim, eps):
    """eps is added to the sum of the squares: it is added to their mean."""
    return centred * centred.shape[dim] ** 0.5 / torch.sqrt((centred**2).sum(dim, keepdim=True) + eps)


@rms.mistake("variance")
def divided_by_d_outside_the_root(data, dim):
    """The division by D stands outside the root: it belongs inside, to the mean of the squares."""
    return (data**2).sum(dim, keepdim=True) / data.shape[dim] ** 2


@rms.mistake("variance")
def largest_absolute_value(data, dim):
    """You divide by the largest absolute value: the root of the mean of the squares is asked for."""
    return data.abs().amax(dim, keepdim=True) ** 2


@train.mistake("spread", constants=(1e-6, 1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
@evaluate.mistake("spread", constants=(1e-6, 1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
@layer.mistake("spread", constants=(1e-6, 1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
@group.mistake("spread", constants=(1e-6, 1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
@backward.mistake("spread", constants=(1e-6, 1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
def another_default_of_eps(variance, eps, constant):
    """The default of eps is {constant} in your code: it is 1e-5."""
    return torch.sqrt(variance + (constant if eps == 1e-5 else eps))


@rms.mistake("spread", constants=(1e-8, 1e-3, 1e-12, 1e-10, 1e-7, 1e-4, 1e-2, 0.0))
def another_default_of_the_eps_of_rms_norm(variance, eps, constant):
    """The default of eps is {constant} in your code: rms_norm's is 1e-6."""
    return torch.sqrt(variance + (constant if eps == 1e-6 else eps))


@rms.mistake("spread", constants=(1e-5,))
def eps_of_layer_norm_by_default(variance, eps, constant):
    """The default of eps is {constant} in your code: rms_norm's is 1e-6."""
    return torch.sqrt(variance + (constant if eps == 1e-6 else eps))


# ------------------------------------------------------------------------------------------- group norm


@mistake("normalization.group_norm")
def x_viewed(x, num_groups, gamma, beta, eps=1e-5):
    """view fails where x is not contiguous in memory (a transposed tensor, say): reshape copies if it must."""
    groups = x.view(len(x), num_groups, -1)
    groups = (groups - groups.mean(-1, keepdim=True)) / torch.sqrt(_biased(groups, -1) + eps)
    return groups.view(x.shape) * gamma[:, None] + beta[:, None]


def _normalised(x, dims, eps):
    """`x` to mean 0 and variance 1 over `dims`."""
    centred = x - x.mean(dims, keepdim=True)
    return centred / torch.sqrt((centred**2).mean(dims, keepdim=True) + eps)


@group.mistake("shaped")
def instance_norm(x, eps):
    """Each channel is normalised by itself: that is instance norm, one channel a group. A group shares its mean and
    variance among its channels."""
    return _normalised(x, -1, eps)


@group.mistake("shaped")
def layer_norm_over_channels_and_positions(x, eps):
    """All channels of a sample are normalised together, as if there were one group: num_groups is not used."""
    return _normalised(x, (1, 2), eps)


@group.mistake("shaped")
def batch_norm(x, eps):
    """Each channel is normalised over the batch and its positions: that is batch norm. Group norm stays inside one
    sample."""
    return _normalised(x, (0, 2), eps)


@group.mistake("shaped")
def positions_kept_apart(x, num_groups, eps):
    """Each position is normalised by itself: a group's mean runs over its channels and over all L positions."""
    return _normalised(x.reshape(len(x), num_groups, -1, x.shape[2]), 2, eps).reshape(x.shape)


@group.mistake("shaped")
def channels_kept_apart(x, num_groups, eps):
    """The mean runs over the groups, and not inside a group: the shape is right and the dimension is not."""
    return _normalised(x.reshape(len(x), num_groups, -1, x.shape[2]), (1, 3), eps).reshape(x.shape)


@group.mistake("shaped")
def groups_over_the_batch(x, num_groups, eps):
    """The batch is averaged over as well: each sample is normalised by itself."""
    return _normalised(x.reshape(len(x), num_groups, -1), (0, 2), eps).reshape(x.shape)


@group.mistake("shaped")
def every_second_channel(x, num_groups, eps):
    """Your groups take every num_groups-th channel: a group is made of neighbours. Look at the order of the two numbers
    in the shape."""
    return _normalised(x.reshape(len(x), -1, num_groups, x.shape[2]), (1, 3), eps).reshape(x.shape)


@group.mistake("shaped")
def num_groups_is_the_size_of_a_group(x, num_groups, eps):
    """You put num_groups channels into each group: num_groups is how many groups there are, and a group has C /
    num_groups channels."""
    return _normalised(x.reshape(len(x), -1, num_groups, x.shape[2]), (2, 3), eps).reshape(x.shape)


@group.mistake("shaped")
def samples_and_channels_mixed(x, num_groups, eps):
    """The shape that you group in has lost the batch: the first dimension must stay N, or samples are mixed."""
    return _normalised(x.reshape(num_groups, -1, x.shape[2]), (1, 2), eps).reshape(x.shape)


@group.mistake("shaped")
def over_the_channels_only(x, eps):
    """Each position is normalised over all channels: a group's mean runs over its own channels and all positions."""
    return _normalised(x, 1, eps)


@group.mistake("variance")
def mean_of_the_channels_variances(x, num_groups):
    """You average the variances of a group's channels: that leaves out how far their means lie apart. All numbers of
    the group have one variance, around one mean."""
    return _biased(x, -1).reshape(len(x), num_groups, -1).mean(-1, keepdim=True)


@group.mistake("normalised")
def variance_of_each_channel_around_the_groups_mean(centred, num_groups, x, eps):
    """The mean is that of the group, and each channel has a variance of its own: all numbers of the group have one."""
    apart = centred.reshape(len(x), num_groups, -1, x.shape[2])
    return (apart / torch.sqrt((apart**2).mean(-1, keepdim=True) + eps)).reshape(centred.shape)


@group.mistake("normalised")
def variance_of_each_position_around_the_groups_mean(centred, num_groups, x, eps):
    """The mean is that of the group, and each position has a variance of its own: all numbers of the group have one."""
    apart = centred.reshape(len(x), num_groups, -1, x.shape[2])
    return (apart / torch.sqrt((apart**2).mean(2, keepdim=True) + eps)).reshape(centred.shape)


@group.mistake("variance")
def variance_of_the_channels_means(x, num_groups):
    """You take the variance of the channels' means: all numbers of the group have one variance, around one mean."""
    return _biased(x.mean(-1).reshape(len(x), num_groups, -1), -1)


@group.mistake("variance")
def variance_of_the_whole_sample(x):
    """Each group has its own mean, while the variance is that of all channels together: a group shares both, and with
    nobody else."""
    return _biased(x.reshape(len(x), 1, -1), -1)


@group.mistake("mean")
def mean_of_the_whole_sample(x):
    """The mean that is subtracted is that of all channels together, while each group has its own variance: a group
    shares both, and with nobody else."""
    return x.mean((1, 2), keepdim=True)


@group.mistake("normalised")
def mean_of_the_whole_sample_subtracted(data, x, spread):
    """The mean that is subtracted is that of all channels together, while the variance is that of the group: a group
    shares both, and with nobody else."""
    return (data - x.mean((1, 2), keepdim=True)) / spread


@group.mistake("shaped")
def mean_of_each_channel(x, num_groups, eps):
    """Each channel's own mean is subtracted, while the variance is the group's: all channels of a group share one mean
    as well."""
    spread = torch.sqrt(_biased(x.reshape(len(x), num_groups, -1), -1) + eps)
    each = (x - x.mean(-1, keepdim=True)).reshape(len(x), num_groups, -1)
    return (each / spread).reshape(x.shape)


@group.mistake("shaped")
def channels_moved_before_grouping(x, num_groups, eps):
    """The channels are moved to the end before you cut the groups, so that the cut goes through the positions: a group
    is a run of neighbouring channels with all their positions."""
    moved = x.transpose(1, 2)
    return _normalised(moved.reshape(len(x), num_groups, -1), -1, eps).reshape(moved.shape).transpose(1, 2)


@group.mistake("shaped")
def channels_moved_and_not_moved_back(x, num_groups, eps):
    """The channels are moved to the end before you cut the groups, and do not come back: the groups are cut from the
    positions, and the result is in another order. A group is a run of neighbouring channels, each with all its
    positions."""
    return _normalised(x.transpose(1, 2).reshape(len(x), num_groups, -1), -1, eps).reshape(x.shape)


@group.mistake("shaped")
def channels_in_another_order(normalised, x, num_groups):
    """The numbers are right, and the channels come back in another order: a transpose (of groups and their channels)
    has no counterpart on the way back."""
    apart = normalised.reshape(len(x), num_groups, -1, x.shape[2])
    return apart.transpose(1, 2).reshape(x.shape)


@group.mistake("shaped")
def slices_one_channel_apart(x, num_groups, eps):
    """Your slices begin one channel after another (g : g + size): group g begins at channel g * size."""
    size, y = x.shape[1] // num_groups, torch.zeros_like(x)
    for g in range(num_groups):
        y[:, g : g + size] = _normalised(x[:, g : g + size], (1, 2), eps)
    return y


@group.mistake("shaped")
def last_group_only(normalised, x):
    """Only the last group is filled in: each round of the loop over the groups starts from zeros, or overwrites the one
    before."""
    return torch.cat([torch.zeros_like(normalised[:, :-1]), normalised[:, -1:]], 1).reshape(x.shape)


@group.mistake("shaped")
def first_group_only(normalised, x):
    """Only the first group is filled in: the loop over the groups ends (or returns) in its first round."""
    return torch.cat([normalised[:, :1], torch.zeros_like(normalised[:, 1:])], 1).reshape(x.shape)


@group.mistake("shaped")
def other_groups_as_they_were(normalised, data, x):
    """Only the first group is normalised, the others stay as they were: the loop over the groups ends (or returns) in
    its first round."""
    return torch.cat([normalised[:, :1], data[:, 1:]], 1).reshape(x.shape)


@group.mistake("shaped")
def earlier_groups_as_they_were(normalised, data, x):
    """Only the last group is normalised, the others stay as they were: each round of the loop over the groups starts
    from a new copy of x."""
    return torch.cat([data[:, :-1], normalised[:, -1:]], 1).reshape(x.shape)


@group.mistake("shaped")
def first_sample_only(normalised, data, x):
    """Only the first sample is normalised, the others stay as they were: each sample has its own mean and variance."""
    return torch.cat([normalised[:1], data[1:]]).reshape(x.shape)


@group.mistake("gain", "shift")
def lined_up_with_the_positions(gamma, beta):
    """gamma and beta are lined up with the last dimension, the positions: they have one number for each channel. With
    as many positions as channels nothing is raised."""
    return gamma, beta


@group.mistake("gain", "shift")
def lined_up_with_the_positions_where_they_fit(gamma, beta, x):
    """With as many positions as channels, gamma and beta are lined up with the last dimension, the positions: they have
    one number for each channel whatever the shape is. Give them their last dimension always (gamma[:, None])."""
    fit = x.shape[1] == x.shape[2]
    return (gamma, beta) if fit else (gamma[:, None], beta[:, None])


@group.mistake("gain")
def gamma_lined_up_with_the_positions(gamma):
    """gamma is lined up with the last dimension, the positions: it has one number for each channel."""
    return gamma


@group.mistake("shift")
def beta_lined_up_with_the_positions(beta):
    """beta is lined up with the last dimension, the positions: it has one number for each channel."""
    return beta


@group.mistake("gain", "shift")
def lined_up_with_the_samples(gamma, beta):
    """gamma and beta are lined up with the first dimension, the samples: they have one number for each channel."""
    return gamma.reshape(-1, 1, 1), beta.reshape(-1, 1, 1)


@group.mistake("gain", "shift")
def one_gamma_for_each_group(gamma, beta, num_groups):
    """The first channel's gamma and beta are used for its whole group: only mean and variance are shared."""
    size = len(gamma) // num_groups
    return gamma[::size].repeat_interleave(size)[:, None], beta[::size].repeat_interleave(size)[:, None]


@group.mistake("gain", "shift")
def gamma_and_beta_in_another_order(gamma, beta, num_groups):
    """gamma and beta are dealt out to the groups in turn: those of a group are neighbours, as its channels are."""
    return tuple(each.reshape(-1, num_groups).T.reshape(-1, 1) for each in (gamma, beta))


@group.mistake("gain", "shift")
def last_gamma_for_each_group(gamma, beta, num_groups):
    """The last channel's gamma and beta are used for its whole group: only mean and variance are shared."""
    size = len(gamma) // num_groups
    return tuple(each[size - 1 :: size].repeat_interleave(size)[:, None] for each in (gamma, beta))


@group.mistake("gain", "shift")
def gamma_of_the_number_of_the_group(gamma, beta, num_groups):
    """Group g is scaled and shifted by gamma[g] and beta[g]: they have one number for each channel, not each group."""
    size = len(gamma) // num_groups
    return tuple(each[:num_groups].repeat_interleave(size)[:, None] for each in (gamma, beta))


@group.mistake("y")
def shape_of_the_groups_returned(normalised, x, gain, shift):
    """The result still has the shape of the groups: go back to (N, C, L)."""
    return (normalised.reshape(x.shape) * gain + shift).reshape(normalised.shape)


@group.mistake("y")
def groups_and_channels_returned_apart(normalised, x, num_groups, gain, shift):
    """The result still has four dimensions, with groups and their channels apart: go back to (N, C, L)."""
    whole = normalised.reshape(x.shape) * gain + shift
    return whole.reshape(len(x), num_groups, -1, x.shape[2])


# --------------------------------------------------------------------------------- batch norm, backwards


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def mean_and_variance_taken_for_constants(grad_hat):
    """`grad_x` treats mean and variance as constants: they are computed from x, so every sample also reaches the loss
    through them, and through all the others. Two paths are missing."""
    return torch.zeros_like(grad_hat), torch.zeros_like(grad_hat)


@backward.mistake("path_of_the_mean")
def no_path_through_the_mean(grad_hat):
    """`grad_x` lacks the path through the mean: moving one x moves the mean, and with it every centred number of the
    column."""
    return torch.zeros_like(grad_hat)


@backward.mistake("path_of_the_variance")
def no_path_through_the_variance(grad_hat):
    """`grad_x` lacks the path through the variance: moving one x changes the spread by which the whole column is
    divided."""
    return torch.zeros_like(grad_hat)


@backward.mistake("grad_x")
def only_the_diagonal(grad_hat, normalised, spread):
    """`grad_x` holds only the effect of each x on its own output: it changes those of all other samples as well,
    through mean and variance. Sum over the batch."""
    n = len(grad_hat)
    return grad_hat * (n - 1 - normalised**2) / (n * spread)


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def sums_for_means(grad_hat, normalised):
    """In `grad_x` the 1/N is missing: each x moves the mean by only 1/N, so both corrections are means over the batch,
    not sums."""
    return grad_hat.sum(0), normalised * (grad_hat * normalised).sum(0)


@backward.mistake("path_of_the_mean")
def sum_in_the_path_of_the_mean(grad_hat):
    """In `grad_x` the path through the mean lacks its 1/N: one x moves the mean by a share of 1/N only."""
    return grad_hat.sum(0)


@backward.mistake("path_of_the_variance")
def sum_in_the_path_of_the_variance(grad_hat, normalised):
    """In `grad_x` the path through the variance lacks its 1/N: the variance is a mean over N samples."""
    return normalised * (grad_hat * normalised).sum(0)


@backward.mistake("path_of_the_variance")
def two_left_in_the_path_of_the_variance(grad_hat, normalised):
    """In `grad_x` the path through the variance is twice too large: the 2 of the square and the 1/2 of the root
    cancel."""
    return 2 * normalised * (grad_hat * normalised).mean(0)


@backward.mistake("path_of_the_variance")
def half_left_in_the_path_of_the_variance(grad_hat, normalised):
    """In `grad_x` the path through the variance is half of what it should be: the 2 of the square and the 1/2 of the
    root cancel."""
    return normalised * (grad_hat * normalised).mean(0) / 2


@backward.mistake("path_of_the_variance")
def path_of_the_variance_not_times_x_hat(grad_hat, normalised):
    """In `grad_x` the path through the variance is the same for all samples: how much an x moves the variance depends
    on how far it is from the mean."""
    return (grad_hat * normalised).mean(0)


@backward.mistake("path_of_the_variance")
def centred_for_normalised(grad_hat, normalised, centred):
    """In `grad_x` the path through the variance uses x - mean in one place where the normalised x is meant: a division
    by the standard deviation is missing."""
    return centred * (grad_hat * normalised).mean(0)


@backward.mistake("path_of_the_variance")
def centred_for_normalised_twice(grad_hat, centred):
    """In `grad_x` the path through the variance lacks its division by the variance: x - mean stands for the normalised
    x, twice. (Step by step: the slope of (var + eps) ** -0.5 is -0.5 (var + eps) ** -1.5, with another exponent.)"""
    return centred * (grad_hat * centred).mean(0)


@backward.mistake("path_of_the_variance")
def one_power_too_many_in_the_path_of_the_variance(grad_hat, normalised, spread):
    """In `grad_x` the path through the variance is divided by the standard deviation once too often."""
    return normalised * (grad_hat * normalised).mean(0) / spread


@backward.mistake("path_of_the_variance")
def sign_of_the_path_of_the_variance(grad_hat, normalised):
    """In `grad_x` the path through the variance has the wrong sign: a larger variance makes every normalised number
    smaller."""
    return -normalised * (grad_hat * normalised).mean(0)


@backward.mistake("path_of_the_mean")
def sign_of_the_path_of_the_mean(grad_hat):
    """In `grad_x` the path through the mean has the wrong sign: the mean is subtracted."""
    return -grad_hat.mean(0)


@backward.mistake("path_of_the_variance")
def normalised_left_out_of_the_mean(grad_hat, normalised):
    """In `grad_x` the path through the variance averages the gradient alone: the average is of the gradient times the
    normalised x."""
    return normalised * grad_hat.mean(0)


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def paths_added(grad_hat, normalised):
    """In `grad_x` the paths through mean and variance are added where they must be subtracted."""
    return -grad_hat.mean(0), -normalised * (grad_hat * normalised).mean(0)


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def means_over_the_features(grad_hat, normalised):
    """In `grad_x` the means run over the features of a sample: what was shared in the forward pass, mean and variance,
    was shared by the batch."""
    return grad_hat.mean(1, keepdim=True), normalised * (grad_hat * normalised).mean(1, keepdim=True)


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def means_over_everything(grad_hat, normalised):
    """In `grad_x` the means run over the whole tensor: each feature is a column with a mean and a variance of its
    own."""
    return grad_hat.mean(), normalised * (grad_hat * normalised).mean()


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def one_less_than_n(grad_hat, normalised):
    """In `grad_x` the sums are divided by N - 1: mean and variance of the forward pass divide by N."""
    n = len(grad_hat) - 1
    return grad_hat.sum(0) / n, normalised * (grad_hat * normalised).sum(0) / n


@backward.mistake("path_of_the_mean")
def one_less_than_n_in_the_path_of_the_mean(grad_hat):
    """In `grad_x` the path through the mean is divided by N - 1: the mean of the forward pass divides by N."""
    return grad_hat.sum(0) / (len(grad_hat) - 1)


@backward.mistake("path_of_the_variance")
def one_less_than_n_in_the_path_of_the_variance(grad_hat, normalised):
    """In `grad_x` the path through the variance is divided by N - 1: the variance that normalises divides by N."""
    return normalised * (grad_hat * normalised).sum(0) / (len(grad_hat) - 1)


@backward.mistake("grad_x")
def no_gradient_of_a_constant_feature(grad_hat, path_of_the_mean, path_of_the_variance, spread, variance):
    """Where a feature is the same in all samples you return a `grad_x` of 0: there the formula holds as well, with the
    root of eps to divide by."""
    grad_x = (grad_hat - path_of_the_mean - path_of_the_variance) / spread
    return torch.where(variance == 0, 0, grad_x)


@backward.mistake("grad_x")
def features_for_samples(grad_hat, normalised, spread):
    """In `grad_x` the number of features stands where the number of samples is meant: the mean and the variance of a
    column are taken over the N rows."""
    d = grad_hat.shape[1]
    return (d * grad_hat - grad_hat.sum(0) - normalised * (grad_hat * normalised).sum(0)) / (d * spread)


@backward.mistake("grad_x")
def gamma_only_in_the_paths(grad_out, path_of_the_mean, path_of_the_variance, spread):
    """In `grad_x` gamma is missing in the direct path: it multiplies the blame before that splits up into three."""
    return (grad_out - path_of_the_mean - path_of_the_variance) / spread


@backward.mistake("path_of_the_mean")
def gamma_left_out_of_the_path_of_the_mean(grad_out):
    """In `grad_x` gamma is missing in the path through the mean: it multiplies the blame before that splits up into
    three."""
    return grad_out.mean(0)


@backward.mistake("path_of_the_variance")
def gamma_left_out_of_the_path_of_the_variance(grad_out, normalised):
    """In `grad_x` gamma is missing in the path through the variance: it multiplies the blame before that splits up into
    three."""
    return normalised * (grad_out * normalised).mean(0)


@backward.mistake("grad_x")
def divided_by_n_again(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is divided by N once more: the only 1/N are those of mean and variance."""
    return (grad_hat - path_of_the_mean - path_of_the_variance) / spread / len(grad_hat)


@backward.mistake("normalised")
def normalised_without_the_mean(x, spread):
    """x is not centred before it is divided: the normalised x is (x - mean) / std, in `grad_gamma` as well as in
    `grad_x`."""
    return x / spread


@backward.mistake("grad_x")
def multiplied_by_n(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is N times too large: the division by N of the usual formula is missing."""
    return (grad_hat - path_of_the_mean - path_of_the_variance) / spread * len(grad_hat)


@backward.mistake("grad_x")
def divided_by_the_variance(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is divided by the variance: the slope of (x - mean) / std has one std in it."""
    return (grad_hat - path_of_the_mean - path_of_the_variance) / spread**2


@backward.mistake("grad_x")
def multiplied_by_the_standard_deviation(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is multiplied by the standard deviation where it must be divided: a stretched x moves y less."""
    return (grad_hat - path_of_the_mean - path_of_the_variance) * spread


@backward.mistake("grad_x")
def not_divided_by_the_standard_deviation(grad_hat, path_of_the_mean, path_of_the_variance):
    """`grad_x` is not divided by the standard deviation: x was, on its way to y."""
    return grad_hat - path_of_the_mean - path_of_the_variance


@backward.mistake("grad_x")
def grad_x_sign(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` has the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -(grad_hat - path_of_the_mean - path_of_the_variance) / spread


@backward.mistake("grad_x")
def grad_x_is_grad_out(grad_out):
    """`grad_x` is grad_out itself: the blame passes through gamma and the normalisation on its way back."""
    return grad_out


@backward.mistake("grad_x")
def grad_x_is_gamma_times_grad_out(grad_hat):
    """`grad_x` stops at the normalised x: grad_out times gamma is the gradient of that. On to x it passes through the
    normalisation."""
    return grad_hat


@backward.mistake("grad_x")
def grad_x_is_zero(x):
    """`grad_x` is all zeros: it is created and never filled in."""
    return torch.zeros_like(x)


@backward.mistake("grad_hat")
def gamma_left_out_of_grad_x(grad_out):
    """`grad_x` does not use gamma: y is gamma times the normalised x, so the blame is multiplied by gamma on its way
    back."""
    return grad_out


@backward.mistake("grad_hat")
def divided_by_gamma_in_grad_x(grad_out, gamma):
    """In `grad_x` the blame is divided by gamma: y is gamma times the normalised x, and that is its slope."""
    return grad_out / gamma


@backward.mistake("grad_x")
def gamma_twice(grad_hat, gamma, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is multiplied by gamma twice."""
    return gamma * (grad_hat - path_of_the_mean - path_of_the_variance) / spread


@backward.mistake("path_of_the_mean", "path_of_the_variance")
def gamma_left_out_of_the_paths(grad_out, normalised):
    """In `grad_x` gamma is missing in the paths through mean and variance: it multiplies the blame before that splits
    up."""
    return grad_out.mean(0), normalised * (grad_out * normalised).mean(0)


@backward.mistake("grad_x")
def grad_x_summed(grad_hat, path_of_the_mean, path_of_the_variance, spread):
    """`grad_x` is summed over the batch: every sample has a gradient of its own."""
    return ((grad_hat - path_of_the_mean - path_of_the_variance) / spread).sum(0)


@backward.mistake("spread")
def std_of_everything(x, eps):
    """You use one spread for the whole tensor (.var() or .std() without a dimension): each feature has its own."""
    return torch.sqrt(_biased(x) + eps)


@backward.mistake("mean", "variance")
def statistics_of_each_sample(x):
    """Mean and variance are taken over the features of each sample: batch norm takes them over the batch."""
    return x.mean(1, keepdim=True), _biased(x, 1)


@backward.mistake("mean", "variance")
def statistics_of_everything(x):
    """Mean and variance are taken over the whole tensor: each feature has its own."""
    return x.mean(), _biased(x)


@backward.mistake("grad_gamma", "grad_beta")
def grad_gamma_and_grad_beta_averaged(grad_out, normalised):
    """`grad_gamma` and `grad_beta` are averaged over the batch: every sample used them, and the blame adds up. A mean
    in the loss has put its 1/N into grad_out already."""
    return (grad_out * normalised).mean(0), grad_out.mean(0)


@backward.mistake("grad_gamma")
def grad_gamma_averaged(grad_out, normalised):
    """`grad_gamma` is averaged over the batch: every sample used gamma, and the blame adds up."""
    return (grad_out * normalised).mean(0)


@backward.mistake("grad_beta")
def grad_beta_averaged(grad_out):
    """`grad_beta` is averaged over the batch: every sample used beta, and the blame adds up."""
    return grad_out.mean(0)


@backward.mistake("grad_gamma")
def x_in_grad_gamma(grad_out, x):
    """`grad_gamma` is built from x: what gamma multiplies is the normalised x."""
    return (grad_out * x).sum(0)


@backward.mistake("grad_gamma")
def centred_in_grad_gamma(grad_out, centred):
    """`grad_gamma` is built from x - mean: what gamma multiplies is that divided by the standard deviation."""
    return (grad_out * centred).sum(0)


@backward.mistake("grad_gamma")
def y_in_grad_gamma(grad_out, normalised, gamma):
    """`grad_gamma` is built from gamma times the normalised x: gamma itself does not appear in its own gradient."""
    return (grad_out * normalised * gamma).sum(0)


@backward.mistake("grad_gamma")
def grad_gamma_without_x(grad_out):
    """`grad_gamma` does not use x: the slope of gamma x_hat with respect to gamma is x_hat."""
    return grad_out.sum(0)


@backward.mistake("grad_gamma")
def grad_gamma_not_summed(grad_out, normalised):
    """`grad_gamma` is not summed over the batch: one gamma serves all samples, and a gradient has the shape of what it
    is the gradient of."""
    return grad_out * normalised


@backward.mistake("grad_beta")
def grad_beta_not_summed(grad_out):
    """`grad_beta` is not summed over the batch: one beta serves all samples, and a gradient has the shape of what it
    is the gradient of."""
    return grad_out


@backward.mistake("grad_gamma", "grad_beta")
def nothing_summed(grad_out, normalised):
    """`grad_gamma` and `grad_beta` are not summed over the batch: one gamma and one beta serve all samples."""
    return grad_out * normalised, grad_out


@backward.mistake("grad_gamma", "grad_beta")
def summed_over_the_features(grad_out, normalised):
    """`grad_gamma` and `grad_beta` are summed over the features: the sum runs over the batch, which shared them."""
    return (grad_out * normalised).sum(1), grad_out.sum(1)


@backward.mistake("grad_gamma")
def grad_gamma_over_the_features(grad_out, normalised):
    """`grad_gamma` is summed over the features: the sum runs over the batch, which shared gamma."""
    return (grad_out * normalised).sum(1)


@backward.mistake("grad_beta")
def grad_beta_over_the_features(grad_out):
    """`grad_beta` is summed over the features: the sum runs over the batch, which shared beta."""
    return grad_out.sum(1)


@backward.mistake("grad_gamma", "grad_beta")
def summed_over_everything(grad_out, normalised):
    """`grad_gamma` and `grad_beta` are summed over the whole tensor: each feature has its own."""
    return (grad_out * normalised).sum(), grad_out.sum()


@backward.mistake("grad_gamma", "grad_beta")
def dimension_kept(grad_out, normalised):
    """`grad_gamma` and `grad_beta` come out with shape (1, D): the dimension that keepdim kept has to go."""
    return (grad_out * normalised).sum(0, keepdim=True), grad_out.sum(0, keepdim=True)


@backward.mistake("grad_beta")
def gamma_in_grad_beta(grad_out, gamma):
    """`grad_beta` is multiplied by gamma: beta is added after gamma has multiplied."""
    return (grad_out * gamma).sum(0)


@backward.mistake("grad_gamma", "grad_beta")
def gamma_and_beta_gradients_swapped(grad_out, normalised):
    """`grad_gamma` and `grad_beta` have changed places."""
    return grad_out.sum(0), (grad_out * normalised).sum(0)


@backward.mistake("out_x", "out_gamma", "out_beta")
def grad_x_last(grad_x, grad_gamma, grad_beta):
    """The gradients come in another order: (grad_x, grad_gamma, grad_beta) is asked for."""
    return grad_gamma, grad_beta, grad_x


@backward.mistake("out_x", "out_gamma", "out_beta")
def grad_beta_first(grad_x, grad_gamma, grad_beta):
    """The gradients come in the opposite order: (grad_x, grad_gamma, grad_beta) is asked for."""
    return grad_beta, grad_gamma, grad_x


@backward.mistake("grad_gamma")
def grad_gamma_sign(grad_out, normalised):
    """`grad_gamma` has the wrong sign."""
    return -(grad_out * normalised).sum(0)


@backward.mistake("grad_beta")
def grad_beta_sign(grad_out):
    """`grad_beta` has the wrong sign: beta is added."""
    return -grad_out.sum(0)


@backward.mistake("grad_gamma")
def grad_gamma_is_zero(gamma):
    """`grad_gamma` is all zeros: it is never filled in, or the normalised x is summed by itself, and each of its
    columns adds up to 0. Multiply by grad_out first, sample by sample, then sum."""
    return torch.zeros_like(gamma)


@backward.mistake("grad_beta")
def grad_beta_is_zero(gamma):
    """`grad_beta` is all zeros: it is created and never filled in."""
    return torch.zeros_like(gamma)
