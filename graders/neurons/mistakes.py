"""Known mistakes of the unit neurons: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.explaining.declared import Anatomy, mistake

# ----------------------------------------------------------------------------------------------- neuron

neuron = Anatomy("neurons.neuron", "output")


@neuron.step
def products(x, weight):
    """each input times its own weight"""
    return x * weight


@neuron.step
def total(products):
    """the weighted sum of the inputs, before the bias is added"""
    return products.sum()


@neuron.step
def z(total, bias):
    """z, the weighted sum of the inputs plus the bias"""
    return total + bias


@neuron.step
def output(z):
    """the output of the neuron, the sigmoid of z"""
    return (1 + torch.tanh(z / 2)) / 2


@neuron.quantity
def minus_z(z):
    """z with its sign turned round"""
    return -z


@neuron.quantity
def power_of_minus_z(z):
    """the exponential of minus z"""
    return torch.exp(-z)


@neuron.quantity
def denominator(z):
    """the denominator of the sigmoid"""
    return 1 + torch.exp(-z)


@neuron.quantity
def small_power(z):
    """the exponential of minus the size of z, which never overflows"""
    return torch.exp(-z.abs())


@neuron.quantity
def complement(z):
    """one minus the neuron's output"""
    return (1 - torch.tanh(z / 2)) / 2


@neuron.quantity
def minus_log_of_the_output(z):
    """minus the logarithm of the neuron's output"""
    return torch.logaddexp(torch.zeros_like(z), -z)


@neuron.quantity
def half_z(z):
    """half of z, as the form with tanh needs it"""
    return z / 2


@neuron.quantity
def tanh_of_half_z(z):
    """the tanh of half of z"""
    return torch.tanh(z / 2)


@neuron.quantity
def output_above_one_half(z):
    """how far the neuron's output lies above one half"""
    return torch.tanh(z / 2) / 2


@neuron.quantity
def inputs_and_one(x):
    """the inputs, followed by a 1 for the bias"""
    return torch.cat([x, torch.ones_like(x[:1])])


@neuron.quantity
def weights_and_bias(weight, bias):
    """the weights, followed by the bias"""
    return torch.cat([weight, bias.reshape(1)])


@neuron.mistake("products")
def inputs_added_to_the_weights(x, weight):
    """Inputs and weights are added where they should be multiplied: a weight says how strongly its input counts, and a
    weight of 0 must silence it."""
    return x + weight


@neuron.mistake("products")
def weights_left_out(x, weight):
    """The weights are not used: every input counts the same, and there is nothing left to learn."""
    return x + 0 * weight


@neuron.mistake("products")
def inputs_left_out(x, weight):
    """The inputs are not used: the neuron gives the same answer to everything."""
    return weight + 0 * x


@neuron.mistake("products")
def weights_subtracted(x, weight):
    """You subtract the weights from the inputs: a neuron multiplies each input with its weight."""
    return x - weight


@neuron.mistake("products")
def distance_to_the_weights(x, weight):
    """You add up squared distances between inputs and weights: that is another kind of unit (a radial basis function).
    This one multiplies."""
    return (x - weight) ** 2


@neuron.mistake("products")
def size_of_the_weights(x, weight):
    """Only the size of the weights counts (abs): a negative weight must be able to argue against."""
    return x * weight.abs()


@neuron.mistake("products")
def size_of_the_products(x, weight):
    """Only the size of the products counts (abs): evidence for and against must be able to cancel."""
    return (x * weight).abs()


@neuron.mistake("products")
def squared_weights(x, weight):
    """The weights are squared: each input is multiplied with its weight once."""
    return x * weight**2


@neuron.mistake("products")
def squared_inputs(x, weight):
    """The inputs are squared: each input is multiplied with its weight once."""
    return x**2 * weight


@neuron.mistake("products")
def negative_inputs_cut_off(x, weight):
    """Negative inputs are set to 0 before they are weighed: the only bend of this neuron is at its end."""
    return x.clamp(min=0) * weight


@neuron.mistake("products")
def weights_as_shares(x, weight):
    """The weights are divided by their sum, as in a weighted average: a neuron's weights are free to be any numbers."""
    return x * weight / weight.sum()


@neuron.mistake("products")
def first_weight_for_every_input(x, weight):
    """Every input is multiplied by the first weight: each has one of its own. Does the index of the weight move on?"""
    return x * weight[0]


@neuron.mistake("products")
def first_input_for_every_weight(x, weight):
    """Every weight is multiplied by the first input: each has one of its own. Does the index of the input move on?"""
    return x[0] * weight


@neuron.mistake("products")
def last_weight_for_every_input(x, weight):
    """Every input is multiplied by the last weight: each has one of its own. Does the index of the weight move on?"""
    return x * weight[-1]


@neuron.mistake("products")
def weights_one_place_off(x, weight):
    """Each input meets the weight of its neighbour (the index is off by one, and -1 is the last)."""
    return x * weight.roll(1)


@neuron.mistake("products")
def stops_at_the_first_zero(x, weight):
    """The sum ends at the first input that is 0: what comes after it counts as well."""
    return x * weight * (x != 0).cumprod(0)


@neuron.mistake("products")
def weights_reversed(x, weight):
    """The weights are used in reverse order: weight[i] belongs to x[i]."""
    return x * weight.flip(0)


@neuron.mistake("products")
def inputs_scaled_to_length_one(x, weight):
    """The inputs are scaled to length 1 first: a neuron takes them as they are."""
    return x / torch.linalg.vector_norm(x) * weight


@neuron.mistake("products")
def both_scaled_to_length_one(x, weight):
    """Inputs and weights are scaled to length 1, which gives the cosine between them: a neuron takes both as they
    are."""
    return x / torch.linalg.vector_norm(x) * weight / torch.linalg.vector_norm(weight)


@neuron.mistake("products")
def weights_scaled_to_length_one(x, weight):
    """The weights are scaled to length 1 first: their size says how sure the neuron is, and is theirs to keep."""
    return x * weight / torch.linalg.vector_norm(weight)


@neuron.mistake("products")
def softmax_of_the_weights(x, weight):
    """The weights go through a softmax first, which makes them positive shares: a neuron's weights are used as they
    are."""
    return x * torch.softmax(weight, 0)


@neuron.mistake("total")
def mean_of_the_products(products):
    """You average where you should add up: z is the sum of all products, whatever the number of inputs."""
    return products.mean()


@neuron.mistake("total")
def largest_product(products):
    """You take the largest product: a neuron lets all of its inputs have their say, and adds them up."""
    return products.max()


@neuron.mistake("total")
def product_of_the_products(products):
    """The weighted inputs are multiplied with each other: add them up. One input of 0 must not silence the others."""
    return products.prod()


@neuron.mistake("total")
def first_product_only(products):
    """Only the first input counts: a return inside the loop, or an index too many."""
    return products[0]


@neuron.mistake("total")
def last_product_only(products):
    """Only the last input counts: in the loop the sum is overwritten (=) where it should grow (+=)."""
    return products[-1]


@neuron.mistake("total")
def first_product_left_out(products):
    """The first input is left out: the loop starts at 1, and counting starts at 0."""
    return products[1:].sum()


@neuron.mistake("total")
def last_product_left_out(products):
    """The last input is left out: the loop, or the slice, ends one too early."""
    return products[:-1].sum()


@neuron.mistake("total")
def products_of_the_sums(x, weight):
    """You add up the inputs and the weights first and multiply the two sums: multiply first, each input with its own
    weight, then add."""
    return x.sum() * weight.sum()


@neuron.mistake("total")
def every_input_with_every_weight_averaged(x, weight):
    """You average the products of every input with every weight (an outer product): only x[i] and weight[i] belong
    together."""
    return torch.outer(x, weight).mean()


@neuron.mistake("total")
def divided_by_the_square_root_of_d(products):
    """You divide the sum by the square root of D, as attention does: a neuron adds up, and scaling is left to the
    initial weights."""
    return products.sum() / math.sqrt(len(products))


@neuron.mistake("total")
def not_added_up(products):
    """You return one number for each input: a neuron adds them all up first and has a single output, a 0-d tensor."""
    return products


@neuron.mistake("total")
def one_element_vector(products):
    """The output has shape (1,): one neuron on one sample gives a 0-d tensor. Look at keepdim, view and unsqueeze."""
    return products.sum().reshape(1)


@neuron.mistake("z")
def bias_left_out(total, bias):
    """The bias is missing: without it, inputs of zero always give one half, and the neuron cannot choose where to
    switch."""
    return total + 0 * bias


@neuron.mistake("z")
def bias_subtracted(total, bias):
    """The bias is subtracted. (A threshold is subtracted; a bias is its negative, and is added.)"""
    return total - bias


@neuron.mistake("z")
def bias_multiplied(total, bias):
    """The bias is multiplied in: it shifts the sum, and is added."""
    return total * bias


@neuron.mistake("z")
def bias_for_every_input(total, bias, x):
    """The bias is added once for every input (inside the sum or the loop): it belongs to the neuron, and is added
    once."""
    return total + len(x) * bias


@neuron.mistake("z")
def bias_added_twice(total, bias):
    """The bias is added twice."""
    return total + 2 * bias


@neuron.mistake("z")
def sum_and_bias_averaged(total, bias, x):
    """The sum, with its bias, is divided by the number of inputs: a neuron adds up."""
    return (total + bias) / len(x)


@neuron.mistake("z")
def sum_divided_by_one_more_than_the_inputs(total, bias, x):
    """You average over the inputs and the bias: a neuron adds up."""
    return (total + bias) / (len(x) + 1)


@neuron.mistake("z")
def relu_before_the_sigmoid(total, bias):
    """A negative sum is set to 0 before the sigmoid: the output could then never be below one half."""
    return (total + bias).clamp(min=0)


@neuron.mistake("z")
def tanh_before_the_sigmoid(total, bias):
    """The sum goes through tanh before the sigmoid: a neuron bends once."""
    return torch.tanh(total + bias)


@neuron.mistake("z")
def size_of_the_sum(total, bias):
    """Only the size of the sum counts (abs): a negative sum must give an output below one half."""
    return (total + bias).abs()


@neuron.mistake("z")
def squared_sum(total, bias):
    """The sum is squared: a negative sum must give an output below one half."""
    return (total + bias) ** 2


@neuron.mistake("z")
def size_of_the_bias(total, bias):
    """Only the size of the bias counts (abs): it may be negative."""
    return total + bias.abs()


@neuron.mistake("z")
def size_of_the_weighted_sum(total, bias):
    """Only the size of the weighted sum counts (abs): inputs must be able to argue against."""
    return total.abs() + bias


@neuron.mistake("z")
def only_the_bias(total, bias):
    """Only the bias is left: the weighted sum gets lost on the way."""
    return bias + 0 * total


@neuron.mistake("z")
def sum_divided_by_the_bias(total, bias):
    """The sum is divided by the bias: the bias shifts it, and is added."""
    return total / bias


@neuron.mistake("output")
def no_sigmoid(z):
    """The sigmoid is missing: you return the weighted sum itself, which may be any number. The output lies between 0
    and 1."""
    return z


@neuron.mistake("output")
def always_one(z):
    """A softmax over a single number is always 1 (and NaN where exp overflows): the sigmoid is a softmax over z and
    0."""
    return torch.exp(z) / torch.exp(z)


@neuron.mistake("output")
def infinity_divided_by_infinity(z):
    """NaN for a large weighted sum: exp overflows to infinity above 88 in float32 (709 in float64), and infinity /
    infinity is not a number. The sigmoid has a form in which an infinity only ever stands in the denominator."""
    return torch.exp(z) / (1 + torch.exp(z))


@neuron.mistake("output")
def complement_of_infinity_divided_by_infinity(z):
    """NaN for a very negative weighted sum: exp(-z) overflows to infinity, and infinity / infinity is not a number."""
    return 1 - torch.exp(-z) / (1 + torch.exp(-z))


@neuron.mistake("output")
def sign_in_the_denominator_of_the_negative_branch(z):
    """For negative sums you return exp(z) / (1 + exp(-z)): where exp(z) is above, exp(z) is below, too."""
    return torch.where(z >= 0, 1 / (1 + torch.exp(-z)), torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z)))


@neuron.mistake("output")
def denominator_of_the_negative_branch_left_out(z):
    """For negative sums you return exp(z) without its denominator, 1 + exp(z)."""
    return torch.where(z >= 0, 1 / (1 + torch.exp(-z)), torch.exp(z.clamp(max=0)))


@neuron.mistake("output")
def never_above_one_half(z):
    """For positive sums you return 1 minus what it should be, exp(-z) / (1 + exp(-z)): the numerator is 1 there."""
    return (1 - torch.tanh(z.abs() / 2)) / 2


@neuron.mistake("output")
def sign_of_the_exponent(z):
    """The sign in the exponent is turned round: a larger weighted sum must give a larger output. You return 1 minus
    what it should be."""
    return 1 / (1 + torch.exp(z))


@neuron.mistake("output")
def one_minus_the_exponential(z):
    """The denominator is 1 - exp(-z): with the minus it is 0 at z = 0, and the output leaves 0..1."""
    return 1 / (1 - torch.exp(-z))


@neuron.mistake("output")
def one_left_out_of_the_denominator(z):
    """The 1 in the denominator is missing: 1 / exp(-z) is exp(z), which grows without limit."""
    return torch.exp(z)


@neuron.mistake("output")
def numerator_lost(z):
    """You return 1 + exp(-z), the denominator: the sigmoid is 1 divided by it. (Without brackets, 1 / 1 + exp(-z)
    divides first and adds then.)"""
    return 1 + torch.exp(-z)


@neuron.mistake("output")
def tanh_in_place_of_the_sigmoid(z):
    """This is tanh, between -1 and 1: the sigmoid lies between 0 and 1."""
    return torch.tanh(z)


