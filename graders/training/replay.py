"""Training replayed: what a run must come to when every batch is the whole data set, so that the order is no matter.

From the initial weights and the learning rates that a submission reports, its final weights follow, step by step. A
slip in its loop makes them follow another way: `replayed(..., slip=name)` takes it. All in float64.
"""

import torch

# Where the decay goes through the gradient it cannot be read from the weights: it is one of these.
FACTORS = (0.1, 0.5, 2.0, 10.0)  # of a rate that is changed on its way
DECAYS = (0.01, 0.1, 1e-3, 1e-4, 5e-4)
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
SLIPS = (
    "rate_not_applied",
    "steps_not_counted",
    "no_bias_correction",
    "m_not_corrected",
    "v_not_corrected",
    "betas_exchanged",
    "t_counted_for_every_parameter",
    "averages_not_kept",
    "state_made_anew_at_every_step",
    "gradients_accumulate",
    "uphill",
    "slope_of_relu_missing",
    "activation_in_place_of_slope",
    "relu_of_the_gradient",
    "softmax_over_the_batch",
    "labels_not_subtracted",
    "slope_of_the_softmax_twice",
    "decay_in_the_gradient",
    "noted_one_step_early",
    "another_rate_applied",
)


# What may be lost at every step, and the id of it where it is lost at the first step of each epoch only.
LOST = {
    "steps_not_counted": "steps_not_counted_in_every_epoch",
    "averages_not_kept": "averages_not_kept_in_every_epoch",
    "state_made_anew_at_every_step": "state_made_anew_in_every_epoch",
}
OF_EVERY_STEP = {of_epochs: of_steps for of_steps, of_epochs in LOST.items()}
SHORT_BATCH_SKIPPED = ("short_batch_skipped", "short_batch_skipped_and_not_counted")


def gradients(params, x, labels, slip=None):
    w1, w2, b1, b2 = params
    z = x @ w1.T + b1
    h = z.clamp(min=0)
    prob = delta = torch.softmax(h @ w2.T + b2, dim=0 if slip == "softmax_over_the_batch" else 1)
    if slip != "labels_not_subtracted":
        delta = delta - torch.nn.functional.one_hot(labels, len(w2))
    if slip == "slope_of_the_softmax_twice":
        delta = delta * prob * (1 - prob)
    delta = delta / len(x)
    back = delta @ w2
    if slip == "activation_in_place_of_slope":
        back = back * h
    elif slip == "relu_of_the_gradient":
        back = back.clamp(min=0)
    elif slip != "slope_of_relu_missing":
        back = back * (z > 0)
    return [back.T @ x, delta.T @ h, back.sum(0), delta.sum(0)]


