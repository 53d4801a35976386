"""Known mistakes of the unit backprop: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, mistake

# -------------------------------------------------------------------------------------- linear_backward

linear = Anatomy("backprop.linear_backward", "grad_x", "grad_weight", "grad_bias")


@linear.step
def grad_x(grad_out, weight):
    return grad_out @ weight


@linear.step
def grad_weight(grad_out, x):
    return grad_out.T @ x


@linear.step
def grad_bias(grad_out):
    return grad_out.sum(0)


@linear.mistake("grad_x")
def weight_transposed(grad_out, weight):
    """In `grad_x` the weight is transposed: forward goes through weight.T, so the way back goes through weight. Only
    square layers forgive this."""
    return grad_out @ weight.T


@linear.mistake("grad_x")
def elementwise_grad_x(grad_out, weight):
    """`grad_x` uses * where the matrix product @ is meant: each input feeds every output, and collects blame from all
    of them."""
    return grad_out * weight


@linear.mistake("grad_x")
def gradient_of_the_weight_used(grad_out, x):
    """`grad_x` is multiplied with the gradient of the weight, where the weight itself is meant."""
    return grad_out @ (grad_out.T @ x)


@linear.mistake("grad_x", constants=(0.1, 0.01, 0.001, 1.0))
def updated_weight_used(grad_out, x, weight, constant):
    """`grad_x` uses the weight after an update (with rate {constant}). The gradient belongs to the weight that the forward
    pass used: compute grad_x first."""
    return grad_out @ (weight - constant * grad_out.T @ x)


@linear.mistake("grad_x")
def grad_x_averaged(grad_out, weight):
    """`grad_x` is divided by N: samples do not share their inputs, and a mean in the loss has put its 1/N into grad_out
    already."""
    return grad_out @ weight / len(grad_out)


@linear.mistake("grad_x")
def grad_x_summed_over_the_batch(grad_out, weight):
    """`grad_x` is summed over the batch: every sample has an input of its own, and a gradient of its own."""
    return (grad_out @ weight).sum(0)


@linear.mistake("grad_x")
def grad_x_is_zero(x):
    """`grad_x` is all zeros: it is created and never filled in, and so no layer below this one can learn."""
    return torch.zeros_like(x)


@linear.mistake("grad_x")
def grad_x_sign(grad_out, weight):
    """`grad_x` has the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out @ weight


@linear.mistake("grad_x")
def grad_x_is_grad_out(grad_out):
    """`grad_x` is grad_out itself: the blame passes through the weight on its way back."""
    return grad_out


@linear.mistake("grad_x")
def grad_x_is_the_forward_pass(x, weight):
    """`grad_x` contains the layer's output, x @ weight.T: on the way back grad_out takes the place of x."""
    return x @ weight.T


@linear.mistake("grad_x")
def grad_x_transposed(grad_out, weight):
    """`grad_x` comes out transposed: a gradient has the shape of what it is the gradient of."""
    return (grad_out @ weight).T


@linear.mistake("grad_x")
def x_multiplied_in(grad_out, x, weight):
    """`grad_x` is multiplied with x: the layer is linear in x, so x itself does not appear in its own gradient."""
    return grad_out @ weight * x


@linear.mistake("grad_x")
def grad_x_doubled(grad_out, weight):
    """`grad_x` has a factor 2 too much."""
    return 2 * grad_out @ weight


@linear.mistake("grad_x")
def signs_of_the_weight(grad_out, weight):
    """`grad_x` uses only the size of the weights (abs): blame through a negative weight changes its sign."""
    return grad_out @ weight.abs()


@linear.mistake("grad_weight")
def grad_weight_transposed(grad_out, x):
    """`grad_weight` comes out transposed: the weight is (out, in), and a gradient has the shape of what it is the
    gradient of."""
    return x.T @ grad_out


@linear.mistake("grad_weight")
def grad_weight_without_transpose(grad_out, x):
    """`grad_weight` multiplies grad_out and x without a transpose: the sum must run over the batch, the dimension that
    both share. Only square layers forgive this."""
    return grad_out @ x