@neuron.mistake("output")
def tanh_of_the_whole_argument(z):
    """The argument is twice too large (a tanh moved to between 0 and 1 needs half of it): the curve is too steep."""
    return (1 + torch.tanh(z)) / 2


@neuron.mistake("output")
def relu_in_place_of_the_sigmoid(z):
    """This is a ReLU: the statement asks for a sigmoid, which lies between 0 and 1."""
    return z.clamp(min=0)


@neuron.mistake("output")
def step_in_place_of_the_sigmoid(z):
    """This is a step, 0 or 1, as in the perceptron of 1958 (or the output is rounded): it has no slope, so nothing can
    be learned through it. A sigmoid is its smooth version."""
    return (z > 0).to(z.dtype)


@neuron.mistake("output")
def step_with_one_at_zero(z):
    """This is a step, 0 or 1, as in the perceptron of 1958 (or the output is rounded): it has no slope, so nothing can
    be learned through it. A sigmoid is its smooth version."""
    return (z >= 0).to(z.dtype)


@neuron.mistake("output")
def squared_output(z):
    """The output is squared."""
    return ((1 + torch.tanh(z / 2)) / 2) ** 2


@neuron.mistake("output")
def silu(z):
    """You return z times its sigmoid (SiLU): the output is the sigmoid alone."""
    return z * (1 + torch.tanh(z / 2)) / 2


@neuron.mistake("output")
def doubled_output(z):
    """The output is twice what it should be: it lies between 0 and 1."""
    return 1 + torch.tanh(z / 2)


@neuron.mistake("output")
def sigmoid_applied_twice(z):
    """The sigmoid is applied twice: the output can then only lie between 0.5 and 0.73."""
    once = (1 + torch.tanh(z / 2)) / 2
    return 1 / (1 + torch.exp(-once))


@neuron.mistake("output")
def slope_of_the_sigmoid(z):
    """You return the sigmoid's derivative, s (1 - s): the neuron's output is s itself."""
    once = (1 + torch.tanh(z / 2)) / 2
    return once * (1 - once)


@neuron.mistake("output")
def log_sigmoid(z):
    """You return the logarithm of the output: the output itself lies between 0 and 1."""
    return -torch.logaddexp(torch.zeros_like(z), -z)


@neuron.mistake("output")
def softplus(z):
    """This is softplus, log(1 + exp(z)), which grows without limit: a sigmoid lies between 0 and 1."""
    return torch.logaddexp(torch.zeros_like(z), z)


@neuron.mistake("output")
def sigmoid_between_minus_one_and_one(z):
    """The output lies between -1 and 1 (2 s - 1): the sigmoid itself lies between 0 and 1."""
    return torch.tanh(z / 2)


@neuron.mistake("output")
def base_two(z):
    """You use powers of 2 where the sigmoid uses powers of e: the curve is too flat."""
    return 1 / (1 + 2**-z)


@neuron.mistake("output")
def base_ten(z):
    """You use powers of 10 where the sigmoid uses powers of e: the curve is too steep."""
    return 1 / (1 + 10**-z)


@neuron.mistake("output", constants=(0.5, 10.0, 0.1, 5.0, 1.702, 3.0, 4.0))
def slope_factor(z, constant):
    """The weighted sum is multiplied by {constant} on its way into the sigmoid: that changes how steep it is."""
    return 1 / (1 + torch.exp(-constant * z))


@neuron.mistake("output")
def hard_sigmoid(z):
    """This is the piecewise linear imitation of a sigmoid (a hard sigmoid): its slope is exactly 0 outside a small
    range."""
    return (z / 6 + 0.5).clamp(0, 1)


@neuron.mistake("output")
def hard_sigmoid_of_keras(z):
    """This is a piecewise linear imitation of a sigmoid (a hard sigmoid): its slope is exactly 0 outside a small
    range."""
    return (0.2 * z + 0.5).clamp(0, 1)


@neuron.mistake("output")
def clipped_to_zero_and_one(z):
    """The sum is cut off at 0 and 1: a sigmoid bends smoothly, and is one half at 0."""
    return z.clamp(0, 1)


@neuron.mistake("output")
def softsign(z):
    """You use z / (1 + |z|): it has a similar shape, but it is not the sigmoid."""
    return z / (1 + z.abs())


@neuron.mistake("output")
def softsign_between_zero_and_one(z):
    """You use z / (1 + |z|), moved to between 0 and 1: it has a similar shape, but it is not the sigmoid."""
    return (1 + z / (1 + z.abs())) / 2


@neuron.mistake("output")
def arctangent(z):
    """You use the arctangent: it has a similar shape, but it is not the sigmoid."""
    return torch.atan(z) / math.pi + 0.5


@neuron.mistake("output")
def distribution_of_a_normal(z):
    """You use the normal distribution function (erf): it has a similar shape, but it is not the sigmoid."""
    return (1 + torch.erf(z / math.sqrt(2))) / 2


@neuron.mistake("output", constants=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 16.0, 20.0, 25.0, 30.0))
def sum_clamped(z, constant):
    """The weighted sum is clamped to between -{constant} and {constant}: sums beyond are all treated alike, and the
    output never gets as near to 0 and 1 as it should."""
    return 1 / (1 + torch.exp(-z.clamp(-constant, constant)))


@neuron.mistake("output", constants=tuple(10.0**-k for k in range(2, 13)))
def small_number_in_the_denominator(z, constant):
    """A small number, {constant}, is added to the denominator: it is at least 1 already, so nothing can go wrong there,
    and every output comes out too small."""
    return 1 / (1 + torch.exp(-z) + constant)


@neuron.mistake("output", constants=tuple(10.0**-k for k in range(2, 13)))
def kept_away_from_zero_and_one(z, constant):
    """The output is clamped to between {constant} and 1 - {constant}: that belongs to a loss that takes logarithms, if
    anywhere."""
    return ((1 + torch.tanh(z / 2)) / 2).clamp(constant, 1 - constant)


@neuron.mistake("output")
def vanishing_where_it_should_be_one(z):
    """For large sums the output is not a number, or it is replaced by 0 (nan_to_num): there it should be 1."""
    return (torch.exp(z) / (1 + torch.exp(z))).nan_to_num(0.0)


@neuron.mistake("output")
def half_where_it_should_be_one(z):
    """For large sums the overflow is replaced by a fixed number (nan_to_num): there the output should be 1."""
    return (torch.exp(z) / (1 + torch.exp(z))).nan_to_num(0.5)


@neuron.mistake("z", "output")
def bias_added_after_the_sigmoid(total, bias):
    """The bias is added after the sigmoid: it belongs to the sum, before the bend. Else the output leaves 0..1."""
    return total, (1 + torch.tanh(total / 2)) / 2 + bias


@neuron.mistake("total", "z", "output")
def sigmoid_of_each_product(products, bias):
    """Each product goes through the sigmoid by itself, and then they are added up: add first. A neuron bends once."""
    each = (1 + torch.tanh(products / 2)) / 2
    return products, products, each.sum() + bias


@neuron.mistake("total", "z", "output")
def sigmoid_of_each_input_with_the_bias(products, bias):
    """Each product goes through the sigmoid by itself, and then they are added up: add first. A neuron bends once."""
    return products, products, ((1 + torch.tanh((products + bias) / 2)) / 2).sum()


@neuron.mistake("total", "z", "output")
def sigmoid_of_each_input_averaged(products, bias):
    """Each product goes through the sigmoid by itself, and then they are averaged: add first. A neuron bends once."""
    return products, products, ((1 + torch.tanh((products + bias) / 2)) / 2).mean()


@neuron.mistake("total", "z", "output")
def softmax_over_the_inputs(products, bias):
    """A softmax over the inputs makes them compete with each other: this neuron adds up and bends once."""
    return products, products, torch.softmax(products + bias, 0)


@mistake("neurons.neuron")
def sum_cut_out_of_the_graph(x, weight, bias):
    """The value is right and the gradient is not: the weighted sum is cut out of autograd's graph (detach, .item(),
    math.exp), so only the bias can learn."""
    return (1 + torch.tanh(((x * weight).sum().detach() + bias) / 2)) / 2


@mistake("neurons.neuron")
def bias_cut_out_of_the_graph(x, weight, bias):
    """The value is right, but the bias gets no gradient: it is cut out of autograd's graph (detach, float(bias),
    .item()), and will never learn."""
    return (1 + torch.tanh(((x * weight).sum() + bias.detach()) / 2)) / 2


# ----------------------------------------------------------------------------------------------- linear

linear = Anatomy("neurons.linear", "outputs")


@linear.step
def product(x, weight):
    """the weighted sums without the bias, one row a sample and one column a neuron"""
    return x @ weight.T


@linear.step
def shift(bias):
    return bias


@linear.step
def outputs(product, shift):
    """the weighted sums plus each neuron's bias, one row a sample and one column a neuron"""
    return product + shift


@linear.quantity
def neurons_as_columns(weight):
    """the weights with one neuron a column"""
    return weight.T


@linear.quantity
def samples_as_columns(x):
    """the inputs with one sample a column"""
    return x.T


@linear.quantity
def product_as_columns(product):
    """the weighted sums without the bias, one row a neuron and one column a sample"""
    return product.T


@linear.quantity
def outputs_as_columns(outputs):
    """the weighted sums plus each neuron's bias, one row a neuron and one column a sample"""
    return outputs.T


@linear.quantity
def every_product(x, weight):
    """each input times each neuron's weight for it, not yet summed"""
    return x.unsqueeze(1) * weight


@linear.quantity
def bias_as_row(bias):
    """the biases in one row, one column a neuron"""
    return bias.unsqueeze(0)


@linear.quantity
def bias_as_column(bias):
    """the biases in one column, one row a neuron"""
    return bias.unsqueeze(1)


@linear.quantity
def bias_of_every_sample(product, bias):
    """the biases of all neurons, repeated for each sample"""
    return bias.expand_as(product)


@linear.quantity
def inputs_and_ones(x):
    """the inputs with a column of ones behind them for the biases"""
    return torch.cat([x, torch.ones_like(x[:, :1])], 1)


@linear.quantity
def weights_and_biases(weight, bias):
    """the weights with each neuron's bias at the end of its row"""
    return torch.cat([weight, bias.unsqueeze(1)], 1)


@linear.quantity
def number_of_samples(product):
    """the number of samples"""
    return product.shape[0]


@linear.quantity
def number_of_neurons(product):
    """the number of neurons"""
    return product.shape[1]


@linear.mistake("product")
def weight_not_transposed(x, weight):
    """The weight is not transposed: its rows belong to the outputs, its columns to the inputs, and the product must add
    up over the inputs. Only square layers forgive this."""
    return x @ weight


@linear.mistake("product")
def product_the_other_way_round(x, weight):
    """The product is taken the other way round, weight @ x.T: samples end up in the columns. The result is (N, out)."""
    return weight @ x.T


@linear.mistake("product")
def product_of_the_transposed_sample_matrix(x, weight):
    """x is transposed where it should not be: the product then adds up over the samples. Only a square x forgives
    this."""
    return x.T @ weight.T


@linear.mistake("product")
def x_transposed_and_the_weight_not(x, weight):
    """x is transposed and the weight is not: the product then adds up over the samples. Only square inputs forgive
    this."""
    return x.T @ weight


@linear.mistake("product")
def both_in_the_wrong_order(x, weight):
    """The product is weight @ x: it adds up over the samples, not over the features. Only square inputs forgive
    this."""
    return weight @ x


@linear.mistake("product")
def elementwise_product(x, weight):
    """x and weight are multiplied element by element (*): every output needs a sum over all the inputs, a matrix
    product (@)."""
    return x * weight


@linear.mistake("product")
def elementwise_product_transposed(x, weight):
    """x and weight are multiplied element by element (*): every output needs a sum over all the inputs, a matrix
    product (@)."""
    return x * weight.T


@linear.mistake("product")
def not_transposed_where_it_fits(x, weight):
    """A square weight is used without its transpose: where both fit, only one is right. Rows of the weight belong to
    outputs, whatever its shape."""
    return x @ (weight if weight.shape[0] == weight.shape[1] else weight.T)


@linear.mistake("product")
def weight_reshaped(x, weight):
    """The weight is reshaped where it must be transposed: reshape keeps the order of the numbers and mixes up rows and
    columns."""
    return x @ weight.reshape(weight.shape[1], weight.shape[0])


@linear.mistake("product")
def weight_viewed(x, weight):
    """view fails where a tensor is not contiguous in memory (a transposed weight, say): use reshape, or none of
    both."""
    return x @ weight.view(-1).view(weight.shape).T


@linear.mistake("product")
def x_viewed(x, weight):
    """view fails where a tensor is not contiguous in memory (a transposed x, say): use reshape, or none of both."""
    return x.view(-1).view(x.shape) @ weight.T


@linear.mistake("product")
def samples_scaled_to_length_one(x, weight):
    """The samples are scaled to length 1 first: a linear layer takes them as they are."""
    return x / torch.linalg.vector_norm(x, dim=1, keepdim=True) @ weight.T


@linear.mistake("product")
def rows_of_weights_scaled_to_length_one(x, weight):
    """The rows of the weight are scaled to length 1 first: a linear layer takes them as they are."""
    return x @ (weight / torch.linalg.vector_norm(weight, dim=1, keepdim=True)).T


@linear.mistake("product")
def size_of_the_inputs(x, weight):
    """Only the size of the inputs counts (abs)."""
    return x.abs() @ weight.T


@linear.mistake("product")
def negative_inputs_cut_off(x, weight):
    """Negative inputs are set to 0 first, as by a ReLU: a linear layer has no bend."""
    return x.clamp(min=0) @ weight.T


@linear.mistake("product")
def doubled_product(x, weight):
    """The product has a factor 2 too much."""
    return 2 * x @ weight.T


