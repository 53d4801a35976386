"""Known mistakes of the unit backprop: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, mistake

# -------------------------------------------------------------------------------------- linear_backward

linear = Anatomy("backprop.linear_backward", "first", "second", "third")


@linear.step
def grad_x(grad_out, weight):
    return grad_out @ weight


@linear.step
def grad_weight(grad_out, x):
    return grad_out.T @ x


@linear.step
def grad_bias(grad_out):
    return grad_out.sum(0)


@linear.step
def first(grad_x):
    return grad_x


@linear.step
def second(grad_weight):
    return grad_weight


@linear.step
def third(grad_bias):
    return grad_bias


@linear.mistake("grad_x")
def weight_viewed(grad_out, weight):
    """view fails where a tensor is not contiguous in memory (a transposed weight, say): use reshape, or none of
    both."""
    return grad_out @ weight.view(-1).view(weight.shape)


@linear.mistake("grad_weight")
def x_viewed(grad_out, x):
    """view fails where a tensor is not contiguous in memory (a transposed x, say): use reshape, or none of both."""
    return grad_out.T @ x.view(-1).view(x.shape)


@linear.mistake("grad_bias")
def grad_out_viewed(grad_out):
    """view fails where a tensor is not contiguous in memory (a transposed grad_out, say): use reshape, or none of
    both."""
    return grad_out.view(-1).view(grad_out.shape).sum(0)


@linear.mistake("grad_bias")
def vector_of_float32_ones(grad_out):
    """torch.ones gives float32 if you do not ask for another dtype, and a product of float32 and float64 matrices
    fails: take the dtype from an input, or sum."""
    return torch.ones(len(grad_out)) @ grad_out


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
    """`grad_x` is built from x, or from the gradient of the weight, where the weight itself is meant: the slope of w
    x with respect to x is w."""
    return grad_out @ (grad_out.T @ x)


@linear.mistake("grad_x", constants=(0.1, 0.01, 0.001, 1.0))
def updated_weight_used(grad_out, x, weight, constant):
    """`grad_x` uses the weight after an update (with rate {constant}). The gradient belongs to the weight that the
    forward pass used: compute grad_x first."""
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


@linear.mistake("grad_x")
def relu_mask(grad_out, x, weight):
    """`grad_x` is 0 where x is not positive, as after a ReLU: this layer is linear, and blame passes for every x."""
    return grad_out @ weight * (x > 0)


@linear.mistake("grad_x")
def relu_mask_of_the_output(grad_out, x, weight):
    """`grad_x` is masked where the layer's output is not positive, as after a ReLU: this layer is linear."""
    return (grad_out * (x @ weight.T > 0)) @ weight


@linear.mistake("grad_x")
def weight_reshaped(grad_out, weight):
    """`grad_x` uses a reshaped weight: reshape keeps the order of the numbers and mixes up rows and columns. No
    transpose is needed here."""
    return grad_out @ weight.T.reshape(weight.shape)


@linear.mistake("grad_x")
def grad_x_divided_by_the_features(grad_out, x, weight):
    """`grad_x` is divided by the number of input features D: nothing was averaged over them on the way forward."""
    return grad_out @ weight / x.shape[1]


@linear.mistake("grad_x")
def grad_x_divided_by_the_outputs(grad_out, weight):
    """`grad_x` is divided by the number of outputs: each output sends its blame back, and they add up."""
    return grad_out @ weight / weight.shape[0]


@linear.mistake("grad_x")
def only_the_diagonal_of_the_weight(grad_out, weight):
    """`grad_x` uses only the diagonal of the weight (an index that appears twice in einsum): every input feeds every
    output."""
    size = min(weight.shape)
    return grad_out[:, :size] * weight.diagonal()


@linear.mistake("grad_x")
def sums_before_the_product(grad_out, weight):
    """`grad_x` sums grad_out and the weight over the outputs before multiplying: the product comes first, output by
    output, then the sum."""
    return torch.outer(grad_out.sum(1), weight.sum(0))


@linear.mistake("grad_x")
def grad_out_ignored_in_grad_x(grad_out, weight):
    """`grad_x` does not use grad_out (as if it were all ones): the chain rule multiplies the weight with the blame that
    arrives."""
    return torch.ones_like(grad_out) @ weight


@linear.mistake("grad_x")
def first_output_only(grad_out, weight):
    """`grad_x` takes the blame of the first output only: every output sends blame back, add it up."""
    return grad_out[:, :1] * weight[0]


@linear.mistake("grad_x")
def last_output_only(grad_out, weight):
    """`grad_x` takes the blame of the last output only: in a loop over the outputs, add (+=) where you overwrite
    (=)."""
    return grad_out[:, -1:] * weight[-1]