@linear.mistake("grad_weight")
def x_transposed_on_the_wrong_side(grad_out, x):
    """`grad_weight` sums over the features, not over the batch (grad_out @ x.T): only square layers forgive this."""
    return grad_out @ x.T


@linear.mistake("grad_weight")
def elementwise_grad_weight(grad_out, x):
    """`grad_weight` uses * where the matrix product @ is meant: every output pairs with every input, summed over the
    batch."""
    return grad_out.T * x


@linear.mistake("grad_weight")
def elementwise_without_transpose(grad_out, x):
    """`grad_weight` multiplies grad_out and x element by element: every output pairs with every input, summed over the
    batch."""
    return grad_out * x


@linear.mistake("grad_weight")
def grad_weight_averaged(grad_out, x):
    """`grad_weight` is divided by N once more: a mean in the loss has put its 1/N into grad_out already."""
    return grad_out.T @ x / len(x)


@linear.mistake("grad_weight")
def weight_in_place_of_x(grad_out, weight):
    """`grad_weight` is built from the weight where the input x is meant: the slope of w x with respect to w is x."""
    return grad_out.T @ grad_out @ weight


@linear.mistake("grad_weight")
def grad_weight_is_the_weight(weight):
    """`grad_weight` is the weight itself."""
    return weight


@linear.mistake("grad_weight")
def grad_weight_is_zero(weight):
    """`grad_weight` is all zeros: it is created and never filled in."""
    return torch.zeros_like(weight)