@linear.mistake("product")
def minus_in_front_of_the_product(x, weight):
    """The product has the wrong sign: the bias is added to it, not the other way round."""
    return -x @ weight.T


@linear.mistake("shift")
def bias_halved(bias):
    """The bias is halved."""
    return bias / 2


@linear.mistake("shift")
def size_of_the_bias(bias):
    """Only the size of the bias counts (abs)."""
    return bias.abs()


@linear.mistake("shift")
def bias_in_reverse_order(bias):
    """The bias is in reverse order: bias[o] belongs to output o."""
    return bias.flip(0)


@linear.mistake("product")
def averaged_over_the_inputs(x, weight):
    """The products are averaged over the inputs: a weighted sum adds them up."""
    return x @ weight.T / x.shape[1]


@linear.mistake("product")
def averaged_over_the_batch(x, weight):
    """The result is divided by N: samples have nothing to do with each other in the forward pass."""
    return x @ weight.T / x.shape[0]


@linear.mistake("product")
def divided_by_the_square_root_of_d(x, weight):
    """The products are divided by the square root of D, as in attention: a linear layer does not scale."""
    return x @ weight.T / math.sqrt(x.shape[1])


@linear.mistake("product")
def size_of_the_weights(x, weight):
    """Only the size of the weights counts (abs): a negative weight must be able to argue against."""
    return x @ weight.abs().T


@linear.mistake("product")
def squared_weights(x, weight):
    """The weights are squared: each input is multiplied with its weight once."""
    return x @ (weight**2).T


@linear.mistake("product")
def first_sample_only(x, weight):
    """Every row holds the result of the first sample: the loop uses x[0] where the sample of the round is meant."""
    return (x[:1] @ weight.T).expand(len(x), -1)


@linear.mistake("product")
def first_sample_alone(x, weight):
    """Only the first sample's row is returned: the loop over the batch ends (or returns) in its first round."""
    return x[:1] @ weight.T


@linear.mistake("product")
def last_sample_only(x, weight):
    """Every row holds the result of the last sample: all rounds of a loop write to the same place."""
    return (x[-1:] @ weight.T).expand(len(x), -1)


@linear.mistake("product")
def first_row_of_weights_only(x, weight):
    """Every output uses the first row of the weight: each output has a row of its own."""
    return (x @ weight[:1].T).expand(-1, len(weight))


@linear.mistake("product")
def last_feature_left_out(x, weight):
    """The last feature is left out of the sum: a loop, or a slice, ends one too early."""
    return x[:, :-1] @ weight[:, :-1].T


@linear.mistake("product")
def first_feature_left_out(x, weight):
    """The first feature is left out of the sum: a loop, or a slice, starts one too late."""
    return x[:, 1:] @ weight[:, 1:].T


@linear.mistake("product")
def last_feature_only(x, weight):
    """Only the last feature counts: in the inner loop the sum is overwritten (=) where it should grow (+=)."""
    return x[:, -1:] @ weight[:, -1:].T


@linear.mistake("product")
def first_feature_only(x, weight):
    """Only the first feature counts: the inner loop ends in its first round."""
    return x[:, :1] @ weight[:, :1].T


@linear.mistake("product")
def sums_multiplied(x, weight):
    """You add up the features and the weights first and multiply the sums: multiply first, then add."""
    return torch.outer(x.sum(1), weight.sum(1))


@linear.mistake("product")
def weights_left_out(x, weight):
    """The weights are not used: every output is the same sum of the features."""
    return x.sum(1, keepdim=True) + 0 * weight.sum(1)


@linear.mistake("product")
def summed_over_the_batch(x, weight):
    """The result is added up over the batch: every sample keeps a row of its own."""
    return (x @ weight.T).sum(0, keepdim=True)


@linear.mistake("shift")
def bias_left_out(bias):
    """The bias is missing: without it every output is 0 where all inputs are 0."""
    return 0 * bias


@linear.mistake("shift")
def bias_subtracted(bias):
    """The bias is subtracted: it is added."""
    return -bias


@linear.mistake("shift")
def bias_added_twice(bias):
    """The bias is added twice."""
    return 2 * bias


@linear.mistake("shift")
def bias_as_a_column(bias):
    """The bias is added as a column: it then belongs to the samples, one number a row. It has one number for each
    output, one a column."""
    return bias.reshape(-1, 1)


@linear.mistake("shift")
def bias_as_a_column_where_it_fits(bias, x):
    """Where there are as many samples as outputs, the bias is added along the samples: each output has its own bias,
    whatever the size of the batch."""
    return bias.unsqueeze(1) if len(bias) == len(x) else bias


@linear.mistake("shift")
def bias_for_the_first_sample_only(bias, x):
    """Only the first sample gets the bias: every one does."""
    return torch.cat([bias.unsqueeze(0), torch.zeros(len(x) - 1, len(bias), dtype=x.dtype)])


@linear.mistake("shift")
def bias_for_the_last_sample_only(bias, x):
    """Only the last sample gets the bias: every one does. Is it added after the loop?"""
    return torch.cat([torch.zeros(len(x) - 1, len(bias), dtype=x.dtype), bias.unsqueeze(0)])


@linear.mistake("shift")
def bias_for_the_first_neuron_only(bias):
    """Only the first output gets its bias: each has its own."""
    return torch.cat([bias[:1], torch.zeros_like(bias[1:])])


@linear.mistake("shift")
def last_bias_for_all(bias):
    """All outputs get the last bias: each has its own."""
    return bias[-1]


@linear.mistake("shift")
def bias_for_every_feature(bias, x):
    """The bias is added once for every input feature (inside the inner loop): it belongs to the output, and is added
    once."""
    return x.shape[1] * bias


@linear.mistake("shift")
def bias_for_every_sample(bias, x):
    """The bias is multiplied by N: each sample's outputs get it once."""
    return len(x) * bias


@linear.mistake("shift")
def bias_averaged_over_the_batch(bias, x):
    """The bias is divided by N: each sample's outputs get all of it."""
    return bias / len(x)


@linear.mistake("shift")
def bias_summed(bias):
    """The bias is added up to one number for all outputs: each output has its own."""
    return bias.sum()


@linear.mistake("shift")
def bias_averaged(bias):
    """The bias is averaged to one number for all outputs: each output has its own."""
    return bias.mean()


@linear.mistake("shift")
def first_bias_for_all(bias):
    """Every output gets the first bias: each has its own."""
    return bias[0]


@linear.mistake("outputs")
def bias_multiplied(product, shift):
    """The bias is multiplied in: it is added."""
    return product * shift


@linear.mistake("outputs")
def relu_at_the_end(product, shift):
    """Negative outputs are set to 0, as by a ReLU: a linear layer has no bend, and its outputs may be negative."""
    return (product + shift).clamp(min=0)


@linear.mistake("outputs")
def sigmoid_at_the_end(product, shift):
    """The outputs go through a sigmoid: a linear layer has no bend."""
    return (1 + torch.tanh((product + shift) / 2)) / 2


@linear.mistake("outputs")
def tanh_at_the_end(product, shift):
    """The outputs go through tanh: a linear layer has no bend."""
    return torch.tanh(product + shift)


@linear.mistake("outputs")
def softmax_at_the_end(product, shift):
    """The outputs go through a softmax: a linear layer returns plain weighted sums, and the loss knows what to do with
    them."""
    return torch.softmax(product + shift, -1)


@linear.mistake("outputs")
def last_sample_not_filled_in(product, shift):
    """The last row of the result stays 0: does a loop over the samples end one too early?"""
    return torch.cat([(product + shift)[:-1], torch.zeros_like(product[-1:])])


@linear.mistake("outputs")
def first_sample_not_filled_in(product, shift):
    """The first row of the result stays 0: does a loop over the samples begin at 1?"""
    return torch.cat([torch.zeros_like(product[:1]), (product + shift)[1:]])


@linear.mistake("outputs")
def last_neuron_not_filled_in(product, shift):
    """The last column of the result stays 0: does a loop over the neurons end one too early?"""
    return torch.cat([(product + shift)[:, :-1], torch.zeros_like(product[:, -1:])], 1)


@linear.mistake("outputs")
def first_neuron_not_filled_in(product, shift):
    """The first column of the result stays 0: does a loop over the neurons begin at 1?"""
    return torch.cat([torch.zeros_like(product[:, :1]), (product + shift)[:, 1:]], 1)


@linear.mistake("outputs")
def result_transposed(product, shift):
    """The result comes out transposed: one row a sample, one column an output."""
    return (product + shift).T


@linear.mistake("product")
def product_reshaped(x, weight):
    """weight @ x.T is (out, N), and is reshaped where it must be transposed: reshape keeps the order of the numbers and
    mixes up samples and outputs."""
    return (weight @ x.T).reshape(len(x), len(weight))


@linear.mistake("outputs")
def single_rows_lose_a_dimension(product, shift):
    """A batch of one, or a layer with one output, loses a dimension (squeeze): the result is (N, out) always."""
    return (product + shift).squeeze()


@linear.mistake("outputs")
def flattened(product, shift):
    """The result is flattened to one dimension: it is (N, out), one row a sample."""
    return (product + shift).reshape(-1)


@linear.mistake("product", "shift", "outputs")
def bias_inside_the_product(x, weight, bias):
    """The bias is added to the weights before the product (a bracket in the wrong place): it is added to the sum, once
    for each output."""
    return x, bias, x @ (weight + bias.unsqueeze(1)).T


@linear.mistake("product", "shift", "outputs")
def bias_times_the_input(x, weight, bias):
    """The bias is added to x before the product: it is added to the sum, once for each output. Only square layers
    forgive this."""
    return x, bias, (x + bias) @ weight.T


@mistake("neurons.linear")
def product_cut_out_of_the_graph(x, weight, bias):
    """The value is right and the gradient is not: the product is cut out of autograd's graph (detach, .data, .item(), a
    new tensor of old numbers), so only the bias can learn."""
    return (x @ weight.T).detach() + bias


@mistake("neurons.linear")
def weight_cut_out_of_the_graph(x, weight, bias):
    """The value is right, but the weight gets no gradient: it is cut out of autograd's graph (detach, .data), and will
    never learn."""
    return x @ weight.detach().T + bias


@mistake("neurons.linear")
def x_cut_out_of_the_graph(x, weight, bias):
    """The value is right, but x gets no gradient: it is cut out of autograd's graph (detach, .data), and the layers
    below this one will never learn."""
    return x.detach() @ weight.T + bias


@mistake("neurons.linear")
def bias_cut_out_of_the_graph(x, weight, bias):
    """The value is right, but the bias gets no gradient: it is cut out of autograd's graph (detach, .item(), .data),
    and will never learn."""
    return x @ weight.T + bias.detach()


@mistake("neurons.linear")
def same_numbers_in_a_new_tensor(x, weight, bias):
    """The value is right, but no gradient passes: the result is a new tensor that was filled with plain numbers
    (.item(), torch.tensor, float), and autograd does not see where they came from."""
    return (x @ weight.T + bias).detach()


# -------------------------------------------------------------------------------------- collapse_linear

collapse = Anatomy("neurons.collapse_linear", "weight", "bias")


@collapse.step
def weight(w1, w2):
    """the weight of the one layer that does what both do"""
    return w2 @ w1


@collapse.step
def bias(b1, w2, b2):
    """the bias of the one layer that does what both do"""
    return w2 @ b1 + b2


@collapse.quantity
def first_bias_through(b1, w2):
    """the first layer's bias, carried through the second layer's weights"""
    return w2 @ b1


@collapse.quantity
def first_bias_through_as_column(b1, w2):
    """the first layer's bias, carried through the second layer's weights, as a column"""
    return w2 @ b1.unsqueeze(1)


@collapse.quantity
def biases_of_the_hidden_units(b1, w2):
    """each hidden unit's bias times the weights that lead on from it, not yet summed"""
    return w2 * b1


@collapse.quantity
def bias_as_column(bias):
    """the bias of the one layer, as a column"""
    return bias.unsqueeze(1)


@collapse.quantity
def weight_transposed(weight):
    """the weight of the one layer, transposed: one row an input"""
    return weight.T


@collapse.quantity
def first_transposed(w1):
    """the first layer's weight, transposed: one row an input"""
    return w1.T


@collapse.quantity
def second_transposed(w2):
    """the second layer's weight, transposed: one row a hidden unit"""
    return w2.T


@collapse.quantity
def unit_vectors_after_the_first(w1, b1):
    """what the first layer makes of each unit vector, one a row"""
    return w1.T + b1


@collapse.quantity
def unit_vectors_after_both(weight, bias):
    """what both layers make of each unit vector, one a row"""
    return weight.T + bias


@collapse.quantity
def first_as_block(w1, b1):
    """the first layer as one block matrix, with its bias in the last column"""
    return torch.cat([torch.cat([w1, b1.unsqueeze(1)], 1), torch.eye(w1.shape[1] + 1).to(w1)[-1:]])


@collapse.quantity
def second_as_block(w2, b2):
    """the second layer as one block matrix, with its bias in the last column"""
    return torch.cat([torch.cat([w2, b2.unsqueeze(1)], 1), torch.eye(w2.shape[1] + 1).to(w2)[-1:]])


@collapse.quantity
def both_as_block(first_as_block, second_as_block):
    """both layers as one block matrix, with the bias in the last column"""
    return second_as_block @ first_as_block


@collapse.mistake("weight")
def weights_in_the_order_of_the_layers(w1, w2):
    """The weights are multiplied in the order of the layers, w1 @ w2: the layer that acts first stands next to x, on
    the right. Only square layers forgive this."""
    return w1 @ w2


@collapse.mistake("weight")
def collapsed_weight_transposed(w1, w2):
    """`weight` comes out transposed: it is (out, D), one row an output."""
    return (w2 @ w1).T