@linear.mistake("grad_x")
def grad_x_first_row_only(grad_out, weight):
    """Only the first row of `grad_x` is filled in: the loop over the batch ends (or returns) in its first round."""
    return torch.cat([grad_out[:1] @ weight, torch.zeros_like(grad_out[1:]) @ weight])


@linear.mistake("grad_x")
def grad_x_without_the_last_row(grad_out, weight):
    """The last row of `grad_x` stays 0: the loop over the batch ends one too early."""
    return torch.cat([grad_out[:-1] @ weight, torch.zeros_like(grad_out[-1:]) @ weight])


@linear.mistake("grad_x")
def grad_x_without_the_first_row(grad_out, weight):
    """The first row of `grad_x` stays 0: the loop over the batch starts at 1, and counting starts at 0."""
    return torch.cat([torch.zeros_like(grad_out[:1]) @ weight, grad_out[1:] @ weight])


@linear.mistake("grad_x")
def product_in_the_wrong_order(grad_out, x):
    """`grad_x` holds the transposed gradient of the weight, x.T @ grad_out: on the way back to x, grad_out is
    multiplied with the weight."""
    return x.T @ grad_out


@linear.mistake("grad_x")
def grad_weight_in_its_place(grad_out, x):
    """`grad_x` holds the gradient of the weight: on the way back to x, grad_out is multiplied with the weight."""
    return grad_out.T @ x


@linear.mistake("grad_weight")
def transposed_product_reshaped(grad_out, x):
    """`grad_weight` is reshaped where it must be transposed: reshape keeps the order of the numbers, so they land in
    the wrong rows and columns."""
    return (x.T @ grad_out).reshape(grad_out.shape[1], x.shape[1])


@linear.mistake("grad_weight")
def grad_out_reshaped(grad_out, x):
    """grad_out is reshaped to (out, N) for `grad_weight` where it must be transposed: reshape mixes up samples and
    outputs."""
    return grad_out.reshape(grad_out.shape[1], grad_out.shape[0]) @ x


@linear.mistake("grad_weight")
def x_reshaped(grad_out, x):
    """x is reshaped for `grad_weight` where it must be transposed: reshape mixes up samples and features."""
    return (x.reshape(x.shape[1], x.shape[0]) @ grad_out).T


@linear.mistake("grad_weight")
def output_in_place_of_the_input(grad_out, x, weight):
    """`grad_weight` is built from the layer's output: the slope of w x with respect to w is the input x."""
    return grad_out.T @ (x @ weight.T @ weight)


@linear.mistake("grad_weight")
def output_in_place_of_x(grad_out, x, weight):
    """`grad_weight` multiplies grad_out with the layer's output, (out, out): the slope of w x with respect to w is the
    input x."""
    return grad_out.T @ (x @ weight.T)


@linear.mistake("grad_weight", constants=(0.0, 1e-8, 1e-6, 1e-12, 1e-7))
def grad_weight_normalised(grad_out, x, constant):
    """`grad_weight` is divided by its length (plus {constant}): a gradient's size says how steep the loss is.
    Clipping is the optimizer's business."""
    product = grad_out.T @ x
    return product / (torch.linalg.vector_norm(product) + constant)


@linear.mistake("grad_weight")
def last_sample_left_out_of_grad_weight(grad_out, x):
    """`grad_weight` leaves the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].T @ x[:-1]


@linear.mistake("grad_weight")
def first_sample_left_out_of_grad_weight(grad_out, x):
    """`grad_weight` leaves the first sample out: the loop over the batch starts at 1, and counting starts at 0."""
    return grad_out[1:].T @ x[1:]


@linear.mistake("grad_weight")
def x_left_out(grad_out, x):
    """`grad_weight` does not use x: the slope of w x with respect to w is x."""
    return grad_out.T @ torch.ones_like(x)


@linear.mistake("grad_weight")
def grad_out_left_out(grad_out, x):
    """`grad_weight` does not use grad_out: the chain rule multiplies x with the blame that arrives."""
    return torch.ones_like(grad_out).T @ x


@linear.mistake("grad_weight")
def grad_weight_divided_by_the_features(grad_out, x):
    """`grad_weight` is divided by the number of features D: nothing was averaged over them on the way forward."""
    return grad_out.T @ x / x.shape[1]


@linear.mistake("grad_weight")
def grad_weight_multiplied_by_n(grad_out, x):
    """`grad_weight` is multiplied by N: summing over the batch is enough."""
    return grad_out.T @ x * len(x)


@linear.mistake("grad_weight")
def updated_weight_returned(grad_out, x, weight):
    """`grad_weight` is the weight after a step: return the gradient, the optimizer takes the step."""
    return weight - grad_out.T @ x


@linear.mistake("grad_weight", constants=(0.1, 0.01, 0.001))
def step_returned(grad_out, x, constant):
    """`grad_weight` is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * (grad_out.T @ x)