def loss_of(params, x, labels):
    """Cross-entropy of each sample."""
    w1, w2, b1, b2 = (param.double() for param in params)
    logits = (x.double() @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return torch.logsumexp(logits, dim=1) - logits[torch.arange(len(labels)), labels]


def losses_of_other_networks(params, x, labels):
    """(what, loss) of networks that are not the one that was asked for."""
    w1, w2, b1, b2 = (param.double() for param in params)
    z = x.double() @ w1.T
    relu = (z + b1).clamp(min=0)
    for what, hidden in {
        "a network with a sigmoid": torch.sigmoid(z + b1),
        "a network with tanh": torch.tanh(z + b1),
        "a network without anything between its layers": z + b1,
        "a network with a leaky ReLU": relu + 0.01 * (z + b1).clamp(max=0),
    }.items():
        yield what, _mean_loss(hidden @ w2.T + b2, labels)
    yield "a network with a ReLU after the last layer too", _mean_loss((relu @ w2.T + b2).clamp(min=0), labels)
    yield "a network without biases", _mean_loss(z.clamp(min=0) @ w2.T, labels)


def _mean_loss(logits, labels):
    return (torch.logsumexp(logits, dim=1) - logits[torch.arange(len(labels)), labels]).mean().item()


def correct(params, x, labels):
    """The share of samples whose largest logit is that of their label."""
    w1, w2, b1, b2 = (param.double() for param in params)
    logits = (x.double() @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return (logits.argmax(1) == labels).double().mean().item()


def applied(rates, max_lr, slip):
    """The rates that the slip's author may really use, where `rates` are reported."""
    if slip == "rate_not_applied":
        return [[max_lr] * len(rates)]
    if slip == "noted_one_step_early":
        return [[0.0, *rates[:-1]]]
    if slip == "another_rate_applied":
        return [[factor * rate for rate in rates] for factor in FACTORS]
    return [rates]


def replayed(start, batches, rates, decay, *, decay_biases=True, max_norm=None, slip=None, steps_an_epoch=1):
    """The parameters (w1, w2, b1, b2) after one AdamW step for each of `batches`, pairs of x and labels."""
    params = [param.double() for param in start]
    m, v, total = ([torch.zeros_like(param) for param in params] for _ in range(3))
    slip, is_of_epochs = OF_EVERY_STEP.get(slip, slip), slip in OF_EVERY_STEP
    for step, ((x, labels), rate) in enumerate(zip(batches, rates, strict=True), 1):
        if slip in SHORT_BATCH_SKIPPED and step % steps_an_epoch == 0:
            continue
        since = (step - 1) % steps_an_epoch if is_of_epochs else 0  # steps since something was lost
        grads = gradients(params, x.double(), labels, slip)
        if slip == "gradients_accumulate":
            grads = total = [before + grad for before, grad in zip(total, grads, strict=True)]
        if slip == "gradients_accumulate_in_an_epoch":
            kept = 0.0 if (step - 1) % steps_an_epoch == 0 else 1.0
            grads = total = [kept * before + grad for before, grad in zip(total, grads, strict=True)]
        norm = torch.stack([grad.norm() for grad in grads]).norm()
        for i, grad in enumerate(grads):
            if slip == "clipped_one_by_one":
                norm = grad.norm()
            if slip == "gradients_scaled_up":
                grad = grad / (norm + 1e-6)
            elif max_norm is not None:
                grad = grad * min(1.0, max_norm / (norm.item() + 1e-6))
            t = since + 1 if slip in ("steps_not_counted", "state_made_anew_at_every_step") else step
            if slip == "short_batch_skipped_and_not_counted":
                t = step - step // steps_an_epoch
            if slip == "t_counts_epochs":
                t = (step - 1) // steps_an_epoch + 1
            if slip == "t_counted_for_every_parameter":
                t = 4 * (step - 1) + i + 1
            beta1, beta2 = (BETA2, BETA1) if slip == "betas_exchanged" else (BETA1, BETA2)
            shrink = decay if i < 2 or decay_biases else 0.0
            if slip == "decay_in_the_gradient":
                grad, shrink = grad + shrink * params[i], 0.0
            kept = 0.0 if slip in ("averages_not_kept", "state_made_anew_at_every_step") and since == 0 else 1.0
            m[i] = beta1 * kept * m[i] + (1 - beta1) * grad
            v[i] = beta2 * kept * v[i] + (1 - beta2) * grad**2
            full1 = 1.0 if slip in ("no_bias_correction", "m_not_corrected") else 1 - beta1**t
            full2 = 1.0 if slip in ("no_bias_correction", "v_not_corrected") else 1 - beta2**t
            if slip == "plain_gradient_descent":
                params[i] = params[i] * (1 - rate * shrink) - rate * grad
                continue
            move = rate * (m[i] / full1) / ((v[i] / full2).sqrt() + EPS)
            params[i] = params[i] * (1 - rate * shrink) + (move if slip == "uphill" else -move)
    return params


def decay_of(start, end, rates):
    """The weight decay, read from the weights of an input that is always 0: nothing but the decay moves them."""
    before, after = start[0][:, 0].double(), end[0][:, 0].double()
    if not bool((before.abs() > 1e-3).any()):
        return 0.0
    ratios = (after / before)[before.abs() > 1e-3]
    ratio = ratios.mean().item()
    if not 0.01 < ratio < 2 or ratios.std().item() > 1e-4:
        return None
    if abs(ratio - 1) < 1e-6 or not sum(rates):
        return 0.0
    log_ratio = torch.tensor(ratio, dtype=torch.float64).log().item()
    decay = -log_ratio / sum(rates)
    for _ in range(4):
        steps = 1 - decay * torch.tensor(rates, dtype=torch.float64)
        if not bool((steps > 0).all()):
            return None
        decay *= log_ratio / steps.log().sum().item()
    return decay