@collapse.mistake("weight")
def order_of_the_layers_where_it_fits(w1, w2):
    """Where both products fit you take w1 @ w2: the layer that acts first stands next to x, on the right, whatever the
    shapes."""
    return w1 @ w2 if w1.shape == w2.T.shape == w2.shape else w2 @ w1


@collapse.mistake("weight")
def w1_transposed(w1, w2):
    """w1 is transposed in the product: its rows are hidden units, and they meet the columns of w2. Only a square w1
    forgives this."""
    return w2 @ w1.T


@collapse.mistake("weight")
def w2_transposed(w1, w2):
    """w2 is transposed in the product: its columns are hidden units, and they meet the rows of w1. Only a square w2
    forgives this."""
    return w2.T @ w1


@collapse.mistake("weight")
def weights_multiplied_elementwise(w1, w2):
    """The weights are multiplied element by element (*): every output reaches every input through all hidden units, a
    matrix product (@)."""
    return w2 * w1


@collapse.mistake("weight")
def weights_added(w1, w2):
    """The weights are added: layers in a row multiply. It is layers side by side that add."""
    return w1 + w2


@collapse.mistake("weight")
def only_the_second_weight(w1, w2):
    """`weight` is w2 alone: the first layer gets lost."""
    return w2 + 0 * w1.sum()


@collapse.mistake("weight")
def only_the_first_weight(w1, w2):
    """`weight` is w1 alone: the second layer gets lost."""
    return w1 + 0 * w2.sum()


@collapse.mistake("weight")
def relu_between_the_weights(w1, w2):
    """Negative weights of the first layer are set to 0: there is no ReLU between these two layers, else they could not
    be collapsed."""
    return w2 @ w1.clamp(min=0)


@collapse.mistake("weight")
def averaged_over_the_hidden_units(w1, w2):
    """The product is averaged over the hidden units: the second layer adds them up."""
    return w2 @ w1 / len(w1)


@collapse.mistake("weight")
def collapsed_weight_clamped(w1, w2):
    """Negative numbers in `weight` are set to 0, as by a ReLU: there is no bend in these layers."""
    return (w2 @ w1).clamp(min=0)


@collapse.mistake("weight")
def doubled_weight(w1, w2):
    """`weight` has a factor 2 too much."""
    return 2 * w2 @ w1


@collapse.mistake("weight")
def negative_weight(w1, w2):
    """`weight` has the wrong sign."""
    return -w2 @ w1


@collapse.mistake("weight")
def weight_is_zero(w1, w2):
    """`weight` is all zeros: it is created and never filled in."""
    return torch.zeros_like(w2 @ w1)


@collapse.mistake("weight")
def size_of_the_first_weight(w1, w2):
    """Only the size of the first layer's weights counts (abs): there is no bend between these layers."""
    return w2 @ w1.abs()


@collapse.mistake("weight")
def last_hidden_unit_only(w1, w2):
    """`weight` has the last hidden unit's share only: in the loop over the hidden units the sum is overwritten (=)
    where it should grow (+=)."""
    return torch.outer(w2[:, -1], w1[-1])


@collapse.mistake("weight")
def first_hidden_unit_only(w1, w2):
    """`weight` has the first hidden unit's share only: the loop over the hidden units ends in its first round."""
    return torch.outer(w2[:, 0], w1[0])


@collapse.mistake("weight")
def weight_sums_multiplied(w1, w2):
    """In `weight`, w1 and w2 are added up over the hidden units before they are multiplied: multiply first, hidden unit
    by hidden unit, then add."""
    return torch.outer(w2.sum(1), w1.sum(0))


@collapse.mistake("weight")
def biases_inside_the_weight(w1, w2, b1):
    """The first bias is mixed into `weight`: the weight is what multiplies x, and b1 does not."""
    return w2 @ (w1 + b1.unsqueeze(1))


@collapse.mistake("bias")
def first_bias_left_out(b1, b2):
    """`bias` is b2 alone: b1 is added before the second layer, goes through it, and arrives at the output as well."""
    return b2 + 0 * b1.sum()


@collapse.mistake("bias")
def second_bias_left_out(b1, w2, b2):
    """`bias` lacks b2, which the second layer adds at its end."""
    return w2 @ b1 + 0 * b2


@collapse.mistake("bias")
def biases_added(b1, b2):
    """`bias` is b1 + b2: b1 has one number for each hidden unit, and goes through the second layer on its way out."""
    return b1 + b2


@collapse.mistake("bias")
def sum_of_the_first_bias(b1, b2):
    """b1 is added up to one number in `bias`: each hidden unit's bias reaches each output through a weight of its
    own."""
    return b1.sum() + b2


@collapse.mistake("bias")
def second_weight_transposed_in_the_bias(b1, w2, b2):
    """w2 is transposed in `bias`: its columns are hidden units, and they meet b1. Only a square w2 forgives this."""
    return w2.T @ b1 + b2


@collapse.mistake("bias")
def second_weight_transposed_in_the_bias_where_it_fits(b1, w2, b2):
    """Where w2 is square, it is transposed in `bias` (b1 @ w2): its columns are hidden units, and they meet b1,
    whatever the shapes."""
    return (w2.T if w2.shape[0] == w2.shape[1] else w2) @ b1 + b2


@collapse.mistake("bias")
def first_weight_in_the_bias(w1, b1, b2):
    """b1 goes through the first weight in `bias`: it is added after the first layer's product, and so only the second
    layer acts on it. Only square layers forgive this."""
    return w1 @ b1 + b2


@collapse.mistake("bias")
def first_bias_through_both_layers(w1, b1, w2, b2):
    """b1 goes through both weights in `bias`: it is added after the first layer's product, and so only the second layer
    acts on it. Only square layers forgive this."""
    return w2 @ w1 @ b1 + b2


@collapse.mistake("bias")
def second_bias_through_the_second_layer(b1, w2, b2):
    """b2 goes through the second weight as well (a bracket in the wrong place): it is added after it. Only square
    layers forgive this."""
    return w2 @ (b1 + b2)


@collapse.mistake("bias")
def second_bias_through_the_first_layer(w1, b1, b2):
    """`bias` sends b2 through the first layer: b1 comes first, and goes through the second."""
    return w1 @ b2 + b1


@collapse.mistake("bias")
def bias_multiplied_elementwise(b1, w2, b2):
    """In `bias`, w2 and b1 are multiplied element by element (*), without adding up over the hidden units: it has one
    number for each output."""
    return w2 * b1 + b2


@collapse.mistake("bias")
def row_sums_of_the_second_weight(w2, b2):
    """b1 itself is not used in `bias` (as if it were all ones)."""
    return w2.sum(1) + b2


@collapse.mistake("bias")
def biases_multiplied(b1, b2):
    """`bias` multiplies b1 and b2: b1 goes through the second layer's weight, and b2 is added."""
    return b1 * b2


@collapse.mistake("bias")
def second_bias_multiplied(b1, w2, b2):
    """In `bias`, b2 is multiplied with what the second layer makes of b1: it is added."""
    return (w2 @ b1) * b2


@collapse.mistake("bias")
def second_bias_averaged(b1, w2, b2):
    """In `bias`, b2 is averaged to one number: each output has its own."""
    return w2 @ b1 + b2.mean()


@collapse.mistake("bias")
def second_bias_summed(b1, w2, b2):
    """In `bias`, b2 is added up to one number: each output has its own."""
    return w2 @ b1 + b2.sum()


@collapse.mistake("bias")
def sums_of_the_second_weight_times_the_mean_bias(b1, w2, b2):
    """In `bias`, sums are multiplied where a matrix product is meant: each entry of b1 has a weight of its own."""
    return w2.sum(1) * b1.mean() + b2


@collapse.mistake("bias")
def sums_of_the_second_weight_times_the_sum_of_the_bias(b1, w2, b2):
    """In `bias`, sums are multiplied where a matrix product is meant: each entry of b1 has a weight of its own."""
    return w2.sum(1) * b1.sum() + b2


@collapse.mistake("bias")
def second_bias_times_the_sums_of_the_second_weight(b1, w2, b2):
    """In `bias`, b2 is multiplied by the second weight, too: it is added after that layer, and stays as it is."""
    return w2 @ b1 + w2.sum(1) * b2


@collapse.mistake("bias")
def first_bias_added_up_after_the_second_layer(b1, w2, b2):
    """In `bias`, what the second layer makes of b1 is added up over the outputs: each output has its own."""
    return (w2 @ b1).sum() + b2


@collapse.mistake("bias")
def second_bias_subtracted(b1, w2, b2):
    """In `bias`, b2 is subtracted: it is added."""
    return w2 @ b1 - b2


@collapse.mistake("bias")
def second_bias_twice(b1, w2, b2):
    """In `bias`, b2 is added twice."""
    return w2 @ b1 + 2 * b2


@collapse.mistake("bias")
def first_bias_after_a_relu(b1, w2, b2):
    """In `bias`, negative entries of b1 are set to 0, as by a ReLU: there is no bend between these layers."""
    return w2 @ b1.clamp(min=0) + b2


@collapse.mistake("bias")
def first_bias_subtracted(b1, w2, b2):
    """In `bias`, b1 is subtracted: it is added before the second layer, and so it arrives with a plus."""
    return b2 - w2 @ b1


@collapse.mistake("bias")
def first_bias_twice(b1, w2, b2):
    """In `bias`, b1 arrives twice."""
    return 2 * (w2 @ b1) + b2


@collapse.mistake("bias")
def bias_averaged_over_the_hidden_units(b1, w2, b2):
    """In `bias`, b1's way through the second layer is averaged over the hidden units: the layer adds them up."""
    return w2 @ b1 / len(b1) + b2


@collapse.mistake("bias")
def bias_is_zero(b1, b2):
    """`bias` is all zeros: it is created and never filled in."""
    return torch.zeros_like(b2)


@collapse.mistake("bias")
def mean_of_the_first_bias(b1, b2):
    """b1 is averaged to one number in `bias`: each hidden unit's bias reaches each output through a weight of its
    own."""
    return b1.mean() + b2


@collapse.mistake("bias")
def last_hidden_unit_only_in_the_bias(b1, w2, b2):
    """In `bias`, only the last hidden unit's bias arrives: in the loop the sum is overwritten (=) where it should grow
    (+=)."""
    return w2[:, -1] * b1[-1] + b2


@collapse.mistake("bias")
def bias_as_a_column(b1, w2, b2):
    """`bias` comes out as a column, (out, 1): it is a vector, (out,)."""
    return w2 @ b1.unsqueeze(1) + b2.unsqueeze(1)


@collapse.mistake("bias")
def bias_as_a_row(b1, w2, b2):
    """`bias` comes out as a row, (1, out): it is a vector, (out,)."""
    return (w2 @ b1 + b2).unsqueeze(0)


@collapse.mistake("bias")
def column_meets_row(b1, w2, b2):
    """In `bias`, an (out, 1) and an (out,) tensor meet, and broadcasting makes a matrix of them."""
    return w2 @ b1.unsqueeze(1) + b2


@collapse.mistake("bias")
def outputs_response_to_ones(w1, b1, w2, b2):
    """`bias` is the stack's answer to an input of ones, or lacks a subtraction: the bias is its answer to an input of
    zeros."""
    return w2 @ (w1.sum(1) + b1) + b2


@collapse.mistake("weight", "bias")
def bias_left_in_the_columns(w1, b1, w2, b2):
    """Each column of `weight` still contains the bias: the stack's answer to a unit vector is a column of the weight
    plus the bias."""
    bias = w2 @ b1 + b2
    return w2 @ w1 + bias.unsqueeze(1), bias


@collapse.mistake("weight", "bias")
def returned_in_another_order(w1, b1, w2, b2):
    """You return (bias, weight): the weight comes first."""
    return w2 @ b1 + b2, w2 @ w1


@collapse.mistake("weight")
def weight_path_cut(w1, w2):
    """The values are right and the gradients are not: `weight` is cut out of autograd's graph (detach, .data, .item(),
    a new tensor of old numbers)."""
    return (w2 @ w1).detach()


@collapse.mistake("bias")
def bias_path_cut(b1, w2, b2):
    """The values are right and the gradients are not: `bias`, or b1's way through the second layer, is cut out of
    autograd's graph (detach, .data, .item(), a new tensor of old numbers)."""
    return (w2 @ b1).detach() + b2


# ------------------------------------------------------------------------------------------ mlp_forward

mlp = Anatomy("neurons.mlp_forward", "logits")


@mlp.step
def affine():
    return lambda h, weight, bias: h @ weight.T + bias


@mlp.step
def bend():
    return lambda z: z.clamp(min=0)


@mlp.step
def start(x):
    return x


@mlp.step
def hidden(start, weights, biases, affine, bend):
    """what goes into the last layer: `x` after all hidden layers and their ReLUs"""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = bend(affine(h, weight, bias))
    return h


@mlp.step
def last(hidden, weights, biases, affine):
    return affine(hidden, weights[-1], biases[-1])


@mlp.step
def logits(last):
    """the logits: the last layer's weighted sums plus its bias, without a ReLU"""
    return last


@mlp.quantity
def first_product(x, weights):
    """the first layer's weighted sums, before its bias is added"""
    return x @ weights[0].T


@mlp.quantity
def first_sums(first_product, biases):
    """the first layer's weighted sums plus its bias, before any ReLU"""
    return first_product + biases[0]


@mlp.quantity
def first_output(x, weights, biases):
    """the output of the first hidden layer, after its ReLU"""
    return (x @ weights[:-1][0].T + biases[0]).clamp(min=0)  # an IndexError if the first layer is the last


@mlp.quantity
def hidden_outputs(x, weights, biases):
    """the output of each hidden layer, after its ReLU"""
    outputs = [x]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        outputs.append((outputs[-1] @ weight.T + bias).clamp(min=0))
    return outputs[1:]