@linear.mistake("grad_weight")
def only_matching_places(grad_out, x):
    """`grad_weight` keeps only the products of matching places (a diagonal): every output pairs with every input."""
    product = grad_out.T @ x
    size = min(product.shape)
    return torch.nn.functional.pad(
        torch.diag(product.diagonal()), (0, product.shape[1] - size, 0, product.shape[0] - size)
    )


@linear.mistake("grad_weight")
def squared_inputs(grad_out, x):
    """`grad_weight` uses the squares of the inputs: the slope of w x with respect to w is x."""
    return grad_out.T @ x**2


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
    """`grad_weight` has {constant} times the weight added to it: that is weight decay, and the layer knows nothing of
    it."""
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
def last_sample_left_out_of_grad_bias(grad_out):
    """`grad_bias` leaves the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].sum(0)


@linear.mistake("grad_bias")
def first_sample_left_out_of_grad_bias(grad_out):
    """`grad_bias` leaves the first sample out: the loop over the batch starts at 1, and counting starts at 0."""
    return grad_out[1:].sum(0)


@linear.mistake("grad_bias")
def grad_bias_summed_over_features_and_kept(grad_out):
    """`grad_bias` has one number for each sample, in a column: sum over the batch, so that one for each output is
    left."""
    return grad_out.sum(1, keepdim=True)


@linear.mistake("grad_bias")
def grad_bias_squeezed(grad_out):
    """`grad_bias` loses its dimension where there is one output: squeeze drops every dimension of size 1. The shape is
    (out,)."""
    return grad_out.sum(0).squeeze()


@linear.mistake("grad_bias")
def grad_bias_average_of_everything(grad_out):
    """`grad_bias` is one number, the mean over everything: each output has a bias of its own, whose blame adds up
    over the batch."""
    return grad_out.mean()


@linear.mistake("grad_bias")
def grad_bias_squares(grad_out):
    """`grad_bias` sums squares: it is the plain sum over the batch."""
    return (grad_out**2).sum(0)


@linear.mistake("grad_bias")
def grad_bias_length(grad_out):
    """`grad_bias` is the length (norm) over the batch: it is the plain sum."""
    return (grad_out**2).sum(0).sqrt()


@linear.mistake("grad_bias")
def grad_bias_for_each_sample(grad_out):
    """`grad_bias` has one row for each sample, all of them the sum: the bias is (out,), one row is enough."""
    return grad_out.sum(0).expand_as(grad_out)


@linear.mistake("grad_bias")
def grad_bias_for_each_input(grad_out, x):
    """`grad_bias` has one number for each input: the bias belongs to the outputs, (out,)."""
    return grad_out.sum().expand(x.shape[1])


@linear.mistake("grad_bias", constants=(0.1, 0.01, 0.001))
def bias_step_returned(grad_out, constant):
    """`grad_bias` is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * grad_out.sum(0)


@linear.mistake("grad_bias")
def grad_bias_not_summed(grad_out):
    """`grad_bias` keeps one row for each sample: the bias is shared by all, so their gradients add up over the
    batch."""
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
    """`grad_weight` and `grad_bias` are divided by N: a mean in the loss has put its 1/N into grad_out already, and
    here it would count twice."""
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
    """grad_out is not used (as if it were all ones): these are the layer's own slopes, and the chain rule multiplies
    them with the blame that arrives."""
    ones = torch.ones_like(grad_out)
    return ones @ weight, ones.T @ x, ones.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_zero(grad_out, x, weight):
    """All three gradients are zeros: they are created and never filled in."""
    return torch.zeros_like(x), torch.zeros_like(weight), torch.zeros_like(grad_out[0])


@linear.mistake("first", "second")
def weight_before_x(grad_x, grad_weight):
    """`grad_x` and `grad_weight` are returned in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_weight, grad_x


@linear.mistake("second", "third")
def bias_before_weight(grad_weight, grad_bias):
    """`grad_weight` and `grad_bias` are returned in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_bias, grad_weight


@linear.mistake("first", "third")
def bias_first_x_last(grad_x, grad_bias):
    """`grad_x` and `grad_bias` are returned in each other's place: return grad_x, grad_weight, grad_bias."""
    return grad_bias, grad_x


@linear.mistake("first", "second", "third")
def x_last(grad_x, grad_weight, grad_bias):
    """`grad_x` is returned last: return grad_x, grad_weight, grad_bias, in this order."""
    return grad_weight, grad_bias, grad_x


@linear.mistake("first", "second", "third")
def bias_first(grad_x, grad_weight, grad_bias):
    """`grad_bias` is returned first: return grad_x, grad_weight, grad_bias, in this order."""
    return grad_bias, grad_x, grad_weight


