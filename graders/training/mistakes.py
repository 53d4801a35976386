"""Catalogue of the unit training: one loop, and what goes wrong in it."""

import math

import torch

from backpass.explaining.declared import known_mistakes, mistake
from solutions.backprop import mlp_backward
from solutions.initialization import he_init
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward
from solutions.optimizers import adamw_step, clip_grad_norm, minibatches
from solutions.schedules import warmup_cosine

TRAIN_MLP = "training.train_mlp"


def tell(id):
    """What the author of the mistake `id` is told."""
    return next(known.tell for known in known_mistakes(TRAIN_MLP) if known.id == id)


def clipped(grads):
    return clip_grad_norm(grads, 1.0)[0]


def dealt(epoch, num_samples, batch_size, generator):
    return minibatches(num_samples, batch_size, generator)


def rate_at(step, warmup_steps, total_steps, max_lr):
    return warmup_cosine(step, warmup_steps, total_steps, max_lr)


def mean_of_epoch(losses, sizes):
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


def count_of_batches(num_samples, batch_size):
    return math.ceil(num_samples / batch_size)


class Loop:
    """Training, with a place for every slip; a mistake replaces one method or attribute."""

    init = staticmethod(he_init)
    batches = staticmethod(dealt)
    backward = staticmethod(mlp_backward)
    clip = staticmethod(clipped)
    adamw = staticmethod(adamw_step)
    rate = staticmethod(rate_at)
    count = staticmethod(count_of_batches)
    epoch_loss = staticmethod(mean_of_epoch)
    trained = (0, 1, 2, 3)
    steps_needed = True

    def start(self, x, hidden, classes, generator):
        weights = [self.init(x.shape[1], hidden, generator), self.init(hidden, classes, generator)]
        self.params = [weight.to(x) for weight in weights] + [x.new_zeros(hidden), x.new_zeros(classes)]
        self.forget()

    def forget(self):
        self.m, self.v = ([torch.zeros_like(param) for param in self.params] for _ in range(2))

    def batch(self, x, y, index):
        return x[index], y[index]

    def t(self, step, i):
        return step + 1

    def applied(self, rate, max_lr):
        return rate

    def begin_epoch(self):
        pass

    def step(self, grads, step, rate):
        for i in self.trained:
            self.params[i], self.m[i], self.v[i] = self.adamw(
                self.params[i], grads[i], self.m[i], self.v[i], self.t(step, i), rate
            )

    def validate(self, x_train, y_train, x_val, y_val):
        return cross_entropy(mlp_forward(x_val, self.params[:2], self.params[2:]), y_val).item()

    def result(self):
        return self.params

    def __call__(self, x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
        self.start(x_train, hidden, int(y_train.max()) + 1, generator)
        self.initial = list(self.params)
        total = epochs * self.count(len(x_train), batch_size)
        train_losses, val_losses, rates = [], [], []
        for epoch in range(epochs):
            self.begin_epoch()
            losses, sizes = [], []
            for index in self.batches(epoch, len(x_train), batch_size, generator):
                x, y = self.batch(x_train, y_train, index)
                loss, weight_grads, bias_grads = self.backward(x, y, self.params[:2], self.params[2:])
                rates.append(self.rate(len(rates), max(1, total // 10), total, max_lr))
                self.step(self.clip(weight_grads + bias_grads), len(rates) - 1, self.applied(rates[-1], max_lr))
                losses.append(loss.item())
                sizes.append(len(index))
            train_losses.append(self.epoch_loss(losses, sizes))
            val_losses.append(self.validate(x_train, y_train, x_val, y_val))
        params = self.result()
        return {
            "weights": params[:2],
            "biases": params[2:],
            "train_losses": train_losses,
            "val_losses": val_losses,
            "learning_rates": rates,
        }


def slip(**replaced):
    """The loop with some of its parts replaced."""
    parts = {name: staticmethod(part) if name in _PLAIN else part for name, part in replaced.items()}
    return type("Slip", (Loop,), parts)()


_PLAIN = ("init", "batches", "backward", "clip", "adamw", "rate", "count", "epoch_loss")


@mistake(TRAIN_MLP)
def untrained_weights_returned(*run):
    """The weights that you return are the initial ones, to the last digit. Either no step is ever stored, or what you
    return is a copy made before the training."""
    return slip(result=lambda self: self.initial)(*run)


@mistake(TRAIN_MLP)
def units_start_equal(*run):
    """All hidden units start with the same weights. They get the same gradient, make the same step and stay equal for
    ever: the network is one hidden unit wide. Draw the weights at random, as he_init does."""
    return slip(init=lambda fan_in, fan_out, generator: torch.zeros(fan_out, fan_in))(*run)


@mistake(TRAIN_MLP)
def units_start_at_one(*run):
    """All hidden units start with the same weights, and these are not even 0. They get the same gradient, make the
    same step and stay equal for ever. Draw the weights at random, as he_init does."""
    return slip(init=lambda fan_in, fan_out, generator: torch.ones(fan_out, fan_in))(*run)


@mistake(TRAIN_MLP)
def starts_too_high(*run):
    """The first training loss is far above log C, the loss of a network that knows nothing: it starts sure of itself
    and wrong. That is the scale of the initial weights: they need the standard deviation sqrt(2 / fan_in)."""
    return slip(init=lambda fan_in, fan_out, generator: 3 * torch.randn(fan_out, fan_in, generator=generator))(*run)


@mistake(TRAIN_MLP)
def variance_in_place_of_standard_deviation(*run):
    """The first layer's weights are multiplied by the variance 2 / fan_in where the standard deviation
    sqrt(2 / fan_in) belongs: the signal starts out far too small."""
    return slip(init=lambda fan_in, fan_out, generator: he_init(fan_in, fan_out, generator) * math.sqrt(2 / fan_in))(
        *run
    )


@mistake(TRAIN_MLP)
def fan_out_in_place_of_fan_in(*run):
    """The scale of the first layer's weights is taken from fan_out, the number of hidden units. What adds up in a unit
    are its inputs: fan_in is the number of features. Are the arguments of he_init in the right order?"""

    def init(fan_in, fan_out, generator):
        return he_init(fan_in, fan_out, generator) * math.sqrt(fan_in / fan_out)

    return slip(init=init)(*run)


@mistake(TRAIN_MLP)
def not_the_scale_of_he(*run):
    """The initial weights of the first layer are not on He's scale: their standard deviation must be
    sqrt(2 / fan_in)."""
    return slip(init=lambda fan_in, fan_out, generator: he_init(fan_in, fan_out, generator) / 4)(*run)


@mistake(TRAIN_MLP)
def weights_not_around_zero(*run):
    """The initial weights of the first layer do not lie around 0 (rand gives numbers from 0 to 1): all hidden units
    then begin by agreeing with each other. Draw them from a normal distribution, with randn."""

    def init(fan_in, fan_out, generator):
        return torch.rand(fan_out, fan_in, generator=generator) * math.sqrt(2 / fan_in)

    return slip(init=init)(*run)


@mistake(TRAIN_MLP)
def max_lr_makes_no_difference(*run):
    """With a `max_lr` of almost 0 the network moves as before: the argument is not what your steps are made with. Is
    the rate of the schedule passed on to the step, and is the schedule given `max_lr`?"""
    return slip(applied=lambda self, rate, max_lr: 1e-3)(*run)


@mistake(TRAIN_MLP)
def first_layer_not_trained(*run):
    """The weights of the first layer never get a step: only the weight decay, if anything, moves them. Take the step
    for every tensor of the network."""
    return slip(trained=(1, 2, 3))(*run)


@mistake(TRAIN_MLP)
def last_layer_not_trained(*run):
    """The weights of the last layer never get a step: only the weight decay, if anything, moves them. Take the step
    for every tensor of the network."""
    return slip(trained=(0, 2, 3))(*run)


@mistake(TRAIN_MLP)
def biases_not_trained(*run):
    """The biases are the same after training as before: the step is taken for the weights only. Biases have gradients,
    and averages m and v of their own, like everything else that is trained."""
    return slip(trained=(0, 1))(*run)


@mistake(TRAIN_MLP)
def not_shuffled(*run):
    """Every epoch goes through the samples in the order in which they are stored: exchanging samples within one batch
    changes nothing. Data often come sorted, and then a batch says nothing of the whole. Deal the batches anew, from
    `generator`, in every epoch."""
    return slip(batches=lambda epoch, n, size, generator: list(torch.arange(n).split(size)))(*run)


@mistake(TRAIN_MLP)
def shuffled_once(*run):
    """The batches are dealt once, and every epoch uses the same ones in the same order: an epoch takes nothing from
    `generator`. Deal them anew in each epoch, so that no two samples are always averaged together."""
    loop, dealt_before = slip(), []

    def batches(epoch, num_samples, batch_size, generator):
        if not epoch:
            dealt_before.extend(minibatches(num_samples, batch_size, generator))
        return dealt_before

    loop.batches = batches
    return loop(*run)


@mistake(TRAIN_MLP)
def last_batch_dropped(*run):
    """There are too few steps: the short last batch of each epoch is left out. An epoch is every sample once, so there
    are ceil(N / batch_size) steps in it; rounding down forgets the rest."""
    return slip(
        batches=lambda epoch, n, size, generator: minibatches(n, size, generator)[: n // size],
        count=lambda n, size: n // size,
    )(*run)


@mistake(TRAIN_MLP)
def batch_size_ignored(*run):
    """Samples that change places between batches make no difference: all of them are in one batch, whatever
    `batch_size` is. Mini-batches give many steps for the price of one pass over the data."""
    return slip(
        batches=lambda epoch, n, size, generator: [torch.randperm(n, generator=generator)], count=lambda n, size: 1
    )(*run)


@mistake(TRAIN_MLP)
def one_rate_an_epoch(*run):
    """`learning_rates` has one entry an epoch where one a step is asked for. Ask the schedule at every step, with the
    number of the step, and note what it says."""
    batches = math.ceil(len(run[0]) / run[6])
    result = slip(rate=lambda step, warm, total, max_lr: rate_at(step // batches, 1, total // batches, max_lr))(*run)
    return {**result, "learning_rates": result["learning_rates"][::batches]}


@mistake(TRAIN_MLP)
def schedule_moves_once_an_epoch(*run):
    """The learning rate stays where it is for a whole epoch and then jumps: the schedule is asked for the number of
    the epoch. Ask it for the number of the step, so that the warm-up is a ramp and not a stair."""
    batches = math.ceil(len(run[0]) / run[6])
    return slip(
        rate=lambda step, warm, total, max_lr: rate_at(
            step // batches, max(1, warm // batches), total // batches, max_lr
        )
    )(*run)


@mistake(TRAIN_MLP)
def schedule_starts_again(*run):
    """The schedule runs through once an epoch and then starts again. The step that it is asked for must count through
    the whole run, and `total_steps` are the steps of all epochs."""
    batches = math.ceil(len(run[0]) / run[6])
    return slip(rate=lambda step, warm, total, max_lr: rate_at(step % batches, 1, batches, max_lr))(*run)


@mistake(TRAIN_MLP)
def schedule_ends_too_early(*run):
    """The schedule is over long before the run is, and the rest of the steps has a rate of 0: it is given too few
    steps. A run has epochs * ceil(N / batch_size) of them."""
    return slip(rate=lambda step, warm, total, max_lr: rate_at(step, warm, total // 2, max_lr))(*run)


@mistake(TRAIN_MLP)
def constant_rate(*run):
    """The learning rate is the same at every step. It has to begin low, because the first of Adam's steps are the
    least reliable ones, and to end low, because large steps around a minimum never settle in it."""
    return slip(rate=lambda step, warm, total, max_lr: max_lr)(*run)


@mistake(TRAIN_MLP)
def no_warm_up(*run):
    """The very first step is made at the full rate: there is no warm-up. At that step Adam's averages rest on one
    batch, and every weight moves by the whole rate, whatever its gradient. Start from (almost) 0."""
    return slip(rate=lambda step, warm, total, max_lr: rate_at(step, 0, total, max_lr))(*run)


@mistake(TRAIN_MLP)
def does_not_come_down(*run):
    """The learning rate goes up and does not come down again: at the last step it is still high. After the warm-up,
    half a cosine takes it down to (almost) 0 at the last step."""
    return slip(rate=lambda step, warm, total, max_lr: max_lr * min(1.0, step / warm))(*run)


@mistake(TRAIN_MLP)
def straight_line_down(*run):
    """After the warm-up the learning rate comes down in a straight line. Half a cosine stays near the top at first,
    falls fastest in the middle, and comes to rest at the bottom."""
    return slip(
        rate=lambda step, warm, total, max_lr: (
            max_lr * min(step / warm, (total - step) / (total - warm) if total > warm else 1.0)
        )
    )(*run)


@mistake(TRAIN_MLP)
def never_reaches_max_lr(*run):
    """The learning rate never gets to `max_lr`: is the peak scaled, or another number used in the place of the
    argument?"""
    return slip(rate=lambda step, warm, total, max_lr: rate_at(step, warm, total, max_lr / 10))(*run)


@mistake(TRAIN_MLP)
def rate_not_applied(*run):
    """The learning rates that you return are not the ones that you use: your steps are those of the constant rate
    `max_lr`. Pass the rate of the schedule on to the step."""
    return slip(applied=lambda self, rate, max_lr: max_lr)(*run)


@mistake(TRAIN_MLP)
def another_rate_applied(*run):
    """The learning rates that you return are not the ones that you use: your steps are longer or shorter by one factor.
    Pass the rate of the schedule on to the step as it is."""
    return slip(applied=lambda self, rate, max_lr: rate / 10)(*run)


@mistake(TRAIN_MLP)
def noted_one_step_early(*run):
    """Each learning rate is used one step after the one that it is noted for: the steps lag one behind the list. Ask
    the schedule first, then use what it says, and note just that."""

    def late(self, rate, max_lr):
        self.before, used = rate, getattr(self, "before", 0.0)
        return used

    return slip(applied=late)(*run)


@mistake(TRAIN_MLP)
def steps_not_counted(*run):
    """AdamW is told t = 1 at every step (or in every epoch again). Its bias correction then multiplies by 10 and by
    1,000 what has long been a full average. t counts the steps of the whole run, from 1."""
    return slip(t=lambda self, step, i: 1)(*run)


@mistake(TRAIN_MLP)
def t_counts_epochs(*run):
    """AdamW's t is the number of the epoch. It counts steps: m and v move on at every step, so their bias correction
    has to as well."""
    batches = math.ceil(len(run[0]) / run[6])
    return slip(t=lambda self, step, i: step // batches + 1)(*run)


@mistake(TRAIN_MLP)
def t_counted_for_every_parameter(*run):
    """t goes up four times a step, once for each tensor. Averages that are in their first step are then corrected as
    if they were in their fourth. One step, one t, for all tensors."""
    return slip(t=lambda self, step, i: 4 * step + i + 1)(*run)


@mistake(TRAIN_MLP)
def no_bias_correction(*run):
    """AdamW's averages are used without the bias correction. They start from 0, v takes a thousand steps to fill up,
    and until then every step is several times too long."""
    return slip(adamw=wrong_adamw(correct_m=False, correct_v=False))(*run)


@mistake(TRAIN_MLP)
def m_not_corrected(*run):
    """AdamW's m is used without the bias correction: it starts from 0, and the first steps are a tenth, a fifth, ... of
    what they should be. Divide by 1 - beta1 ** t."""
    return slip(adamw=wrong_adamw(correct_m=False))(*run)


@mistake(TRAIN_MLP)
def v_not_corrected(*run):
    """AdamW's v is used without the bias correction: it starts from 0, and dividing by the root of what is far too
    small makes the first steps up to 30 times too long. Divide by 1 - beta2 ** t."""
    return slip(adamw=wrong_adamw(correct_v=False))(*run)


@mistake(TRAIN_MLP)
def betas_exchanged(*run):
    """AdamW's betas are exchanged: m is to remember about 10 steps (0.9), v about 1,000 (0.999)."""
    return slip(adamw=wrong_adamw(betas=(0.999, 0.9)))(*run)


@mistake(TRAIN_MLP)
def decay_in_the_gradient(*run):
    """The weight decay is added to the gradient and goes through AdamW's averages: divided by the root of v, it is
    weakest where gradients are large. Decoupled, it shrinks the weights directly: that is the W of AdamW."""
    return slip(adamw=wrong_adamw(decay="gradient"))(*run)


@mistake(TRAIN_MLP)
def decay_not_scaled_by_the_rate(*run):
    """The weight decay is not multiplied by the learning rate: it goes on at full strength in the warm-up and at the
    end, and takes 1 % off every weight at every step."""
    return slip(adamw=wrong_adamw(decay="unscaled"))(*run)


def wrong_adamw(correct_m=True, correct_v=True, betas=(0.9, 0.999), decay="decoupled"):
    def step(param, grad, m, v, t, lr):
        if decay == "gradient":
            grad = grad + 0.01 * param
        m, v = (betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad**2)
        m_hat = m / (1 - betas[0] ** t) if correct_m else m
        v_hat = v / (1 - betas[1] ** t) if correct_v else v
        shrink = {"decoupled": 0.01 * lr, "unscaled": 0.01, "gradient": 0.0}[decay]
        return param * (1 - shrink) - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v

    return step


@mistake(TRAIN_MLP)
def averages_not_kept(*run):
    """m and v are set back to 0 before they are used again: in every step, or in every epoch. They are AdamW's memory
    of the whole run. Make them once, before the first epoch, and keep what each step returns."""
    return slip(begin_epoch=Loop.forget)(*run)


@mistake(TRAIN_MLP)
def state_made_anew_at_every_step(*run):
    """Every step starts AdamW anew, with m = 0, v = 0 and t = 1: each weight then moves by the full rate in the
    direction of its sign, whatever the size of the gradient. Keep m, v and t from step to step."""

    def step(self, grads, step, rate):
        self.forget()
        Loop.step(self, grads, 0, rate)

    return slip(step=step)(*run)


@mistake(TRAIN_MLP)
def gradients_accumulate(*run):
    """The gradients of all steps so far are added up, and each step follows the sum. A step follows the gradient of
    its own batch; AdamW's m does all the averaging there is."""

    def step(self, grads, step, rate):
        self.total = [old + new for old, new in zip(getattr(self, "total", grads), grads, strict=True)]
        self.total = grads if step == 0 else self.total
        Loop.step(self, self.total, step, rate)

    return slip(step=step)(*run)


@mistake(TRAIN_MLP)
def gradients_accumulate_in_an_epoch(*run):
    """The gradients of an epoch are added up, and each step follows the sum so far. A step follows the gradient of its
    own batch; AdamW's m does all the averaging there is."""
    loop = slip(begin_epoch=lambda self: vars(self).update(total=None))

    def clip(grads):
        before = loop.total or [torch.zeros_like(grad) for grad in grads]
        loop.total = [old + new for old, new in zip(before, grads, strict=True)]
        return clipped(loop.total)

    loop.clip = clip
    return loop(*run)


@mistake(TRAIN_MLP)
def plain_gradient_descent(*run):
    """Your steps are plain gradient descent: param - lr * grad. With rates that suit AdamW it is far too slow, because
    AdamW divides each gradient by its own size."""

    def step(self, grads, step, rate):
        self.params = [param - rate * grad for param, grad in zip(self.params, grads, strict=True)]

    return slip(step=step)(*run)


@mistake(TRAIN_MLP)
def wrong_gradient(*run):
    """In its first step the network does not walk downhill: some weights move with their gradient, where gradient
    descent, AdamW and all of their kind move every weight against its own. Compare your gradient with
    numerical_gradient, tensor by tensor."""

    def backward(x, y, weights, biases):
        loss, weight_grads, bias_grads = mlp_backward(x, y, weights, biases)
        logits = mlp_forward(x, weights, biases)
        delta = (logits - torch.nn.functional.one_hot(y, logits.shape[1])) / len(y)
        hidden = (x @ weights[0].T + biases[0]).clamp(min=0)
        return loss, [weight_grads[0], delta.T @ hidden], [bias_grads[0], delta.sum(0)]

    return slip(backward=backward)(*run)


@mistake(TRAIN_MLP)
def uphill(*run):
    """Every step goes up the slope of the loss: the sign of the step, or of the gradient, is wrong."""
    return slip(clip=lambda grads: [-grad for grad in clipped(grads)])(*run)


@mistake(TRAIN_MLP)
def slope_of_relu_missing(*run):
    """The gradient of the first layer ignores the ReLU behind it: where a hidden unit is 0, it must be 0. Multiply by
    the slope of the ReLU on the way back."""
    return slip(backward=lambda *batch: _backward(*batch, slope=lambda back, hidden: back))(*run)


@mistake(TRAIN_MLP)
def activation_in_place_of_slope(*run):
    """On the way back your gradient is multiplied by the hidden activations themselves. The slope of the ReLU belongs
    there, which is 1 where they are positive and 0 elsewhere."""
    return slip(backward=lambda *batch: _backward(*batch, slope=lambda back, hidden: back * hidden))(*run)


@mistake(TRAIN_MLP)
def relu_of_the_gradient(*run):
    """On the way back the ReLU is applied to the gradient: what counts is whether the hidden unit was positive on the
    way forward, not whether its gradient is."""
    return slip(backward=lambda *batch: _backward(*batch, slope=lambda back, hidden: back.clamp(min=0)))(*run)


@mistake(TRAIN_MLP)
def softmax_over_the_batch(*run):
    """The softmax in your gradient is taken over the samples of the batch, not over the classes: whether a digit is a
    3 then depends on its neighbours in the batch."""
    return slip(backward=lambda x, y, weights, biases: _backward(x, y, weights, biases, dim=0))(*run)


@mistake(TRAIN_MLP)
def labels_not_subtracted(*run):
    """The gradient of the logits is the softmax alone: the 1 of the right class is not taken off. Nothing then tells
    the network which class is the right one."""
    return slip(backward=lambda x, y, weights, biases: _backward(x, y, weights, biases, labels=False))(*run)


def _masked(back, hidden):
    return back * (hidden > 0)


def _backward(x, y, weights, biases, dim=1, labels=True, slope=_masked, logits_slope=False):
    loss = mlp_backward(x, y, weights, biases)[0]
    hidden = (x @ weights[0].T + biases[0]).clamp(min=0)
    delta = torch.softmax(hidden @ weights[1].T + biases[1], dim)
    if labels:
        delta = delta - torch.nn.functional.one_hot(y, delta.shape[1])
    if logits_slope:
        prob = torch.softmax(hidden @ weights[1].T + biases[1], dim)
        delta = delta * prob * (1 - prob)
    delta = delta / len(y)
    back = slope(delta @ weights[1], hidden)
    return loss, [back.T @ x, delta.T @ hidden], [back.sum(0), delta.sum(0)]


@mistake(TRAIN_MLP)
def slope_of_the_softmax_twice(*run):
    """The gradient of the logits is multiplied by p (1 - p) once more. Softmax minus one-hot is the gradient through
    both the softmax and the cross-entropy already."""
    return slip(backward=lambda *batch: _backward(*batch, logits_slope=True))(*run)


@mistake(TRAIN_MLP)
def images_and_labels_apart(*run):
    """x and y come apart: the pictures of a batch are shuffled and its labels are not (or otherwise), so the network
    is taught labels of other pictures. Index both by the same batch."""

    def batch(self, x, y, index):
        return x[index], y[index.sort().values]

    return slip(batch=batch)(*run)


@mistake(TRAIN_MLP)
def not_clipped(*run):
    """The gradients are not clipped: with inputs a thousand times as large, your steps are those of the raw gradients.
    One bad batch can then throw the averages off for many steps. Clip the four gradients as one list, before the
    step."""
    return slip(clip=lambda grads: grads)(*run)


@mistake(TRAIN_MLP)
def clipped_one_by_one(*run):
    """Each of the four gradients is clipped by its own length. That bends the direction of the step; clip them as one
    list, with the length of all together."""
    return slip(clip=lambda grads: [clipped([grad])[0] for grad in grads])(*run)


@mistake(TRAIN_MLP)
def gradients_scaled_up(*run):
    """Every gradient is brought to the same length, small ones too. Clipping shortens what is too long and leaves the
    rest alone: near the minimum gradients are small, and that is worth knowing."""

    def clip(grads):
        norm = torch.stack([grad.norm() for grad in grads]).norm()
        return [grad / (norm + 1e-6) for grad in grads]

    return slip(clip=clip)(*run)


@mistake(TRAIN_MLP)
def trains_on_the_validation_set(*run):
    """The weights change when the validation set does: it is used in training. A network that was trained on a set
    cannot be tested on it. Look at the validation loss, and let it decide nothing."""
    x_train, y_train, x_val, y_val, *_ = run
    whole = torch.cat([x_train, x_val])[: len(x_train) + 1], torch.cat([y_train, y_val])[: len(y_train) + 1]
    loop = slip()
    loop.batch = lambda x, y, index: (whole[0][index + 1], whole[1][index + 1])
    return loop(*run)


@mistake(TRAIN_MLP)
def validation_loss_of_the_training_set(*run):
    """`val_losses` holds the loss on the training set. Only samples that were never trained on tell how the network
    does on new ones."""
    return slip(validate=lambda self, x, y, x_val, y_val: Loop.validate(self, x, y, x, y))(*run)


@mistake(TRAIN_MLP)
def accuracy_in_place_of_the_loss(*run):
    """`val_losses` holds the accuracy, and the loss is asked for: the cross-entropy on the validation set."""

    def validate(self, x_train, y_train, x_val, y_val):
        return (mlp_forward(x_val, self.params[:2], self.params[2:]).argmax(1) == y_val).double().mean().item()

    return slip(validate=validate)(*run)


@mistake(TRAIN_MLP)
def validation_loss_summed(*run):
    """`val_losses` holds the sum over the validation set; divide by its size, so that it can be compared with the
    training loss."""
    return slip(validate=lambda self, x, y, x_val, y_val: len(y_val) * Loop.validate(self, x, y, x_val, y_val))(*run)


@mistake(TRAIN_MLP)
def training_losses_added_up(*run):
    """`train_losses` holds the sum of the batches' losses. It grows with the number of batches; the mean is asked
    for."""
    return slip(epoch_loss=lambda losses, sizes: sum(losses))(*run)


@mistake(TRAIN_MLP)
def loss_of_the_last_batch(*run):
    """`train_losses` holds the loss of the last batch of each epoch. That is the luck of a few samples; take the mean
    over the epoch, or the loss at its start."""
    return slip(epoch_loss=lambda losses, sizes: losses[-1])(*run)


@mistake(TRAIN_MLP)
def samples_not_once(*run):
    """At a learning rate of 0 nothing changes from epoch to epoch, and yet your training loss does: some samples come
    up twice in an epoch, and others not at all. A shuffled order (randperm) has each sample once."""

    def batches(epoch, num_samples, batch_size, generator):
        return list(torch.randint(num_samples, (num_samples,), generator=generator).split(batch_size))

    return slip(batches=batches)(*run)


@mistake(TRAIN_MLP)
def summed_losses_divided_by_the_samples(*run):
    """`train_losses` is too small: the sum of the batches' mean losses is divided by the number of samples. A batch's
    mean has been divided once already: multiply it by its size first, or divide by the number of batches."""
    return slip(epoch_loss=lambda losses, sizes: sum(losses) / sum(sizes))(*run)


@mistake(TRAIN_MLP)
def generator_ignored(*run):
    """The same seed does not give the same result: some of the randomness does not come from `generator`. A run that
    cannot be repeated cannot be debugged."""
    return slip(init=lambda fan_in, fan_out, generator: he_init(fan_in, fan_out, torch.default_generator))(*run)


@mistake(TRAIN_MLP)
def seed_of_its_own(*run):
    """Different seeds give the same result: a seed of your own is used somewhere. Take all randomness from
    `generator`, as it comes."""
    return slip()(*run[:-1], torch.Generator().manual_seed(0))


@mistake(TRAIN_MLP)
def sizes_of_the_digits_only(*run):
    """It works for 64 inputs and 10 classes only. The sizes are in the data: the number of inputs in the shape of
    x_train, the number of classes in y_train."""
    return slip(
        start=lambda self, x, hidden, classes, generator: Loop.start(self, x, hidden, 10, generator),
    )(*run)


@mistake(TRAIN_MLP)
def hidden_ignored(*run):
    """The hidden layer does not have `hidden` units: the argument is not used."""
    return slip()(*run[:4], 32, *run[5:])