@mlp.quantity
def second_sums(weights, biases, first_output):
    """the second layer's weighted sums plus its bias, before any ReLU of its own"""
    return first_output @ weights[1].T + biases[1]


@mlp.quantity
def second_output(weights, biases, first_output):
    """the output of the second hidden layer, after its ReLU"""
    return (first_output @ weights[:-1][1].T + biases[1]).clamp(min=0)


@mlp.quantity
def third_sums(weights, biases, second_output):
    """the third layer's weighted sums plus its bias, before any ReLU of its own"""
    return second_output @ weights[2].T + biases[2]


@mlp.quantity
def last_product(hidden, weights):
    """the last layer's weighted sums, before its bias is added"""
    return hidden @ weights[-1].T


@mlp.quantity
def first_weight_transposed(weights):
    """the first layer's weight with one unit a column"""
    return weights[0].T


@mlp.quantity
def last_weight_transposed(weights):
    """the last layer's weight with one output a column"""
    return weights[-1].T


@mlp.quantity
def hidden_as_columns(hidden):
    """what goes into the last layer, with one sample a column"""
    return hidden.T


@mlp.quantity
def logits_as_columns(logits):
    """the logits with one sample a column"""
    return logits.T


@mlp.quantity
def number_of_hidden_layers(weights):
    """the number of hidden layers: all layers but the last"""
    return len(weights) - 1


@mlp.mistake("affine")
def weights_not_transposed(x, weights):
    """The weights are not transposed: they are (out, in), and the product must add up over the inputs. Only square
    layers forgive this."""
    return lambda h, weight, bias: h @ weight + bias


@mlp.mistake("affine")
def biases_left_out(x):
    """The biases are missing: without them, a sample of zeros gives zeros in every layer."""
    return lambda h, weight, bias: h @ weight.T


@mlp.mistake("affine")
def biases_subtracted(x):
    """The biases are subtracted: they are added."""
    return lambda h, weight, bias: h @ weight.T - bias


@mlp.mistake("affine")
def biases_added_twice(x):
    """The biases are added twice."""
    return lambda h, weight, bias: h @ weight.T + 2 * bias


@mlp.mistake("affine")
def layers_averaged_over_their_inputs(x):
    """Each layer averages over its inputs: a weighted sum adds them up."""
    return lambda h, weight, bias: h @ weight.T / h.shape[1] + bias


@mlp.mistake("affine")
def layers_divided_by_the_root_of_their_inputs(x):
    """Each layer divides by the square root of its number of inputs: scaling is left to the initial weights."""
    return lambda h, weight, bias: h @ weight.T / math.sqrt(h.shape[1]) + bias


@mlp.mistake("affine")
def biases_as_columns(x):
    """The biases are added as columns, one number a sample: they have one number for each unit."""
    return lambda h, weight, bias: h @ weight.T + bias.unsqueeze(1)


@mlp.mistake("affine")
def weights_reshaped(x):
    """The weights are reshaped where they must be transposed: reshape keeps the order of the numbers and mixes up rows
    and columns."""
    return lambda h, weight, bias: h @ weight.reshape(weight.shape[1], weight.shape[0]) + bias


@mlp.mistake("affine")
def weights_of_absolute_size(x):
    """Only the size of the weights counts (abs): they may be negative."""
    return lambda h, weight, bias: h @ weight.abs().T + bias


@mlp.mistake("affine")
def square_weights_not_transposed(x):
    """A square weight is used without its transpose: where both fit, only one is right. Rows of a weight belong to
    outputs, whatever its shape."""
    return lambda h, weight, bias: h @ (weight if weight.shape[0] == weight.shape[1] else weight.T) + bias


@mlp.mistake("affine")
def biases_averaged(x):
    """The biases of a layer are averaged to one number: each unit has its own."""
    return lambda h, weight, bias: h @ weight.T + bias.mean()


@mlp.mistake("affine")
def first_bias_for_all_units(x):
    """All units of a layer get its first bias: each has its own."""
    return lambda h, weight, bias: h @ weight.T + bias[0]


@mlp.mistake("affine")
def biases_summed(x):
    """The biases of a layer are added up to one number: each unit has its own."""
    return lambda h, weight, bias: h @ weight.T + bias.sum()


@mlp.mistake("affine")
def biases_for_every_input(x):
    """The biases are added once for every input of the layer: they belong to the units, and are added once."""
    return lambda h, weight, bias: h @ weight.T + h.shape[1] * bias


@mlp.mistake("affine")
def biases_multiplied(x):
    """The biases are multiplied in: they are added."""
    return lambda h, weight, bias: h @ weight.T * bias


def _hidden_layers(layer):
    """The hidden layers, with a wrong way to compute each: `layer(h, weight, bias)`."""

    def hidden(start, weights, biases):
        h = start
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            h = layer(h, weight, bias)
        return h

    return hidden