@linear.mistake("grad_weight", "grad_bias")
def last_sample_left_out(grad_out, x):
    """`grad_weight` and `grad_bias` leave the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].T @ x[:-1], grad_out[:-1].sum(0)


@linear.mistake("grad_weight", "grad_bias")
def first_sample_left_out(grad_out, x):
    """`grad_weight` and `grad_bias` leave the first sample out: the loop over the batch starts at 1, and counting
    starts at 0."""
    return grad_out[1:].T @ x[1:], grad_out[1:].sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def return_inside_the_sample_loop(grad_out, x, weight):
    """Only the first sample is worked on: the return stands inside the loop over the batch, and ends it in its first
    round."""
    rest = torch.zeros_like(grad_out)
    rest[0] = grad_out[0]
    return rest @ weight, rest.T @ x, rest.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def last_sample_left_out_everywhere(grad_out, x, weight):
    """The last sample is left out of all three gradients: the loop over the batch ends one too early."""
    rest = grad_out.clone()
    rest[-1] = 0
    return rest @ weight, rest.T @ x, rest.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def grad_out_of_a_relu(grad_out, x, weight):
    """grad_out is masked where the layer's output is not positive, as after a ReLU: this layer is linear, and has no
    mask."""
    masked = grad_out * (x @ weight.T > 0)
    return masked @ weight, masked.T @ x, masked.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_doubled(grad_out, x, weight):
    """All three gradients have a factor 2 too much: the 2 of a squared error, if there is one, is in grad_out
    already."""
    return 2 * grad_out @ weight, 2 * grad_out.T @ x, 2 * grad_out.sum(0)


@mistake("backprop.linear_backward")
def only_the_parameters(grad_out, x, weight):
    """`grad_x` is missing: without it the layers below learn nothing. Return grad_x, grad_weight, grad_bias."""
    return grad_out.T @ x, grad_out.sum(0)


# ----------------------------------------------------------------------- softmax_cross_entropy_backward

fused = Anatomy("backprop.softmax_cross_entropy_backward", "grad_logits")


@fused.step
def class_dim():
    return -1


@fused.step
def largest(logits, class_dim):
    return logits.amax(class_dim, keepdim=True)


@fused.step
def powers(logits, largest):
    return torch.exp(logits - largest)


@fused.step
def total(powers, class_dim):
    return powers.sum(class_dim, keepdim=True)


@fused.step
def p(powers, total):
    return powers / total


@fused.step
def truth(logits, labels):
    return torch.nn.functional.one_hot(labels, logits.shape[-1]).to(logits.dtype)


@fused.step
def difference(p, truth):
    return p - truth


@fused.step
def grad_logits(difference, labels):
    return difference / len(labels)


@fused.mistake("class_dim")
def softmax_over_the_batch():
    """The softmax is taken over the batch (dimension 0): the classes are in the last dimension."""
    return 0


@fused.mistake("largest")
def no_maximum_subtracted(logits):
    """exp of a large logit is infinity, and infinity / infinity is NaN; exp of very negative ones is 0, and 0 / 0 is
    NaN as well. Subtract each row's maximum before exp."""
    return torch.zeros_like(logits[:, :1])


@fused.mistake("largest")
def maximum_of_the_whole_batch(logits):
    """You subtract one maximum for the whole batch: a row far below it vanishes in exp, and 0 / 0 is NaN. Each row
    needs its own."""
    return logits.max()


@fused.mistake("largest")
def minimum_subtracted(logits, class_dim):
    """You subtract the minimum: what is left can be large and positive, and exp overflows."""
    return logits.amin(class_dim, keepdim=True)


@fused.mistake("largest")
def mean_subtracted(logits, class_dim):
    """You subtract the mean: a row with one huge logit still overflows in exp."""
    return logits.mean(class_dim, keepdim=True)


@fused.mistake("largest")
def largest_absolute_value_subtracted(logits, class_dim):
    """You subtract the largest absolute value: a row of very negative logits vanishes in exp."""
    return logits.abs().amax(class_dim, keepdim=True)


@fused.mistake("largest")
def only_positive_maxima_subtracted(logits, class_dim):
    """You subtract the maximum only where it is positive (or start the search for it at 0): a row of very negative
    logits vanishes in exp, and 0 / 0 is NaN."""
    return logits.amax(class_dim, keepdim=True).clamp(min=0)


@fused.mistake("largest")
def maximum_of_each_column(logits):
    """You subtract the maximum of each column (over the batch): that changes the differences inside a row."""
    return logits.amax(0, keepdim=True)


@fused.mistake("largest")
def correct_logit_subtracted(logits, labels):
    """You subtract the correct class's logit: where another logit is much larger, exp still overflows."""
    return logits.gather(-1, labels.unsqueeze(-1))


@fused.mistake("largest")
def first_logit_subtracted(logits):
    """You subtract the row's first logit: where another one is much larger, exp still overflows."""
    return logits[:, :1]