@linear.mistake("grad_weight")
def grad_weight_sign(grad_out, x):
    """`grad_weight` has the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out.T @ x


@linear.mistake("grad_weight")
def first_sample_only(grad_out, x):
    """`grad_weight` takes the first sample only: every sample used the weight, so the batch adds up."""
    return grad_out[:1].T @ x[:1]


@linear.mistake("grad_weight")
def last_sample_only(grad_out, x):
    """`grad_weight` takes the last sample only: in a loop over the batch, add (+=) where you overwrite (=)."""
    return grad_out[-1:].T @ x[-1:]


@linear.mistake("grad_weight")
def products_of_the_sums(grad_out, x):
    """`grad_weight` sums over the batch before multiplying: the product comes first, sample by sample, then the sum."""
    return torch.outer(grad_out.sum(0), x.sum(0))


@linear.mistake("grad_weight")
def product_of_the_sum_and_the_mean(grad_out, x):
    """`grad_weight` sums or averages over the batch before multiplying: the product comes first, sample by sample, then
    the sum."""
    return torch.outer(grad_out.sum(0), x.mean(0))


@linear.mistake("grad_weight")
def product_of_the_means(grad_out, x):
    """`grad_weight` averages over the batch before multiplying: the product comes first, sample by sample, then the
    sum."""
    return torch.outer(grad_out.mean(0), x.mean(0))


@linear.mistake("grad_weight")
def not_summed_over_the_batch(grad_out, x):
    """`grad_weight` keeps one matrix for each sample: the weight is shared by all, so their gradients add up."""
    return grad_out.unsqueeze(2) * x.unsqueeze(1)


@linear.mistake("grad_weight")
def grad_weight_doubled(grad_out, x):
    """`grad_weight` has a factor 2 too much."""
    return 2 * grad_out.T @ x


@linear.mistake("grad_weight")
def grad_weight_times_weight(grad_out, x, weight):
    """`grad_weight` is multiplied with the weight: the layer is linear in it, so it does not appear in its own
    gradient."""
    return grad_out.T @ x * weight


@linear.mistake("grad_weight", constants=(0.01, 0.1, 1.0, 0.001, 1e-4, 5e-4, 2.0))
def weight_decay_added(grad_out, x, weight, constant):
    """`grad_weight` has {constant} times the weight added to it: that is weight decay, and the layer knows nothing of it."""
    return grad_out.T @ x + constant * weight


@linear.mistake("grad_weight")
def only_positive_inputs(grad_out, x):
    """`grad_weight` uses only the positive inputs (a ReLU): this layer is linear."""
    return grad_out.T @ x.clamp(min=0)


@linear.mistake("grad_weight")
def sizes_of_the_inputs(grad_out, x):
    """`grad_weight` uses only the size of the inputs (abs)."""
    return grad_out.T @ x.abs()


@linear.mistake("grad_bias")
def grad_bias_not_summed(grad_out):
    """`grad_bias` keeps one row for each sample: the bias is shared by all, so their gradients add up over the batch."""
    return grad_out


@linear.mistake("grad_bias")
def grad_bias_summed_over_features(grad_out):
    """`grad_bias` is summed over the outputs, not over the batch: the bias has one number for each output."""
    return grad_out.sum(1)


@linear.mistake("grad_bias")
def grad_bias_averaged(grad_out):
    """`grad_bias` is the mean over the batch where the sum is meant: a mean in the loss has put its 1/N into grad_out
    already."""
    return grad_out.mean(0)


@linear.mistake("grad_bias")
def grad_bias_averaged_twice(grad_out):
    """`grad_bias` is divided by N twice, where it must not be divided at all."""
    return grad_out.mean(0) / len(grad_out)


@linear.mistake("grad_bias")
def grad_bias_averaged_over_features(grad_out):
    """`grad_bias` is averaged over the outputs: it is the sum over the batch."""
    return grad_out.mean(1)


@linear.mistake("grad_bias")
def grad_bias_keeps_the_dimension(grad_out):
    """`grad_bias` has shape (1, out): the bias is (out,). Look at keepdim."""
    return grad_out.sum(0, keepdim=True)


@linear.mistake("grad_bias")
def grad_bias_as_a_column(grad_out):
    """`grad_bias` has shape (out, 1): the bias is (out,)."""
    return grad_out.sum(0).unsqueeze(1)


@linear.mistake("grad_bias")
def grad_bias_total(grad_out):
    """`grad_bias` is one number, the sum over everything: each output has a bias of its own."""
    return grad_out.sum()


@linear.mistake("grad_bias")
def grad_bias_total_in_every_place(grad_out):
    """`grad_bias` has the same number, the sum over everything, in every place: each output has a bias of its own."""
    return grad_out.sum().expand(grad_out.shape[1])


@linear.mistake("grad_bias")
def grad_bias_is_zero(grad_out):
    """`grad_bias` is all zeros: it is created and never filled in."""
    return torch.zeros_like(grad_out[0])


@linear.mistake("grad_bias")
def grad_bias_is_one(grad_out):
    """`grad_bias` is all ones: the slope of the bias is 1, and it must still be multiplied by grad_out and summed."""
    return torch.ones_like(grad_out[0])


@linear.mistake("grad_bias")
def grad_bias_counts_samples(grad_out):
    """`grad_bias` counts the samples: the slope of the bias is 1, times grad_out, summed over the batch."""
    return torch.full_like(grad_out[0], len(grad_out))


@linear.mistake("grad_bias")
def grad_bias_sign(grad_out):
    """`grad_bias` has the wrong sign."""
    return -grad_out.sum(0)


@linear.mistake("grad_bias")
def grad_bias_of_the_first_sample(grad_out):
    """`grad_bias` is the first sample's alone: every sample used the bias, so the batch adds up."""
    return grad_out[0]


@linear.mistake("grad_bias")
def grad_bias_of_the_last_sample(grad_out):
    """`grad_bias` is the last sample's alone: in a loop over the batch, add (+=) where you overwrite (=)."""
    return grad_out[-1]


@linear.mistake("grad_bias")
def grad_bias_from_x(x):
    """`grad_bias` is the sum of x, where the sum of grad_out is meant."""
    return x.sum(0)


@linear.mistake("grad_bias")
def grad_bias_from_grad_x(grad_out, weight):
    """`grad_bias` is the sum of grad_x: the bias is added after the weight, so the blame reaches it first."""
    return (grad_out @ weight).sum(0)


@linear.mistake("grad_bias")
def grad_bias_from_grad_weight(grad_out, x):
    """`grad_bias` is a sum of grad_weight: the inputs play no part in it."""
    return (grad_out.T @ x).sum(1)


