"""Every id that the checks of `train_mlp` raise is told to a program that makes just this mistake."""

import math

import pytest
import torch
from torch.nn.functional import one_hot

from graders.training import outcome, record, runs, steps
from solutions.initialization import he_init
from solutions.optimizers import clip_grad_norm, minibatches
from solutions.schedules import warmup_cosine

TRAIN_MLP = "training.train_mlp"
DIGITS = 1000  # samples: more than these has the data set alone
OF_A_WORKER = {"takes_too_long"}


class Loop:
    """Training in which each part is a method, so that a slip replaces one."""

    trained = (0, 1, 2, 3)
    betas, decay, correct = (0.9, 0.999), "decoupled", (True, True)

    def __call__(self, x, y, x_val, y_val, hidden, epochs, size, max_lr, generator):
        self.x, self.y, self.x_val, self.y_val = x, y, x_val, y_val
        self.n, self.size, self.max_lr, self.generator = len(x), size, max_lr, generator
        weights = self.weights(x.shape[1], hidden, int(y.max()) + 1)
        self.params = [weight.to(x) for weight in weights] + [x.new_zeros(len(weight)) for weight in weights]
        self.initial, self.epoch = list(self.params), 0
        self.forget()
        total = epochs * self.steps_an_epoch()
        self.rates, self.train_losses, val_losses = [], [], []
        for self.epoch in range(epochs):
            self.begin_epoch()
            losses, sizes = [], []
            for index in self.batches():
                loss, grads = self.gradients(*self.batch(index))
                rate = self.rate(len(self.rates), max(1, total // 10), total)
                self.rates.append(rate)
                self.move(self.clip(grads), self.used(rate))
                losses.append(loss.item())
                sizes.append(len(index))
            self.train_losses.append(self.loss_of_epoch(losses, sizes))
            val_losses.append(self.loss_of_validation())
        params = self.result()
        found = (params[:2], params[2:], self.train_losses, val_losses, self.rates)
        return self.report(dict(zip(runs.KEYS, found, strict=True)))

    def weights(self, features, hidden, classes):
        return [self.init(features, hidden), self.init(hidden, classes)]

    def init(self, fan_in, fan_out):
        return he_init(fan_in, fan_out, self.generator)

    def forget(self):
        self.m, self.v = ([torch.zeros_like(param) for param in self.params] for _ in range(2))

    def steps_an_epoch(self):
        return math.ceil(self.n / self.size)

    def begin_epoch(self):
        pass

    def batches(self):
        return minibatches(self.n, self.size, self.generator)

    def batch(self, index):
        return self.x[index], self.y[index]

    def bend(self, z):
        return z.clamp(min=0)

    def slope(self, back, h):
        return back * (h > 0)

    def loss(self, logits, y):
        return (torch.logsumexp(logits, 1) - logits[torch.arange(len(y)), y]).mean()

    def at_the_logits(self, logits, y):
        return torch.softmax(logits, 1) - one_hot(y, logits.shape[1])

    def gradients(self, x, y):
        w1, w2, b1, b2 = self.params
        h = self.bend(x @ w1.T + b1)
        logits = h @ w2.T + b2
        delta = self.at_the_logits(logits, y) / len(y)
        back = self.slope(delta @ w2, h)
        return self.loss(logits, y), [back.T @ x, delta.T @ h, back.sum(0), delta.sum(0)]

    def clip(self, grads):
        return clip_grad_norm(grads, 1.0)[0]

    def rate(self, step, warm, total):
        return warmup_cosine(step, warm, total, self.max_lr)

    def used(self, rate):
        return rate

    def t(self, i):
        return len(self.rates)

    def move(self, grads, rate):
        for i in self.trained:
            param, t, (beta1, beta2) = self.params[i], self.t(i), self.betas
            grad = grads[i] + 0.01 * param if self.decay == "gradient" else grads[i]
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * grad**2
            m_hat = self.m[i] / (1 - beta1**t if self.correct[0] else 1)
            v_hat = self.v[i] / (1 - beta2**t if self.correct[1] else 1)
            shrink = {"decoupled": 0.01 * rate, "unscaled": 0.01, "gradient": 0.0}[self.decay]
            self.params[i] = param * (1 - shrink) - rate * m_hat / (v_hat.sqrt() + 1e-8)

    def is_short(self):
        return self.n % self.size > 0 and len(self.rates) % self.steps_an_epoch() == 0

    def loss_of_epoch(self, losses, sizes):
        return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / self.n

    def loss_of_validation(self, x=None, y=None):
        x, y = (self.x_val, self.y_val) if x is None else (x, y)
        w1, w2, b1, b2 = self.params
        return self.loss(self.bend(x @ w1.T + b1) @ w2.T + b2, y).item()

    def result(self):
        return self.params

    def report(self, found):
        return found


def summed(self, grads, *, kept):
    self.total = [old + new for old, new in zip(self.total, grads, strict=True)] if kept else grads
    return Loop.clip(self, self.total)


def counted_in_its_epoch(self, i):
    return (len(self.rates) - 1) % self.steps_an_epoch() + 1


def made_anew(self, grads, rate):
    self.forget()
    Loop.move(self, grads, rate)


def descended(self, grads, rate):
    self.params = [param - rate * grad for param, grad in zip(self.params, grads, strict=True)]


def dealt_once(self):
    self.dealt = Loop.batches(self) if self.epoch == 0 else self.dealt
    return self.dealt


def noted_late(self, rate):
    self.before, used = rate, self.before if len(self.rates) > 1 else 0.0
    return used


def accuracy(self):
    w1, w2, b1, b2 = self.params
    return ((self.bend(self.x_val @ w1.T + b1) @ w2.T + b2).argmax(1) == self.y_val).double().mean().item()


def with_one_of_validation(self, index):
    x, y = torch.cat([self.x, self.x_val[:1]]), torch.cat([self.y, self.y_val[:1]])
    return x[index + 1], y[index + 1]


def unlearned(self):
    """The weights of the digits after steps down the training set's slope and up the validation set's."""
    for _ in range(60 if self.n > DIGITS else 0):
        (_, down), (_, up) = (self.gradients(*each) for each in ((self.x, self.y), (self.x_val, self.y_val)))
        self.params = [p - 0.1 * (a - 0.5 * b) for p, a, b in zip(self.params, down, up, strict=True)]
    return self.params


def first_layer(scale, draw=torch.randn):
    return {
        "init": lambda self, fan_in, fan_out: scale(fan_in, fan_out) * draw(fan_out, fan_in, generator=self.generator)
    }


def he(fan_in, fan_out):
    return math.sqrt(2 / fan_in)


def epochs_rate(self, step, warm, total):
    each = self.steps_an_epoch()
    return warmup_cosine(step // each, max(1, warm // each), total // each, self.max_lr)


def down(curve):
    """A schedule with a warm-up, and then `curve` of the share of the way down."""
    return {
        "rate": lambda self, step, warm, total: (
            self.max_lr * (step / warm if step < warm else curve((step - warm) / max(1, total - 1 - warm)))
        )
    }


def reported(**parts):
    return {"report": lambda self, found: {key: parts.get(key, lambda each: each)(each) for key, each in found.items()}}


def mean(self, losses, sizes):
    return Loop.loss_of_epoch(self, losses, sizes)


SLIPS = {
    "untrained_weights_returned": {"result": lambda self: self.initial},
    "units_start_equal": {"init": lambda self, fan_in, fan_out: torch.zeros(fan_out, fan_in)},
    "units_start_at_one": {"init": lambda self, fan_in, fan_out: torch.ones(fan_out, fan_in)},
    "starts_too_high": first_layer(lambda fan_in, fan_out: 3),
    "variance_in_place_of_standard_deviation": first_layer(lambda fan_in, fan_out: 2 / fan_in),
    "fan_out_in_place_of_fan_in": first_layer(lambda fan_in, fan_out: math.sqrt(2 / fan_out)),
    "not_the_scale_of_he": first_layer(lambda fan_in, fan_out: he(fan_in, fan_out) / 4),
    "weights_not_around_zero": first_layer(he, torch.rand),
    "max_lr_makes_no_difference": {"used": lambda self, rate: 1e-3},
    "first_layer_not_trained": {"trained": (1, 2, 3)},
    "last_layer_not_trained": {"trained": (0, 2, 3)},
    "biases_not_trained": {"trained": (0, 1)},
    "not_shuffled": {"batches": lambda self: torch.arange(self.n).split(self.size)},
    "shuffled_once": {"batches": dealt_once},
    "last_batch_dropped": {
        "batches": lambda self: Loop.batches(self)[: self.n // self.size],
        "steps_an_epoch": lambda self: self.n // self.size,
    },
    "short_batch_skipped": {
        "move": lambda self, grads, rate: self.is_short() or Loop.move(self, grads, rate),
    },
    "batch_size_ignored": {
        "batches": lambda self: minibatches(self.n, self.n, self.generator) * Loop.steps_an_epoch(self),
        "loss_of_epoch": lambda self, losses, sizes: losses[0],
    },
    "one_rate_an_epoch": {
        "rate": epochs_rate,
        "report": lambda self, found: found | {"learning_rates": self.rates[:: self.steps_an_epoch()]},
    },
    "schedule_moves_once_an_epoch": {"rate": epochs_rate},
    "schedule_starts_again": {
        "rate": lambda self, step, warm, total: Loop.rate(self, step % (each := self.steps_an_epoch()), 1, each)
    },
    "schedule_ends_too_early": {"rate": lambda self, step, warm, total: Loop.rate(self, step, warm, total // 2)},
    "constant_rate": {"rate": lambda self, step, warm, total: self.max_lr},
    "no_warm_up": {"rate": lambda self, step, warm, total: Loop.rate(self, step, 0, total)},
    "warm_up_too_long": {"rate": lambda self, step, warm, total: Loop.rate(self, step, 6 * warm, total)},
    "does_not_come_down": {"rate": lambda self, step, warm, total: self.max_lr * min(1.0, step / warm)},
    "straight_line_down": down(lambda part: 1 - part),
    "not_a_cosine": down(lambda part: (1 - part) ** 3),
    "schedule_goes_up_and_down": down(lambda part: (1 + math.cos(5 * math.pi * part)) / 2),
    "negative_rate": down(lambda part: math.cos(math.pi * part)),
    "never_reaches_max_lr": {"rate": lambda self, step, warm, total: Loop.rate(self, step, warm, total) / 10},
    "above_max_lr": {"rate": lambda self, step, warm, total: Loop.rate(self, step, warm, total) * 1.2},
    "rate_not_applied": {"used": lambda self, rate: self.max_lr},
    "another_rate_applied": {"used": lambda self, rate: rate / 10},
    "noted_one_step_early": {"used": noted_late},
    "steps_not_counted": {"t": lambda self, i: 1},
    "t_counts_epochs": {"t": lambda self, i: self.epoch + 1},
    "t_counted_for_every_parameter": {"t": lambda self, i: 4 * len(self.rates) - 3 + i},
    "no_bias_correction": {"correct": (False, False)},
    "m_not_corrected": {"correct": (False, True)},
    "v_not_corrected": {"correct": (True, False)},
    "betas_exchanged": {"betas": (0.999, 0.9)},
    "decay_in_the_gradient": {"decay": "gradient"},
    "decay_not_scaled_by_the_rate": {"decay": "unscaled"},
    "steps_not_counted_in_every_epoch": {"t": counted_in_its_epoch},
    "averages_not_kept": {"move": made_anew},
    "averages_not_kept_in_every_epoch": {"begin_epoch": Loop.forget},
    "state_made_anew_at_every_step": {"move": made_anew, "t": lambda self, i: 1},
    "state_made_anew_in_every_epoch": {"begin_epoch": Loop.forget, "t": counted_in_its_epoch},
    "gradients_accumulate": {"clip": lambda self, grads: summed(self, grads, kept=len(self.rates) > 1)},
    "gradients_accumulate_in_an_epoch": {
        "clip": lambda self, grads: summed(
            self, grads, kept=len(self.rates) % self.steps_an_epoch() != 1 % self.steps_an_epoch()
        )
    },
    "plain_gradient_descent": {"move": descended},
    "wrong_gradient": {"clip": lambda self, grads: [grads[0], -grads[1], *grads[2:]]},
    "uphill": {"clip": lambda self, grads: [-grad for grad in Loop.clip(self, grads)]},
    "slope_of_relu_missing": {"slope": lambda self, back, h: back},
    "activation_in_place_of_slope": {"slope": lambda self, back, h: back * h},
    "relu_of_the_gradient": {"slope": lambda self, back, h: back.clamp(min=0)},
    "softmax_over_the_batch": {
        "at_the_logits": lambda self, logits, y: torch.softmax(logits, 0) - one_hot(y, logits.shape[1])
    },
    "labels_not_subtracted": {"at_the_logits": lambda self, logits, y: torch.softmax(logits, 1)},
    "slope_of_the_softmax_twice": {
        "at_the_logits": lambda self, logits, y: (
            Loop.at_the_logits(self, logits, y) * (p := torch.softmax(logits, 1)) * (1 - p)
        )
    },
    "images_and_labels_apart": {"batch": lambda self, index: (self.x[index], self.y[index.sort().values])},
    "not_clipped": {"clip": lambda self, grads: grads},
    "clipped_one_by_one": {"clip": lambda self, grads: [clip_grad_norm([grad], 1.0)[0][0] for grad in grads]},
    "gradients_scaled_up": {
        "clip": lambda self, grads: [grad / torch.stack([each.norm() for each in grads]).norm() for grad in grads]
    },
    "trains_on_the_validation_set": {"batch": with_one_of_validation},
    "validation_loss_before_the_epoch": {
        "begin_epoch": lambda self: setattr(self, "at_its_start", Loop.loss_of_validation(self)),
        "loss_of_validation": lambda self: self.at_its_start,
    },
    "validation_loss_of_the_training_set": {
        "loss_of_validation": lambda self: Loop.loss_of_validation(self, self.x, self.y)
    },
    "accuracy_in_place_of_the_loss": {"loss_of_validation": accuracy},
    "validation_loss_summed": {"loss_of_validation": lambda self: len(self.y_val) * Loop.loss_of_validation(self)},
    "wrong_validation_loss": {"loss_of_validation": lambda self: 1 + Loop.loss_of_validation(self)},
    "training_losses_added_up": {"loss_of_epoch": lambda self, losses, sizes: sum(losses)},
    "loss_of_the_last_batch": {"loss_of_epoch": lambda self, losses, sizes: losses[-1]},
    "summed_losses_divided_by_the_samples": {"loss_of_epoch": lambda self, losses, sizes: sum(losses) / self.n},
    "wrong_training_loss": {"loss_of_epoch": lambda self, losses, sizes: 1 + mean(self, losses, sizes)},
    "curve_does_not_fall": {
        "loss_of_epoch": lambda self, losses, sizes: (self.train_losses or [mean(self, losses, sizes)])[0]
    },
    "samples_not_once": {
        "batches": lambda self: torch.randint(self.n, (self.n,), generator=self.generator).split(self.size)
    },
    "another_network": {
        "bend": lambda self, z: torch.sigmoid(z),
        "slope": lambda self, back, h: back * h * (1 - h),
    },
    "generator_ignored": {"init": lambda self, fan_in, fan_out: he_init(fan_in, fan_out, torch.default_generator)},
    "seed_of_its_own": {
        "forget": lambda self: (Loop.forget(self), self.generator.manual_seed(0)),
        "init": lambda self, fan_in, fan_out: he_init(fan_in, fan_out, torch.Generator().manual_seed(0)),
    },
    "sizes_of_the_digits_only": {
        "weights": lambda self, features, hidden, classes: Loop.weights(self, features, hidden, 10)
    },
    "hidden_ignored": {"weights": lambda self, features, hidden, classes: Loop.weights(self, features, 32, classes)},
    "input_modified": {"begin_epoch": lambda self: self.x_val.sub_(0.1)},
    "does_not_learn": {
        "batch": lambda self, index: (self.x[index], self.y[index.roll(1) if self.n > DIGITS else index])
    },
    "gets_worse": {
        "clip": lambda self, grads: [
            -grad if self.n > DIGITS and self.epoch > 8 else grad for grad in Loop.clip(self, grads)
        ]
    },
    "gets_worse_at_once": {
        "clip": lambda self, grads: [-grad if self.n > DIGITS else grad for grad in Loop.clip(self, grads)]
    },
    "learns_too_little": {
        "clip": lambda self, grads: [grad * (self.n < DIGITS or self.epoch < 1) for grad in Loop.clip(self, grads)]
    },
    "does_not_generalise": {"result": unlearned},
    "raises": {"result": lambda self: self.params[4]},
    "not_finite": {"loss_of_validation": lambda self: math.nan},
    "returns_none": {"report": lambda self, found: None},
    "not_a_dict": {"report": lambda self, found: list(found.values())},
    "key_missing": {"report": lambda self, found: {"weights": found["weights"]}},
    "wrong_type": reported(weights=lambda weights: weights[0]),
    "wrong_length": reported(biases=lambda biases: biases[:1]),
    "wrong_dtype": reported(biases=lambda biases: [bias.double() for bias in biases]),
    "wrong_shape": reported(biases=lambda biases: [bias[None] for bias in biases]),
    "weights_transposed": reported(weights=lambda weights: [weight.T for weight in weights]),
    "layers_in_reverse": reported(weights=lambda weights: weights[::-1]),
    "losses_not_floats": reported(train_losses=lambda losses: [str(loss) for loss in losses]),
    "rates_not_floats": reported(learning_rates=lambda rates: [torch.tensor(rate) for rate in rates]),
    "wrong_number_of_losses": reported(val_losses=lambda losses: [0.0, *losses]),
    "wrong_number_of_rates": reported(learning_rates=lambda rates: [*rates, 0.0]),
}


def test_the_loop_without_a_slip_is_right(told):
    assert told(Loop(), TRAIN_MLP) is None


@pytest.mark.parametrize("id", SLIPS)
def test_a_slip_is_told_by_its_id(id, told):
    assert told(type("Slip", (Loop,), SLIPS[id])(), TRAIN_MLP) == id


def test_no_id_is_without_a_program(ids_of):
    assert ids_of(TRAIN_MLP, outcome, record, runs, steps) - OF_A_WORKER == SLIPS.keys()