@fused.mistake("powers")
def base_two(logits, largest):
    """You use powers of 2 where softmax uses powers of e."""
    return torch.exp2(logits - largest)


@fused.mistake("powers")
def base_ten(logits, largest):
    """You use powers of 10 where softmax uses powers of e."""
    return 10 ** (logits - largest)


@fused.mistake("powers", constants=(0.5, 2.0, 0.1, 10.0))
def temperature(logits, largest, constant):
    """The logits are multiplied by {constant} before the softmax: that is a temperature, and none is asked for."""
    return torch.exp(constant * (logits - largest))


@fused.mistake("powers")
def signs_of_the_logits(logits, class_dim):
    """The signs of the logits are turned round in the softmax."""
    return torch.exp(logits.amin(class_dim, keepdim=True) - logits)


@fused.mistake("powers", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 500.0))
def logits_clamped(logits, constant):
    """You clamp the logits to between -{constant} and {constant}: nothing overflows any more, but larger logits are all
    treated alike."""
    limited = logits.clamp(-constant, constant)
    return torch.exp(limited - limited.amax(-1, keepdim=True))


@fused.mistake("powers", constants=(20.0, 30.0, 50.0, 80.0, 88.0, 700.0))
def logits_clamped_from_above(logits, constant):
    """You clamp the logits to at most {constant}: larger logits are all treated alike, and rows of very negative logits
    still become 0 / 0."""
    return torch.exp(logits.clamp(max=constant))


@fused.mistake("powers")
def logits_in_place_of_exponentials(logits):
    """The exponential is missing: you divide the logits by their sum."""
    return logits


@fused.mistake("powers")
def sizes_in_place_of_exponentials(logits):
    """The exponential is missing: you divide the absolute values of the logits by their sum."""
    return logits.abs()


@fused.mistake("total")
def total_over_the_batch(powers):
    """You add up the exponentials over the batch (dimension 0): the classes of one sample belong together, sum over the
    last dimension."""
    return powers.sum(0, keepdim=True)


@fused.mistake("total")
def one_total_for_the_batch(powers):
    """You add up the exponentials of the whole batch: each row must add up to 1 by itself."""
    return powers.sum()


@fused.mistake("total")
def mean_in_place_of_the_total(powers, class_dim):
    """You divide by the mean of the exponentials, where their sum is meant: each row must add up to 1."""
    return powers.mean(class_dim, keepdim=True)


@fused.mistake("total")
def total_loses_its_dimension(powers):
    """A sum (or maximum) over the classes loses its dimension, so it is paired with columns instead of rows, or does
    not fit at all. Keep the dimension: keepdim."""
    return powers.sum(-1)


@fused.mistake("total")
def total_not_shifted(logits, class_dim):
    """The exponentials are shifted by the maximum and their sum is not: both must be shifted by the same number."""
    return torch.exp(logits).sum(class_dim, keepdim=True)


@fused.mistake("total")
def last_class_left_out(powers):
    """The sum of the exponentials leaves the last class out."""
    return powers[:, :-1].sum(-1, keepdim=True)


@fused.mistake("total")
def first_class_left_out(powers):
    """The sum of the exponentials leaves the first class out."""
    return powers[:, 1:].sum(-1, keepdim=True)


@fused.mistake("total")
def own_class_left_out(powers, class_dim):
    """Each class is divided by the sum of the others: that is the odds, not the probability."""
    return powers.sum(class_dim, keepdim=True) - powers


@fused.mistake("total")
def one_added_to_the_total(powers, class_dim):
    """You add 1 to the sum of the exponentials, as a sigmoid does: softmax divides by the sum alone."""
    return powers.sum(class_dim, keepdim=True) + 1


@fused.mistake("total", constants=tuple(10.0**-k for k in range(3, 13)))
def epsilon_in_the_denominator(powers, class_dim, constant):
    """You add {constant} to the sum of exponentials. After the shift by the row's maximum it is at least 1: there is
    nothing to guard, and the result is off."""
    return powers.sum(class_dim, keepdim=True) + constant


@fused.mistake("total")
def shifted_exponentials_not_normalised(powers):
    """The shifted exponentials are not divided by their sum: probability minus truth needs probabilities."""
    return torch.ones_like(powers)


@fused.mistake("p")
def exponentials_not_normalised(logits):
    """The exponentials are not divided by their sum: probability minus truth needs probabilities, not exp alone."""
    return torch.exp(logits)


@fused.mistake("largest", "total")
def softmax_over_everything(logits):
    """One softmax over the whole batch: each row must add up to 1 by itself."""
    return logits.max(), torch.exp(logits - logits.max()).sum()


@fused.mistake("p")
def logits_in_place_of_probabilities(logits):
    """The softmax is missing: you subtract the truth from the logits. The gradient is probability minus truth."""
    return logits


@fused.mistake("p")
def log_probabilities(powers, total):
    """You subtract the truth from log-probabilities: the gradient is probability minus truth."""
    return torch.log(powers / total)