@linear.mistake("grad_bias")
def grad_bias_largest(grad_out):
    """`grad_bias` is the largest of the batch: it is the sum."""
    return grad_out.amax(0)


@linear.mistake("grad_bias")
def grad_bias_absolute(grad_out):
    """`grad_bias` sums absolute values: positive and negative blame may cancel."""
    return grad_out.abs().sum(0)


@linear.mistake("grad_bias")
def grad_bias_doubled(grad_out):
    """`grad_bias` has a factor 2 too much."""
    return 2 * grad_out.sum(0)


@linear.mistake("grad_weight", "grad_bias")
def averaged_over_the_batch(grad_out, x):
    """`grad_weight` and `grad_bias` are divided by N: a mean in the loss has put its 1/N into grad_out already, and here
    it would count twice."""
    return grad_out.T @ x / len(x), grad_out.mean(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_averaged(grad_out, x, weight):
    """All three gradients are divided by N: a mean in the loss has put its 1/N into grad_out already, and here it would
    count twice."""
    n = len(x)
    return grad_out @ weight / n, grad_out.T @ x / n, grad_out.sum(0) / n


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def all_signs(grad_out, x, weight):
    """All three gradients have the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out @ weight, -grad_out.T @ x, -grad_out.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def grad_out_ignored(grad_out, x, weight):
    """grad_out is not used (as if it were all ones): these are the layer's own slopes, and the chain rule multiplies them
    with the blame that arrives."""
    ones = torch.ones_like(grad_out)
    return ones @ weight, ones.T @ x, ones.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_zero(grad_out, x, weight):
    """All three gradients are zeros: they are created and never filled in."""
    return torch.zeros_like(x), torch.zeros_like(weight), torch.zeros_like(grad_out[0])


@mistake("backprop.linear_backward")
def weight_before_x(grad_out, x, weight):
    """The three gradients are right and in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_out.T @ x, grad_out @ weight, grad_out.sum(0)


@mistake("backprop.linear_backward")
def x_last(grad_out, x, weight):
    """The three gradients are right and in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_out.T @ x, grad_out.sum(0), grad_out @ weight


@mistake("backprop.linear_backward")
def bias_before_weight(grad_out, x, weight):
    """The three gradients are right and in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_out @ weight, grad_out.sum(0), grad_out.T @ x


@mistake("backprop.linear_backward")
def only_the_parameters(grad_out, x, weight):
    """`grad_x` is missing: without it the layers below learn nothing. Return grad_x, grad_weight, grad_bias."""
    return grad_out.T @ x, grad_out.sum(0)


# ----------------------------------------------------------------------- softmax_cross_entropy_backward

fused = Anatomy("backprop.softmax_cross_entropy_backward", "grad_logits")


@fused.step
def p(logits):
    return torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))


@fused.step
def truth(logits, labels):
    return torch.nn.functional.one_hot(labels, logits.shape[-1]).to(logits.dtype)


@fused.step
def difference(p, truth):
    return p - truth


@fused.step
def grad_logits(difference, labels):
    return difference / len(labels)


@fused.mistake("p")
def softmax_over_the_batch(logits):
    """The softmax is taken over the batch (dimension 0): the classes are in the last dimension."""
    return torch.exp(logits - torch.logsumexp(logits, 0, keepdim=True))


@fused.mistake("p")
def softmax_over_everything(logits):
    """One softmax over the whole batch: each row must add up to 1 by itself."""
    return torch.exp(logits - torch.logsumexp(logits.reshape(-1), 0))


@fused.mistake("p")
def logits_in_place_of_probabilities(logits):
    """The softmax is missing: you subtract the truth from the logits. The gradient is probability minus truth."""
    return logits


@fused.mistake("p")
def exponentials_not_normalised(logits):
    """The exponentials are not divided by their sum: probability minus truth needs probabilities."""
    return torch.exp(logits)


@fused.mistake("p")
def shifted_exponentials_not_normalised(logits):
    """The exponentials are not divided by their sum: probability minus truth needs probabilities."""
    return torch.exp(logits - logits.amax(-1, keepdim=True))