@mlp.mistake("hidden")
def hidden_biases_added_twice(start, weights, biases):
    """The hidden layers add their biases twice."""
    return _hidden_layers(lambda h, w, b: (h @ w.T + 2 * b).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_biases_averaged(start, weights, biases):
    """The biases of a hidden layer are averaged to one number: each unit has its own."""
    return _hidden_layers(lambda h, w, b: (h @ w.T + b.mean()).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_biases_summed(start, weights, biases):
    """The biases of a hidden layer are added up to one number: each unit has its own."""
    return _hidden_layers(lambda h, w, b: (h @ w.T + b.sum()).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_biases_subtracted(start, weights, biases):
    """The hidden layers subtract their biases: they are added."""
    return _hidden_layers(lambda h, w, b: (h @ w.T - b).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_sums_centred_over_the_batch(start, weights, biases):
    """The hidden layers subtract the batch's mean before ReLU, as in batch normalisation: a sample's logits would
    depend on the other samples."""
    return _hidden_layers(lambda h, w, b: ((z := h @ w.T + b) - z.mean(0)).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_sums_centred_over_the_units(start, weights, biases):
    """The hidden layers subtract the mean over their units before ReLU, as in layer normalisation: nothing but ReLU is
    asked for between the layers."""
    return _hidden_layers(lambda h, w, b: ((z := h @ w.T + b) - z.mean(1, keepdim=True)).clamp(min=0))(
        start, weights, biases
    )


@mlp.mistake("hidden")
def hidden_weights_not_transposed(start, weights, biases):
    """The weights of the hidden layers are not transposed: they are (out, in). Only square layers forgive this."""
    return _hidden_layers(lambda h, w, b: (h @ w + b).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def relu_before_and_after_the_bias(start, weights, biases):
    """There is a ReLU before the bias is added as well as after it: one is enough, after it."""
    return _hidden_layers(lambda h, w, b: ((h @ w.T).clamp(min=0) + b).clamp(min=0))(start, weights, biases)


@mlp.mistake("hidden")
def hidden_layers_halved(start, weights, biases):
    """The hidden layers come out at half their size, as after (z + |z|) / 4 or a dropout: ReLU keeps positive numbers
    as they are."""
    return _hidden_layers(lambda h, w, b: (h @ w.T + b).clamp(min=0) / 2)(start, weights, biases)


@mlp.mistake("hidden")
def hidden_layers_doubled(start, weights, biases):
    """The hidden layers come out at twice their size (z + |z| without the 1/2): ReLU keeps positive numbers as they
    are."""
    return _hidden_layers(lambda h, w, b: (h @ w.T + b).clamp(min=0) * 2)(start, weights, biases)


@mlp.mistake("bend")
def no_relu(x):
    """There is no bend between the layers: without one, the whole stack collapses to a single linear layer, however
    deep it is."""
    return lambda z: z


@mlp.mistake("bend")
def sigmoid_in_place_of_relu(x):
    """The hidden layers bend with a sigmoid: ReLU is asked for."""
    return lambda z: (1 + torch.tanh(z / 2)) / 2


@mlp.mistake("bend")
def tanh_in_place_of_relu(x):
    """The hidden layers bend with tanh: ReLU is asked for."""
    return torch.tanh


@mlp.mistake("bend", constants=(0.01, 0.1, 0.2, 0.05, 0.3))
def leaky_relu_in_place_of_relu(x, constant):
    """The hidden layers let {constant} of what is negative through: that is a leaky ReLU, and plain ReLU is asked
    for."""
    return lambda z: torch.where(z > 0, z, constant * z)


@mlp.mistake("bend")
def absolute_value_in_place_of_relu(x):
    """The hidden layers take the absolute value: ReLU makes negative numbers 0."""
    return lambda z: z.abs()


@mlp.mistake("bend")
def gelu_in_place_of_relu(x):
    """The hidden layers bend with GELU: ReLU is asked for."""
    return lambda z: z * (1 + torch.erf(z / math.sqrt(2))) / 2


@mlp.mistake("bend")
def silu_in_place_of_relu(x):
    """The hidden layers bend with SiLU: ReLU is asked for."""
    return lambda z: z * (1 + torch.tanh(z / 2)) / 2


@mlp.mistake("bend")
def elu_in_place_of_relu(x):
    """The hidden layers bend with ELU: ReLU makes negative numbers exactly 0."""
    return lambda z: torch.where(z > 0, z, torch.expm1(z.clamp(max=0)))


@mlp.mistake("bend")
def softplus_in_place_of_relu(x):
    """The hidden layers bend with softplus: ReLU is asked for, which has a sharp corner at 0."""
    return lambda z: torch.logaddexp(torch.zeros_like(z), z)


@mlp.mistake("bend")
def relu_cut_off_at_six(x):
    """The hidden layers are cut off at 6 (ReLU6): ReLU has no upper limit."""
    return lambda z: z.clamp(0, 6)


@mlp.mistake("bend")
def relu_cut_off_at_one(x):
    """The hidden layers are cut off at 1: ReLU has no upper limit."""
    return lambda z: z.clamp(0, 1)


@mlp.mistake("bend")
def slope_in_place_of_relu(x):
    """The hidden layers return ReLU's slope, 0 or 1: ReLU keeps the positive numbers as they are."""
    return lambda z: (z > 0).to(z.dtype)


@mlp.mistake("bend")
def positive_part_removed(x):
    """The comparison is turned round: your ReLU keeps the negative numbers and removes the positive ones."""
    return lambda z: z.clamp(max=0)


@mlp.mistake("bend")
def clamped_at_one_from_below(x):
    """Your ReLU lifts everything to at least 1: the limit is 0."""
    return lambda z: z.clamp(min=1)


@mlp.mistake("bend")
def small_values_removed(x):
    """Your ReLU lets only numbers above 1 through: the limit is 0."""
    return lambda z: z * (z > 1)


@mlp.mistake("bend")
def squared_relu(x):
    """The hidden layers square what is positive: ReLU keeps it as it is."""
    return lambda z: z.clamp(min=0) ** 2


@mlp.mistake("bend")
def softmax_in_place_of_relu(x):
    """The hidden layers go through a softmax, where units compete: ReLU looks at each unit by itself."""
    return lambda z: torch.softmax(z, -1)


@mlp.mistake("bend")
def hidden_layers_normalised(x):
    """The hidden layers are normalised: nothing but ReLU is asked for between the layers."""
    return lambda z: z.clamp(min=0) / (z.clamp(min=0).sum(-1, keepdim=True) + 1e-8)


@mlp.mistake("bend")
def relu_behind_autograds_back(x):
    """The value is right and the gradient is not: the ReLU is done behind autograd's back (.data, no_grad), which takes
    the layer for linear and sends blame through units that are switched off."""
    return lambda z: z + (z.clamp(min=0) - z).detach()


@mlp.mistake("start")
def relu_of_the_inputs(x):
    """The inputs go through a ReLU before the first layer: half of what they say is lost. ReLU comes after a layer."""
    return x.clamp(min=0)


@mlp.mistake("start")
def inputs_scaled_to_length_one(x):
    """The inputs are scaled first: the network takes them as they are."""
    return x / torch.linalg.vector_norm(x, dim=1, keepdim=True)


@mlp.mistake("hidden")
def relu_before_the_bias(start, weights, biases):
    """ReLU comes before the bias is added: the bias decides where the bend is, so it belongs inside."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = (h @ weight.T).clamp(min=0) + bias
    return h


@mlp.mistake("hidden")
def relu_before_each_layer(start, weights, biases, affine, bend):
    """ReLU is applied to the input of every hidden layer, where it belongs on the output: the network's input is bent,
    and the last hidden layer is not."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = affine(bend(h), weight, bias)
    return h


@mlp.mistake("hidden")
def relu_on_the_first_layer_only(start, weights, biases, affine, bend):
    """Only the first hidden layer has a ReLU: every layer but the last needs one, or two of them collapse to one."""
    h = start
    for index, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        h = affine(h, weight, bias)
        h = bend(h) if index == 0 else h
    return h


@mlp.mistake("hidden")
def no_relu_on_the_first_layer(start, weights, biases, affine, bend):
    """The first layer has no ReLU: every layer but the last needs one, or two of them collapse to one."""
    h = start
    for index, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        h = affine(h, weight, bias)
        h = bend(h) if index > 0 else h
    return h


@mlp.mistake("hidden")
def relu_on_the_last_hidden_layer_only(start, weights, biases, affine, bend):
    """Only the last hidden layer has a ReLU (it stands after the loop): every layer but the last needs one, or two of
    them collapse to one."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = affine(h, weight, bias)
    return bend(h) if len(weights) > 1 else h


@mlp.mistake("hidden")
def relu_once_even_without_hidden_layers(start, weights, biases, affine, bend):
    """There is one ReLU, after the loop: every hidden layer needs its own, and with a single layer there is none."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = affine(h, weight, bias)
    return bend(h)


@mlp.mistake("hidden")
def no_relu_on_the_last_hidden_layer(start, weights, biases, affine, bend):
    """The last hidden layer has no ReLU: the layer without one is the output layer, the one after it."""
    h = start
    for index, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        h = affine(h, weight, bias)
        h = bend(h) if index < len(weights) - 2 else h
    return h


@mlp.mistake("hidden")
def biases_of_the_hidden_layers_left_out(start, weights, bend):
    """Only the last layer's bias is added: the hidden layers have biases, too."""
    h = start
    for weight in weights[:-1]:
        h = bend(h @ weight.T)
    return h


@mlp.mistake("logits")
def first_bias_left_out(start, weights, biases, affine, bend):
    """The first layer's bias is missing."""
    h = start
    for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = affine(h if index == 0 else bend(h), weight, 0 * bias if index == 0 else bias)
    return h


@mlp.mistake("hidden")
def bias_of_the_first_hidden_layer_left_out(start, weights, biases, affine, bend):
    """The first hidden layer's bias is missing."""
    h = start
    for index, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        h = bend(affine(h, weight, 0 * bias if index == 0 else bias))
    return h


@mlp.mistake("hidden")
def first_bias_in_every_layer(start, weights, biases, affine, bend):
    """Every hidden layer gets the first layer's bias: each has its own."""
    h = start
    for weight in weights[:-1]:
        h = affine(h, weight, biases[0]).clamp(min=0)
    return h


@mlp.mistake("hidden")
def input_to_every_layer(start, weights, biases, affine, bend):
    """Every layer is given x: each takes what the layer before it returned. Only layers of one width forgive this."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = bend(affine(start, weight, bias))
    return h


@mlp.mistake("hidden")
def skip_connections(start, weights, biases, affine, bend):
    """What goes into a layer is added to what comes out, as in a residual network: here the layers only follow each
    other."""
    h = start
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        out = bend(affine(h, weight, bias))
        h = h + out if h.shape == out.shape else out
    return h


@mlp.mistake("hidden")
def only_the_first_hidden_layer(start, weights, biases, affine, bend):
    """Only the first hidden layer is used: the network may have any number of them. Only layers of one width forgive
    this."""
    return bend(affine(start, weights[0], biases[0])) if len(weights) > 1 else start


@mlp.mistake("hidden")
def first_hidden_layer_left_out(start, weights, biases, affine, bend):
    """The first layer is left out: the loop starts at 1, and counting starts at 0. Only layers of one width forgive
    this."""
    h = start
    for weight, bias in zip(weights[1:-1], biases[1:-1], strict=True):
        h = bend(affine(h, weight, bias))
    return h


@mlp.mistake("hidden")
def last_hidden_layer_left_out(start, weights, biases, affine, bend):
    """The last hidden layer is left out: the loop ends one too early. Only layers of one width forgive this."""
    h = start
    for weight, bias in zip(weights[:-2], biases[:-2], strict=True):
        h = bend(affine(h, weight, bias))
    return h


@mlp.mistake("hidden", "last")
def layers_in_reverse_order(start, weights, biases, affine, bend):
    """The layers are used in reverse order: the first weight of the list acts first. Only layers of one width forgive
    this."""
    h = start
    for weight, bias in zip(weights[:0:-1], biases[:0:-1], strict=True):
        h = bend(affine(h, weight, bias))
    return h, affine(h, weights[0], biases[0])


@mlp.mistake("last")
def last_layer_left_out(hidden):
    """The last layer is missing: you return the hidden layer."""
    return hidden


@mlp.mistake("logits")
def relu_on_the_logits(last):
    """The last layer has a ReLU as well: logits must be able to be negative. With it, an output that is 0 gets no
    gradient, and the loss cannot mend it."""
    return last.clamp(min=0)


@mlp.mistake("logits")
def softmax_of_the_logits(last):
    """The logits go through a softmax: the network returns logits, and the loss does the softmax. Twice is once too
    often."""
    return torch.softmax(last, -1)


@mlp.mistake("logits")
def log_softmax_of_the_logits(last):
    """The logits go through a log-softmax: the network returns logits, and the loss does that."""
    return torch.log_softmax(last, -1)


@mlp.mistake("logits")
def sigmoid_of_the_logits(last):
    """The logits go through a sigmoid: the network returns logits, which may be any number."""
    return (1 + torch.tanh(last / 2)) / 2


@mlp.mistake("last")
def last_bias_left_out(hidden, weights, biases):
    """The last layer's bias is missing."""
    return hidden @ weights[-1].T + 0 * biases[-1]


@mlp.mistake("logits")
def predicted_classes(last):
    """You return the class with the largest logit: the logits themselves are asked for, one for each class."""
    return last.argmax(-1)


@mlp.mistake("last")
def last_weight_not_transposed(hidden, weights, biases):
    """The last weight is not transposed: it is (out, in). Only a square layer forgives this."""
    return hidden @ weights[-1] + biases[-1]


@mlp.mistake("last")
def last_bias_subtracted(hidden, weights, biases):
    """The last bias is subtracted: it is added."""
    return hidden @ weights[-1].T - biases[-1]


@mlp.mistake("last")
def last_bias_twice(hidden, weights, biases):
    """The last bias is added twice."""
    return hidden @ weights[-1].T + 2 * biases[-1]


@mlp.mistake("logits")
def tanh_of_the_logits(last):
    """The logits go through tanh: the network returns logits, which may be any number."""
    return torch.tanh(last)


@mlp.mistake("logits")
def largest_logit_subtracted(last):
    """The largest logit of each row is subtracted, as inside a softmax: the network returns the logits as they are."""
    return last - last.amax(1, keepdim=True)


@mlp.mistake("logits")
def largest_logit_only(last):
    """You return the largest logit of each row: all of them are asked for."""
    return last.amax(1)


@mlp.mistake("logits")
def logits_summed(last):
    """You add up the logits of each row: all of them are asked for."""
    return last.sum(1)


@mlp.mistake("logits")
def logits_transposed(last):
    """The result comes out transposed: one row a sample, one column a class."""
    return last.T


@mlp.mistake("logits")
def averaged_over_the_batch(last):
    """The logits are averaged over the batch: each sample has its own."""
    return last.mean(0, keepdim=True)


@mlp.mistake("logits")
def single_rows_lose_a_dimension(last):
    """A batch of one, or a network with one output, loses a dimension (squeeze): the result is (N, C) always."""
    return last.squeeze()


@mistake("neurons.mlp_forward")
def two_layers_only(x, weights, biases):
    """The network is written out for just two layers: it may have any number, one included."""
    (w1, w2), (b1, b2) = weights, biases
    return (x @ w1.T + b1).clamp(min=0) @ w2.T + b2


@mistake("neurons.mlp_forward")
def two_layers_at_least(x, weights, biases):
    """The first two layers are written out: a network of a single layer fails, or is not treated as one."""
    h = (x @ weights[0].T + biases[0]).clamp(min=0)
    for weight, bias in zip(weights[1:-1], biases[1:-1], strict=True):
        h = (h @ weight.T + bias).clamp(min=0)
    return h @ weights[-1].T + biases[-1] if len(weights) > 1 else h


@mistake("neurons.mlp_forward")
def two_layers_at_most(x, weights, biases):
    """Two layers are written out: the network may have any number of them."""
    if len(weights) == 1:
        return x @ weights[0].T + biases[0]
    return (x @ weights[0].T + biases[0]).clamp(min=0) @ weights[1].T + biases[1]


@mistake("neurons.mlp_forward")
def no_relu_at_the_width_of_the_output(x, weights, biases):
    """The last layer is recognised by its width: a hidden layer as wide as the output then has no ReLU. Its place in
    the list tells it apart."""
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = h @ weight.T + bias
        h = h if len(weight) == len(weights[-1]) else h.clamp(min=0)
    return h


@mistake("neurons.mlp_forward")
def no_relu_at_the_shape_of_the_last_weight(x, weights, biases):
    """The last layer is recognised by the shape of its weight: a hidden layer of the same shape then has no ReLU. Its
    place in the list tells it apart."""
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = h @ weight.T + bias
        h = h if weight.shape == weights[-1].shape else h.clamp(min=0)
    return h


@mistake("neurons.mlp_forward")
def hidden_layers_cut_out_of_the_graph(x, weights, biases):
    """The value is right and the gradient is not: the hidden layers are cut out of autograd's graph (detach, .data,
    no_grad), so only the last layer can learn."""
    h = x
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = (h @ weight.T + bias).clamp(min=0).detach()
    return h @ weights[-1].T + biases[-1]


@mistake("neurons.mlp_forward")
def inputs_cut_out_of_the_graph(x, weights, biases):
    """The value is right, but x gets no gradient: it is cut out of autograd's graph (detach, .data, a new tensor of old
    numbers)."""
    h = x.detach()
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = (h @ weight.T + bias).clamp(min=0)
    return h @ weights[-1].T + biases[-1]


@mistake("neurons.mlp_forward")
def weights_cut_out_of_the_graph(x, weights, biases):
    """The value is right, but the weights get no gradient: they are cut out of autograd's graph (detach, .data), and
    will never learn."""
    h = x
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = (h @ weight.detach().T + bias).clamp(min=0)
    return h @ weights[-1].detach().T + biases[-1]


@mistake("neurons.mlp_forward")
def biases_cut_out_of_the_graph(x, weights, biases):
    """The value is right, but the biases get no gradient: they are cut out of autograd's graph (detach, .data), and
    will never learn."""
    h = x
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = (h @ weight.T + bias.detach()).clamp(min=0)
    return h @ weights[-1].T + biases[-1].detach()


# --------------------------------------------------------------------------------------- residual_block

residual = Anatomy("neurons.residual_block", "block_output")


@residual.step
def z1(x, w1, b1):
    """the first layer's weighted sums plus its bias, before the ReLU"""
    return x @ w1.T + b1


@residual.step
def h1(z1):
    """the output of the first layer, after the ReLU"""
    return z1.clamp(min=0)


@residual.step
def branch(h1, w2, b2):
    """the correction to `x`: the second layer's weighted sums plus its bias"""
    return h1 @ w2.T + b2


@residual.step
def skip(x):
    return x


@residual.step
def block_output(skip, branch):
    """`x` plus its correction"""
    return skip + branch


@residual.quantity
def product1(x, w1):
    """the first layer's weighted sums, before its bias is added"""
    return x @ w1.T


@residual.quantity
def product2(h1, w2):
    """the second layer's weighted sums, before its bias is added"""
    return h1 @ w2.T


@residual.quantity
def active(z1):
    """which hidden units are above 0, so that the ReLU lets them through"""
    return z1 > 0


@residual.quantity
def skip_and_bias(x, b2):
    """`x` plus the second layer's bias"""
    return x + b2


@residual.quantity
def skip_and_product(x, product2):
    """`x` plus the second layer's weighted sums, before its bias is added"""
    return x + product2


@residual.quantity
def w1_transposed(w1):
    """the first layer's weight, transposed: one hidden unit a column"""
    return w1.T


@residual.quantity
def w2_transposed(w2):
    """the second layer's weight, transposed: one feature a column"""
    return w2.T


@residual.quantity
def h1_as_columns(h1):
    """the output of the first layer, after the ReLU, with one sample a column"""
    return h1.T


@residual.quantity
def branch_as_columns(branch):
    """the correction to `x`, with one sample a column"""
    return branch.T


@residual.quantity
def output_as_columns(block_output):
    """`x` plus its correction, with one sample a column"""
    return block_output.T


@residual.quantity
def inputs_and_hidden(x, h1):
    """`x` and the output of the first layer side by side"""
    return torch.cat([x, h1], 1)


@residual.quantity
def identity_and_w2(w2):
    """the identity matrix and `w2` side by side"""
    return torch.cat([torch.eye(len(w2)).to(w2), w2], 1)


@residual.mistake("z1")
def square_first_weight_not_transposed(x, w1, b1):
    """A square w1 is used without its transpose: where both fit, only one is right. Rows of the weight belong to the
    hidden units, whatever its shape."""
    return x @ (w1 if w1.shape[0] == w1.shape[1] else w1.T) + b1


@residual.mistake("branch")
def square_second_weight_not_transposed(h1, w2, b2):
    """A square w2 is used without its transpose: where both fit, only one is right. Rows of the weight belong to the
    outputs, whatever its shape."""
    return h1 @ (w2 if w2.shape[0] == w2.shape[1] else w2.T) + b2


@residual.mistake("skip")
def mean_sample_on_the_direct_path(x):
    """The direct path carries the mean over the batch: each sample is added to its own correction."""
    return x.mean(0).expand_as(x)


@residual.mistake("skip")
def skip_left_out(x):
    """The skip connection is missing: you return the correction alone. Without the direct path the gradient has to pass
    through every layer of a deep network."""
    return 0 * x


@residual.mistake("skip")
def skip_added_twice(x):
    """x is added twice: the direct path carries it unchanged."""
    return 2 * x


@residual.mistake("skip")
def skip_halved(x):
    """x is halved on the direct path: it carries x unchanged."""
    return x / 2


@residual.mistake("skip")
def skip_negative(x):
    """x is subtracted: the direct path adds it unchanged."""
    return -x


@residual.mistake("skip")
def skip_through_a_relu(x):
    """x goes through a ReLU on the direct path: that path does nothing at all to x, or its negative entries are lost
    for good."""
    return x.clamp(min=0)


@residual.mistake("skip")
def hidden_layer_on_the_direct_path(h1):
    """The hidden layer is added in place of x: the direct path starts at the block's input. Only hidden layers of the
    width of x forgive this."""
    return h1


@residual.mistake("skip")
def first_layer_on_the_direct_path(z1):
    """The first layer's output is added in place of x: the direct path starts at the block's input. Only hidden layers
    of the width of x forgive this."""
    return z1


@residual.mistake("z1")
def first_bias_left_out(x, w1, b1):
    """The first bias, b1, is missing."""
    return x @ w1.T + 0 * b1


@residual.mistake("z1")
def first_weight_not_transposed(x, w1, b1):
    """w1 is not transposed: it is (H, D), and the product must add up over the D features. Only a square w1 forgives
    this."""
    return x @ w1 + b1


@residual.mistake("z1")
def first_bias_subtracted(x, w1, b1):
    """The first bias, b1, is subtracted: it is added."""
    return x @ w1.T - b1


@residual.mistake("z1")
def relu_of_the_input(x, w1, b1):
    """x goes through a ReLU before the first layer: that is another kind of block (pre-activation). Here the only ReLU
    is between the two layers."""
    return x.clamp(min=0) @ w1.T + b1


@residual.mistake("z1")
def second_bias_in_the_first_layer(x, w1, b2):
    """The first layer adds b2: it has b1. Only hidden layers of the width of x forgive this."""
    return x @ w1.T + b2


@residual.mistake("z1")
def input_added_before_the_relu(x, w1, b1):
    """x is added to the first layer's output, before the ReLU: it is added at the end of the block. Only hidden layers
    of the width of x forgive this."""
    return x @ w1.T + b1 + x


@residual.mistake("z1")
def first_bias_twice(x, w1, b1):
    """The first bias, b1, is added twice."""
    return x @ w1.T + 2 * b1


@residual.mistake("z1")
def first_bias_summed(x, w1, b1):
    """The first bias is added up to one number: each hidden unit has its own."""
    return x @ w1.T + b1.sum()


@residual.mistake("h1")
def no_relu(z1):
    """The ReLU between the two layers is missing: without it they collapse to one linear layer."""
    return z1


@residual.mistake("h1")
def sigmoid_in_place_of_relu(z1):
    """The block bends with a sigmoid: ReLU is asked for."""
    return (1 + torch.tanh(z1 / 2)) / 2


@residual.mistake("h1")
def tanh_in_place_of_relu(z1):
    """The block bends with tanh: ReLU is asked for."""
    return torch.tanh(z1)


@residual.mistake("h1")
def gelu_in_place_of_relu(z1):
    """The block bends with GELU, as in transformers: ReLU is asked for."""
    return z1 * (1 + torch.erf(z1 / math.sqrt(2))) / 2


@residual.mistake("h1")
def silu_in_place_of_relu(z1):
    """The block bends with SiLU: ReLU is asked for."""
    return z1 * (1 + torch.tanh(z1 / 2)) / 2


@residual.mistake("h1", constants=(0.01, 0.1, 0.2, 0.05))
def leaky_relu_in_place_of_relu(z1, constant):
    """{constant} of what is negative passes: that is a leaky ReLU, and plain ReLU is asked for."""
    return torch.where(z1 > 0, z1, constant * z1)


@residual.mistake("h1")
def absolute_value_in_place_of_relu(z1):
    """The block takes the absolute value: ReLU makes negative numbers 0."""
    return z1.abs()


@residual.mistake("h1")
def slope_in_place_of_relu(z1):
    """The block uses ReLU's slope, 0 or 1: ReLU keeps the positive numbers as they are."""
    return (z1 > 0).to(z1.dtype)


@residual.mistake("h1")
def positive_part_removed(z1):
    """The comparison is turned round: your ReLU keeps the negative numbers and removes the positive ones."""
    return z1.clamp(max=0)


@residual.mistake("h1")
def relu_cut_off_at_six(z1):
    """The ReLU is cut off at 6: it has no upper limit."""
    return z1.clamp(0, 6)


@residual.mistake("h1")
def relu_cut_off_at_one(z1):
    """The ReLU is cut off at 1: it has no upper limit."""
    return z1.clamp(0, 1)


@residual.mistake("z1", "h1")
def relu_before_the_bias(x, w1, b1):
    """ReLU comes before b1 is added: the bias decides where the bend is, so it belongs inside."""
    return x, (x @ w1.T).clamp(min=0) + b1


@residual.mistake("h1")
def input_added_after_the_relu(z1, x):
    """x is added to the hidden layer, after the ReLU: it is added at the end of the block. Only hidden layers of the
    width of x forgive this."""
    return z1.clamp(min=0) + x


@residual.mistake("h1", "skip")
def input_added_to_the_hidden_layer(z1, x):
    """x is added to the hidden layer, and not at the end: the direct path goes around both layers. Only hidden layers
    of the width of x forgive this."""
    return z1.clamp(min=0) + x, 0 * x


@residual.mistake("z1", "skip")
def input_added_to_the_first_layer(x, w1, b1):
    """x is added to the first layer's output, and not at the end: the direct path goes around both layers. Only hidden
    layers of the width of x forgive this."""
    return x @ w1.T + b1 + x, 0 * x


@residual.mistake("branch")
def second_bias_left_out(h1, w2, b2):
    """The second bias, b2, is missing."""
    return h1 @ w2.T + 0 * b2


@residual.mistake("branch")
def second_weight_not_transposed(h1, w2, b2):
    """w2 is not transposed: it is (D, H), and the product must add up over the H hidden units. Only a square w2
    forgives this."""
    return h1 @ w2 + b2


@residual.mistake("branch")
def second_bias_subtracted(h1, w2, b2):
    """The second bias, b2, is subtracted: it is added."""
    return h1 @ w2.T - b2


@residual.mistake("branch")
def first_bias_in_the_second_layer(h1, w2, b1):
    """The second layer adds b1: it has b2. Only hidden layers of the width of x forgive this."""
    return h1 @ w2.T + b1


@residual.mistake("branch")
def relu_of_the_branch(h1, w2, b2):
    """The correction goes through a ReLU: it could then only ever make x larger. The only ReLU is between the two
    layers."""
    return (h1 @ w2.T + b2).clamp(min=0)


@residual.mistake("branch")
def second_bias_twice(h1, w2, b2):
    """The second bias, b2, is added twice."""
    return h1 @ w2.T + 2 * b2


@residual.mistake("branch")
def second_bias_summed(h1, w2, b2):
    """The second bias is added up to one number: each feature has its own."""
    return h1 @ w2.T + b2.sum()


@residual.mistake("branch")
def relu_before_the_second_bias(h1, w2, b2):
    """There is a ReLU on the second layer, before its bias: the only ReLU is between the two layers."""
    return (h1 @ w2.T).clamp(min=0) + b2


@residual.mistake("h1", "branch")
def relu_after_the_second_layer(z1, w2, b2):
    """The ReLU stands after the second layer: it belongs between the two. Where it is now, the layers collapse to one,
    and the correction could only ever make x larger."""
    return z1, (z1 @ w2.T + b2).clamp(min=0)


@residual.mistake("h1", "branch")
def relu_after_the_second_product(z1, w2, b2):
    """The ReLU stands after the second product: it belongs between the two layers, which otherwise collapse to one."""
    return z1, (z1 @ w2.T).clamp(min=0) + b2


@residual.mistake("branch")
def sigmoid_of_the_branch(h1, w2, b2):
    """The correction goes through a sigmoid: the only bend is the ReLU between the two layers."""
    return (1 + torch.tanh((h1 @ w2.T + b2) / 2)) / 2


@residual.mistake("branch")
def tanh_of_the_branch(h1, w2, b2):
    """The correction goes through tanh: the only bend is the ReLU between the two layers."""
    return torch.tanh(h1 @ w2.T + b2)


@residual.mistake("branch")
def first_weight_used_twice(h1, w1, b2):
    """The second layer uses w1 again: it has w2. Only square weights forgive this."""
    return h1 @ w1.T + b2


@residual.mistake("branch")
def transposed_first_weight(h1, w1, b2):
    """The second layer uses w1 turned round (tied weights): it has a weight of its own, w2."""
    return h1 @ w1 + b2


@residual.mistake("branch")
def second_layer_left_out(h1):
    """The second layer is missing: the hidden layer itself is added. Only hidden layers of the width of x forgive
    this."""
    return h1


@residual.mistake("branch")
def first_layer_left_out(x, w2, b2):
    """The first layer is missing: the second is given x. Only hidden layers of the width of x forgive this."""
    return x @ w2.T + b2


@residual.mistake("branch", constants=(0.1, 0.5, 0.2, 2.0))
def branch_scaled(h1, w2, b2, constant):
    """The correction is multiplied by {constant}: it is added as it is."""
    return constant * (h1 @ w2.T + b2)


@residual.mistake("block_output")
def relu_at_the_end(skip, branch):
    """There is a ReLU after the sum, as in the first ResNet of 2015: this block has none, so that x can pass through
    many of them unchanged."""
    return (skip + branch).clamp(min=0)


@residual.mistake("block_output")
def difference(skip, branch):
    """The correction is subtracted from x: it is added."""
    return skip - branch


@residual.mistake("block_output")
def paths_multiplied(skip, branch):
    """The two paths are multiplied: they are added."""
    return skip * branch


@residual.mistake("block_output")
def paths_averaged(skip, branch):
    """The two paths are averaged: they are added."""
    return (skip + branch) / 2


@residual.mistake("block_output")
def paths_divided_by_the_root_of_two(skip, branch):
    """The sum is divided by the square root of 2: the block returns the plain sum."""
    return (skip + branch) / math.sqrt(2)


@residual.mistake("block_output")
def paths_side_by_side(skip, branch):
    """The two paths are put side by side (cat): they are added, and the result has the shape of x."""
    return torch.cat([skip, branch], -1)


@residual.mistake("block_output")
def larger_of_the_two_paths(skip, branch):
    """You take the larger of the two paths: they are added."""
    return torch.maximum(skip, branch)


@residual.mistake("block_output")
def normalised(skip, branch):
    """The sum is normalised over the features, as in a transformer: this block returns the plain sum."""
    total = skip + branch
    return (total - total.mean(-1, keepdim=True)) / (total.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt()


@residual.mistake("block_output")
def both_paths_returned(skip, branch):
    """You return the two paths as a pair: their sum is asked for."""
    return skip, branch


@residual.mistake("skip")
def direct_path_cut(x):
    """The value is right and the gradient is not: the direct path is cut out of autograd's graph (detach, .data). It is
    there so that the gradient has a way past the layers."""
    return x.detach()


@residual.mistake("branch")
def branch_cut(h1, w2, b2):
    """The value is right and the gradient is not: the correction is cut out of autograd's graph (detach, no_grad), so
    its weights will never learn."""
    return (h1 @ w2.T + b2).detach()


@residual.mistake("h1")
def relu_behind_autograds_back(z1):
    """The value is right and the gradient is not: the ReLU is done behind autograd's back (.data, no_grad), which takes
    the layer for linear and sends blame through units that are switched off."""
    return z1 + (z1.clamp(min=0) - z1).detach()


@residual.mistake("h1")
def hidden_layer_cut(z1):
    """The value is right and the gradient is not: the hidden layer is cut out of autograd's graph (detach, .data), so
    the first layer will never learn."""
    return z1.clamp(min=0).detach()


# ---------------------------------------------------------------------------------------- least_squares

least = Anatomy("neurons.least_squares", "solution")


@least.step
def design(x):
    return x


@least.step
def targets(y):
    return y


@least.step
def right_side(design, targets):
    """the right side of the normal equations: each column of `x` times `y`, summed"""
    return design.T @ targets


@least.step
def gram(design):
    """the Gram matrix of `x`: the products of every two columns, summed over the samples"""
    return design.T @ design


@least.step
def solution(gram, right_side):
    """the weights with the smallest squared error"""
    return torch.linalg.solve(gram, right_side)


@least.quantity
def gram_inverse(gram):
    """the inverse of the Gram matrix of `x`"""
    return torch.linalg.inv(gram)


@least.quantity
def cholesky_factor(gram):
    """the lower triangular Cholesky factor of the Gram matrix of `x`"""
    return torch.linalg.cholesky(gram)


@least.quantity
def pseudo_inverse(x):
    """the pseudo-inverse of `x`"""
    return torch.linalg.pinv(x)


@least.quantity
def orthonormal(x):
    """Q of `x` = QR: orthonormal columns that span the same space"""
    return torch.linalg.qr(x)[0]


@least.quantity
def triangle(x):
    """R of `x` = QR: the triangular matrix"""
    return torch.linalg.qr(x)[1]


@least.quantity
def targets_along_q(orthonormal, y):
    """the coordinates of `y` along the columns of Q"""
    return orthonormal.T @ y


@least.quantity
def singular_values(x):
    """the singular values of `x`"""
    return torch.linalg.svdvals(x)


@least.quantity
def lengths(x):
    """the length of each column of `x`"""
    return (x**2).sum(0).sqrt()


@least.quantity
def columns_of_length_one(x, lengths):
    """the columns of `x`, each scaled to length one"""
    return x / lengths


@least.quantity
def weights_of_scaled_columns(solution, lengths):
    """the best weights for the columns scaled to length one"""
    return solution * lengths


@least.quantity
def right_side_as_column(right_side):
    """the right side of the normal equations, as a column"""
    return right_side.unsqueeze(1)


@least.quantity
def solution_as_column(solution):
    """the weights with the smallest squared error, as a column"""
    return solution.unsqueeze(1)


@least.mistake("solution")
def normal_matrix_left_out(right_side):
    """You return x.T @ y: how strongly each column goes along with y. Columns share what they explain, and have
    different lengths: x.T @ x has to be undone as well."""
    return right_side


@least.mistake("solution")
def normal_matrix_left_out_and_averaged(right_side, design):
    """You return x.T @ y / N: how strongly each column goes along with y. Columns share what they explain, and have
    different lengths: x.T @ x has to be undone as well."""
    return right_side / len(design)


@least.mistake("solution")
def multiplied_with_the_normal_matrix(gram, right_side):
    """You multiply with x.T @ x where its inverse is needed."""
    return gram @ right_side


@least.mistake("solution")
def elementwise_inverse(gram, right_side):
    """You invert x.T @ x number by number (1 / a): the inverse of a matrix is another thing."""
    return (1 / gram) @ right_side


@least.mistake("solution")
def each_column_by_itself(gram, right_side):
    """Each weight is fitted as if its column were alone: columns that go together then count the same thing twice. All
    weights have to be found at once."""
    return right_side / gram.diagonal()


@least.mistake("solution")
def minus_sign(gram, right_side):
    """The sign is turned round: the gradient is zero where x.T @ x @ w equals plus x.T @ y."""
    return -torch.linalg.solve(gram, right_side)


@least.mistake("solution")
def solution_as_a_column(gram, right_side):
    """The weights come out as a column, (D, 1): they are a vector, (D,)."""
    return torch.linalg.solve(gram, right_side).unsqueeze(1)


@least.mistake("solution")
def solved_in_float32(design, targets):
    """You solve in float32: float64 numbers come in, and columns of different scale need all of their digits (look at
    .float())."""
    solution = torch.linalg.lstsq(design.float(), targets.float().unsqueeze(1)).solution.squeeze(1)
    return solution.to(design.dtype)


@least.mistake("solution")
def normal_equations_in_float32(gram, right_side):
    """You solve in float32: float64 numbers come in, and columns of different scale need all of their digits (look at
    .float())."""
    return torch.linalg.solve(gram.float(), right_side.float()).to(gram.dtype)


@least.mistake("solution")
def predictions_returned(gram, right_side, design):
    """You return the predictions x @ w, one a sample: the weights themselves are asked for."""
    return design @ torch.linalg.solve(gram, right_side)


@least.mistake("solution")
def residuals_returned(gram, right_side, design, targets):
    """You return the residuals, one a sample: the weights are asked for."""
    return targets - design @ torch.linalg.solve(gram, right_side)


@least.mistake("solution")
def loss_returned(gram, right_side, design, targets):
    """You return the squared error that is left: the weights are asked for."""
    return ((targets - design @ torch.linalg.solve(gram, right_side)) ** 2).sum()


@least.mistake("solution")
def doubled(gram, right_side):
    """There is a factor 2 too much: the 2 of the gradient stands on both sides of the equation, and cancels."""
    return 2 * torch.linalg.solve(gram, right_side)


@least.mistake("solution")
def halved(gram, right_side):
    """There is a factor 1/2 too much: the 2 of the gradient stands on both sides of the equation, and cancels."""
    return torch.linalg.solve(gram, right_side) / 2


@least.mistake("solution")
def averaged_on_one_side(gram, right_side, design):
    """One side of the equations is divided by N and the other is not: a mean in the error scales both sides."""
    return torch.linalg.solve(gram, right_side) / len(design)


@least.mistake("solution")
def averaged_on_the_other_side(gram, right_side, design):
    """One side of the equations is divided by N and the other is not: a mean in the error scales both sides."""
    return torch.linalg.solve(gram, right_side) * len(design)


@least.mistake("solution", constants=(1, 2, 3, 4, 5, 6))
def rounded(gram, right_side, constant):
    """The weights are rounded to {constant} decimals: they are asked for as exactly as they can be had."""
    return torch.round(torch.linalg.solve(gram, right_side), decimals=int(constant))


@least.mistake("solution")
def weights_as_shares(gram, right_side):
    """The weights are divided by their sum: they are free to be any numbers."""
    weights = torch.linalg.solve(gram, right_side)
    return weights / weights.sum()


@least.mistake("solution")
def size_of_the_weights(gram, right_side):
    """Only the size of the weights is returned (abs): a column may well count against."""
    return torch.linalg.solve(gram, right_side).abs()


@least.mistake("solution", constants=(1e-6, 1e-8, 1e-4, 1e-10))
def least_absolute_errors(design, targets, constant):
    """You weigh the samples anew by their errors, again and again: that leads to the smallest absolute errors. The
    squared ones are asked for, where all samples count alike."""
    weights = torch.linalg.lstsq(design, targets.unsqueeze(1)).solution.squeeze(1)
    for _ in range(20):
        scaled = design / (design @ weights - targets).abs().clamp(min=constant).unsqueeze(1)
        weights = torch.linalg.solve(design.T @ scaled, scaled.T @ targets)
    return weights


@least.mistake("solution")
def negative_weights_cut_off(gram, right_side):
    """Negative weights are set to 0: a column may well count against."""
    return torch.linalg.solve(gram, right_side).clamp(min=0)


@least.mistake("solution")
def weights_in_reverse_order(gram, right_side):
    """The weights come out in reverse order."""
    return torch.linalg.solve(gram, right_side).flip(0)


@least.mistake("solution", constants=(1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10))
def ridge(gram, right_side, constant):
    """{constant} is added to the diagonal of x.T @ x: that is ridge regression, which pulls the weights towards 0. A
    column of scale 1e-3 has a diagonal entry of about 1e-6, and its weight is pulled most."""
    return torch.linalg.solve(gram + constant * torch.eye(len(gram), dtype=gram.dtype), right_side)


@least.mistake("solution", constants=(1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-6, 1e-8))
def ridge_everywhere(gram, right_side, constant):
    """{constant} is added to every entry of x.T @ x, not only to its diagonal (and nothing needs to be added at all):
    the weights solve another system then."""
    return torch.linalg.solve(gram + constant, right_side)


@least.mistake("solution", constants=tuple(10 ** (-k / 2) for k in range(2, 12)))
def small_directions_cut_away(design, targets, constant):
    """Directions in which x, or x.T @ x, is small are cut away as noise (rcond, rtol): a column in other units is
    small, and its weight is lost with them."""
    return torch.linalg.pinv(design, rtol=constant) @ targets


@least.mistake("design")
def intercept_dropped(x):
    """The columns are centred, as if there were a bias: this regression has none, and the line goes through the
    origin."""
    return x - x.mean(0)


@least.mistake("design")
def columns_standardised(x):
    """The columns are divided by their standard deviation, and the weights are not scaled back: they belong to other
    columns then."""
    return x / _deviation(x)


@least.mistake("design")
def columns_standardised_biased(x):
    """The columns are divided by their standard deviation, and the weights are not scaled back: they belong to other
    columns then."""
    return x / x.std(0, unbiased=False)


@least.mistake("design")
def columns_centred_and_standardised(x):
    """The columns are standardised, and the weights are not scaled back: they belong to other columns then."""
    return (x - x.mean(0)) / _deviation(x)


@least.mistake("design")
def columns_scaled_to_length_one(x):
    """The columns are scaled to length 1, and the weights are not scaled back: they belong to other columns then."""
    return x / torch.linalg.vector_norm(x, dim=0)


@least.mistake("design")
def columns_scaled_to_at_most_one(x):
    """The columns are divided by their largest value, and the weights are not scaled back: they belong to other columns
    then."""
    return x / x.abs().amax(0)


@least.mistake("design")
def rows_scaled_to_length_one(x):
    """The rows are scaled to length 1: samples then no longer count as they should."""
    return x / torch.linalg.vector_norm(x, dim=1, keepdim=True)


@least.mistake("solution")
def scaled_back_the_wrong_way(design, targets):
    """The columns are scaled to length 1, and the weights are then multiplied by the lengths: a column that was made
    smaller needs a smaller weight, so divide."""
    lengths = torch.linalg.vector_norm(design, dim=0)
    scaled = design / lengths
    return torch.linalg.solve(scaled.T @ scaled, scaled.T @ targets) * lengths


@least.mistake("solution")
def deviations_scaled_back_the_wrong_way(design, targets):
    """The columns are divided by their standard deviation, and the weights are then multiplied by it: a column that was
    made smaller needs a smaller weight, so divide."""
    deviations = _deviation(design)
    scaled = design / deviations
    return torch.linalg.solve(scaled.T @ scaled, scaled.T @ targets) * deviations


@least.mistake("design", "targets")
def everything_centred(x, y):
    """Columns and targets are centred, as if there were a bias: this regression has none, and the line goes through the
    origin."""
    return x - x.mean(0), y - y.mean()


@least.mistake("targets")
def targets_centred(y):
    """The targets are centred: this regression has no bias, and fits them as they are."""
    return y - y.mean()


@least.mistake("design", "targets")
def only_as_many_samples_as_columns(x, y):
    """Only the first D samples are used, so that the system is square: least squares weighs all samples against each
    other."""
    return x[: x.shape[1]], y[: x.shape[1]]


@least.mistake("design", "targets")
def last_sample_left_out(x, y):
    """The last sample is left out."""
    return x[:-1], y[:-1]


@least.mistake("design", "targets")
def first_sample_left_out(x, y):
    """The first sample is left out."""
    return x[1:], y[1:]


@least.mistake("gram")
def samples_in_place_of_features(design):
    """The matrix is x @ x.T, (N, N), where x.T @ x, (D, D), is meant: the weights belong to the columns. Only a square
    x forgives this."""
    return design @ design.T


@least.mistake("gram")
def elementwise_square(design):
    """x is squared number by number where x.T @ x is meant."""
    return design * design


@least.mistake("right_side")
def x_not_transposed(design, targets):
    """The right side is x @ y where x.T @ y is meant: it adds up over the samples. Only a square x forgives this."""
    return design @ targets


def _deviation(x):
    """`x.std(0)`, without torch's warning where a single sample makes it NaN."""
    return (((x - x.mean(0)) ** 2).sum(0) / (len(x) - 1)).sqrt()


def _with_intercept(x, y):
    ones = torch.ones(len(x), 1, dtype=x.dtype)
    # By singular values: a column of ones may make the matrix singular, and then the other drivers answer by chance.
    design = torch.cat([x, ones], 1)
    return torch.linalg.lstsq(design, y.unsqueeze(1), driver="gelsd").solution.squeeze(1)


@mistake("neurons.least_squares")
def intercept_dropped_by_a_pseudoinverse(x, y):
    """The columns are centred, as if there were a bias: this regression has none, and the line goes through the
    origin."""
    return torch.linalg.pinv(x - x.mean(0)) @ y


@mistake("neurons.least_squares")
def intercept_fitted_and_thrown_away(x, y):
    """A column of ones is added, and its weight is thrown away: this regression has no bias, and fitting one changes
    the other weights."""
    return _with_intercept(x, y)[:-1]


@mistake("neurons.least_squares")
def intercept_fitted(x, y):
    """A column of ones is added: this regression has no bias, and D weights are asked for."""
    return _with_intercept(x, y)


@mistake("neurons.least_squares")
def intercept_fitted_first(x, y):
    """A column of ones is added: this regression has no bias, and D weights are asked for."""
    return _with_intercept(x, y).roll(1)


def _descend(x, y, lr, steps):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(steps):
        w = w - lr * x.T @ (x @ w - y)
    return w


@mistake("neurons.least_squares")
def gradient_descent(x, y):
    """You walk downhill step by step and stop before you arrive: columns of different scale make a narrow valley, in
    which descent would take millions of steps. There is a closed form."""
    return _descend(x, y, 1 / torch.linalg.matrix_norm(x, 2).item() ** 2, 1000)


@mistake("neurons.least_squares")
def one_step_of_gradient_descent(x, y):
    """This is a single step downhill from zero: the weights at the bottom are asked for, and there is a closed form."""
    return _descend(x, y, 1 / torch.linalg.matrix_norm(x, 2).item() ** 2, 1)


@mistake("neurons.least_squares", constants=(1.0, 0.1, 0.05, 0.01, 0.001))
def one_pass_of_stochastic_descent(x, y, constant):
    """This is one pass over the samples with a step of {constant} for each: the weights at the bottom are asked for,
    and there is a closed form."""
    w = torch.zeros_like(x[0])
    for row, target in zip(x, y, strict=True):
        w = w - constant * (row @ w - target) * row
    return w


@mistake("neurons.least_squares")
def columns_one_after_the_other(x, y):
    """The columns are fitted one after the other, each to what the ones before it left over: the first take credit for
    what they share with later ones. All weights have to be found at once."""
    weights, rest = [], y
    for column in x.T:
        weights.append(column @ rest / (column @ column))
        rest = rest - weights[-1] * column
    return torch.stack(weights)


@mistake("neurons.least_squares")
def pseudoinverse_of_the_transpose(x, y):
    """The pseudo-inverse is transposed, or taken of x.T: it must be (D, N), so that it takes y to the weights. Only a
    square x forgives this."""
    return torch.linalg.pinv(x.T) @ y


@mistake("neurons.least_squares")
def matrix_of_the_samples_undone(x, y):
    """You undo x @ x.T, (N, N): the weights belong to the columns, and x.T @ x, (D, D), is to be undone."""
    return torch.linalg.pinv(x @ x.T) @ y


@mistake("neurons.least_squares")
def upper_triangle_not_undone(x, y):
    """With x = QR you return Q.T @ y: R has to be undone as well."""
    return torch.linalg.qr(x)[0].T @ y


@mistake("neurons.least_squares")
def upper_triangle_transposed(x, y):
    """With x = QR you solve with R transposed: it is R @ w = Q.T @ y."""
    q, r = torch.linalg.qr(x)
    return torch.linalg.solve(r.T, q.T @ y)


@mistake("neurons.least_squares")
def total_least_squares(x, y):
    """You take the last singular vector of x and y side by side (total least squares): that allows for errors in
    x, too. Here only y is off."""
    v = torch.linalg.svd(torch.cat([x, y.unsqueeze(1)], 1))[2][-1]
    return -v[:-1] / v[-1]


@mistake("neurons.least_squares")
def singular_values_squared(x, y):
    """You divide by the squares of the singular values: x itself is undone by dividing by each of them once."""
    u, s, v = torch.linalg.svd(x, full_matrices=False)
    return v.T @ (u.T @ y / s**2)


@mistake("neurons.least_squares")
def solution_cut_out_of_the_graph(x, y):
    """The value is right and the gradient is not: the inverse is cut out of autograd's graph (detach, no_grad), and
    only y gets a gradient."""
    return torch.linalg.pinv(x).detach() @ y