@fused.mistake("p")
def sigmoid_in_place_of_softmax(logits):
    """You use a sigmoid for each class: the classes of a softmax compete, each row adds up to 1."""
    return 1 / (1 + torch.exp(-logits))


@fused.mistake("p")
def softmax_twice(powers, total):
    """Softmax is applied twice: the second one flattens the probabilities."""
    again = torch.exp(powers / total)
    return again / again.sum(-1, keepdim=True)


@fused.mistake("p")
def hard_maximum(powers):
    """You use 1 for the largest logit and 0 for the rest (argmax): the gradient needs the soft version."""
    return (powers == powers.amax(-1, keepdim=True)).to(powers.dtype)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10))
def probabilities_clamped(powers, total, constant):
    """You keep probabilities at {constant} or above: the gradient of an unlikely class may be 0, that is right."""
    return (powers / total).clamp(min=constant)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9))
def probabilities_clamped_on_both_sides(powers, total, constant):
    """You clamp probabilities to between {constant} and 1 - {constant}: no logarithm is taken here, so there is
    nothing to guard."""
    return (powers / total).clamp(constant, 1 - constant)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10))
def epsilon_added_to_the_probabilities(powers, total, constant):
    """You add {constant} to every probability: no logarithm is taken here, so there is nothing to guard."""
    return powers / total + constant


@fused.mistake("largest", "total", constants=tuple(10.0**-k for k in range(3, 14)))
def epsilon_hides_the_missing_maximum(logits, class_dim, constant):
    """You add {constant} to the sum of exponentials in place of a shift. That does not help where exp overflows:
    subtract each row's maximum, then the sum is at least 1."""
    return torch.zeros_like(logits[:, :1]), torch.exp(logits).sum(class_dim, keepdim=True) + constant


@fused.mistake("largest", "total")
def tiny_epsilon_hides_the_missing_maximum(logits, class_dim):
    """You add a tiny number to the sum of exponentials in place of a shift. That does not help where exp overflows:
    subtract each row's maximum, then the sum is at least 1."""
    return torch.zeros_like(logits[:, :1]), torch.exp(logits).sum(class_dim, keepdim=True) + 1e-15


@fused.mistake("largest", "p")
def overflow_replaced(logits, class_dim):
    """NaN is replaced after the fact (nan_to_num): the gradient is wrong where exp overflowed. Subtract each row's
    maximum instead."""
    powers = torch.exp(logits)
    return torch.zeros_like(logits[:, :1]), torch.nan_to_num(powers / powers.sum(class_dim, keepdim=True))


@fused.mistake("largest", "p")
def overflow_replaced_after_a_shared_shift(logits, class_dim):
    """NaN is replaced after the fact (nan_to_num), and the shift is one for the whole batch: rows far below it come out
    wrong. Each row needs its own maximum."""
    powers = torch.exp(logits - logits.max())
    return logits.max(), torch.nan_to_num(powers / powers.sum(class_dim, keepdim=True))


@fused.mistake("largest", "p")
def infinity_replaced(logits, class_dim):
    """Infinity is replaced by a large number (nan_to_num): all overflowing classes then look alike. Subtract each row's
    maximum instead."""
    powers = torch.nan_to_num(torch.exp(logits))
    return torch.zeros_like(logits[:, :1]), powers / powers.sum(class_dim, keepdim=True)


@fused.mistake("truth")
def truth_ignored(p):
    """You return the probabilities: the truth is not subtracted, so every class is always pushed down."""
    return torch.zeros_like(p)


@fused.mistake("truth")
def logits_subtracted(logits):
    """You subtract the logits from the probabilities, where the truth is meant: 1 for the correct class, 0 for the
    rest."""
    return logits


@fused.mistake("truth")
def rows_of_the_wrapped_labels(p, labels):
    """The labels index rows (`[labels % N] -= 1`) and 1 is subtracted from whole rows. Pair a range of rows with the
    labels."""
    truth = torch.zeros_like(p)
    truth[labels % len(p)] = 1
    return truth


@fused.mistake("truth")
def rows_and_columns_exchanged(p, labels):
    """Rows and columns are exchanged: `[labels, range]` subtracts 1 in the row of the label. The range of rows comes
    first, the labels second."""
    truth = torch.zeros_like(p)
    truth[labels, torch.arange(len(labels))] = 1
    return truth


@fused.mistake("truth")
def one_hot_as_wide_as_the_largest_label(p, labels):
    """The one-hot labels are as wide as the largest label that is there: where the last class does not occur, they do
    not fit. The number of classes is that of the logits' columns."""
    return torch.nn.functional.one_hot(labels).to(p.dtype)


@fused.mistake("truth")
def one_subtracted_everywhere(p):
    """You subtract 1 from every class: only the correct one's entry gets it."""
    return torch.ones_like(p)