@fused.mistake("p")
def log_probabilities(logits):
    """You subtract the truth from log-probabilities: the gradient is probability minus truth."""
    return logits - torch.logsumexp(logits, -1, keepdim=True)


@fused.mistake("p")
def sigmoid_in_place_of_softmax(logits):
    """You use a sigmoid for each class: the classes of a softmax compete, each row adds up to 1."""
    return 1 / (1 + torch.exp(-logits))


@fused.mistake("p")
def softmax_twice(logits):
    """Softmax is applied twice: the second one flattens the probabilities."""
    inner = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return torch.exp(inner - torch.logsumexp(inner, -1, keepdim=True))


@fused.mistake("p")
def base_two(logits):
    """You use powers of 2 where softmax uses powers of e."""
    powers = torch.exp2(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def signs_of_the_logits(logits):
    """The signs of the logits are turned round in the softmax."""
    return torch.exp(-logits - torch.logsumexp(-logits, -1, keepdim=True))


@fused.mistake("p")
def no_maximum_subtracted(logits):
    """exp of a large logit is infinity, and infinity / infinity is NaN; exp of very negative ones is 0, and 0 / 0 is NaN
    as well. Subtract each row's maximum before exp."""
    powers = torch.exp(logits)
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def maximum_of_the_whole_batch(logits):
    """You subtract one maximum for the whole batch: a row far below it vanishes in exp, and 0 / 0 is NaN. Each row needs
    its own."""
    powers = torch.exp(logits - logits.max())
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def minimum_subtracted(logits):
    """You subtract the minimum: what is left can be large and positive, and exp overflows."""
    powers = torch.exp(logits - logits.amin(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def mean_subtracted(logits):
    """You subtract the mean: a row with one huge logit still overflows in exp."""
    powers = torch.exp(logits - logits.mean(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def largest_absolute_value_subtracted(logits):
    """You subtract the largest absolute value: a row of very negative logits vanishes in exp."""
    powers = torch.exp(logits - logits.abs().amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def maximum_of_each_column(logits):
    """You subtract the maximum of each column (over the batch): that changes the differences inside a row."""
    powers = torch.exp(logits - logits.amax(0, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p")
def correct_logit_subtracted(logits, labels):
    """You subtract the correct class's logit: where another logit is much larger, exp still overflows."""
    powers = torch.exp(logits - logits.gather(-1, labels.unsqueeze(-1)))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p", constants=tuple(10.0**-k for k in range(3, 31)))
def epsilon_hides_the_missing_maximum(logits, constant):
    """You add {constant} to the sum of exponentials. That does not help where exp overflows: subtract each row's maximum,
    then the sum is at least 1."""
    powers = torch.exp(logits)
    return powers / (powers.sum(-1, keepdim=True) + constant)


@fused.mistake("p", constants=tuple(10.0**-k for k in range(3, 13)))
def epsilon_in_the_denominator(logits, constant):
    """You add {constant} to the sum of exponentials. After the shift by the row's maximum it is at least 1: there is nothing
    to guard, and the result is off."""
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / (powers.sum(-1, keepdim=True) + constant)


@fused.mistake("p")
def overflow_replaced(logits):
    """NaN is replaced after the fact (nan_to_num): the gradient is wrong where exp overflowed. Subtract each row's
    maximum instead."""
    powers = torch.exp(logits)
    return torch.nan_to_num(powers / powers.sum(-1, keepdim=True))


@fused.mistake("p")
def infinity_replaced(logits):
    """Infinity is replaced by a large number (nan_to_num): all overflowing classes then look alike. Subtract each row's
    maximum instead."""
    powers = torch.nan_to_num(torch.exp(logits))
    return powers / powers.sum(-1, keepdim=True)


@fused.mistake("p", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0))
def logits_clamped(logits, constant):
    """You clamp the logits to at most {constant}: nothing overflows any more, but larger logits are all treated alike."""
    limited = logits.clamp(-constant, constant)
    return torch.exp(limited - torch.logsumexp(limited, -1, keepdim=True))


@fused.mistake("truth")
def truth_ignored(p):
    """You return the probabilities: the truth is not subtracted, so every class is always pushed down."""
    return torch.zeros_like(p)


@fused.mistake("truth")
def label_as_a_number(p, labels):
    """The label's number is subtracted from the whole row. A label is an index: the truth is a row with a single 1 in
    that place."""
    return labels.unsqueeze(1).to(p.dtype).expand_as(p)


@fused.mistake("truth")
def label_subtracted_in_its_place(p, labels):
    """The label's number is subtracted in its own place: what is subtracted there is 1, whatever the class."""
    return torch.zeros_like(p).scatter(1, labels.unsqueeze(1), labels.unsqueeze(1).to(p.dtype))


@fused.mistake("truth")
def columns_of_all_labels(p, labels):
    """`[:, labels] -= 1` subtracts 1 in the columns of all labels, for every row. Each row has one label: pair a range of
    rows with the labels."""
    truth = torch.zeros_like(p)
    truth[:, labels] = 1
    return truth


@fused.mistake("truth")
def rows_of_the_labels(p, labels):
    """The labels index rows: `[labels]` takes whole rows. Pair a range of rows with the labels."""
    truth = torch.zeros_like(p)
    truth[labels] = 1
    return truth


@fused.mistake("truth")
def predicted_class_in_place_of_label(p):
    """You subtract 1 from the class that the network predicts (argmax): it must be the label, also where the network
    disagrees."""
    return torch.zeros_like(p).scatter(1, p.argmax(1, keepdim=True), 1.0)


@fused.mistake("truth")
def next_class(p, labels):
    """You subtract 1 from the class after the correct one (label + 1)."""
    return torch.nn.functional.one_hot((labels + 1) % p.shape[1], p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def labels_counted_from_one(p, labels):
    """The labels are used as if they were counted from 1 (label - 1): class 0 becomes the last class."""
    return torch.nn.functional.one_hot((labels - 1) % p.shape[1], p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def always_class_zero(p):
    """You always subtract 1 in the first column: the labels are not used."""
    return torch.nn.functional.one_hot(torch.zeros(len(p), dtype=torch.int64), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def truth_over_n(p, labels):
    """The truth is divided by N before it is subtracted, and then the whole once more: divide the difference, once."""
    return torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) / len(p)


@fused.mistake("truth", constants=(0.1, 0.2, 0.05, 0.01))
def smoothed_truth(p, labels, constant):
    """The truth is smoothed by {constant} (label smoothing): the statement asks for plain one-hot labels."""
    return torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) * (1 - constant) + constant / p.shape[1]


@fused.mistake("truth")
def softmax_of_the_truth(p, labels):
    """The one-hot labels go through a softmax as well: the truth is a single 1."""
    powers = torch.exp(torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype))
    return powers / powers.sum(1, keepdim=True)


@fused.mistake("difference")
def truth_minus_probabilities(p, truth):
    """The sign is turned round: it is prediction minus truth, positive where the network believes too much."""
    return truth - p


@fused.mistake("difference")
def sum_of_both(p, truth):
    """You add the truth where it must be subtracted."""
    return p + truth


@fused.mistake("difference")
def only_the_diagonal(p, truth):
    """Only the diagonal of the softmax's Jacobian is used: the gradients of all wrong classes are 0. Raising one logit
    lowers every other class, so they all get a gradient."""
    return truth * (p - 1)


@fused.mistake("difference")
def multiplied_by_the_softmax_slope(p, truth):
    """The difference is multiplied by p (1 - p) again: prediction minus truth has been through softmax already, the two
    slopes have cancelled."""
    return (p - truth) * p * (1 - p)


@fused.mistake("difference")
def multiplied_by_the_probability(p, truth):
    """The difference is multiplied by p: prediction minus truth is the whole gradient already."""
    return (p - truth) * p


@fused.mistake("difference")
def gradient_of_the_probabilities(p, truth):
    """You return -1/p for the correct class: that is the gradient with respect to the probabilities. It still has to pass
    through softmax."""
    return -truth / p


@fused.mistake("difference")
def multiplied_by_the_truth(p, truth):
    """Only the correct class keeps its gradient: the wrong classes must be pushed down as well."""
    return p * truth


@fused.mistake("difference")
def wrong_classes_only(p, truth):
    """The correct class gets no gradient: it must be pushed up by 1 - p."""
    return p * (1 - truth)


@fused.mistake("difference")
def absolute_difference(p, truth):
    """You take the absolute value: the sign says which way to move each logit."""
    return (p - truth).abs()


@fused.mistake("difference")
def squared_difference(p, truth):
    """You square the difference: the gradient of cross-entropy is the difference itself."""
    return (p - truth) ** 2


@fused.mistake("difference")
def gradient_of_the_squared_error(p, truth):
    """This is the gradient of a squared error through softmax, which nearly vanishes where the network is confidently
    wrong. Cross-entropy's is just the difference."""
    g = 2 * (p - truth)
    return p * (g - (g * p).sum(1, keepdim=True))


@fused.mistake("difference")
def through_the_softmax_twice(p, truth):
    """Prediction minus truth goes through the softmax's Jacobian a second time: it is the whole gradient already."""
    g = p - truth
    return p * (g - (g * p).sum(1, keepdim=True))


@fused.mistake("difference")
def doubled(p, truth):
    """There is a factor 2 too much: that is a squared error's."""
    return 2 * (p - truth)


@fused.mistake("difference")
def one_minus_the_probability(p, truth):
    """You return 1 - p everywhere with the correct class set apart: it is p for the wrong classes and p - 1 for the
    correct one."""
    return 1 - p - truth


@fused.mistake("grad_logits")
def not_divided_by_n(difference):
    """The 1/N of the mean is missing: the loss is a mean over the batch, so is its gradient."""
    return difference


@fused.mistake("grad_logits")
def divided_by_n_twice(difference, labels):
    """The gradient is divided by N twice."""
    return difference / len(labels) ** 2


@fused.mistake("grad_logits")
def divided_by_the_classes(difference, logits):
    """The gradient is divided by the number of classes C, where the number of samples N is meant."""
    return difference / logits.shape[1]


@fused.mistake("grad_logits")
def divided_by_samples_and_classes(difference, logits):
    """The gradient is divided by N times C: the loss is a mean over the N samples only."""
    return difference / logits.numel()


@fused.mistake("grad_logits")
def multiplied_by_n(difference, labels):
    """The gradient is multiplied by N, where it must be divided."""
    return difference * len(labels)


@fused.mistake("grad_logits")
def averaged_over_the_batch(difference):
    """The gradient is averaged over the batch: each sample has logits of its own, and a gradient of its own."""
    return difference.mean(0)


@fused.mistake("grad_logits")
def summed_over_the_batch(difference):
    """The gradient is summed over the batch: each sample has logits of its own, and a gradient of its own."""
    return difference.sum(0)


@fused.mistake("grad_logits")
def divided_by_n_minus_one(difference, labels):
    """The gradient is divided by N - 1: the loss is a plain mean, over N."""
    return difference / (len(labels) - 1)


@fused.mistake("grad_logits")
def divided_by_the_square_root_of_n(difference, labels):
    """The gradient is divided by the square root of N: the mean divides by N."""
    return difference / math.sqrt(len(labels))


@fused.mistake("grad_logits")
def transposed(difference, labels):
    """The gradient comes out transposed: it has the shape of the logits."""
    return difference.T / len(labels)


@mistake("backprop.softmax_cross_entropy_backward")
def probabilities_over_n_minus_truth(logits, labels):
    """Only the probabilities are divided by N: the whole difference must be."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return p / len(labels) - torch.nn.functional.one_hot(labels, logits.shape[1]).to(logits.dtype)


@mistake("backprop.softmax_cross_entropy_backward")
def probabilities_minus_truth_over_n(logits, labels):
    """Only the truth is divided by N: the whole difference must be."""
    p = torch.exp(logits - torch.logsumexp(logits, -1, keepdim=True))
    return p - torch.nn.functional.one_hot(labels, logits.shape[1]).to(logits.dtype) / len(labels)