@fused.mistake("truth")
def first_label_for_all(p, labels):
    """The first sample's label is used for the whole batch."""
    return torch.nn.functional.one_hot(labels[:1].expand_as(labels), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def last_label_for_all(p, labels):
    """The last sample's label is used for the whole batch: is a variable of a loop used after it?"""
    return torch.nn.functional.one_hot(labels[-1:].expand_as(labels), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def always_the_last_class(p):
    """You always subtract 1 in the last column: the labels are not used."""
    return torch.nn.functional.one_hot(torch.full((len(p),), p.shape[1] - 1), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def least_likely_class(p):
    """You subtract 1 from the least likely class in place of the label."""
    return torch.zeros_like(p).scatter(1, p.argmin(1, keepdim=True), 1.0)


@fused.mistake("truth")
def truth_of_the_last_sample_left_out(p, labels):
    """The last sample's 1 is not subtracted: the loop over the batch ends one too early."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[-1] = 0
    return truth


@fused.mistake("truth")
def truth_of_the_first_sample_left_out(p, labels):
    """The first sample's 1 is not subtracted: the loop over the batch starts at 1, and counting starts at 0."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[0] = 0
    return truth


@fused.mistake("truth")
def truth_of_the_first_sample_only(p, labels):
    """Only the first sample's 1 is subtracted: the loop over the batch ends (or returns) in its first round."""
    truth = torch.zeros_like(p)
    truth[0, labels[0]] = 1
    return truth


@fused.mistake("truth")
def class_zero_ignored(p, labels):
    """Class 0 is treated as padding: samples with the label 0 get no 1 subtracted. Every class counts."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[:, 0] = 0
    return truth


@fused.mistake("truth")
def truth_counted_twice(p, labels):
    """You subtract 2 from the correct class: the truth is 1."""
    return 2 * torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)


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
    """`[:, labels] -= 1` subtracts 1 in the columns of all labels, for every row. Each row has one label: pair a
    range of rows with the labels."""
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
    """You return -1/p for the correct class: that is the gradient with respect to the probabilities. It still has to
    pass through softmax."""
    return -truth / p


@fused.mistake("difference")
def multiplied_by_the_truth(p, truth):
    """Only the correct class keeps its gradient: the wrong classes must be pushed down as well."""
    return p * truth


@fused.mistake("difference")
def absolute_difference(p, truth):
    """You take the absolute value, or 1 - p for the correct class: the sign says which way to move each logit."""
    return (p - truth).abs()


@fused.mistake("difference")
def set_to_minus_one(p, truth):
    """The correct class's entry is set to -1 (=) where 1 must be subtracted from it (-=)."""
    return p * (1 - truth) - truth


@fused.mistake("difference")
def set_to_one(p, truth):
    """The correct class's entry is set to 1: subtract 1 from its probability."""
    return p * (1 - truth) + truth


@fused.mistake("difference")
def set_to_zero(p, truth):
    """The correct class gets no gradient: it must be pushed up, with p - 1."""
    return p * (1 - truth)


@fused.mistake("difference")
def signs_of_the_wrong_classes(p, truth):
    """The wrong classes have the wrong sign: their gradient is p, and they are pushed down. Only the correct class's is
    negative, p - 1."""
    return truth * (p - 1) - p * (1 - truth)


@fused.mistake("difference")
def jacobian_with_a_plus(p, truth):
    """The sign of the off-diagonal part of softmax's Jacobian is wrong: raising one logit lowers the other classes,
    so it is -p_i p_j."""
    return -(truth + p)


@fused.mistake("difference")
def weighted_as_in_a_focal_loss(p, truth):
    """Each row is multiplied by 1 - p of its correct class, as in a focal loss: the gradient of cross-entropy is the
    difference itself."""
    return (p - truth) * (1 - (p * truth).sum(1, keepdim=True))


@fused.mistake("difference")
def weighted_by_the_probability_of_the_label(p, truth):
    """Each row is multiplied by p of its correct class: that is the gradient of p itself. Cross-entropy's is the
    difference."""
    return (p - truth) * (p * truth).sum(1, keepdim=True)


@fused.mistake("difference")
def divided_by_the_probability(p, truth):
    """The difference is divided by p: prediction minus truth is the whole gradient already."""
    return (p - truth) / p


@fused.mistake("difference")
def divided_by_the_softmax_slope(p, truth):
    """The difference is divided by p (1 - p), the gradient with respect to a probability: multiplied by softmax's
    slope it is the difference alone."""
    return (p - truth) / (p * (1 - p))


@fused.mistake("difference")
def logarithm_of_the_probabilities(p, truth):
    """You return the terms of the loss, -log p of the correct class: its gradient is asked for."""
    return -truth * torch.log(p)


@fused.mistake("difference")
def through_the_inverse_probability(p, truth):
    """You go through -1/p: where the correct class's probability has vanished, that is infinity times 0. On paper the p
    cancels, and probability minus truth is left."""
    by_p = torch.where(truth > 0, -1 / p, torch.zeros_like(p))
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference")
def through_the_inverse_of_all_probabilities(p, truth):
    """You go through -truth / p: where any probability has vanished, that is 0 / 0. On paper the p cancels, and
    probability minus truth is left."""
    by_p = -truth / p
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference", constants=tuple(10.0**-k for k in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15)))
def through_the_inverse_probability_with_epsilon(p, truth, constant):
    """You go through -1 / (p + {constant}): where the network is confidently wrong, the gradient is lost. On paper
    the p cancels, and probability minus truth is left."""
    by_p = -truth / (p + constant)
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference", constants=tuple(10.0**-k for k in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15)))
def through_the_inverse_clamped_probability(p, truth, constant):
    """You go through -1 / p with p kept at {constant} or above: where the network is confidently wrong, the gradient
    is lost. On paper the p cancels, and probability minus truth is left."""
    by_p = -truth / p.clamp(min=constant)
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


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
def nothing_filled_in(difference):
    """The gradient is all zeros: it is created and never filled in."""
    return torch.zeros_like(difference)


@fused.mistake("grad_logits")
def return_inside_the_loop(difference, labels):
    """Only the first row is filled in, the others stay 0: the return stands inside the loop over the batch, and ends
    it in its first round."""
    rows = torch.zeros_like(difference)
    rows[0] = difference[0]
    return rows / len(labels)


@fused.mistake("grad_logits")
def last_row_only(difference, labels):
    """Only the last row is filled in, the others stay 0: every round of the loop must write into a row of its own."""
    rows = torch.zeros_like(difference)
    rows[-1] = difference[-1]
    return rows / len(labels)


@fused.mistake("grad_logits")
def last_row_left_out(difference, labels):
    """The last row stays 0: the loop over the batch ends one too early."""
    rows = difference.clone()
    rows[-1] = 0
    return rows / len(labels)


@fused.mistake("grad_logits")
def first_row_left_out(difference, labels):
    """The first row stays 0: the loop over the batch starts at 1, and counting starts at 0."""
    rows = difference.clone()
    rows[0] = 0
    return rows / len(labels)


@fused.mistake("grad_logits")
def divided_by_the_classes_seen(difference, labels):
    """The gradient is divided by the number of different labels, where the number of samples N is meant."""
    return difference / len(labels.unique())


@fused.mistake("grad_logits")
def divided_by_the_sum_of_the_labels(difference, labels):
    """The gradient is divided by the sum of the labels, where the number of samples N is meant."""
    return difference / labels.sum()


@fused.mistake("grad_logits", constants=(32, 64, 16, 128, 10, 100, 8, 4, 3, 5, 256))
def fixed_batch_size(difference, constant):
    """The gradient is divided by a fixed batch size, {constant}: divide by the number of samples that are there."""
    return difference / constant


@fused.mistake("grad_logits", constants=(0.1, 0.01, 0.001))
def step_in_place_of_the_gradient(difference, labels, constant):
    """The gradient is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * difference / len(labels)


@fused.mistake("grad_logits")
def squeezed(difference, labels):
    """squeeze drops the dimension of a batch of one: the gradient has the shape of the logits."""
    return (difference / len(labels)).squeeze()


@fused.mistake("grad_logits")
def loss_returned(p, labels):
    """You return the loss: its gradient with respect to the logits is asked for, in the shape of the logits."""
    return -torch.log(p.gather(1, labels.unsqueeze(1))).mean()


@fused.mistake("grad_logits")
def label_entries_only(difference, labels):
    """You return one number for each sample, the gradient of its correct class: every logit has a gradient."""
    return difference.gather(1, labels.unsqueeze(1)).squeeze(1) / len(labels)


@fused.mistake("grad_logits")
def gradient_normalised(difference, labels):
    """The gradient is divided by its length: its size says how steep the loss is. Clipping is the optimizer's
    business."""
    return difference / torch.linalg.vector_norm(difference)


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
def gradient_averaged_over_the_batch(difference):
    """The gradient is averaged over the batch: each sample has logits of its own, and a gradient of its own."""
    return difference.mean(0)


@fused.mistake("grad_logits")
def gradient_summed_over_the_batch(difference):
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


@fused.mistake("difference", "grad_logits")
def probabilities_over_n_minus_truth(p, truth):
    """Only the probabilities are divided by N: the whole difference must be."""
    return p - truth, p / len(p) - truth


@fused.mistake("difference", "grad_logits")
def probabilities_minus_truth_over_n(p, truth):
    """Only the truth is divided by N: the whole difference must be."""
    return p - truth, p - truth / len(p)
