"""Known mistakes of the unit optimizers: short wrong solutions, and what to tell whoever wrote one.

The optimizers are built alike: gradient, state, quotient, update, new parameter. What goes wrong in a step that
several have is written once, for all of them (`Together`).
"""

import functools
import math

import torch

from backpass.explaining.declared import Anatomy, mistake

# AdamW can go wrong in all of Adam's ways and in its own. Of the first, these are looked for in pairs too.
COMMON_IN_ADAM = {
    *("no_bias_correction", "first_moment_not_corrected", "second_moment_not_corrected", "correction_without_t"),
    *("t_one_too_high", "t_one_too_low", "betas_swapped", "beta1_corrects_both", "beta2_corrects_both"),
    *("betas_fixed", "weights_swapped", "old_moments_used", "gradient_not_squared", "eps_inside_the_root"),
    *("eps_missing", "eps_fixed_inside_the_root", "no_square_root", "corrected_moments_returned"),
    *("old_state_returned", "state_forgotten", "both_accumulate", "v_accumulates", "m_accumulates", "uphill"),
    *("lr_missing", "second_correction_outside_the_root", "power_of_the_whole"),
}


class Together:
    """Several anatomies: what is declared here is declared in each of them."""

    def __init__(self, *anatomies):
        self.anatomies = anatomies

    def step(self, function):
        for anatomy in self.anatomies:
            anatomy.step(function)
        return function

    def quantity(self, function):
        for anatomy in self.anatomies:
            anatomy.quantity(function)
        return function

    def mistake(self, *steps, constants=()):
        def declare(function):
            for anatomy in self.anatomies:
                in_pairs = anatomy.exercise != "optimizers.adamw_step" or function.__name__ in COMMON_IN_ADAM
                anatomy.mistake(*steps, constants=constants, in_pairs=in_pairs)(function)
            return function

        return declare

    def returning(self, function):
        """Declare a mistake that computes everything right and returns `function` of the right results."""

        def whole(right, *args, **kwargs):
            return function(right(*args, **kwargs))

        for anatomy in self.anatomies:
            wrong = functools.partial(whole, anatomy.with_steps({}))
            mistake(anatomy.exercise)(functools.update_wrapper(wrong, function))
        return function


def default_changed(anatomy, name, right, constants):
    """Mistakes whose signature has another default for one argument; arguments that are given are used."""

    def step(*args, constant, **kwargs):
        given = dict(zip(anatomy.parameters, args, strict=False))
        return anatomy.with_steps({})(**{name: constant, **given, **kwargs})

    step.__name__ = f"default_{name}_changed"
    step.__doc__ = f"The default of {name} is {{constant}} in your signature: keep it at {right:g}."
    mistake(anatomy.exercise, constants=constants)(step)


def zero_not_taken(anatomy, name, right):
    """A mistake: the argument `name` is asked for its truth, and 0 then means the default, as if nothing were given."""

    def step(*args, **kwargs):
        given = {**dict(zip(anatomy.parameters, args, strict=False)), **kwargs}
        return anatomy.with_steps({})(**{**given, name: given.get(name, right) or right})

    step.__name__ = f"{name}_of_zero_not_taken"
    step.__doc__ = (
        f"With {name} = 0 you compute with its default, {right:g} (is it `{name} or {right:g}`, or `if {name}`?): 0 is "
        "a number like any other, and whoever gives it means it."
    )
    mistake(anatomy.exercise)(step)


sgd = Anatomy("optimizers.sgd_step", "param_out")
momentum = Anatomy("optimizers.momentum_step", "param_out", "state_out")
nesterov = Anatomy("optimizers.nesterov_step", "param_out", "state_out")
adagrad = Anatomy("optimizers.adagrad_step", "param_out", "state_out")
rmsprop = Anatomy("optimizers.rmsprop_step", "param_out", "state_out")
adam = Anatomy("optimizers.adam_step", "param_out", "m_out", "v_out")
adamw = Anatomy("optimizers.adamw_step", "param_out", "m_out", "v_out")

steppers = Together(sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)
without_decay = Together(sgd, momentum, nesterov, adagrad, rmsprop, adam)
carrying_one = Together(momentum, nesterov, adagrad, rmsprop)  # one state beside the parameter
balls = Together(momentum, nesterov)
dividing = Together(adagrad, rmsprop, adam, adamw)
running = Together(adagrad, rmsprop)
adams = Together(adam, adamw)

# ------------------------------------------------------------------------- how the optimizers are built


@Together(sgd, momentum, adagrad, rmsprop, adam, adamw).step
def raw(grad):
    return grad


@nesterov.step
def raw(grad_fn, point):
    """the gradient at the point ahead"""
    return grad_fn(point)


@steppers.step
def gradient(raw):
    return raw


@without_decay.step
def base(param):
    return param


@steppers.step
def update(lr, quotient):
    """the step that the gradients call for, with the learning rate in it"""
    return lr * quotient


@steppers.step
def new_param(base, update):
    return base - update


@steppers.step
def param_out(new_param):
    """the new parameter"""
    return new_param


@sgd.step
def quotient(gradient):
    return gradient


@balls.step
def old(velocity):
    return velocity


@adagrad.step
def old(sum_sq):
    return sum_sq


@rmsprop.step
def old(mean_sq):
    return mean_sq


@balls.step
def kept(momentum):
    return momentum


@rmsprop.step
def kept(decay):
    return decay


@nesterov.step
def point(param, lr, kept, old):
    """the point ahead, where the old velocity alone takes the parameter"""
    return param - lr * kept * old


@balls.step
def new_state(old, kept, gradient):
    """the new velocity"""
    return kept * old + gradient


@adagrad.step
def new_state(old, gradient):
    """the sum of all squared gradients, with the new one in it"""
    return old + gradient**2


@rmsprop.step
def new_state(old, kept, gradient):
    """the running average of the squared gradients, with the new one in it"""
    return kept * old + (1 - kept) * gradient**2


@carrying_one.step
def state_out(new_state):
    """the new state, as the next step needs it"""
    return new_state


@balls.step
def quotient(new_state):
    return new_state


@running.step
def squares(new_state):
    return new_state


@adams.step
def squares(v_hat):
    return v_hat


@dividing.step
def denominator(squares, eps):
    """the denominator of the step: the root, with `eps` added to it"""
    return squares.sqrt() + eps


@running.step
def quotient(gradient, denominator):
    """the gradient divided by the denominator, without the learning rate"""
    return gradient / denominator


@adams.step
def quotient(m_hat, denominator):
    """the corrected first moment divided by the denominator, without the learning rate"""
    return m_hat / denominator


@adamw.step
def share(lr, weight_decay):
    """the share of the parameter that decays away in this step"""
    return lr * weight_decay


@adamw.step
def base(param, share):
    """the parameter after the weight decay, before Adam's step"""
    return param - share * param


@adams.step
def b1(beta1):
    return beta1


@adams.step
def b2(beta2):
    return beta2


@adams.step
def count(t):
    return t


@adams.step
def new_m(gradient, m, b1):
    """the new first moment: the running average of the gradients, not yet corrected"""
    return b1 * m + (1 - b1) * gradient


@adams.step
def new_v(gradient, v, b2):
    """the new second moment: the running average of the squared gradients, not yet corrected"""
    return b2 * v + (1 - b2) * gradient**2


@adams.step
def m_hat(new_m, count, b1):
    """the first moment, corrected for its start at 0"""
    return new_m / (1 - b1**count)


@adams.step
def v_hat(new_v, count, b2):
    """the second moment, corrected for its start at 0"""
    return new_v / (1 - b2**count)


@adams.step
def m_out(new_m):
    """the new first moment, uncorrected, as the next step needs it"""
    return new_m


@adams.step
def v_out(new_v):
    """the new second moment, uncorrected, as the next step needs it"""
    return new_v


@steppers.quantity
def downhill_step(update):
    """the step with a minus sign, to be added to the parameter"""
    return -update


@sgd.quantity
def downhill(gradient):
    """the direction straight downhill: the gradient with its signs turned"""
    return -gradient


@balls.quantity
def velocity_left(kept, old):
    """what `momentum` leaves of the old velocity"""
    return kept * old


@balls.quantity
def step_of_the_velocity(lr, kept, old):
    """the part of the step that the old velocity makes"""
    return lr * kept * old


@balls.quantity
def step_of_the_gradient(lr, gradient):
    """the part of the step that the gradient makes"""
    return lr * gradient


@balls.quantity
def rate_of_the_velocity(lr, kept):
    """the factor with which the old velocity enters the step"""
    return lr * kept


@dividing.quantity
def squared_gradient(gradient):
    """the square of each entry of the gradient"""
    return gradient**2


@adagrad.quantity
def root_of_squares(squares):
    """the root of the new sum of squares, without `eps`"""
    return squares.sqrt()


@rmsprop.quantity
def root_of_squares(squares):
    """the root of the new average of squares, without `eps`"""
    return squares.sqrt()


@running.quantity
def scaled_gradient(lr, gradient):
    """the gradient times the learning rate, before the division"""
    return lr * gradient


@running.quantity
def rate_of_each_entry(lr, denominator):
    """the learning rate of each entry: `lr` divided by the denominator"""
    return lr / denominator


@rmsprop.quantity
def weight_of_the_square(kept):
    """the weight of the new square in the running average"""
    return 1 - kept


@rmsprop.quantity
def average_left(kept, old):
    """what `decay` leaves of the old running average"""
    return kept * old


@rmsprop.quantity
def added_square(kept, gradient):
    """what the new square adds to the running average"""
    return (1 - kept) * gradient**2


@rmsprop.quantity
def square_above_average(gradient, old):
    """the difference between the new square and the old running average"""
    return gradient**2 - old


@adams.quantity
def weight_of_the_gradient(b1):
    """the weight of the new gradient in the first moment"""
    return 1 - b1


@adams.quantity
def weight_of_the_square(b2):
    """the weight of the new square in the second moment"""
    return 1 - b2


@adams.quantity
def added_gradient(gradient, b1):
    """what the new gradient adds to the first moment"""
    return (1 - b1) * gradient


@adams.quantity
def added_square(gradient, b2):
    """what the new square adds to the second moment"""
    return (1 - b2) * gradient**2


@adams.quantity
def correction_of_m(b1, count):
    """the bias correction of the first moment, the number to divide it by"""
    return 1 - b1**count


@adams.quantity
def correction_of_v(b2, count):
    """the bias correction of the second moment, the number to divide it by"""
    return 1 - b2**count


@adams.quantity
def root_of_v_hat(v_hat):
    """the root of the corrected second moment, without `eps`"""
    return v_hat.sqrt()


@adams.quantity
def root_of_v(new_v):
    """the root of the second moment, not corrected"""
    return new_v.sqrt()


@adams.quantity
def root_of_the_correction(b2, count):
    """the root of the bias correction of the second moment"""
    return math.sqrt(1 - b2**count)


@adams.quantity
def corrected_rate(lr, b1, count):
    """the learning rate divided by the bias correction of the first moment"""
    return lr / (1 - b1**count)


@adamw.quantity
def decayed_away(share, param):
    """the weight decay: what the parameter loses besides Adam's step"""
    return share * param


@adamw.quantity
def share_left(share):
    """the share of the parameter that the weight decay leaves"""
    return 1 - share


@adamw.quantity
def undecayed(param, update):
    """the parameter after Adam's step alone, without the weight decay"""
    return param - update


@adamw.quantity
def direction_with_decay(quotient, weight_decay, param):
    """Adam's direction and the weight decay together, before the learning rate"""
    return quotient + weight_decay * param


# ------------------------------------------------------------------------ mistakes that all optimizers share


@steppers.mistake("gradient")
def gradient_viewed(raw):
    """view fails where a tensor is not contiguous in memory (a transposed one): use reshape, or no flattening at all,
    since every operation here works element by element."""
    return raw.view(-1).view(raw.shape)


@steppers.mistake("gradient")
def matrices_only(raw):
    """You unpack the shape into two numbers, rows and columns: a parameter may be one number, a vector, or have three
    dimensions. Every operation here works element by element, whatever the shape."""
    _, _ = raw.shape
    return raw


@steppers.mistake("gradient")
def loop_over_the_first_dimension(raw):
    """A loop over len(param) fails for a parameter without dimensions: every operation here works element by element,
    no loop is needed."""
    len(raw)
    return raw


@steppers.mistake("gradient", constants=(0.01, 0.1, 1e-4, 5e-4, 1e-3, 1.0))
def weight_decay_in_the_gradient(raw, param, constant):
    """{constant} times the parameter is added to the gradient (L2, or coupled weight decay): it is not asked for."""
    return raw + constant * param


@steppers.mistake("gradient", constants=(1.0, 0.5))
def gradient_clipped(raw, constant):
    """The gradient is clamped to [-{constant}, {constant}] first: clipping is another exercise, a step takes the
    gradient as it is."""
    return raw.clamp(-constant, constant)


@steppers.mistake("gradient", constants=(1e-12, 1e-8, 1e-6))
def gradient_normalised(raw, constant):
    """The gradient is divided by its norm (+ {constant}) first: a step takes the gradient as it is, and its size
    counts."""
    return raw / (torch.linalg.vector_norm(raw) + constant)


@steppers.mistake("gradient")
def gradient_averaged(raw):
    """One number, the mean of the gradient, is used for the whole tensor: each parameter has a gradient of its own."""
    return raw.mean().expand(raw.shape)


@steppers.mistake("gradient")
def gradient_averaged_over_the_rows(raw):
    """The gradient is averaged over its first dimension, as if that were a batch: a gradient has the shape of its
    parameter, and has been averaged over the batch already."""
    return raw.mean(dim=0).expand(raw.shape)


@steppers.mistake("gradient")
def gradient_summed_over_the_rows(raw):
    """The gradient is added up over its first dimension, as if that were a batch: a gradient has the shape of its
    parameter, and the batch is in it already."""
    return raw.sum(dim=0).expand(raw.shape)


@steppers.mistake("gradient")
def gradient_summed(raw):
    """One number, the sum of the gradient, is used for the whole tensor: each parameter has a gradient of its own."""
    return raw.sum().expand(raw.shape)


@steppers.mistake("gradient")
def gradient_divided_by_its_count(raw):
    """The gradient is divided by the number of its entries: it is the gradient of a mean already, take it as it is."""
    return raw / max(raw.numel(), 1)


@steppers.mistake("gradient")
def gradient_divided_by_its_rows(raw):
    """The gradient is divided by the length of its first dimension, as if that were a batch: a gradient has the shape
    of its parameter, and has been averaged over the batch already."""
    return raw / (raw.shape[0] if raw.dim() else 1)


@steppers.mistake("gradient")
def gradient_centred(raw):
    """The mean of the gradient's entries is taken off: each parameter has a gradient of its own, as it is."""
    return raw - raw.mean()


@steppers.mistake("gradient")
def gradient_times_its_size(raw):
    """The gradient is multiplied by its own size, g |g|: it enters as it is."""
    return raw * raw.abs()


@steppers.mistake("update")
def lr_missing(quotient):
    """The learning rate is missing: the step has the full size of what it is multiplied with."""
    return quotient


@steppers.mistake("update", constants=(1e-3, 1e-2, 1e-4, 0.1))
def lr_fixed(quotient, constant):
    """The learning rate is the fixed number {constant} in your code: use the argument."""
    return constant * quotient


@steppers.mistake("update")
def lr_twice(lr, quotient):
    """The learning rate is multiplied in twice."""
    return lr * lr * quotient


@steppers.mistake("update")
def divided_by_lr(lr, quotient):
    """You divide by the learning rate: it multiplies the step."""
    return quotient / lr


@steppers.mistake("update")
def lr_added(lr, quotient):
    """The learning rate is added to the step: it multiplies it."""
    return lr + quotient


@steppers.mistake("update")
def one_minus_lr(lr, quotient):
    """The step is multiplied by 1 - lr: it is multiplied by lr itself."""
    return (1 - lr) * quotient


@steppers.mistake("update")
def half_the_step(lr, quotient):
    """The step is halved: nothing divides it by 2."""
    return lr * quotient / 2


@steppers.mistake("update")
def times_the_parameter(lr, quotient, param):
    """The step is multiplied by the parameter: it is subtracted from it, not scaled by it."""
    return lr * quotient * param


@steppers.mistake("update")
def times_the_gradient(lr, quotient, gradient):
    """The step is multiplied by the gradient once more: it is in there already."""
    return lr * quotient * gradient


@steppers.mistake("update")
def sign_of_the_direction(lr, quotient):
    """Only the sign of the step is used, so that every parameter moves by lr: its size counts as well."""
    return lr * quotient.sign()


@steppers.mistake("update")
def size_of_the_direction(lr, quotient):
    """The step's sign is lost (abs): every parameter moves down, whatever its gradient says."""
    return lr * quotient.abs()


@Together(momentum, nesterov, adagrad, rmsprop, adam, adamw).mistake("update", constants=(1e-12, 1e-8, 1e-6))
def direction_normalised(lr, quotient, constant):
    """What the parameter moves along is divided by its norm (+ {constant}): its size counts as well, only lr multiplies
    it."""
    return lr * quotient / (torch.linalg.vector_norm(quotient) + constant)


@steppers.mistake("update")
def parameter_times_lr(lr, param):
    """The learning rate multiplies the parameter: it multiplies the step."""
    return lr * param


@steppers.mistake("new_param")
def uphill(base, update):
    """The step is added: it goes uphill. Subtract it."""
    return base + update


@Together(momentum, adam, adamw).mistake("new_param")
def zero_gradients_skipped(base, update, gradient):
    """Where the gradient is 0 the parameter stays as it is: what is remembered of earlier gradients still moves it."""
    return torch.where(gradient == 0, base, base - update)


@steppers.mistake("new_param")
def vectors_not_moved(base, update):
    """Parameters with one dimension (biases) or none stay as they are: every parameter takes the step."""
    return base - update if update.dim() > 1 else base


@without_decay.mistake("new_param")
def rate_on_the_whole_difference(base, quotient, lr):
    """The learning rate multiplies the parameter as well (a parenthesis?): it multiplies the step only."""
    return lr * (base - quotient)


@Together(momentum, nesterov, adagrad, rmsprop, adam, adamw).mistake("new_param")
def update_averaged(base, update):
    """The same step is taken everywhere (a mean of all steps): each parameter has its own."""
    return base - update.mean()


@Together(momentum, nesterov, adagrad, rmsprop, adam, adamw).mistake("new_param")
def update_summed(base, update):
    """The same step is taken everywhere (a sum of all steps): each parameter has its own."""
    return base - update.sum()


@steppers.mistake("new_param")
def step_minus_parameter(base, update):
    """The subtraction is the wrong way round: the step is subtracted from the parameter."""
    return update - base


@steppers.mistake("new_param")
def parameter_not_updated(param):
    """The parameter comes back as it was: the step is computed and not applied."""
    return param


@steppers.mistake("new_param")
def step_returned(update):
    """The step is returned in the place of the parameter: subtract it from the parameter."""
    return update


@steppers.mistake("new_param")
def negative_step_returned(update):
    """The negative step is returned in the place of the parameter: add it to the parameter."""
    return -update


@steppers.mistake("new_param")
def gradient_returned(gradient):
    """The gradient is returned in the place of the parameter."""
    return gradient


@steppers.mistake("new_param")
def step_applied_twice(base, update):
    """The step is applied twice."""
    return base - 2 * update


@steppers.mistake("new_param")
def parameter_times_the_step(base, update):
    """The parameter is multiplied by the step: subtract the step from it."""
    return base * update


@steppers.mistake("new_param")
def parameter_below_zero_cut_off(base, update):
    """Negative parameters become 0 (a ReLU, or a clamp): a parameter may have any sign."""
    return (base - update).clamp(min=0)


@steppers.mistake("new_param")
def parameter_stops_at_zero(base, update):
    """Where the step carries a parameter across 0 it stays at 0: it may change its sign."""
    moved = base - update
    return torch.where(base * moved < 0, torch.zeros_like(moved), moved)


@Together(momentum, nesterov, adagrad, rmsprop, adam).mistake("new_param", constants=(0.01, 0.1, 1e-4, 5e-4))
def decoupled_weight_decay(base, update, lr, constant):
    """The parameter is shrunk as well, by lr times {constant}: that is the decay of AdamW, and not asked for here."""
    return base * (1 - lr * constant) - update


@sgd.mistake("param_out")
def zeros_returned(param):
    """The result is zeros: it is created and never filled in."""
    return torch.zeros_like(param)


@carrying_one.mistake("param_out", "state_out")
def zeros_returned(param):
    """Both results are zeros: they are created and never filled in."""
    return torch.zeros_like(param), torch.zeros_like(param)


@adams.mistake("param_out", "m_out", "v_out")
def nothing_filled_in(param):
    """All three results are zeros: they are created and never filled in."""
    return torch.zeros_like(param), torch.zeros_like(param), torch.zeros_like(param)


@carrying_one.returning
def parameter_only(results):
    """Only the parameter is returned: without the new state the next step cannot go on. Return both."""
    return results[0]


@carrying_one.returning
def state_only(results):
    """Only the state is returned: return the new parameter and the new state."""
    return results[1]


@carrying_one.returning
def state_first(results):
    """The two results are in the wrong order: the new parameter comes first, then the new state."""
    return results[::-1]


@Together(sgd).returning
def gradient_returned_as_well(results):
    """One tensor is asked for, the new parameter: nothing is carried to the next step here."""
    return results, results


@steppers.returning
def dictionary_returned(results):
    """The results come in a dict: return the tensor itself, or a tuple of them where there are several."""
    return {str(number): each for number, each in enumerate(results)} if isinstance(results, tuple) else {"0": results}


@steppers.returning
def results_detached_into_numbers(results):
    """The results are Python lists of numbers (tolist): return tensors."""
    return tuple(each.tolist() for each in results) if isinstance(results, tuple) else results.tolist()


# ------------------------------------------------------------------- mistakes with the one state that is carried


@carrying_one.mistake("state_out")
def old_state_returned(old):
    """The state that came in is returned: the new one lives in a local variable only, so that every step is a first
    step."""
    return old


@carrying_one.mistake("state_out")
def step_returned_as_the_state(update):
    """The step is returned in the place of the state: the learning rate does not belong into the state."""
    return update


@carrying_one.mistake("state_out")
def negative_step_returned_as_the_state(update):
    """The negative step is returned in the place of the state: return the state itself."""
    return -update


@carrying_one.mistake("state_out")
def gradient_returned_as_the_state(gradient):
    """The gradient is returned in the place of the state: what came before it is lost."""
    return gradient


@carrying_one.mistake("state_out")
def parameter_returned_as_the_state(new_param):
    """The new parameter is returned twice: the second result is the new state."""
    return new_param


@carrying_one.mistake("state_out")
def state_set_to_zero(old):
    """The state comes back as zeros, so that every step is a first step: return what the step has computed."""
    return torch.zeros_like(old)


@carrying_one.mistake("state_out")
def both_states_added(old, new_state):
    """The old state is added to the new one before it is returned: it is in the new one already."""
    return old + new_state


@running.mistake("state_out")
def state_times_lr(new_state, lr):
    """The state is multiplied by the learning rate when it is returned: the rate belongs to the step only."""
    return lr * new_state


@carrying_one.mistake("new_state")
def state_not_renewed(old):
    """The gradient does not enter the state: the state stays as it came in, also for this step."""
    return old


# ------------------------------------------------------------------------------- momentum_step, nesterov_step


@balls.mistake("new_state")
def averaged_velocity(old, kept, gradient):
    """The gradient enters the velocity with the weight 1 - momentum: that is a running average, the form of other
    textbooks, and its steps are ten times smaller at momentum 0.9. Here it enters as it is, as in torch."""
    return kept * old + (1 - kept) * gradient


@balls.mistake("new_state", "update")
def rate_inside_the_velocity(old, kept, gradient, lr):
    """The learning rate is inside the velocity, v = momentum v + lr grad: that is the form of other textbooks, and
    differs as soon as the rate changes. Here the velocity is free of it: the rate multiplies the velocity when the
    parameter moves."""
    velocity = kept * old + lr * gradient
    return velocity, velocity


@balls.mistake("new_state", "update")
def average_with_the_rate_inside(old, kept, gradient, lr):
    """The velocity is a running average (the gradient enters with 1 - momentum) and has the learning rate inside: here
    the gradient enters as it is, and the rate multiplies the velocity when the parameter moves."""
    velocity = kept * old + (1 - kept) * lr * gradient
    return velocity, velocity


@balls.mistake("new_state")
def velocity_renewed_twice(old, kept, gradient):
    """The velocity is renewed twice in one step: once is enough."""
    return kept * (kept * old + gradient) + gradient


@balls.mistake("state_out")
def velocity_renewed_after_the_step(new_state, kept, gradient):
    """The velocity is renewed once more after the step: return the one that the parameter moved along."""
    return kept * new_state + gradient


@balls.mistake("state_out")
def velocity_slowed_after_the_step(new_state, kept):
    """The velocity is multiplied by momentum once more before it is returned: the next step does that."""
    return kept * new_state


@balls.mistake("new_state", "new_param")
def velocity_downhill(old, kept, gradient, lr, param):
    """The velocity points downhill, v = momentum v - lr grad, and is added to the parameter: that is the form of other
    textbooks. Here v = momentum v + grad, and lr v is subtracted from the parameter."""
    velocity = kept * old - lr * gradient
    return velocity, param + velocity


@balls.mistake("new_state", "new_param")
def downhill_velocity_subtracted(old, kept, gradient, lr, param):
    """The velocity points downhill, v = momentum v - lr grad, and is subtracted from the parameter, which goes uphill.
    Here v = momentum v + grad, and lr v is subtracted."""
    velocity = kept * old - lr * gradient
    return velocity, param - velocity


@balls.mistake("new_state", "new_param")
def velocity_downhill_without_the_rate(old, kept, gradient, lr, param):
    """The velocity points downhill, v = momentum v - grad, and is added to the parameter: here the gradient is added to
    the velocity, and lr v is subtracted from the parameter."""
    velocity = kept * old - gradient
    return velocity, param + lr * velocity


@balls.mistake("new_state")
def rate_in_the_velocity_and_in_the_step(old, kept, gradient, lr):
    """The learning rate is in the velocity, and multiplies the step once more: it belongs to the step only."""
    return kept * old + lr * gradient


@balls.mistake("new_state")
def velocity_subtracts_the_gradient(old, kept, gradient):
    """The gradient is subtracted in the velocity: it is added, the minus belongs to the step of the parameter."""
    return kept * old - gradient


@balls.mistake("new_state")
def gradient_minus_velocity(old, kept, gradient):
    """The old velocity is subtracted: it is added to the gradient, that is what keeps the ball rolling."""
    return gradient - kept * old


@balls.mistake("new_state")
def velocity_forgotten(gradient):
    """The old velocity is not used: the new one is the gradient alone, so there is no momentum."""
    return gradient


@balls.mistake("new_state")
def velocity_not_slowed(old, gradient):
    """The old velocity is not multiplied by momentum: it never slows down."""
    return old + gradient


@balls.mistake("new_state")
def momentum_on_the_gradient(old, kept, gradient):
    """momentum multiplies the gradient: it multiplies the old velocity."""
    return old + kept * gradient


@balls.mistake("new_state")
def momentum_on_both(old, kept, gradient):
    """momentum multiplies the gradient as well (a parenthesis?): it multiplies the old velocity only."""
    return kept * (old + gradient)


@balls.mistake("new_state")
def average_from_the_second_step_on(old, kept, gradient):
    """Where the velocity is zeros it becomes the gradient, and later the gradient enters with 1 - momentum: it enters
    as it is in every step, and the first one is none of its own kind."""
    return kept * old + (1 - kept) * gradient if old.any() else gradient


@balls.mistake("new_state")
def velocity_dropped_where_it_opposes(old, kept, gradient):
    """Where velocity and gradient have opposite signs the velocity is dropped: it is kept everywhere, that is how the
    ball rolls on over a small rise."""
    return torch.where(old * gradient < 0, torch.zeros_like(old), kept * old) + gradient


@balls.mistake("new_state", "update")
def average_rescaled_in_the_step(old, kept, gradient, lr):
    """The velocity is a running average, with 1 - momentum on the gradient, and the step divides by 1 - momentum to
    make up for that. The state is smaller than it should be: here the gradient enters as it is, and nothing is
    divided."""
    velocity = kept * old + (1 - kept) * gradient
    return velocity, lr * velocity / (1 - kept)


@balls.mistake("new_state")
def weights_swapped(old, kept, gradient):
    """The velocity keeps 1 - momentum of itself: it keeps the share momentum, and the gradient enters as it is."""
    return (1 - kept) * old + gradient


@balls.mistake("new_state")
def weights_of_the_average_swapped(old, kept, gradient):
    """The velocity is an average whose weights are swapped as well: it is momentum times the old velocity, plus the
    gradient as it is."""
    return (1 - kept) * old + kept * gradient


@balls.mistake("new_state")
def velocity_counted_twice(old, kept, gradient):
    """The old velocity is counted twice (+= in place of =)."""
    return old + kept * old + gradient


@balls.mistake("new_state")
def momentum_alone(old, kept):
    """The gradient is missing in the velocity: it only slows down."""
    return kept * old


@balls.mistake("new_state")
def momentum_added(old, kept, gradient):
    """momentum is added to the velocity: it multiplies the old velocity."""
    return kept + old + gradient


@balls.mistake("new_state")
def momentum_squared(old, kept, gradient):
    """momentum is multiplied in twice: once is enough."""
    return kept**2 * old + gradient


@balls.mistake("new_state")
def dampened_by_the_rate(old, kept, gradient, lr):
    """The learning rate multiplies the old velocity as well: it belongs to the step of the parameter only."""
    return lr * kept * old + gradient


@balls.mistake("new_state")
def gradient_squared_in_the_velocity(old, kept, gradient):
    """The gradient is squared in the velocity: squares belong to AdaGrad and Adam, the velocity has a direction."""
    return kept * old + gradient**2


@balls.mistake("new_state")
def parameter_in_the_velocity(kept, gradient, param):
    """momentum multiplies the parameter: it multiplies the old velocity."""
    return kept * param + gradient


@balls.mistake("kept", constants=(0.9, 0.5, 0.99))
def momentum_fixed(constant):
    """momentum is the fixed number {constant} in your code: use the argument."""
    return constant


for _each in balls.anatomies:
    zero_not_taken(_each, "momentum", 0.9)


@balls.mistake("state_out")
def velocity_lost_without_momentum(new_state, old, kept):
    """With momentum = 0 the velocity comes back as it came in: it is the gradient then, 0 * velocity + grad."""
    return new_state if kept else old


@balls.mistake("state_out")
def velocity_stays_zero_at_first(new_state, old):
    """While the velocity is zero, on the first step, it is returned as it came in, and the second step starts from
    nothing as well: momentum * velocity + grad holds on the first step, too."""
    return new_state if old.any() else old


@balls.mistake("new_state")
def average_in_the_first_step(old, kept, gradient):
    """While the velocity is zero, on the first step, the gradient enters with the weight 1 - momentum, and later as it
    is: it always enters as it is."""
    return kept * old + gradient if old.any() else (1 - kept) * gradient


@balls.mistake("new_state")
def first_step_forgotten(old, kept, gradient):
    """While the velocity is zero, on the first step, it stays zero, and nothing moves: momentum * velocity + grad is
    the gradient then."""
    return kept * old + gradient if old.any() else old


@balls.mistake("quotient")
def old_velocity_moves(old):
    """The parameter moves along the velocity that came in: renew the velocity with this gradient first."""
    return old


@balls.mistake("quotient")
def gradient_moves(gradient):
    """The parameter moves along the gradient alone: it moves along the new velocity. As it is, this is plain gradient
    descent."""
    return gradient


@balls.mistake("quotient")
def gradient_and_velocity_move(gradient, new_state):
    """The parameter moves along the velocity and the gradient: the gradient is in the velocity already."""
    return gradient + new_state


@balls.mistake("quotient")
def gradient_and_old_velocity_move(gradient, old):
    """The parameter moves along gradient plus old velocity: momentum, which slows the old velocity, is missing."""
    return gradient + old


@balls.mistake("quotient")
def momentum_on_the_step(new_state, kept):
    """momentum multiplies the new velocity when the parameter moves: it is in the velocity already."""
    return kept * new_state


@balls.mistake("quotient")
def one_minus_momentum_on_the_step(new_state, kept):
    """The step is multiplied by 1 - momentum: the velocity is a sum here, not an average, and the step is lr times
    it."""
    return (1 - kept) * new_state


@balls.mistake("quotient")
def velocities_averaged(old, new_state):
    """The parameter moves along the mean of old and new velocity: it moves along the new one."""
    return (old + new_state) / 2


@momentum.mistake("new_param")
def parameter_moves_along_the_slowed_velocity(base, lr, kept, old):
    """The parameter moves along momentum times the old velocity, and the gradient is missing there: it moves along the
    new velocity."""
    return base - lr * kept * old


@momentum.mistake("quotient")
def nesterov_of_torch(gradient, new_state, kept):
    """This is Nesterov's momentum, grad + momentum v in the step: plain momentum moves along the new velocity."""
    return gradient + kept * new_state


@nesterov.mistake("point")
def gradient_at_the_parameter(param):
    """The gradient is taken at param: that is plain momentum. Nesterov asks at the point to which the old velocity
    will carry the parameter, param - lr * momentum * velocity."""
    return param


@nesterov.mistake("point")
def looks_back(param, lr, kept, old):
    """The point ahead is on the wrong side, at param + lr * momentum * velocity: the parameter moves against its
    velocity, so the velocity is subtracted."""
    return param + lr * kept * old


@nesterov.mistake("point")
def looks_ahead_without_the_rate(param, kept, old):
    """The learning rate is missing in the point ahead: it is as far away as the parameter will really move."""
    return param - kept * old


@nesterov.mistake("point")
def looks_back_without_the_rate(param, kept, old):
    """The point ahead is param + momentum * velocity: that is the form of texts whose velocity points downhill and has
    the rate in it. Here it is subtracted, times the rate."""
    return param + kept * old


@nesterov.mistake("point")
def looks_ahead_without_momentum(param, lr, old):
    """momentum is missing in the point ahead: the velocity is slowed before it carries the parameter on."""
    return param - lr * old


@nesterov.mistake("point")
def looks_ahead_by_the_velocity(param, old):
    """Learning rate and momentum are missing in the point ahead: it is as far away as the parameter will really
    move."""
    return param - old


@nesterov.mistake("point")
def gradient_at_the_velocity(old):
    """The gradient is taken at the velocity: it is taken at a point, param - lr * momentum * velocity."""
    return old


@nesterov.mistake("point")
def half_way_ahead(param, lr, kept, old):
    """The gradient is taken half-way to the point ahead: it is taken at param - lr * momentum * velocity."""
    return param - lr * kept * old / 2


@nesterov.mistake("point")
def slowed_parameter(param, kept):
    """The gradient is taken at momentum times the parameter: it is taken at param - lr * momentum * velocity."""
    return kept * param


@nesterov.mistake("point")
def gradient_one_step_ahead(param, grad_fn, lr, kept, old):
    """The gradient is taken where the whole step of plain momentum ends, and so asked for twice: the point ahead needs
    the old velocity only."""
    return param - lr * (kept * old + grad_fn(param))


@nesterov.mistake("point")
def one_plain_step_ahead(param, grad_fn, lr):
    """The gradient is taken one step of plain gradient descent ahead: the point ahead needs the old velocity only."""
    return param - lr * grad_fn(param)


@nesterov.mistake("base")
def step_from_the_point_ahead(point):
    """The step starts from the point ahead, so the old velocity counts twice: that point is for asking only, the step
    starts from param."""
    return point


@nesterov.mistake("quotient")
def torch_form_at_the_point_ahead(gradient, new_state, kept):
    """You look ahead twice: grad_fn is asked at the point ahead, and the step is grad + momentum v, the form for
    gradients taken at param. With the point ahead the step is lr times the new velocity."""
    return gradient + kept * new_state


@nesterov.mistake("point", "quotient")
def torch_form(param, grad_fn, old, kept):
    """The gradient is taken at param and the step is grad + momentum v: that is torch's form, which stores the point
    ahead as its parameter. Here param is the point itself, and grad_fn is asked at param - lr * momentum * velocity."""
    gradient = grad_fn(param)
    return param, gradient + kept * (kept * old + gradient)


@nesterov.mistake("raw")
def grad_fn_not_called(param):
    """grad_fn is not asked: the parameter itself is used as its gradient."""
    return param


@nesterov.mistake("raw")
def mean_of_two_gradients(grad_fn, point, param):
    """The gradients at param and at the point ahead are averaged: only the one ahead counts."""
    return (grad_fn(param) + grad_fn(point)) / 2


@nesterov.mistake("param_out")
def point_ahead_returned(point):
    """The point ahead is returned in the place of the new parameter: it is for asking only."""
    return point


@nesterov.mistake("param_out")
def next_point_ahead_returned(new_param, new_state, lr, kept):
    """You return the point ahead of the next step, the new parameter minus lr * momentum * velocity: return the new
    parameter itself, the next step looks ahead on its own."""
    return new_param - lr * kept * new_state


@nesterov.mistake("new_state", "update")
def corrected_by_the_gradient_ahead(param, grad_fn, old, kept, lr, gradient):
    """The velocity takes in the gradient at param, and the one at the point ahead only corrects the step: the gradient
    at the point ahead is the one that enters the velocity, and it is the only one."""
    velocity = kept * old + grad_fn(param)
    return velocity, lr * (velocity + kept * (gradient - grad_fn(param)))


default_changed(momentum, "momentum", 0.9, (0.5, 0.99, 0.8, 0.0, 0.95, 1.0))
default_changed(nesterov, "momentum", 0.9, (0.5, 0.99, 0.8, 0.0, 0.95, 1.0))

# --------------------------------------------------------------------------------- adagrad_step, rmsprop_step


@running.mistake("squares")
def old_squares_used(old):
    """The step divides by what came in: this gradient's square is counted first, then the step is taken."""
    return old


@running.mistake("squares")
def this_gradient_only(gradient):
    """The step divides by the size of this gradient alone, so that only its sign is left: divide by the root of the
    new state."""
    return gradient**2


@running.mistake("quotient")
def gradient_missing(denominator):
    """The gradient is missing in the step: it is the gradient that is divided."""
    return 1 / denominator


@running.mistake("quotient")
def divided_twice(gradient, denominator):
    """The gradient is divided twice by the root."""
    return gradient / denominator**2


@running.mistake("quotient")
def multiplied_by_the_root(gradient, denominator):
    """The gradient is multiplied by the root: it is divided by it."""
    return gradient * denominator


@running.mistake("quotient")
def state_divided(new_state, denominator):
    """The state is divided by its root: it is the gradient that is divided."""
    return new_state / denominator


@running.mistake("state_out")
def square_returned_as_the_state(gradient):
    """The square of this gradient alone is returned as the state: it is what has come together so far."""
    return gradient**2


@running.mistake("state_out")
def root_returned_as_the_state(new_state):
    """The root is returned as the state: the next step needs the squares themselves."""
    return new_state.sqrt()


@running.mistake("state_out")
def denominator_returned_as_the_state(denominator):
    """The denominator is returned as the state: the next step needs the squares themselves."""
    return denominator


@adagrad.mistake("new_state")
def squares_shared_in_a_row(old, gradient):
    """The squares are averaged over the last dimension, so that a row shares one number: each parameter has a sum of
    its own."""
    return old + _shared(gradient**2, -1)


@rmsprop.mistake("new_state")
def squares_shared_in_a_row(old, kept, gradient):
    """The squares are averaged over the last dimension, so that a row shares one number: each parameter has an average
    of its own, over time and not over the tensor."""
    return kept * old + (1 - kept) * _shared(gradient**2, -1)


@adams.mistake("new_v")
def squares_shared_in_a_row(gradient, v, b2):
    """The squares are averaged over the last dimension, so that a row shares one number: each parameter has a v of its
    own, an average over time and not over the tensor."""
    return b2 * v + (1 - b2) * _shared(gradient**2, -1)


@adagrad.mistake("new_state")
def squares_shared_in_a_column(old, gradient):
    """The squares are averaged over the first dimension, so that a column shares one number: each parameter has a sum
    of its own."""
    return old + _shared(gradient**2, 0)


@rmsprop.mistake("new_state")
def squares_shared_in_a_column(old, kept, gradient):
    """The squares are averaged over the first dimension, so that a column shares one number: each parameter has an
    average of its own, over time and not over the tensor."""
    return kept * old + (1 - kept) * _shared(gradient**2, 0)


@adams.mistake("new_v")
def squares_shared_in_a_column(gradient, v, b2):
    """The squares are averaged over the first dimension, so that a column shares one number: each parameter has a v of
    its own, an average over time and not over the tensor."""
    return b2 * v + (1 - b2) * _shared(gradient**2, 0)


def _shared(squares, dimension):
    return squares.mean(dimension, keepdim=True).expand_as(squares) if squares.dim() > 1 else squares


@adagrad.mistake("new_state")
def variance_of_the_entries(old, gradient):
    """The mean of the gradient's entries is taken off before it is squared: square the gradient itself."""
    return old + (gradient - gradient.mean()) ** 2


@rmsprop.mistake("new_state")
def variance_of_the_entries(old, kept, gradient):
    """The mean of the gradient's entries is taken off before it is squared: it is the gradient itself that is squared
    (centred RMSProp, which this may come from, takes off a mean over time)."""
    return kept * old + (1 - kept) * (gradient - gradient.mean()) ** 2


@adams.mistake("new_v")
def variance_of_the_entries(gradient, v, b2):
    """The mean of the gradient's entries is taken off before it is squared: square the gradient itself."""
    return b2 * v + (1 - b2) * (gradient - gradient.mean()) ** 2


@rmsprop.mistake("new_state")
def first_square_as_it_is(old, kept, gradient):
    """Where the average is still 0 it becomes the square itself: 1 - decay of the square enters, also in the first
    step."""
    return torch.where(old == 0, gradient**2, kept * old + (1 - kept) * gradient**2)


@rmsprop.mistake("new_state")
def roots_averaged(old, kept, gradient):
    """Sizes are averaged, the root of the old state and |grad|, and the average is squared: it is squares that are
    averaged, (1 - decay) grad^2 with decay times the old state."""
    return (kept * old.sqrt() + (1 - kept) * gradient.abs()) ** 2


@adams.mistake("new_v")
def first_square_as_it_is(gradient, v, b2):
    """Where v is still 0 it becomes the square itself: 1 - beta2 of the square enters, also in the first step, and the
    bias correction makes up for that."""
    return torch.where(v == 0, gradient**2, b2 * v + (1 - b2) * gradient**2)


@adams.mistake("new_m")
def first_gradient_as_it_is(gradient, m, b1):
    """Where m is still 0 it becomes the gradient itself: 1 - beta1 of the gradient enters, also in the first step, and
    the bias correction makes up for that."""
    return torch.where(m == 0, gradient, b1 * m + (1 - b1) * gradient)


@running.mistake("new_state")
def state_is_this_square(gradient):
    """The old state is overwritten with the square of this gradient: what came before is lost, and only the sign of the
    gradient is left in the step."""
    return gradient**2


@adagrad.mistake("new_state")
def gradient_not_squared(old, gradient):
    """The gradient is added as it is: its square is, or positive and negative ones cancel, and there is no root."""
    return old + gradient


@adagrad.mistake("new_state")
def absolute_gradient(old, gradient):
    """The absolute gradient is added: it is its square."""
    return old + gradient.abs()


@adagrad.mistake("new_state")
def sum_of_all_squares(old, gradient):
    """All entries share one sum of squares: each parameter has a sum of its own, that is what gives it a rate of its
    own."""
    return old + (gradient**2).sum()


@adagrad.mistake("new_state")
def mean_of_all_squares(old, gradient):
    """All entries share one number, the mean of the squares: each parameter has a sum of its own."""
    return old + (gradient**2).mean()


@adagrad.mistake("new_state")
def squared_sum(old, gradient):
    """Old state and gradient are added before they are squared: the state holds squares already, add the gradient's."""
    return (old + gradient) ** 2


@adagrad.mistake("new_state")
def state_squared_too(old, gradient):
    """The old state is squared as well: it is a sum of squares already."""
    return old**2 + gradient**2


@adagrad.mistake("new_state")
def square_subtracted(old, gradient):
    """The square is subtracted: it is added."""
    return old - gradient**2


@adagrad.mistake("new_state")
def sum_counted_twice(old, gradient):
    """The old sum is counted twice (+= in place of =)."""
    return 2 * old + gradient**2


@adagrad.mistake("new_state")
def square_counted_twice(old, gradient):
    """The square is added twice."""
    return old + 2 * gradient**2


@adagrad.mistake("new_state", constants=(0.9, 0.99, 0.999, 0.5))
def forgets_like_rmsprop(old, gradient, constant):
    """The state is a running average with weights {constant} and 1 - {constant}: that is RMSProp. AdaGrad adds up all
    squares and forgets none."""
    return constant * old + (1 - constant) * gradient**2


@adagrad.mistake("new_state", constants=(0.9, 0.99, 0.999, 0.5))
def sum_that_fades(old, gradient, constant):
    """The old sum is multiplied by {constant}: AdaGrad forgets nothing, squares are added up."""
    return constant * old + gradient**2


@adagrad.mistake("new_state")
def rate_in_the_sum(old, gradient, lr):
    """The learning rate is in the state: it belongs to the step only."""
    return old + lr * gradient**2


@adagrad.mistake("new_state")
def rate_squared_in_the_sum(old, gradient, lr):
    """The learning rate is in the state, squared with the gradient: it belongs to the step only."""
    return old + (lr * gradient) ** 2


@adagrad.mistake("new_state")
def parameter_squared(old, param):
    """The parameter is squared: it is the gradient's square that is remembered."""
    return old + param**2


@rmsprop.mistake("new_state")
def adds_up_like_adagrad(old, gradient):
    """All squares are added up: that is AdaGrad, whose steps shrink for ever. RMSProp keeps a running average, which
    forgets."""
    return old + gradient**2


@rmsprop.mistake("new_state")
def weights_of_the_average_swapped(old, kept, gradient):
    """The weights are swapped: decay keeps the old average, 1 - decay lets the new square in."""
    return (1 - kept) * old + kept * gradient**2


@rmsprop.mistake("new_state")
def square_without_its_weight(old, kept, gradient):
    """The square enters without its weight 1 - decay: the state is an average, not a sum."""
    return kept * old + gradient**2


@rmsprop.mistake("new_state")
def average_not_decayed(old, kept, gradient):
    """The old average is not multiplied by decay: it never forgets."""
    return old + (1 - kept) * gradient**2


@rmsprop.mistake("new_state")
def average_forgotten(kept, gradient):
    """The old average is not used: every step is a first step, and only the sign of the gradient is left."""
    return (1 - kept) * gradient**2


@rmsprop.mistake("new_state")
def average_counted_twice(old, kept, gradient):
    """The old average is counted twice (+= in place of =)."""
    return old + kept * old + (1 - kept) * gradient**2


@rmsprop.mistake("new_state")
def both_with_decay(old, kept, gradient):
    """Old average and new square are both multiplied by decay: the new square's weight is 1 - decay."""
    return kept * (old + gradient**2)


@rmsprop.mistake("new_state")
def both_with_one_minus_decay(old, kept, gradient):
    """Old average and new square are both multiplied by 1 - decay: the old average's weight is decay."""
    return (1 - kept) * (old + gradient**2)


@rmsprop.mistake("new_state")
def gradient_not_squared(old, kept, gradient):
    """The average is one of the gradient itself: it is the average of its square."""
    return kept * old + (1 - kept) * gradient


@rmsprop.mistake("new_state")
def absolute_gradient(old, kept, gradient):
    """The average is one of the absolute gradient: it is the average of its square."""
    return kept * old + (1 - kept) * gradient.abs()


@rmsprop.mistake("new_state")
def weight_squared_too(old, kept, gradient):
    """The square takes 1 - decay with it: ((1 - decay) g) ** 2. Only the gradient is squared."""
    return kept * old + ((1 - kept) * gradient) ** 2


@rmsprop.mistake("new_state")
def average_squared_too(old, kept, gradient):
    """The old average is squared as well, or old average and gradient together: it holds squares already."""
    return (kept * old + (1 - kept) * gradient) ** 2


@rmsprop.mistake("new_state")
def mean_of_all_squares(old, kept, gradient):
    """All entries share one number, the mean of the squares: each parameter has an average of its own, over time and
    not over the tensor."""
    return kept * old + (1 - kept) * (gradient**2).mean()


@rmsprop.mistake("new_state")
def sum_of_all_squares(old, kept, gradient):
    """All entries share one number, the sum of the squares: each parameter has an average of its own."""
    return kept * old + (1 - kept) * (gradient**2).sum()


@rmsprop.mistake("new_state")
def square_subtracted(old, kept, gradient):
    """The square is subtracted: it is added."""
    return kept * old - (1 - kept) * gradient**2


@rmsprop.mistake("new_state")
def rate_in_the_average(old, kept, gradient, lr):
    """The learning rate is in the state: it belongs to the step only."""
    return kept * old + (1 - kept) * lr * gradient**2


@rmsprop.mistake("kept", constants=(0.9, 0.99, 0.999, 0.5))
def decay_fixed(constant):
    """decay is the fixed number {constant} in your code: use the argument."""
    return constant


@rmsprop.mistake("squares")
def corrected_like_adam(new_state, kept):
    """The average is divided by 1 - decay, a correction of the first step that RMSProp does not have: that came with
    Adam."""
    return new_state / (1 - kept)


@adagrad.mistake("new_state")
def sizes_added_up(old, gradient):
    """Sizes are added up, the root of the old state and |grad|, and their sum is squared: it is squares that are added
    up."""
    return (old.sqrt() + gradient.abs()) ** 2


@adagrad.mistake("new_state")
def eps_in_the_state(old, gradient, eps):
    """eps is added to the state, where it piles up from step to step: it belongs into the denominator only."""
    return old + gradient**2 + eps


@adagrad.mistake("new_state", "denominator", in_pairs=False)
def eps_in_the_state_only(old, gradient, eps):
    """eps is added to the state instead of the root, where it piles up from step to step: the state holds squares only,
    and eps is added to its root in the denominator."""
    state = old + gradient**2 + eps
    return state, state.sqrt()


@rmsprop.mistake("new_state", "denominator", in_pairs=False)
def eps_in_the_state_only(old, kept, gradient, eps):
    """eps is added to the state instead of the root, where it piles up from step to step: the state holds squares only,
    and eps is added to its root in the denominator."""
    state = kept * old + (1 - kept) * gradient**2 + eps
    return state, state.sqrt()


@rmsprop.mistake("squares")
def centred(new_state, kept, gradient):
    """The square of an average gradient is subtracted under the root: that is centred RMSProp, which carries one more
    state. Divide by the root of the average itself."""
    return new_state - ((1 - kept) * gradient) ** 2


@rmsprop.mistake("quotient")
def weighted_gradient_divided(gradient, kept, denominator):
    """The gradient in the step is multiplied by 1 - decay: that weight belongs to the square in the average only."""
    return (1 - kept) * gradient / denominator


@rmsprop.mistake("new_state")
def eps_in_the_state(old, kept, gradient, eps):
    """eps is added to the state, where it piles up from step to step: it belongs into the denominator only."""
    return kept * old + (1 - kept) * gradient**2 + eps


@rmsprop.mistake("new_state")
def parameter_squared(old, kept, param):
    """The parameter is squared: it is the gradient's square that is remembered."""
    return kept * old + (1 - kept) * param**2


default_changed(adagrad, "eps", 1e-10, (1e-8, 1e-7, 1e-6, 1e-12, 1e-9, 0.0))
zero_not_taken(adagrad, "eps", 1e-10)
default_changed(rmsprop, "eps", 1e-8, (1e-10, 1e-7, 1e-6, 1e-12, 1e-9, 0.0, 1e-5))
zero_not_taken(rmsprop, "decay", 0.9)
zero_not_taken(rmsprop, "eps", 1e-8)
default_changed(rmsprop, "decay", 0.9, (0.99, 0.95, 0.999, 0.5, 0.8))


# ------------------------------------------------------------------ the denominator of the four that divide


@adams.mistake("quotient")
def zero_in_place_of_eps(m_hat, squares):
    """eps is missing, and where that makes 0 / 0, it is replaced by 0 (where, nan_to_num): eps in the denominator is
    asked for, and makes small steps smaller."""
    return torch.nan_to_num(m_hat / squares.sqrt())


@running.mistake("quotient")
def zero_in_place_of_eps(gradient, squares):
    """eps is missing, and where that makes 0 / 0, it is replaced by 0 (where, nan_to_num): eps in the denominator is
    asked for, and makes small steps smaller."""
    return torch.nan_to_num(gradient / squares.sqrt())


@dividing.mistake("denominator")
def root_of_a_single_number(squares, eps):
    """math.sqrt takes a single number, and the parameter is a tensor: take the root of the tensor."""
    return math.sqrt(squares) + eps


@dividing.mistake("denominator")
def eps_inside_the_root(squares, eps):
    """eps is added under the square root: it belongs after it. Inside, its root counts, and that is far larger."""
    return (squares + eps).sqrt()


@dividing.mistake("denominator")
def eps_inside_and_outside(squares, eps):
    """eps is added twice, under the root and after it: it belongs after it only."""
    return (squares + eps).sqrt() + eps


@dividing.mistake("denominator")
def eps_missing(squares):
    """eps is missing: a parameter whose gradients have all been 0 divides 0 by 0."""
    return squares.sqrt()


@dividing.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12, 1e-5, 1e-3))
def eps_fixed(squares, constant):
    """eps is the fixed number {constant} in your code: use the argument."""
    return squares.sqrt() + constant


@dividing.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12))
def eps_fixed_inside_the_root(squares, constant):
    """eps is the fixed number {constant}, and under the root: use the argument, after the root."""
    return (squares + constant).sqrt()


@dividing.mistake("denominator")
def eps_squared_inside(squares, eps):
    """eps squared is added under the root: that is not the root plus eps."""
    return (squares + eps**2).sqrt()


@dividing.mistake("denominator")
def eps_as_a_lower_bound(squares, eps):
    """eps is used as a lower bound of the root (clamp, maximum): it is added."""
    return squares.sqrt().clamp(min=eps)


@dividing.mistake("denominator")
def eps_bounds_the_squares(squares, eps):
    """eps is used as a lower bound of the squares (clamp, maximum): it is added, after the root."""
    return squares.clamp(min=eps).sqrt()


@dividing.mistake("denominator")
def eps_subtracted(squares, eps):
    """eps is subtracted: it must be added, to keep the denominator away from 0."""
    return squares.sqrt() - eps


@dividing.mistake("denominator")
def eps_multiplied(squares, eps):
    """eps multiplies the root: it must be added."""
    return squares.sqrt() * eps


@dividing.mistake("denominator")
def eps_twice(squares, eps):
    """eps is added twice."""
    return squares.sqrt() + 2 * eps


@dividing.mistake("denominator")
def eps_root_added(squares, eps):
    """The root of eps is added: it is eps itself, after the root."""
    return squares.sqrt() + math.sqrt(eps)


@dividing.mistake("denominator")
def cube_root(squares, eps):
    """You take the third root: it is the square root."""
    return squares ** (1 / 3) + eps


@running.mistake("quotient")
def eps_in_the_numerator_too(gradient, denominator, eps):
    """eps is added to the gradient as well: it belongs into the denominator only."""
    return (gradient + eps) / denominator


@adams.mistake("quotient")
def eps_in_the_numerator_too(m_hat, denominator, eps):
    """eps is added to m_hat as well: it belongs into the denominator only."""
    return (m_hat + eps) / denominator


@dividing.mistake("denominator")
def no_square_root(squares, eps):
    """The square root is missing: you divide by the squares themselves. A step must not depend on the gradient's
    unit, and then it does."""
    return squares + eps


@dividing.mistake("denominator")
def root_twice(squares, eps):
    """The root is taken twice."""
    return squares.sqrt().sqrt() + eps


@dividing.mistake("denominator")
def squares_squared(squares, eps):
    """You square the squares where their root is meant."""
    return squares**2 + eps


@dividing.mistake("denominator")
def one_added(squares, eps):
    """1 is added in the denominator: only eps is."""
    return 1 + squares.sqrt() + eps


@dividing.mistake("denominator")
def not_divided():
    """The step is not divided by the root of the squares: that division gives each parameter a rate for its own
    gradients' size."""
    return 1.0


@dividing.mistake("denominator")
def root_of_the_mean(squares, eps):
    """The whole tensor is divided by one number, the root of a mean: each parameter has squares of its own."""
    return squares.mean().sqrt() + eps


@dividing.mistake("denominator")
def root_of_the_sum(squares, eps):
    """The whole tensor is divided by one number, a norm: each parameter has squares of its own."""
    return squares.sum().sqrt() + eps


@dividing.mistake("denominator")
def mean_of_the_roots(squares, eps):
    """The whole tensor is divided by one number, the mean of the roots: each parameter has squares of its own."""
    return squares.sqrt().mean() + eps


@dividing.mistake("denominator")
def larger_of_root_and_one(squares, eps):
    """The denominator is at least 1 (clamp, maximum): it may be small, that is what makes small gradients count."""
    return squares.sqrt().clamp(min=1) + eps


@adams.mistake("quotient")
def precedence_of_eps(m_hat, squares, eps):
    """A parenthesis is missing: m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return m_hat / squares.sqrt() + eps


@running.mistake("quotient")
def precedence_of_eps(gradient, squares, eps):
    """A parenthesis is missing: grad / sqrt(...) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return gradient / squares.sqrt() + eps


@adams.mistake("new_param")
def precedence_of_eps_after_the_parameter(base, lr, m_hat, squares, eps):
    """A parenthesis is missing: param - lr * m / sqrt(v) + eps divides first, and eps is added to the parameter. It
    belongs into the denominator."""
    return base - lr * m_hat / squares.sqrt() + eps


@running.mistake("new_param")
def precedence_of_eps_after_the_parameter(base, lr, gradient, squares, eps):
    """A parenthesis is missing: param - lr * grad / sqrt(...) + eps divides first, and eps is added to the parameter.
    It belongs into the denominator."""
    return base - lr * gradient / squares.sqrt() + eps


@adams.mistake("update")
def precedence_of_eps_after_the_rate(lr, m_hat, squares, eps):
    """A parenthesis is missing: lr * m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return lr * m_hat / squares.sqrt() + eps


@running.mistake("update")
def precedence_of_eps_after_the_rate(lr, gradient, squares, eps):
    """A parenthesis is missing: lr * grad / sqrt(...) + eps divides first, and eps is added to the step. It belongs
    into the denominator."""
    return lr * gradient / squares.sqrt() + eps


@adams.mistake("quotient")
def upside_down(m_hat, denominator):
    """The fraction is upside down: m is divided by the root of v."""
    return denominator / m_hat


@running.mistake("quotient")
def upside_down(gradient, denominator):
    """The fraction is upside down: the gradient is divided by the root."""
    return denominator / gradient


# ------------------------------------------------------------------------------------ adam_step, adamw_step


def _over(value, number):
    return value / number if number else value / torch.zeros_like(value)


@adams.mistake("new_v")
def matrix_product_for_the_square(gradient, v, b2):
    """You use the matrix product of the gradient with itself: v averages the square of each number by itself, grad **
    2."""
    return b2 * v + (1 - b2) * (gradient @ gradient)


@adams.mistake("m_hat", "v_hat")
def no_bias_correction(new_m, new_v):
    """The bias correction is missing: both averages start from 0 and are far too small in the first steps. Divide
    each by 1 - beta ** t before it is used."""
    return new_m, new_v


# Behind the missing correction, which gives the same in the first step of the public example.
@dividing.mistake("update")
def rate_under_the_root(lr, quotient):
    """The learning rate stands under the root as well: it multiplies the step, in front of the quotient."""
    return math.sqrt(lr) * quotient


@adams.mistake("m_hat")
def first_moment_not_corrected(new_m):
    """Only v is corrected: m starts from 0 as well, and needs its own 1 - beta1 ** t."""
    return new_m


@adams.mistake("v_hat")
def second_moment_not_corrected(new_v):
    """Only m is corrected: v starts from 0 as well, and needs its own 1 - beta2 ** t."""
    return new_v


@adams.mistake("m_hat", "v_hat")
def first_step_not_corrected(new_m, new_v, count, b1, b2):
    """The bias correction is left out on the first step (t > 1?), just where it matters most: every step has it."""
    return (new_m / (1 - b1**count), new_v / (1 - b2**count)) if count > 1 else (new_m, new_v)


@adams.mistake("m_hat", "v_hat")
def only_the_first_step_corrected(new_m, new_v, count, b1, b2):
    """Only the first step has the bias correction (t == 1?): every step has it, and it fades by itself."""
    return (new_m / (1 - b1), new_v / (1 - b2)) if count == 1 else (new_m, new_v)


@adams.mistake("m_hat", "v_hat")
def correction_without_t(new_m, new_v, b1, b2):
    """The bias corrections divide by 1 - beta: the power t is missing (or t is 1 in every step). The correction must
    fade as the steps go on."""
    return new_m / (1 - b1), new_v / (1 - b2)


@adams.mistake("m_hat")
def first_correction_without_t(new_m, b1):
    """The bias correction of m divides by 1 - beta1: the power t is missing."""
    return new_m / (1 - b1)


@adams.mistake("v_hat")
def second_correction_without_t(new_v, b2):
    """The bias correction of v divides by 1 - beta2: the power t is missing."""
    return new_v / (1 - b2)


@adams.mistake("count")
def t_one_too_high(t):
    """The bias corrections use t + 1: t is 1 on the first step already, do not count it up again."""
    return t + 1


@adams.mistake("count")
def t_one_too_low(t):
    """The bias corrections use t - 1: t is 1 on the first step (where yours divides by 0, if you do not patch it) and
    counts the steps as it is."""
    return t - 1


@adams.mistake("count")
def t_one_too_low_but_never_0(t):
    """The bias corrections use t - 1, and 1 in the first step: t is 1 on the first step and counts the steps as it
    is."""
    return max(t - 1, 1)


@adams.mistake("count")
def t_doubled(t):
    """The bias corrections use 2 t: t is counted up twice a step, for each parameter perhaps."""
    return 2 * t


@adams.mistake("m_hat", "v_hat")
def product_in_place_of_a_power(new_m, new_v, b1, b2, count):
    """The corrections use beta * t where beta ** t is meant: a product in place of a power."""
    return _over(new_m, 1 - b1 * count), _over(new_v, 1 - b2 * count)


@adams.mistake("m_hat", "v_hat")
def product_in_place_of_a_power_and_abs(new_m, new_v, b1, b2, count):
    """The corrections use beta * t where beta ** t is meant, and abs hides that the root becomes negative: it is a
    power."""
    return _over(new_m, 1 - b1 * count), _over(new_v, 1 - b2 * count).abs()


@adams.mistake("m_hat", "v_hat")
def power_the_wrong_way_round(new_m, new_v, b1, b2, count):
    """Base and exponent are swapped in the corrections: it is beta to the power of t, beta ** t."""
    return _over(new_m, 1 - count**b1), _over(new_v, 1 - count**b2)


@adams.mistake("m_hat")
def parenthesis_of_the_first_correction(new_m, count, b1):
    """A parenthesis is missing: m / 1 - beta1 ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta1 ** t."""
    return new_m / 1 - b1**count


@adams.mistake("v_hat")
def parenthesis_of_the_second_correction(new_v, count, b2):
    """A parenthesis is missing: v / 1 - beta2 ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta2 ** t."""
    return new_v / 1 - b2**count


@adams.mistake("m_hat", "v_hat")
def parentheses_of_the_corrections(new_m, new_v, count, b1, b2):
    """Parentheses are missing: m / 1 - beta ** t divides by 1 and then subtracts the power. Divide by the whole
    1 - beta ** t."""
    return new_m / 1 - b1**count, new_v / 1 - b2**count


@adams.mistake("m_hat", "v_hat")
def corrections_subtracted(new_m, new_v, count, b1, b2):
    """You subtract 1 - beta ** t where you should divide by it."""
    return new_m - (1 - b1**count), new_v - (1 - b2**count)


@adams.mistake("m_hat", "v_hat", constants=(10, 2, 20, 100))
def correction_stops(new_m, new_v, count, b1, b2, constant):
    """The bias correction is made up to t = {constant} only: it fades by itself, and late steps still need it where
    beta is close to 1."""
    if count > constant:
        return new_m, new_v
    return new_m / (1 - b1**count), new_v / (1 - b2**count)


@adams.mistake("m_hat")
def first_correction_twice(new_m, count, b1):
    """m is corrected twice: once is enough."""
    return new_m / (1 - b1**count) ** 2


@adams.mistake("v_hat")
def root_of_the_second_correction(new_v, count, b2):
    """v is divided by the root of 1 - beta2 ** t before its own root is taken: divide by 1 - beta2 ** t itself."""
    return new_v / (1 - b2**count) ** 0.5


@adams.mistake("m_hat")
def root_of_the_first_correction(new_m, count, b1):
    """m is divided by the root of 1 - beta1 ** t: divide by 1 - beta1 ** t itself, only v goes under a root."""
    return new_m / (1 - b1**count) ** 0.5


@adams.mistake("denominator")
def second_correction_outside_the_root(new_v, count, b2, eps):
    """You divide the root of v by 1 - beta2 ** t: the correction belongs to v, so outside the root it needs a root as
    well."""
    return new_v.sqrt() / (1 - b2**count) + eps


@adams.mistake("update")
def rate_without_the_root(lr, new_m, new_v, count, b1, b2, eps):
    """The corrections are moved into the rate, and the root over 1 - beta2 ** t is missing: v stands under a root,
    and so does its correction."""
    return lr * (1 - b2**count) / (1 - b1**count) * new_m / (new_v.sqrt() + eps)


@adams.mistake("update")
def corrected_rate_upside_down(lr, new_m, new_v, count, b1, b2, eps):
    """The corrections are moved into the rate the wrong way up: it is sqrt(1 - beta2 ** t) / (1 - beta1 ** t)."""
    return lr * (1 - b1**count) / math.sqrt(1 - b2**count) * new_m / (new_v.sqrt() + eps)


@adams.mistake("b1", "b2")
def betas_swapped_everywhere(beta1, beta2):
    """beta1 and beta2 are swapped: beta1 belongs to m, beta2 to v."""
    return beta2, beta1


@adams.mistake("b2")
def beta1_for_everything(beta1):
    """beta1 is used for v as well, in the average and in the correction: its own rate is beta2."""
    return beta1


@adams.mistake("b1")
def beta2_for_everything(beta2):
    """beta2 is used for m as well, in the average and in the correction: its own rate is beta1."""
    return beta2


@adams.mistake("b1", constants=(0.9, 0.99, 0.5, 0.999))
def beta1_fixed(constant):
    """beta1 is the fixed number {constant} in your code: use the argument."""
    return constant


@adams.mistake("b2", constants=(0.999, 0.99, 0.9))
def beta2_fixed(constant):
    """beta2 is the fixed number {constant} in your code: use the argument."""
    return constant


@adams.mistake("b1", "b2")
def betas_fixed():
    """beta1 and beta2 are fixed numbers, 0.9 and 0.999, in your code: use the arguments."""
    return 0.9, 0.999


@adams.mistake("m_hat")
def t_one_too_high_for_m(new_m, count, b1):
    """The bias correction of m uses t + 1."""
    return new_m / (1 - b1 ** (count + 1))


@adams.mistake("v_hat")
def t_one_too_high_for_v(new_v, count, b2):
    """The bias correction of v uses t + 1."""
    return new_v / (1 - b2 ** (count + 1))


@adams.mistake("m_hat", "v_hat")
def corrections_multiplied(new_m, new_v, count, b1, b2):
    """You multiply by 1 - beta ** t where you should divide: the averages are too small, and get smaller still."""
    return new_m * (1 - b1**count), new_v * (1 - b2**count)


@adams.mistake("m_hat")
def first_correction_multiplied(new_m, count, b1):
    """You multiply m by 1 - beta1 ** t where you should divide."""
    return new_m * (1 - b1**count)


@adams.mistake("v_hat")
def second_correction_multiplied(new_v, count, b2):
    """You multiply v by 1 - beta2 ** t where you should divide."""
    return new_v * (1 - b2**count)


@adams.mistake("m_hat", "v_hat")
def corrections_with_a_plus(new_m, new_v, count, b1, b2):
    """You divide by 1 + beta ** t: it is 1 - beta ** t."""
    return new_m / (1 + b1**count), new_v / (1 + b2**count)


@adams.mistake("m_hat", "v_hat")
def corrections_swapped(new_m, new_v, count, b1, b2):
    """The two corrections are swapped: m is corrected with beta1, v with beta2."""
    return new_m / (1 - b2**count), new_v / (1 - b1**count)


@adams.mistake("v_hat")
def beta1_corrects_both(new_v, count, b1):
    """Both averages are corrected with beta1: v needs beta2."""
    return new_v / (1 - b1**count)


@adams.mistake("m_hat")
def beta2_corrects_both(new_m, count, b2):
    """Both averages are corrected with beta2: m needs beta1."""
    return new_m / (1 - b2**count)


@adams.mistake("m_hat", "v_hat")
def power_of_the_whole(new_m, new_v, count, b1, b2):
    """You take (1 - beta) ** t: the power belongs to beta alone, 1 - beta ** t."""
    return new_m / (1 - b1) ** count, new_v / (1 - b2) ** count


@adams.mistake("m_hat", "v_hat")
def divided_by_the_power(new_m, new_v, count, b1, b2):
    """You divide by beta ** t: the correction is 1 - beta ** t."""
    return new_m / b1**count, new_v / b2**count


@adams.mistake("m_hat")
def old_m_used(m, count, b1):
    """The step uses the m that came in: update it with this gradient first."""
    return m / (1 - b1**count)


@adams.mistake("v_hat")
def old_v_used(v, count, b2):
    """The step uses the v that came in: update it with this gradient first."""
    return v / (1 - b2**count)


@adams.mistake("m_hat", "v_hat")
def old_moments_used(m, v, count, b1, b2):
    """The step uses the m and v that came in: update both with this gradient first."""
    return m / (1 - b1**count), v / (1 - b2**count)


@adams.mistake("m_hat")
def gradient_in_place_of_m(gradient):
    """The step uses the gradient itself where the running average m is meant: that is RMSProp."""
    return gradient


@adams.mistake("m_hat")
def corrected_gradient_in_place_of_m(gradient, count, b1):
    """The step uses the gradient where the running average m is meant."""
    return gradient / (1 - b1**count)


@adams.mistake("v_hat")
def squared_gradient_in_place_of_v(gradient):
    """The step divides by this gradient's own size where the running average v is meant."""
    return gradient**2


@adams.mistake("m_hat")
def nesterov_momentum(new_m, gradient, count, b1):
    """The step looks one gradient ahead: that is NAdam. Adam steps along m as it is."""
    return (b1 * new_m + (1 - b1) * gradient) / (1 - b1**count)


@adams.mistake("v_hat")
def largest_second_moment(new_v, v, count, b2):
    """The step uses the larger of the old and the new v: that is AMSGrad, not Adam."""
    return torch.maximum(new_v, v) / (1 - b2**count)


@adams.mistake("new_v")
def largest_second_moment_kept(gradient, v, b2):
    """v is the larger of the old and the new one, and that is kept: that is AMSGrad (which has a state of its own for
    it), not Adam."""
    return torch.maximum(b2 * v + (1 - b2) * gradient**2, v)


@adams.mistake("new_m")
def weights_of_m_swapped(gradient, m, b1):
    """The weights of m are swapped: beta1 keeps the old average, 1 - beta1 lets the new gradient in."""
    return (1 - b1) * m + b1 * gradient


@adams.mistake("new_v")
def weights_of_v_swapped(gradient, v, b2):
    """The weights of v are swapped: beta2 keeps the old average, 1 - beta2 lets the new square in."""
    return (1 - b2) * v + b2 * gradient**2


@adams.mistake("new_m", "new_v")
def weights_swapped(gradient, m, v, b1, b2):
    """The weights of both averages are swapped: beta keeps the old average, 1 - beta lets the new gradient in."""
    return (1 - b1) * m + b1 * gradient, (1 - b2) * v + b2 * gradient**2


@adams.mistake("new_m")
def m_accumulates(gradient, m, b1):
    """The gradient enters m without its weight 1 - beta1: that is momentum, ten times as large. Adam's m is an
    average."""
    return b1 * m + gradient


@adams.mistake("new_v")
def v_accumulates(gradient, v, b2):
    """The square enters v without its weight 1 - beta2: Adam's v is an average, not a sum."""
    return b2 * v + gradient**2


@adams.mistake("new_m", "new_v")
def both_accumulate(gradient, m, v, b1, b2):
    """Both averages lack their weight 1 - beta for what is new: they are averages, not sums."""
    return b1 * m + gradient, b2 * v + gradient**2


@adams.mistake("new_v")
def v_grows_for_ever(gradient, v):
    """v adds up all squares: that is AdaGrad, whose steps shrink for ever. Adam's v forgets, with beta2."""
    return v + gradient**2


@adams.mistake("new_m")
def m_grows_for_ever(gradient, m):
    """m adds up all gradients: Adam's m forgets, with beta1."""
    return m + gradient


@adams.mistake("new_m")
def m_not_decayed(gradient, m, b1):
    """The old m is not multiplied by beta1: it never forgets."""
    return m + (1 - b1) * gradient


@adams.mistake("new_v")
def v_not_decayed(gradient, v, b2):
    """The old v is not multiplied by beta2: it never forgets."""
    return v + (1 - b2) * gradient**2


@adams.mistake("new_m")
def m_forgets_the_past(gradient, b1):
    """The old m is not used: it starts from 0 in every call, so there is no momentum."""
    return (1 - b1) * gradient


@adams.mistake("new_v")
def v_forgets_the_past(gradient, b2):
    """The old v is not used: it starts from 0 in every call."""
    return (1 - b2) * gradient**2


@adams.mistake("new_m", "new_v")
def state_forgotten(gradient, b1, b2):
    """The old m and v are not used: every step is a first step."""
    return (1 - b1) * gradient, (1 - b2) * gradient**2


@adams.mistake("new_v")
def gradient_not_squared(gradient, v, b2):
    """v averages the gradient itself: it is the average of its square, the second moment."""
    return b2 * v + (1 - b2) * gradient


@adams.mistake("new_v")
def absolute_gradient(gradient, v, b2):
    """v averages the absolute gradient: it is the average of its square."""
    return b2 * v + (1 - b2) * gradient.abs()


@adams.mistake("new_v")
def weight_squared_too(gradient, v, b2):
    """The square takes 1 - beta2 with it: ((1 - beta2) g) ** 2. Only the gradient is squared."""
    return b2 * v + ((1 - b2) * gradient) ** 2


@adams.mistake("new_v")
def square_of_m(new_m, v, b2):
    """v averages the square of m: it is the gradient that is squared."""
    return b2 * v + (1 - b2) * new_m**2


@adams.mistake("new_v")
def square_of_the_mean_gradient(gradient, v, b2):
    """v gets one number for the whole tensor (a mean or a norm): each parameter has a v of its own."""
    return b2 * v + (1 - b2) * (gradient**2).mean()


@adams.mistake("new_v")
def sum_of_all_squares(gradient, v, b2):
    """v gets the sum of all squares of the tensor: each parameter has a v of its own."""
    return b2 * v + (1 - b2) * (gradient**2).sum()


@adams.mistake("new_v")
def centred_second_moment(gradient, v, new_m, b2):
    """v averages the squared distance from m, a variance: that is AdaBelief. Adam's v averages the square itself."""
    return b2 * v + (1 - b2) * (gradient - new_m) ** 2


@adams.mistake("new_v")
def beta1_for_v(gradient, v, b1):
    """v is averaged with beta1: its own rate is beta2."""
    return b1 * v + (1 - b1) * gradient**2


@adams.mistake("new_v")
def beta1_lets_the_square_in(gradient, v, b1, b2):
    """The new square enters v with 1 - beta1: its weight is 1 - beta2."""
    return b2 * v + (1 - b1) * gradient**2


@adams.mistake("new_m")
def beta2_for_m(gradient, m, b2):
    """m is averaged with beta2: its own rate is beta1."""
    return b2 * m + (1 - b2) * gradient


@adams.mistake("new_m")
def beta2_lets_the_gradient_in(gradient, m, b1, b2):
    """The new gradient enters m with 1 - beta2: its weight is 1 - beta1."""
    return b1 * m + (1 - b2) * gradient


@adams.mistake("new_m")
def m_subtracts_the_gradient(gradient, m, b1):
    """The gradient is subtracted in m (or its sign is turned round at the start): it must be added, the minus belongs
    to the step."""
    return b1 * m - (1 - b1) * gradient


@adams.mistake("new_v")
def v_subtracts_the_square(gradient, v, b2):
    """The square is subtracted in v: it must be added."""
    return b2 * v - (1 - b2) * gradient**2


@adams.mistake("new_m")
def m_counted_twice(gradient, m, b1):
    """The old m is counted twice (+= in place of =)."""
    return m + b1 * m + (1 - b1) * gradient


@adams.mistake("new_v")
def v_counted_twice(gradient, v, b2):
    """The old v is counted twice (+= in place of =)."""
    return v + b2 * v + (1 - b2) * gradient**2


@adams.mistake("new_m")
def m_squares_the_gradient(gradient, m, b1):
    """m averages the square of the gradient: it averages the gradient itself, v its square."""
    return b1 * m + (1 - b1) * gradient**2


@adams.mistake("new_m", "new_v")
def betas_swapped(gradient, m, v, b1, b2):
    """beta1 and beta2 are swapped in the averages: beta1 belongs to m, beta2 to v."""
    return b2 * m + (1 - b2) * gradient, b1 * v + (1 - b1) * gradient**2


@adams.mistake("m_hat", constants=(0.9,))
def beta1_fixed_in_the_correction(new_m, count, constant):
    """The correction of m uses the fixed number {constant}: use the argument beta1."""
    return new_m / (1 - constant**count)


@adams.mistake("v_hat", constants=(0.999, 0.99))
def beta2_fixed_in_the_correction(new_v, count, constant):
    """The correction of v uses the fixed number {constant}: use the argument beta2."""
    return new_v / (1 - constant**count)


@adams.mistake("new_v")
def eps_added_to_v(gradient, v, b2, eps):
    """eps is added to v itself, so it piles up in the state: it belongs into the denominator only."""
    return b2 * v + (1 - b2) * gradient**2 + eps


@adams.mistake("new_v", "denominator")
def eps_in_v_only(gradient, v, b2, count, eps):
    """eps is added to v, where it piles up in the state, and not to the denominator: it belongs after the root."""
    new_v = b2 * v + (1 - b2) * gradient**2 + eps
    return new_v, (new_v / (1 - b2**count)).sqrt()


@adams.mistake("new_v")
def eps_added_to_the_gradient(gradient, v, b2, eps):
    """eps is added to the gradient before it is squared: it belongs into the denominator only."""
    return b2 * v + (1 - b2) * (gradient + eps) ** 2


@adams.mistake("denominator")
def eps_uncorrected_inside_the_root(new_v, count, b2, eps):
    """eps is added to v before the correction, and under the root: it belongs after the root."""
    return ((new_v + eps) / (1 - b2**count)).sqrt()


@adams.mistake("update")
def lr_decays_with_t(lr, quotient, count):
    """The rate is divided by the root of t: Adam keeps its rate, schedules are another unit."""
    return lr / math.sqrt(count) * quotient


@adams.mistake("update")
def lr_divided_by_t(lr, quotient, count):
    """The rate is divided by t: Adam keeps its rate, schedules are another unit."""
    return lr / count * quotient


@adams.mistake("update", constants=(10, 5, 100, 1000))
def lr_warmed_up(lr, quotient, count, constant):
    """The rate grows over the first {constant} steps: Adam keeps its rate, warm-up is a schedule and another unit."""
    return lr * min(1.0, count / constant) * quotient


@adams.mistake("m_out", "v_out")
def corrected_moments_returned(m_hat, v_hat):
    """The corrected moments are returned as the state: the next step corrects them once more. Return m and v as they
    were before the correction."""
    return m_hat, v_hat


@adams.mistake("m_out")
def corrected_first_moment_returned(m_hat):
    """The corrected m is returned as the state: the next step corrects it once more."""
    return m_hat


@adams.mistake("v_out")
def corrected_second_moment_returned(v_hat):
    """The corrected v is returned as the state: the next step corrects it once more."""
    return v_hat


@adams.mistake("v_out")
def root_of_v_returned(new_v):
    """The root of v is returned as the state (sqrt_ works in place): the next step needs v itself."""
    return new_v.sqrt()


@adams.mistake("v_out")
def root_of_corrected_v_returned(v_hat):
    """The root of the corrected v is returned as the state: the next step needs v itself, uncorrected."""
    return v_hat.sqrt()


@adams.mistake("v_out")
def denominator_returned(denominator):
    """The denominator is returned in the place of v: the next step needs v itself."""
    return denominator


@adams.mistake("m_out")
def step_returned_as_m(update):
    """The step is returned in the place of m: the next step needs m itself."""
    return update


@adams.mistake("m_out")
def gradient_returned_as_m(gradient):
    """The gradient is returned in the place of m: the next step needs the running average."""
    return gradient


@adams.mistake("m_out", "v_out")
def old_state_returned(m, v):
    """The m and v that came in are returned: the new ones live in local variables only, and every step is a first
    step."""
    return m, v


@adams.mistake("m_out")
def old_first_moment_returned(m):
    """The m that came in is returned: the new one is lost, and there is no momentum."""
    return m


@adams.mistake("v_out")
def old_second_moment_returned(v):
    """The v that came in is returned: the new one is lost."""
    return v


@adams.mistake("m_out", "v_out")
def moments_swapped(new_m, new_v):
    """m and v are returned in the wrong order: param, m, v."""
    return new_v, new_m


@adams.mistake("param_out", "m_out", "v_out")
def parameter_last(new_param, new_m, new_v):
    """The parameter is returned last: param, m, v is the order."""
    return new_m, new_v, new_param


@adams.mistake("param_out", "m_out")
def parameter_and_m_swapped(new_param, new_m):
    """The parameter and m are returned in each other's place: param, m, v is the order."""
    return new_m, new_param


@adams.mistake("param_out", "v_out")
def parameter_and_v_swapped(new_param, new_v):
    """The parameter and v are returned in each other's place: param, m, v is the order."""
    return new_v, new_param


@adams.mistake("param_out", "m_out", "v_out")
def v_first(new_param, new_m, new_v):
    """v is returned first: param, m, v is the order."""
    return new_v, new_param, new_m


@adams.mistake("new_m", "new_v")
def moments_swapped_on_the_way_in(gradient, m, v, b1, b2):
    """m and v come in in each other's place: the order of the parameters is param, grad, m, v, t."""
    return b1 * v + (1 - b1) * gradient, b2 * m + (1 - b2) * gradient**2


@adams.mistake("new_v", "denominator")
def adamax(gradient, v, b2, eps):
    """This is AdaMax: it keeps the largest gradient, where Adam averages the squares."""
    largest = torch.maximum(b2 * v, gradient.abs())
    return largest, largest + eps


@adams.mistake("new_v", "denominator")
def adamax_of_torch(gradient, v, b2, eps):
    """This is AdaMax, with eps inside the maximum: it keeps the largest gradient, where Adam averages the squares."""
    largest = torch.maximum(b2 * v, gradient.abs() + eps)
    return largest, largest


@adams.mistake("quotient", "m_out", "v_out")
def plain_gradient_descent(gradient, m, v):
    """This is plain gradient descent: neither of the two running averages is used."""
    return gradient, m, v


@adams.mistake("quotient", "m_out", "v_out")
def this_is_adagrad(gradient, m, v, eps):
    """This is AdaGrad: squares are added up for ever, and there is no running average of the gradient."""
    v = v + gradient**2
    return gradient / (v.sqrt() + eps), m, v


@adams.mistake("quotient", "m_out", "v_out")
def this_is_rmsprop(gradient, m, new_v, eps):
    """This is RMSProp: there is no running average of the gradient, and no correction."""
    return gradient / (new_v.sqrt() + eps), m, new_v


@adams.mistake("quotient", "v_out")
def this_is_momentum(new_m, v):
    """This is momentum: the step is not divided by the root of v, which gives each parameter a rate of its own."""
    return new_m, v


@adams.returning
def parameter_only(results):
    """Only the parameter is returned: without the new m and v the next step cannot go on. Return param, m, v."""
    return results[0]


@adams.returning
def count_returned_as_well(results):
    """t is returned as well: return param, m, v. Whoever calls counts the steps."""
    return (*results, 1)


@adams.returning
def moments_only(results):
    """Only m and v are returned: return param, m, v."""
    return results[1:]


@adams.returning
def moments_in_a_tuple(results):
    """m and v are in a tuple of their own: return the three side by side, param, m, v."""
    return results[0], results[1:]


@adams.mistake("new_m", "new_v", "m_hat", "v_hat")
def moments_from_the_new_side(gradient, m, v, b1, b2, count):
    """The step uses the corrected averages of the state that came in, and the state is updated afterwards: the order is
    update, correct, step."""
    return (
        b1 * m + (1 - b1) * gradient,
        b2 * v + (1 - b2) * gradient**2,
        _over(m, 1 - b1 ** max(count - 1, 0)),
        _over(v, 1 - b2 ** max(count - 1, 0)),
    )


for _each in adams.anatomies:
    default_changed(_each, "lr", 1e-3, (1e-2, 1e-4, 0.1, 1.0, 3e-4, 2e-3))
    default_changed(_each, "beta1", 0.9, (0.99, 0.8, 0.5, 0.95))
    default_changed(_each, "beta2", 0.999, (0.99, 0.9, 0.95, 0.98, 0.9999))
    default_changed(_each, "eps", 1e-8, (1e-7, 1e-6, 1e-10, 1e-5, 1e-3, 1e-12, 1e-9, 0.0))
    zero_not_taken(_each, "eps", 1e-8)
default_changed(adamw, "weight_decay", 0.01, (0.0, 0.1, 1e-3, 1e-4, 0.05, 5e-4, 1.0))
zero_not_taken(adamw, "weight_decay", 0.01)


@adamw.mistake("share")
def decay_without_the_rate(weight_decay):
    """The decay is not multiplied by the learning rate: the parameter shrinks by weight_decay itself, a thousand times
    too fast at the default rate. The decay of a step is lr * weight_decay * param."""
    return weight_decay


@adamw.mistake("share")
def decay_forgotten():
    """The weight decay is missing: this is plain Adam. The parameter shrinks by lr * weight_decay of itself besides."""
    return 0.0


@adamw.mistake("share")
def rate_for_the_decay(lr):
    """weight_decay is missing in the decay: the parameter shrinks by lr of itself, where lr * weight_decay is meant."""
    return lr


@adamw.mistake("share", constants=(0.01, 0.1, 1e-3, 1e-4, 0.05))
def decay_fixed(lr, constant):
    """weight_decay is the fixed number {constant} in your code: use the argument."""
    return lr * constant


@adamw.mistake("share")
def rate_squared_in_the_decay(lr, weight_decay):
    """The learning rate is multiplied into the decay twice: once is enough."""
    return lr**2 * weight_decay


@adamw.mistake("share")
def decay_squared(lr, weight_decay):
    """weight_decay is multiplied in twice: once is enough."""
    return lr * weight_decay**2


@adamw.mistake("share")
def decay_halved(lr, weight_decay):
    """The decay is halved: the 1/2 of an L2 penalty has no place here, the share is lr * weight_decay."""
    return lr * weight_decay / 2


@adamw.mistake("share")
def decay_doubled(lr, weight_decay):
    """The decay is doubled: the 2 of a derived square has no place here, the share is lr * weight_decay."""
    return 2 * lr * weight_decay


@adamw.mistake("share")
def decay_grows_the_parameter(lr, weight_decay):
    """The decay has the wrong sign: it makes the parameter grow. It shrinks."""
    return -lr * weight_decay


@adamw.mistake("share")
def decay_divided_by_the_rate(lr, weight_decay):
    """The decay is divided by the learning rate: it is multiplied by it."""
    return weight_decay / lr


@adamw.mistake("share")
def decay_corrected_too(lr, weight_decay, count, b1):
    """The decay is divided by the bias correction: it has nothing to do with the averages."""
    return lr * weight_decay / (1 - b1**count)


@adamw.mistake("share")
def decay_with_a_rate_that_is_corrected(lr, weight_decay, count, b1, b2):
    """The decay uses the rate with the bias corrections in it: it uses lr itself."""
    return lr * math.sqrt(1 - b2**count) / (1 - b1**count) * weight_decay


@adamw.mistake("gradient", "base")
def decay_in_the_gradient(raw, param, weight_decay):
    """weight_decay * param is added to the gradient: that is L2, as in Adam with weight decay. It goes through m and v
    there and is divided by the root, so that parameters with large gradients hardly decay. AdamW decays the parameter
    itself."""
    return raw + weight_decay * param, param


@adamw.mistake("gradient")
def decay_in_both_places(raw, param, weight_decay):
    """The decay is there twice, in the gradient and on the parameter: it belongs to the parameter only."""
    return raw + weight_decay * param


@adamw.mistake("gradient", "base")
def decay_times_the_rate_in_the_gradient(raw, param, share):
    """lr * weight_decay * param is added to the gradient, and goes through m and v: AdamW decays the parameter
    itself."""
    return raw + share * param, param


@adamw.mistake("gradient", "base")
def decay_subtracted_from_the_gradient(raw, param, weight_decay):
    """weight_decay * param is subtracted from the gradient, and goes through m and v: AdamW decays the parameter
    itself."""
    return raw - weight_decay * param, param


@adamw.mistake("new_m", "base")
def decay_in_m(gradient, m, b1, param, weight_decay):
    """The decay goes into m: it goes past both averages, straight to the parameter."""
    return b1 * m + (1 - b1) * (gradient + weight_decay * param), param


@adamw.mistake("new_v")
def decay_in_v(gradient, v, b2, param, weight_decay):
    """weight_decay * param is added to the gradient that is squared in v: the decay goes into no moment at all, it
    shrinks the parameter itself."""
    return b2 * v + (1 - b2) * (gradient + weight_decay * param) ** 2


@adamw.mistake("quotient", "base")
def decay_divided_by_the_root(m_hat, denominator, param, weight_decay):
    """weight_decay * param is added to m_hat and divided by the root with it: it must not be divided, or parameters
    with large gradients hardly decay."""
    return (m_hat + weight_decay * param) / denominator, param


@adamw.mistake("new_param")
def decay_after_the_step(param, update, share):
    """The decay is taken of the parameter after the step: it is a share of the parameter as it came in, lr *
    weight_decay * param."""
    return (param - update) * (1 - share)


@adamw.mistake("new_param")
def decay_after_the_step_without_the_rate(param, update, weight_decay):
    """The decay is taken of the parameter after the step, and without the learning rate: it is lr * weight_decay of the
    parameter as it came in."""
    return (param - update) * (1 - weight_decay)


@adamw.mistake("new_param")
def decay_of_the_step(param, update, share):
    """The decay shrinks the step: it shrinks the parameter."""
    return param - update * (1 - share)


@adamw.mistake("new_param")
def decay_before_and_after_the_step(base, update, share):
    """The decay is applied twice, before the step and after it: once is enough."""
    return (base - update) * (1 - share)


@adamw.mistake("base")
def decay_is_all_that_is_left(param, share):
    """The parameter is multiplied by lr * weight_decay, where it shrinks by that share: 1 minus it is what is kept."""
    return share * param


@adamw.mistake("base")
def decay_without_the_parameter(param, share):
    """lr * weight_decay is subtracted as it is: the decay is that share of the parameter."""
    return param - share


@adamw.mistake("base")
def decay_by_the_sign(param, share):
    """The decay is the same for all parameters, whatever their size (L1): it is a share of each parameter."""
    return param - share * param.sign()


@adamw.mistake("base")
def decay_by_the_square(param, share):
    """The decay is a share of the squared parameter: it is a share of the parameter itself, as the derivative of a
    square is."""
    return param - share * param**2


@adamw.mistake("base")
def decay_by_the_average(param, share, m_hat):
    """The decay is a share of the average gradient: it is a share of the parameter."""
    return param - share * m_hat


@adamw.mistake("base")
def decay_by_the_gradient(param, share, gradient):
    """The decay is a share of the gradient: it is a share of the parameter."""
    return param - share * gradient


@adamw.mistake("base")
def decay_by_the_size(param, share):
    """The decay is a share of the parameter's absolute value, so that negative parameters grow: keep the sign."""
    return param - share * param.abs()


@adamw.mistake("base")
def decay_by_the_mean(param, share):
    """The decay is the same for all, a share of the mean: each parameter decays by a share of itself."""
    return param - share * param.mean()


@adamw.mistake("base")
def decay_by_the_norm(param, share):
    """The decay is the same for all, a share of the norm: each parameter decays by a share of itself."""
    return param - share * torch.linalg.vector_norm(param)


@adamw.mistake("base")
def decay_as_a_power(param, share):
    """The parameter is multiplied by exp(-lr * weight_decay), which is nearly 1 - lr * weight_decay: that is what is
    asked for."""
    return param * math.exp(-share)


@adamw.mistake("base")
def decay_by_division(param, share):
    """The parameter is divided by 1 + lr * weight_decay: it is multiplied by 1 - lr * weight_decay."""
    return param / (1 + share)


@adamw.mistake("base")
def decay_spares_vectors(param, share):
    """Only parameters with two or more dimensions decay in your code (a common choice for biases): here every one
    does."""
    return param - share * param if param.dim() > 1 else param


@adamw.mistake("base")
def decay_spares_zero_gradients(param, share, gradient):
    """Where the gradient is 0 nothing decays: the decay does not depend on the gradient."""
    return torch.where(gradient == 0, param, param - share * param)


@adamw.mistake("base")
def decay_on_the_first_step_only(param, share, count):
    """Only the first step decays: every step does."""
    return param - share * param if count == 1 else param


@adamw.mistake("base")
def decay_with_t(param, share, count):
    """The decay grows with t, as a power or a product: each step takes the same share."""
    return param * (1 - share) ** count


# ---------------------------------------------------------------------------------------- gradient_descent

descent = Anatomy("optimizers.gradient_descent", "path")


@descent.step
def rate(lr):
    return lr


@descent.step
def first(start):
    return start


@descent.step
def slope(grad_fn, first):
    return lambda w, before: grad_fn(w)


@descent.step
def pace(rate):
    return lambda number: rate


@descent.step
def direction():
    return lambda gradient: gradient


@descent.step
def move(pace, direction):
    return lambda w, gradient, number: w - pace(number) * direction(gradient)


@descent.step
def rounds(steps):
    return steps


@descent.step
def points(first, slope, move, rounds):
    points = [first]
    for number in range(rounds):
        before = points[-2] if number else first
        points.append(move(points[-1], slope(points[-1], before), number))
    return points


@descent.step
def path(points):
    """the list of all points, from `start` to the last"""
    return points


@descent.quantity
def slopes(grad_fn, points):
    """the gradient where each step starts"""
    return [grad_fn(point) for point in points[:-1]]


@descent.quantity
def strides(rate, slopes):
    """each step, with the learning rate in it"""
    return [rate * gradient for gradient in slopes]


@descent.quantity
def departures(points):
    """the point where each step starts"""
    return points[:-1]


@descent.quantity
def landings(points):
    """the point where each step ends"""
    return points[1:]


@descent.quantity
def first_slope(grad_fn, first):
    """the gradient at `start`"""
    return grad_fn(first)


@descent.quantity
def first_stride(rate, first_slope):
    """the step away from `start`, with the learning rate in it"""
    return rate * first_slope


@descent.quantity
def first_landing(points):
    """the point after the first step"""
    return points[1]


@descent.quantity
def last_point(points):
    """the point where the walk ends"""
    return points[-1]


@descent.quantity
def points_in_one_tensor(points):
    """all points in one tensor, `start` first"""
    return torch.stack(points)


@descent.quantity
def number_of_points(rounds):
    """the number of points, `start` included"""
    return rounds + 1


@descent.mistake("move")
def uphill(pace, direction):
    """The step is added: it goes uphill. Subtract it, the gradient points to where the loss grows."""
    return lambda w, gradient, number: w + pace(number) * direction(gradient)


@descent.mistake("pace")
def lr_missing():
    """The learning rate is missing: each step is as long as the gradient itself."""
    return lambda number: 1.0


@descent.mistake("pace")
def divided_by_lr(rate):
    """You divide by the learning rate: it multiplies the gradient."""
    return lambda number: 1 / rate


@descent.mistake("pace")
def lr_twice(rate):
    """The learning rate is multiplied in twice."""
    return lambda number: rate**2


@descent.mistake("rate", constants=(0.01, 0.1, 1e-3))
def lr_fixed(constant):
    """The learning rate is the fixed number {constant} in your code: use the argument."""
    return constant


@descent.mistake("pace")
def half_the_step(rate):
    """Each step is halved: nothing divides it by 2."""
    return lambda number: rate / 2


@descent.mistake("pace")
def double_step(rate):
    """Each step is taken twice, or doubled: grad_fn has every factor in it already."""
    return lambda number: 2 * rate


@descent.mistake("pace")
def lr_decays_with_the_steps(rate):
    """The rate is divided by the number of the step: it stays as it is, schedules are another unit."""
    return lambda number: rate / (number + 1)


@descent.mistake("pace")
def lr_decays_with_the_root(rate):
    """The rate is divided by the root of the number of the step: it stays as it is, schedules are another unit."""
    return lambda number: rate / math.sqrt(number + 1)


@descent.mistake("points", constants=(0.5, 0.1))
def lr_shrinks_where_it_climbs(first, slope, rate, rounds, constant):
    """Where the gradient has grown you multiply the rate by {constant}: the rate stays as it is, also where it is too
    large and the walk diverges, for that is what one wants to see."""
    points, before = [first], math.inf
    for _ in range(rounds):
        gradient = slope(points[-1], points[-1])
        size = torch.linalg.vector_norm(gradient).item()
        rate, before = (rate * constant if size > before else rate), size
        points.append(points[-1] - rate * gradient)
    return points


@descent.mistake("points")
def stops_where_it_climbs(first, slope, move, rounds):
    """The walk ends where the gradient has grown: `steps` steps are asked for, all of them, also where the rate is too
    large and the walk diverges."""
    points, before = [first], math.inf
    for number in range(rounds):
        gradient = slope(points[-1], points[-1])
        size = torch.linalg.vector_norm(gradient).item()
        if size > before:
            break
        points.append(move(points[-1], gradient, number))
        before = size
    return points


@descent.mistake("points")
def stays_where_it_would_climb(first, slope, move, rounds):
    """A step after which the gradient would be larger is not taken: every step is, also where the rate is too large and
    the walk diverges."""
    points = [first]
    for number in range(rounds):
        gradient = slope(points[-1], points[-1])
        after = move(points[-1], gradient, number)
        larger = torch.linalg.vector_norm(slope(after, after)) > torch.linalg.vector_norm(gradient)
        points.append(points[-1] if larger else after)
    return points


@descent.mistake("path")
def points_averaged(points):
    """The list holds the mean of all points so far: it holds the points themselves."""
    return [sum(points[1:last], points[0]) / last for last in range(1, len(points) + 1)]


@descent.mistake("points")
def coordinates_one_after_the_other(first, slope, rate, rounds):
    """The coordinates move one after the other, each with a gradient taken anew: one gradient moves all of them at
    once."""
    points = [first]
    for _ in range(rounds):
        moved = points[-1].clone(memory_format=torch.contiguous_format)
        for place in range(moved.numel()):
            moved.view(-1)[place] -= rate * slope(moved, moved).reshape(-1)[place]
        points.append(moved)
    return points


@descent.mistake("path")
def gradients_in_place_of_points(first, points, slope):
    """The list holds the gradients: it holds the points at which they were taken."""
    return [slope(point, point) for point in points]


@descent.mistake("pace")
def lr_grows_with_the_steps(rate):
    """The step is multiplied by its number: the rate stays as it is."""
    return lambda number: rate * (number + 1)


@descent.mistake("pace")
def lr_times_the_counter(rate):
    """The step is multiplied by the loop's counter, which is 0 at first: the rate stays as it is."""
    return lambda number: rate * number


@descent.mistake("pace", constants=(0.9, 0.99, 0.95, 0.5))
def rate_shrinks(rate, constant):
    """The rate is multiplied by {constant} after each step: it stays as it is, schedules are another unit."""
    return lambda number: rate * constant**number


@descent.mistake("direction")
def sign_only():
    """Only the sign of the gradient is used: its size decides how long the step is."""
    return lambda gradient: gradient.sign()


@descent.mistake("direction", constants=(0.0, 1e-8, 1e-12, 1e-6, 1e-7, 1e-10, 1e-5, 1e-3))
def gradient_normalised(constant):
    """The gradient is scaled to length 1 (divided by its norm + {constant}): its size decides how long the step is."""
    return lambda gradient: gradient / (torch.linalg.vector_norm(gradient) + constant)


@descent.mistake("direction", constants=(1.0, 5.0, 0.5))
def gradient_clipped(constant):
    """The gradient is clamped to [-{constant}, {constant}]: clipping is another exercise."""
    return lambda gradient: gradient.clamp(-constant, constant)


@descent.mistake("direction")
def gradient_averaged():
    """The mean of the gradient moves all coordinates alike: each has its own."""
    return lambda gradient: gradient.mean()


@descent.mistake("direction")
def gradient_squared():
    """The gradient is squared, so that its sign is lost and its size counts twice: take it as it is."""
    return lambda gradient: gradient**2


@descent.mistake("direction")
def size_of_the_gradient():
    """The sign of the gradient is lost (abs): every coordinate moves down, whatever its gradient says."""
    return lambda gradient: gradient.abs()


@descent.mistake("move")
def lr_added(rate):
    """The learning rate is added to the gradient: it multiplies it."""
    return lambda w, gradient, number: w - (rate + gradient)


@descent.mistake("move")
def lr_on_the_point(rate):
    """The learning rate multiplies the point as well (a parenthesis?): it multiplies the gradient only."""
    return lambda w, gradient, number: rate * (w - gradient)


@descent.mistake("move")
def point_shrinks(rate):
    """The point shrinks by lr of itself besides (a decay, or an average of old and new): only lr times the gradient is
    subtracted."""
    return lambda w, gradient, number: w * (1 - rate) - rate * gradient


@descent.mistake("move", constants=(0.01, 0.1, 1e-3, 1e-4, 5e-4))
def weight_decay(rate, constant):
    """{constant} times the point is added to the gradient (weight decay): it is not asked for."""
    return lambda w, gradient, number: w - rate * (gradient + constant * w)


@descent.mistake("slope")
def gradient_half_a_step_ahead(grad_fn, rate):
    """The gradient is taken half a step ahead (the midpoint rule): ask grad_fn at the newest point itself."""
    return lambda w, before: grad_fn(w - rate / 2 * grad_fn(w))


@descent.mistake("slope")
def gradient_a_step_ahead(grad_fn, rate):
    """The gradient is taken a step ahead: ask grad_fn at the newest point itself."""
    return lambda w, before: grad_fn(w - rate * grad_fn(w))


@descent.mistake("direction")
def gradient_summed():
    """The sum of the gradient moves all coordinates alike: each has its own."""
    return lambda gradient: gradient.sum()


@descent.mistake("direction")
def gradient_divided_by_its_count():
    """The gradient is divided by the number of its entries: take it as it is."""
    return lambda gradient: gradient / gradient.numel()


@descent.mistake("move")
def multiplied_not_subtracted(pace, direction):
    """The point is multiplied by 1 - lr * gradient: subtract lr times the gradient from it."""
    return lambda w, gradient, number: w * (1 - pace(number) * direction(gradient))


@descent.mistake("move")
def step_minus_point(pace, direction):
    """The subtraction is the wrong way round: the step is subtracted from the point."""
    return lambda w, gradient, number: pace(number) * direction(gradient) - w


@descent.mistake("move")
def step_in_place_of_the_point(pace, direction):
    """The points are the steps alone: each step is subtracted from the point before."""
    return lambda w, gradient, number: -pace(number) * direction(gradient)


@descent.mistake("move")
def step_size_in_place_of_the_point(pace, direction):
    """The points are lr times the gradient: that is subtracted from the point before."""
    return lambda w, gradient, number: pace(number) * direction(gradient)


@descent.mistake("move")
def gradient_in_place_of_the_point(rate):
    """The list holds gradients: it holds points, each the one before minus lr times the gradient there."""
    return lambda w, gradient, number: gradient


@descent.mistake("move")
def always_from_the_start(first, pace, direction):
    """Each step starts from start again: it starts from the newest point."""
    return lambda w, gradient, number: first - pace(number) * direction(gradient)


@descent.mistake("move")
def never_moves(rate):
    """All points are the same, the start: the new point is computed and not kept, perhaps."""
    return lambda w, gradient, number: w


@descent.mistake("slope")
def gradient_at_the_start(grad_fn, first):
    """The gradient is taken at the start in every step (before the loop?): it changes on the way, so ask grad_fn at
    the newest point."""
    return lambda w, before: grad_fn(first)


@descent.mistake("slope")
def gradient_one_point_behind(grad_fn):
    """The gradient is one point behind: ask grad_fn at the newest point, after it has moved."""
    return lambda w, before: grad_fn(before)


@descent.mistake("slope")
def gradient_of_the_gradient(grad_fn):
    """grad_fn is asked at its own result: ask it at the point."""
    return lambda w, before: grad_fn(grad_fn(w))


@descent.mistake("slope")
def point_in_place_of_the_gradient(grad_fn):
    """grad_fn is not asked: the point itself is used as its gradient."""
    return lambda w, before: w


@descent.mistake("slope")
def gradients_added_up(grad_fn):
    """The gradients of all steps are added up: each step uses the gradient at its own point only."""
    total = []

    def all_so_far(w, before):
        total.append(grad_fn(w))
        return sum(total)

    return all_so_far


@descent.mistake("points", constants=(0.9, 0.5))
def with_momentum(first, slope, rate, rounds, constant):
    """There is momentum in it ({constant}): plain gradient descent remembers no earlier gradient."""
    points, velocity = [first], 0.0
    for _ in range(rounds):
        velocity = constant * velocity + slope(points[-1], points[-1])
        points.append(points[-1] - rate * velocity)
    return points


@descent.mistake("rounds")
def one_step_too_few(steps):
    """The last point is missing: there is one step too few, or each point is put into the list before its step and the
    one after the last step is never put there. `steps` steps make steps + 1 points, the start included."""
    return max(steps - 1, 0)


@descent.mistake("rounds")
def one_step_too_many(steps):
    """There is one step too many: `steps` steps make steps + 1 points, the start included."""
    return steps + 1


@descent.mistake("rounds")
def one_step_only(steps):
    """There is one step only: does the loop end (or return) in its first round?"""
    return min(steps, 1)


@descent.mistake("rounds")
def one_step_at_least(steps):
    """With steps = 0 one step is taken all the same (is the number of steps asked about only after it?): the list then
    has the start alone."""
    return max(steps, 1)


@descent.mistake("rounds", constants=(10, 100))
def number_of_steps_fixed(constant):
    """The number of steps is {constant} in your code: use the argument."""
    return constant


@descent.mistake("path")
def start_left_out(points):
    """The start is missing: it is the first of the steps + 1 points."""
    return points[1:]


@descent.mistake("path")
def nothing_without_steps(points):
    """With steps = 0 the list is empty: the start is in it always."""
    return points if len(points) > 1 else []


@descent.mistake("path")
def both_ends_left_out(points):
    """Start and last point are missing: steps + 1 points are asked for."""
    return points[1:-1]


@descent.mistake("path")
def start_twice(points):
    """The start is in the list twice: once before the loop, and once more at the beginning of its first round."""
    return points[:1] + points


@descent.mistake("path")
def start_twice_and_the_end_left_out(points):
    """The start is in the list twice, and the last point is missing: put the point into the list after its step."""
    return points[:1] + points[:-1]


@descent.mistake("path")
def end_twice(points):
    """The last point is in the list twice: steps + 1 points are asked for."""
    return points + points[-1:]


@descent.mistake("path")
def last_point_only(points):
    """Only the last point is returned: return the list of all points."""
    return points[-1]


@descent.mistake("path")
def last_point_in_a_list(points):
    """The list holds the last point only: it holds all of them, the start included."""
    return points[-1:]


@descent.mistake("path")
def start_and_end_only(points):
    """The list holds the start and the last point only: it holds every point between them as well."""
    return [points[0], points[-1]]


@descent.mistake("path")
def the_same_tensor_everywhere(points):
    """All entries of the list are the same tensor, changed in place (-=, sub_): what was put into the list changes with
    it. Each step makes a new tensor."""
    return points[-1:] * len(points)


@descent.mistake("path")
def reversed_path(points):
    """The points are in reverse order: the start comes first."""
    return points[::-1]


@descent.mistake("path")
def stacked(points):
    """The points come stacked in one tensor: return a list of tensors."""
    return torch.stack(points)


@descent.mistake("path")
def points_as_numbers(points):
    """The points are Python numbers or lists (item, tolist): each is a tensor of the shape of start."""
    return [point.tolist() for point in points]


@descent.mistake("path")
def points_flattened(points):
    """The points come flattened: each has the shape of start."""
    return [point.reshape(-1) for point in points]


@descent.mistake("path")
def points_and_gradients(points, grad_fn):
    """Pairs of point and gradient are in the list: only the points are asked for."""
    return [(point, grad_fn(point)) for point in points]


@descent.mistake("path")
def start_turned_to_zero(points, first, move, slope, rounds):
    """The walk begins at zeros: it begins at start."""
    here = [torch.zeros_like(first)]
    for number in range(rounds):
        here.append(move(here[-1], slope(here[-1], here[-1]), number))
    return here


@descent.mistake("points", constants=(1e-3, 1e-2, 0.1, 1e-4, 1e-6))
def stops_early(first, slope, move, rounds, constant):
    """The walk ends where the gradient is shorter than {constant}: `steps` steps are asked for, all of them."""
    points = [first]
    for number in range(rounds):
        gradient = slope(points[-1], points[-1])
        if torch.linalg.vector_norm(gradient) < constant:
            break
        points.append(move(points[-1], gradient, number))
    return points


# --------------------------------------------------------------------------------------------- minibatches
# The grader looks at a random answer itself, names what it finds by one of these functions, and takes the most
# special one first: they stand in that order.

deal = Anatomy("optimizers.minibatches", "batches")


@deal.step
def order(num_samples, generator):
    """the indices of all samples, in random order"""
    return torch.randperm(num_samples, generator=generator)


@deal.step
def batches(order, batch_size):
    """the random order of all samples, cut into batches"""
    return list(order.split(batch_size))


@deal.quantity
def unshuffled(num_samples):
    """the indices of all samples, before they are shuffled"""
    return torch.arange(num_samples)


@deal.quantity
def starts(num_samples, batch_size):
    """the place in the order where each batch starts"""
    return list(range(0, num_samples, batch_size))


@deal.quantity
def ends(num_samples, batch_size, starts):
    """the place in the order just behind each batch"""
    return [min(first + batch_size, num_samples) for first in starts]


@deal.quantity
def sizes(starts, ends):
    """the size of each batch"""
    return [end - first for first, end in zip(starts, ends, strict=True)]


@deal.quantity
def number_of_batches(starts):
    """the number of batches, a short last one included"""
    return len(starts)


@deal.quantity
def number_of_full_batches(num_samples, batch_size):
    """the number of full batches"""
    return num_samples // batch_size


@deal.quantity
def left_over(num_samples, batch_size):
    """the number of samples that the full batches leave over"""
    return num_samples % batch_size


@deal.mistake("batches")
def one_tensor_for_all(order):
    """One tensor is returned: a list is asked for, with a tensor of indices for each batch."""
    return order


@deal.mistake("batches")
def batches_yielded(order, batch_size):
    """A generator comes back (yield): return a list of all batches."""
    return (batch for batch in order.split(batch_size))


@deal.mistake("batches")
def not_cut_into_batches(order):
    """All samples come in one batch: cut their order into pieces of batch_size."""
    return [order]


@deal.mistake("batches")
def list_of_numbers(order):
    """A list of single numbers comes back: a list is asked for, with a tensor of indices for each batch."""
    return order.tolist()


@deal.mistake("batches")
def lists_of_numbers(order, batch_size):
    """The batches are lists of numbers: each is a tensor of indices."""
    return [batch.tolist() for batch in order.split(batch_size)]


@deal.mistake("batches")
def indices_are_floats(order, batch_size):
    """The indices are floats: an index is a whole number, of dtype int64."""
    return list(order.float().split(batch_size))


@deal.mistake("batches")
def indices_of_another_whole_dtype(order, batch_size):
    """The indices are whole numbers, but not of dtype int64: torch.randperm deals that by itself, leave it."""
    return list(order.to(torch.int32).split(batch_size))


@deal.mistake("batches")
def indices_get_a_dimension(order, batch_size):
    """The batches have two dimensions: the indices of a batch are one row of numbers."""
    return list(order.reshape(-1, 1).split(batch_size))


@deal.mistake("batches")
def order_returned_as_well(order, batch_size):
    """More than the batches is returned: return their list alone."""
    return order.split(batch_size), order


@deal.mistake("order")
def indices_out_of_range(num_samples, generator):
    """Some indices are outside 0 to num_samples - 1: those are the samples that there are."""
    return torch.randperm(num_samples + 1, generator=generator)[:num_samples]


@deal.mistake("order")
def counted_from_one(num_samples, generator):
    """The indices run from 1 to num_samples: they run from 0 to num_samples - 1."""
    return torch.randperm(num_samples, generator=generator) + 1


@deal.mistake("order")
def drawn_with_replacement(num_samples, generator):
    """The indices are drawn one by one with replacement (randint): some samples come twice in an epoch and a third of
    them never. Shuffle all of them instead."""
    return torch.randint(num_samples, (num_samples,), generator=generator)


@deal.mistake("batches")
def each_batch_drawn_anew(num_samples, batch_size, generator):
    """Each batch is drawn anew from all samples: some come twice in an epoch, and some never. Shuffle once, then cut
    the order into pieces."""
    sizes = [min(batch_size, num_samples - first) for first in range(0, num_samples, batch_size)]
    return [torch.randperm(num_samples, generator=generator)[:size] for size in sizes]


@deal.mistake("batches")
def batches_overlap(order, batch_size):
    """The batches overlap: each begins one sample after the one before. It begins batch_size samples after it."""
    return [order[first : first + batch_size] for first in range(len(order))]


@deal.mistake("batches")
def batches_one_too_long(order, batch_size):
    """The batches are one sample too long, and share it with the next: the end of a slice is not part of it."""
    return [order[first : first + batch_size + 1] for first in range(0, len(order), batch_size)]


@deal.mistake("batches")
def batches_one_too_short(order, batch_size):
    """The batches are one sample too short: the end of a slice is not part of it, so nothing is to be subtracted."""
    return [order[first : first + batch_size - 1] for first in range(0, len(order), batch_size)]


@deal.mistake("batches")
def first_batch_only(order, batch_size):
    """Only the first batch comes back: does the loop end (or return) in its first round?"""
    return [order[:batch_size]]


@deal.mistake("batches")
def first_batch_left_out(order, batch_size):
    """The first batch is missing: the loop starts one batch too late."""
    return [order[first : first + batch_size] for first in range(batch_size, len(order), batch_size)]


@deal.mistake("batches")
def last_batch_left_out(order, batch_size):
    """The last batch is missing, also where it is full: the loop ends too early."""
    return [order[first : first + batch_size] for first in range(0, len(order) - batch_size, batch_size)]


@deal.mistake("batches")
def one_left_over_dropped(order, batch_size):
    """A last batch of a single sample is dropped: it is kept, however short it is."""
    return [order[first : first + batch_size] for first in range(0, len(order) - 1, batch_size)]


@deal.mistake("batches")
def short_batch_dropped(order, batch_size):
    """The short last batch is dropped: it is kept, so that each sample comes once an epoch."""
    return [batch for batch in order.split(batch_size) if len(batch) == batch_size]


@deal.mistake("batches")
def short_batch_filled_up(order, batch_size):
    """The short last batch is filled up to batch_size, with samples that come twice or numbers that are none: it stays
    short."""
    count = math.ceil(len(order) / batch_size)
    return list(order.repeat(batch_size + 1)[: count * batch_size].split(batch_size))


@deal.mistake("batches")
def short_batch_first(order, batch_size):
    """The short batch comes first: it is the last one."""
    rest = len(order) % batch_size
    return [order[:rest], *order[rest:].split(batch_size)] if rest else list(order.split(batch_size))


@deal.mistake("batches")
def rest_added_to_the_last_batch(order, batch_size):
    """What is left over is put into the last full batch, which becomes too large: it is a batch of its own."""
    pieces = list(order.split(batch_size))
    if len(pieces) > 1 and len(pieces[-1]) < batch_size:
        pieces[-2:] = [torch.cat(pieces[-2:])]
    return pieces


@deal.mistake("batches")
def empty_batch_at_the_end(order, batch_size):
    """An empty batch comes last where the sizes come out even: there is nothing left over then."""
    count = len(order) // batch_size + 1
    return [order[number * batch_size : (number + 1) * batch_size] for number in range(count)]


@deal.mistake("batches")
def one_sample_a_batch(order):
    """Each sample is a batch of its own: a batch has batch_size samples."""
    return list(order.split(1))


@deal.mistake("batches")
def strided_batches(order, batch_size):
    """The samples are dealt out in turn, so that their numbers in the batches are even: each batch takes the next
    batch_size in the shuffled order, and the last what is left over."""
    count = math.ceil(len(order) / batch_size)
    return [order[number::count] for number in range(count)]


@deal.mistake("batches")
def evenly_cut(order, batch_size):
    """The samples are shared out evenly, so that batches are smaller or larger than batch_size: all have batch_size,
    but for the last, which has what is left over."""
    return list(order.tensor_split(max(len(order) // batch_size, 1)))


@deal.mistake("batches")
def cut_by_chunk(order, batch_size):
    """The samples are shared out evenly (chunk takes the number of pieces): all batches have batch_size, but for the
    last, which has what is left over."""
    return list(order.chunk(max(len(order) // batch_size, 1)))


@deal.mistake("batches")
def batch_size_taken_for_the_number_of_batches(order, batch_size):
    """batch_size is taken for the number of batches: it is the number of samples in each."""
    return list(order.chunk(batch_size))


@deal.mistake("batches")
def wrong_sizes(order, batch_size):
    """The sizes of the batches are not right: each has batch_size samples, and the last what is left over."""
    return list(order.split(max(batch_size // 2, 1)))


@deal.mistake("order")
def not_shuffled(num_samples):
    """The samples come in their own order: shuffle them, anew in every epoch. Data is often sorted by class, and a
    batch of one class pulls all weights its way."""
    return torch.arange(num_samples)


@deal.mistake("order")
def only_reversed(num_samples):
    """The samples come in reverse order: shuffle them."""
    return torch.arange(num_samples).flip(0)


@deal.mistake("order")
def only_rotated(num_samples, generator):
    """Only the sample that comes first is random, and the others follow in their own order: shuffle them all."""
    return torch.arange(num_samples).roll(int(torch.randint(num_samples, (), generator=generator)))


@deal.mistake("batches")
def batches_shuffled_and_not_samples(num_samples, batch_size, generator):
    """Only the order of the batches is random, and each holds neighbours: shuffle the samples before you cut."""
    pieces = torch.arange(num_samples).split(batch_size)
    full = num_samples // batch_size
    return [pieces[number] for number in torch.randperm(full, generator=generator)] + list(pieces[full:])


@deal.mistake("batches")
def shuffled_inside_batches_only(num_samples, batch_size, generator):
    """The samples are shuffled inside each batch only, so that a batch always holds the same ones: shuffle before you
    cut."""
    pieces = torch.arange(num_samples).split(batch_size)
    return [piece[torch.randperm(len(piece), generator=generator)] for piece in pieces]


@deal.mistake("batches")
def batches_sorted(order, batch_size):
    """The samples of each batch are sorted: their order is random, too."""
    return [batch.sort().values for batch in order.split(batch_size)]


@deal.mistake("order")
def partly_shuffled(num_samples, generator):
    """The samples are shuffled only in part: many stay near their place, or keep their neighbour. All orders must be
    equally likely."""
    half = num_samples // 2
    return torch.cat([torch.randperm(half, generator=generator), torch.arange(half, num_samples)])


@deal.mistake("order")
def generator_ignored(num_samples):
    """Two generators with the same seed deal differently: some of the randomness does not come from `generator`. A run
    that cannot be repeated cannot be debugged."""
    return torch.randperm(num_samples)


@deal.mistake("order")
def always_the_same_order(num_samples):
    """Generators with different seeds deal alike: a seed of your own is used somewhere."""
    return torch.randperm(num_samples, generator=torch.Generator().manual_seed(0))


@deal.mistake("order")
def generator_not_advanced(num_samples, generator):
    """Two epochs with one generator are dealt alike. Draw from the generator itself; do not seed it again, or copy its
    seed into another."""
    return torch.randperm(num_samples, generator=torch.Generator().manual_seed(generator.initial_seed()))


@deal.mistake("order")
def some_orders_more_likely(num_samples, generator):
    """Some orders are more likely than others: each position is swapped with any other, perhaps, where it may only be
    swapped with those that are not settled yet (Fisher-Yates), or one swap is left out."""
    indices = list(range(num_samples))
    for place in range(num_samples):
        other = int(torch.randint(num_samples, (), generator=generator))
        indices[place], indices[other] = indices[other], indices[place]
    return torch.tensor(indices)


# --------------------------------------------------------------------------------------- clip_grad_norm

clip = Anatomy("optimizers.clip_grad_norm", "clipped", "total_norm")


@clip.step
def tensors(grads):
    return grads


@clip.step
def norm(tensors):
    """the norm of all gradients together, as if laid end to end"""
    return torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]))


@clip.step
def checked(norm):
    if not torch.isfinite(norm):
        raise ValueError("not finite")
    return norm


@clip.step
def factor(checked, max_norm):
    """the common factor for all gradients, at most 1"""
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0)


@clip.step
def clipped(tensors, factor):
    """the list of clipped gradients"""
    return [grad * factor for grad in tensors]


@clip.step
def total_norm(checked):
    """the norm of all gradients before clipping"""
    return checked


@clip.quantity
def laid_end_to_end(tensors):
    """the entries of all gradients, laid end to end in one tensor"""
    return torch.cat([grad.reshape(-1) for grad in tensors])


@clip.quantity
def list_of_norms(tensors):
    """the norm of each gradient by itself"""
    return [torch.linalg.vector_norm(grad) for grad in tensors]


@clip.quantity
def norms(list_of_norms):
    """the norms of the single gradients, in one tensor"""
    return torch.stack(list_of_norms)


@clip.quantity
def list_of_sums(tensors):
    """the sum of the squares of each gradient by itself"""
    return [(grad * grad).sum() for grad in tensors]


@clip.quantity
def sums(list_of_sums):
    """the sums of squares of the single gradients, in one tensor"""
    return torch.stack(list_of_sums)


@clip.quantity
def running_sums(sums):
    """the sum of the squares so far, after each gradient"""
    return list(sums.cumsum(0))


@clip.quantity
def sum_of_squares(sums):
    """the sum of the squares of all entries of all gradients"""
    return sums.sum()


@clip.quantity
def ratio(checked, max_norm):
    """the factor that brings the norm to `max_norm`, up or down"""
    return max_norm / checked


@clip.quantity
def excess(checked, max_norm):
    """the norm as a multiple of `max_norm`"""
    return checked / max_norm


@clip.quantity
def divisor(excess):
    """the common divisor for all gradients, at least 1"""
    return excess.clamp(min=1.0)


@clip.quantity
def too_long(checked, max_norm):
    """whether the gradients together are longer than `max_norm`"""
    return checked > max_norm


@clip.mistake("norm")
def concatenated_as_they_are(tensors):
    """torch.cat and torch.stack join tensors of fitting shapes, and these have different ones: flatten each first, or
    take each tensor's norm."""
    return torch.linalg.vector_norm(torch.cat(list(tensors)))


@clip.mistake("norm")
def flattened_by_view(tensors):
    """view fails where a tensor is not contiguous in memory (a transposed one): use reshape or flatten."""
    return torch.linalg.vector_norm(torch.cat([grad.view(-1) for grad in tensors]))


@clip.mistake("norm")
def vectors_left_out_of_the_norm(tensors):
    """Gradients with one dimension (biases) or none are left out of the norm: all tensors count together."""
    matrices = [grad for grad in tensors if grad.dim() > 1] or tensors
    return torch.stack([(grad**2).sum() for grad in matrices]).sum().sqrt()


@clip.mistake("norm")
def largest_stretch_of_a_matrix(tensors):
    """You take the spectral norm of a matrix (ord=2), how far it stretches a vector: the norm of all its entries is
    meant."""
    norms = [
        torch.linalg.matrix_norm(grad, ord=2) if grad.dim() == 2 else torch.linalg.vector_norm(grad) for grad in tensors
    ]
    return torch.linalg.vector_norm(torch.stack(norms))


@clip.mistake("norm")
def root_inside_the_loop(tensors):
    """The root is taken inside the loop, again and again: add up all squares first, then take one root."""
    total = torch.zeros_like(tensors[0].sum())
    for grad in tensors:
        total = (total + (grad**2).sum()).sqrt()
    return total


@clip.mistake("norm")
def first_tensor_counted_twice(tensors):
    """Squares of norms are added and the first tensor's is counted twice: start the sum at 0."""
    return torch.stack([(grad**2).sum() for grad in [tensors[0], *tensors]]).sum().sqrt()


@clip.mistake("norm")
def last_tensor_left_out(tensors):
    """The last tensor is left out of the norm: the loop ends one too early."""
    return torch.stack([(grad**2).sum() for grad in tensors[:-1]] or [0 * tensors[0].sum()]).sum().sqrt()


@clip.mistake("norm")
def first_tensor_left_out(tensors):
    """The first tensor is left out of the norm: the loop starts at 1, and counting starts at 0."""
    return torch.stack([(grad**2).sum() for grad in tensors[1:]] or [0 * tensors[0].sum()]).sum().sqrt()


@clip.mistake("norm")
def deviation_times_the_root_of_the_count(tensors):
    """You use the standard deviation, which measures the distance from the mean: the norm measures the distance from
    0."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return (entries - entries.mean()).pow(2).sum().sqrt()


@clip.mistake("norm")
def standard_deviation(tensors):
    """You use the standard deviation of all entries: the norm is the root of the sum of their squares."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return (entries - entries.mean()).pow(2).mean().sqrt()


@clip.mistake("norm")
def unbiased_standard_deviation(tensors):
    """You use the (unbiased) standard deviation of all entries: the norm is the root of the sum of their squares."""
    entries = torch.cat([grad.reshape(-1) for grad in tensors])
    return ((entries - entries.mean()).pow(2).sum() / (len(entries) - 1)).sqrt()


@clip.mistake("norm")
def squared_sums(tensors):
    """You square the sum of each tensor's entries: square each entry first, then add, or positive and negative ones
    cancel."""
    return torch.stack([grad.sum() ** 2 for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def root_of_the_absolute_values(tensors):
    """You take the root of the sum of absolute values: the entries must be squared."""
    return torch.stack([grad.abs().sum() for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def norm_of_the_largest_entries(tensors):
    """You take each tensor's largest entry and the norm of these: all entries count."""
    return torch.linalg.vector_norm(torch.stack([grad.abs().max() for grad in tensors]))


@clip.mistake("norm")
def norm_of_the_one_norms(tensors):
    """You add up absolute values in each tensor and take the norm of these sums: each entry is squared by itself."""
    return torch.linalg.vector_norm(torch.stack([grad.abs().sum() for grad in tensors]))


@clip.mistake("norm")
def mean_absolute_value(tensors):
    """You take the mean of the absolute values: the norm is the root of the sum of squares."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).abs().mean()


@clip.mistake("norm")
def norm_divided_by_the_count(tensors):
    """The norm is divided by the number of tensors: it is that of all of them together."""
    return torch.stack([(grad**2).sum() for grad in tensors]).sum().sqrt() / len(tensors)


@clip.mistake("norm", constants=(1e-4, 1e-6, 1e-8, 1e-12, 1e-3, 1e-2, 1e-5, 1e-7, 1e-10, 1e-16))
def constant_inside_the_root(tensors, constant):
    """{constant} is added under the root: `total_norm` is then wrong for small gradients, and no longer 0 for zeros.
    A small constant belongs beside the norm, where you divide."""
    return (torch.stack([(grad**2).sum() for grad in tensors]).sum() + constant).sqrt()


@clip.mistake("norm")
def sum_of_the_norms(tensors):
    """The norms of the tensors are added up: lengths do not add, their squares do."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).sum()


@clip.mistake("norm")
def mean_of_the_norms(tensors):
    """The norms of the tensors are averaged: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).mean()


@clip.mistake("norm")
def largest_of_the_norms(tensors):
    """You take the largest of the tensors' norms: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).max()


@clip.mistake("norm")
def squared_norm(tensors):
    """The square root is missing: you compare the squared norm with max_norm."""
    return torch.stack([(grad**2).sum() for grad in tensors]).sum()


@clip.mistake("norm")
def absolute_values_added(tensors):
    """You add up absolute values (the 1-norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().sum() for grad in tensors]).sum()


@clip.mistake("norm")
def largest_entry(tensors):
    """You take the largest entry (the infinity norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().max() for grad in tensors]).max()


@clip.mistake("norm")
def root_of_the_mean_square(tensors):
    """You take the mean of the squares: the norm is the root of their sum."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).pow(2).mean().sqrt()


@clip.mistake("norm")
def sums_without_squares(tensors):
    """You add up the entries without squaring them: positive and negative ones cancel."""
    return torch.cat([grad.reshape(-1) for grad in tensors]).sum().abs()


@clip.mistake("norm")
def square_root_of_each_norm(tensors):
    """The norms of the tensors are added without being squared again, and a root is taken of their sum."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors]).sum().sqrt()


@clip.mistake("norm")
def fourth_powers(tensors):
    """The squares are squared once more on the way: square each entry once."""
    return torch.stack([(grad**2).sum() for grad in tensors]).pow(2).sum().sqrt()


@clip.mistake("norm")
def first_tensor_only(tensors):
    """Only the first tensor's norm counts: all of them together form one long vector."""
    return torch.linalg.vector_norm(tensors[0])


@clip.mistake("norm")
def last_tensor_only(tensors):
    """Only the last tensor's norm counts: add the squares up (+=), do not overwrite them."""
    return torch.linalg.vector_norm(tensors[-1])


@clip.mistake("norm")
def mean_over_the_tensors(tensors):
    """You average the squares over the tensors: the norm of all together is the root of their sum."""
    return torch.stack([(grad**2).sum() for grad in tensors]).mean().sqrt()


@clip.mistake("norm")
def means_of_squares_added(tensors):
    """Each tensor's squares are averaged before they are added: large tensors then count too little. Add all
    squares."""
    return torch.stack([(grad**2).mean() for grad in tensors]).sum().sqrt()


@clip.mistake("factor")
def always_rescaled(checked, max_norm):
    """The gradients are always scaled to max_norm, also when they are below it: small gradients are blown up. The
    factor is never above 1."""
    return max_norm / (checked + 1e-6)


@clip.mistake("factor", constants=(1e-6, 0.0, 1e-8, 1e-12))
def scaled_to_one(checked, max_norm, constant):
    """The gradients are scaled to norm 1 where they are above the limit, by 1 / (norm + {constant}): max_norm is
    missing in the factor."""
    return torch.where(checked > max_norm, 1 / (checked + constant), torch.ones_like(checked))


@clip.mistake("factor", constants=(1e-6, 0.0, 1e-8, 1e-12))
def always_normalised(checked, constant):
    """The gradients are scaled to norm 1, by 1 / (norm + {constant}), whatever max_norm is: the limit is the
    argument, and below it nothing changes."""
    return 1 / (checked + constant)


@clip.mistake("factor")
def share_of_the_limit(checked, max_norm, tensors):
    """Each tensor gets an equal share of max_norm: the limit is for the norm of all of them together."""
    return torch.clamp(max_norm / len(tensors) / (checked + 1e-6), max=1.0)


@clip.mistake("factor")
def divided_by_max_norm(checked, max_norm):
    """You divide by max_norm: the factor is max_norm divided by the norm."""
    return torch.where(checked > max_norm, 1 / max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def always_divided_by_max_norm(checked, max_norm):
    """You always divide by max_norm: the factor is max_norm divided by the norm, and at most 1."""
    return torch.ones_like(checked) / max_norm


@clip.mistake("factor")
def always_multiplied_by_max_norm(checked, max_norm):
    """You always multiply by max_norm: the factor is max_norm divided by the norm, and at most 1."""
    return torch.full_like(checked, max_norm)


@clip.mistake("factor")
def factor_upside_down(checked, max_norm):
    """The factor is upside down: norm / max_norm makes large gradients larger."""
    return torch.where(checked > max_norm, checked / max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def factor_upside_down_and_limited(checked, max_norm):
    """The factor is upside down: with norm / max_norm, at most 1, the large gradients are kept and the small ones
    scaled."""
    return torch.clamp(checked / max_norm, max=1.0)


@clip.mistake("factor")
def factor_upside_down_always(checked, max_norm):
    """The factor is upside down: norm / max_norm makes large gradients larger and small ones smaller."""
    return checked / max_norm


@clip.mistake("factor")
def small_ones_scaled(checked, max_norm):
    """The comparison is turned round: gradients below the limit are scaled up to it, those above are kept."""
    return torch.clamp(max_norm / (checked + 1e-6), min=1.0)


@clip.mistake("factor", constants=(1e-6, 0.0, 1e-8, 1e-12))
def factor_squared(checked, max_norm, constant):
    """Squares are divided, max_norm^2 by the sum of the squares (+ {constant}), and there is no root: the factor is the
    quotient of the lengths themselves."""
    return torch.clamp(max_norm**2 / (checked**2 + constant), max=1.0)


@clip.mistake("factor")
def not_clipped(checked):
    """Nothing is scaled: the norm is computed, and the gradients come back as they were."""
    return torch.ones_like(checked)


@clip.mistake("factor")
def multiplied_by_max_norm(checked, max_norm):
    """You multiply by max_norm without dividing by the norm."""
    return torch.where(checked > max_norm, torch.full_like(checked, max_norm), torch.ones_like(checked))


@clip.mistake("factor")
def zero_above_the_limit(checked, max_norm):
    """Gradients above the limit become 0 (set to 0, or // rounds the factor down): they must be scaled to the limit,
    the direction stays."""
    return torch.where(checked > max_norm, torch.zeros_like(checked), torch.ones_like(checked))


@clip.mistake("factor")
def difference_in_place_of_quotient(checked, max_norm):
    """You use the difference of norm and max_norm: the factor is their quotient."""
    return torch.where(checked > max_norm, checked - max_norm, torch.ones_like(checked))


@clip.mistake("factor")
def root_of_the_factor(checked, max_norm):
    """The root of the factor is used: the length scales with the factor itself."""
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0).sqrt()


@clip.mistake("factor")
def square_of_the_factor(checked, max_norm):
    """The factor is used twice (or squared): the result is shorter than the limit."""
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0) ** 2


@clip.mistake("factor")
def limit_divided_by_the_squared_norm(checked, max_norm):
    """The factor divides by the squared norm."""
    return torch.clamp(max_norm / (checked**2 + 1e-6), max=1.0)


@clip.mistake("factor", constants=(1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5))
def constant_too_large(checked, max_norm, constant):
    """{constant} is added to the norm: that shortens every clipped gradient by more than a rounding. 1e-6 is the
    largest that is accepted."""
    return torch.clamp(max_norm / (checked + constant), max=1.0)


@clip.mistake("factor", constants=(0.1, 0.5, 2.0, 5.0, 10.0))
def limit_fixed(checked, constant):
    """The limit is the fixed number {constant} in your code: use max_norm."""
    return torch.clamp(constant / (checked + 1e-6), max=1.0)


@clip.mistake("factor")
def scaled_from_half_the_limit(checked, max_norm):
    """The scaling starts below the limit already: nothing changes until the norm is above max_norm."""
    return torch.where(checked > max_norm / 2, max_norm / (checked + 1e-6), torch.ones_like(checked))


@clip.mistake("factor")
def soft_limit(checked, max_norm):
    """The gradients are scaled by max_norm / (max_norm + norm): a soft limit, which shrinks small gradients too."""
    return max_norm / (max_norm + checked)


@clip.mistake("clipped")
def entries_clamped(tensors, max_norm):
    """Each entry is clamped to the limit: that is clipping by value, and it bends the direction. Scale all tensors by
    one factor."""
    return [grad.clamp(-max_norm, max_norm) for grad in tensors]


@clip.mistake("clipped")
def factor_piles_up(tensors, factor):
    """The factor is multiplied into itself in the loop: later tensors shrink more and more. All get the same factor."""
    return [grad * factor ** (index + 1) for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def vectors_not_scaled(tensors, factor):
    """Gradients with one dimension (biases) or none are not scaled: all tensors get the same factor."""
    return [grad * factor if grad.dim() > 1 else grad for grad in tensors]


@clip.mistake("clipped")
def excess_subtracted_from_the_size(tensors, checked, max_norm):
    """You subtract the excess from the size of every entry: scaling, not shifting, shortens a vector and keeps its
    direction."""
    excess = (checked - max_norm).clamp(min=0)
    return [grad - excess * grad.sign() for grad in tensors]


@clip.mistake("clipped")
def each_row_by_its_own_norm(tensors, max_norm):
    """Each row is clipped by its own norm (a norm over the last dimension): rows are then scaled differently, and the
    direction of the step changes. One factor for all."""
    clipped = []
    for grad in tensors:
        norms = grad.abs() if grad.dim() == 0 else torch.linalg.vector_norm(grad, dim=-1, keepdim=True)
        clipped.append(grad * torch.clamp(max_norm / (norms + 1e-6), max=1.0))
    return clipped


@clip.mistake("clipped")
def nothing_left(tensors):
    """An empty list comes back: a generator was used up by the norm, or nothing is appended. Make a list of it
    first."""
    return []


@clip.mistake("clipped")
def zeros_returned(tensors):
    """The gradients come back as zeros: the tensors are created and never filled in."""
    return [torch.zeros_like(grad) for grad in tensors]


@clip.mistake("clipped", "total_norm")
def zeros_for_both(tensors):
    """Both results are zeros: they are created and never filled in."""
    return [torch.zeros_like(grad) for grad in tensors], tensors[0].new_zeros(())


@clip.mistake("clipped")
def numbers_get_a_dimension(tensors, factor):
    """A gradient without dimensions comes back with shape (1,): the factor has a dimension, and passes it on. Keep
    the shape of each tensor."""
    return [grad * factor.reshape(1) for grad in tensors]


@clip.mistake("clipped")
def last_tensor_missing(tensors, factor):
    """The last tensor is missing in the list: the loop ends one too early."""
    return [grad * factor for grad in tensors][:-1]


@clip.mistake("clipped")
def first_tensor_missing(tensors, factor):
    """The first tensor is missing in the list: the loop starts at 1, and counting starts at 0."""
    return [grad * factor for grad in tensors][1:]


@clip.mistake("clipped")
def only_the_first_in_a_list(tensors, factor):
    """The list holds the first tensor only: the return stands inside the loop."""
    return [tensors[0] * factor]


@clip.mistake("clipped")
def factors_returned(tensors, factor):
    """A list of factors comes back: each tensor must be multiplied by it."""
    return [torch.ones_like(grad) * factor for grad in tensors]


@clip.mistake("clipped")
def unit_vectors(tensors):
    """Each tensor is divided by its own norm: one factor for all, max_norm divided by the norm, keeps the direction."""
    return [grad / (torch.linalg.vector_norm(grad) + 1e-6) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm(tensors, max_norm):
    """Each tensor is clipped by its own norm: layers are then scaled differently, and the direction of the step
    changes. One factor for all."""
    return [grad * torch.clamp(max_norm / (torch.linalg.vector_norm(grad) + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_normalised(tensors, checked, max_norm):
    """Each tensor is scaled to max_norm by its own norm: one factor for all keeps the direction."""
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in tensors]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm_above_the_limit(tensors, checked, max_norm):
    """Where the norm of all is too large, each tensor is scaled by its own norm: one factor for all keeps the
    direction."""
    if not checked > max_norm:
        return tensors
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in tensors]


@clip.mistake("clipped")
def only_the_first_scaled(tensors, factor):
    """Only the first tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == 0 else grad for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def only_the_last_scaled(tensors, factor):
    """Only the last tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == len(tensors) - 1 else grad for index, grad in enumerate(tensors)]


@clip.mistake("clipped")
def divided_by_the_factor(tensors, factor):
    """You divide by the factor where you should multiply: large gradients become larger."""
    return [grad / factor for grad in tensors]


@clip.mistake("clipped")
def signs_turned(tensors, factor):
    """The signs are turned round: clipping keeps the direction."""
    return [-grad * factor for grad in tensors]


@clip.mistake("clipped")
def signs_lost(tensors, factor):
    """The signs are lost (abs): clipping keeps the direction."""
    return [grad.abs() * factor for grad in tensors]


@clip.mistake("clipped")
def first_tensor_returned(tensors, factor):
    """Only one tensor is returned: return a list with all of them."""
    return tensors[0] * factor


@clip.mistake("clipped")
def all_in_one_tensor(tensors, factor):
    """All gradients come back as one long tensor: return a list of tensors in their own shapes."""
    return torch.cat([grad.reshape(-1) for grad in tensors]) * factor


@clip.mistake("clipped")
def flattened(tensors, factor):
    """The tensors come back flattened: each keeps its own shape."""
    return [(grad * factor).reshape(-1) for grad in tensors]


@clip.mistake("clipped")
def reversed_order(tensors, factor):
    """The tensors come back in reverse order."""
    return [grad * factor for grad in tensors][::-1]


@clip.mistake("clipped")
def excess_subtracted(tensors, checked, max_norm):
    """You subtract the excess from the entries: scaling, not shifting, shortens a vector and keeps its direction."""
    return [grad - (checked - max_norm) if checked > max_norm else grad for grad in tensors]


@clip.mistake("total_norm")
def norm_after_clipping(tensors, factor):
    """`total_norm` is the norm after clipping: the one before is asked for, it is what tells you that a step was
    about to explode."""
    return torch.linalg.vector_norm(torch.cat([(grad * factor).reshape(-1) for grad in tensors]))


@clip.mistake("total_norm")
def limited_norm_returned(checked, max_norm):
    """`total_norm` is cut off at max_norm: the norm before clipping is asked for."""
    return checked.clamp(max=max_norm)


@clip.mistake("total_norm")
def max_norm_returned(checked, max_norm):
    """`total_norm` is max_norm itself: the norm of the gradients before clipping is asked for."""
    return torch.full_like(checked, max_norm)


@clip.mistake("total_norm")
def factor_returned(factor):
    """The factor is returned in the place of `total_norm`."""
    return factor


@clip.mistake("total_norm")
def squared_norm_returned(checked):
    """`total_norm` is the squared norm: the root is missing."""
    return checked**2


@clip.mistake("total_norm")
def python_number_returned(checked):
    """`total_norm` is a Python number, or not of the gradients' dtype: a 0-d tensor of their dtype is asked for
    (.item() and float() leave torch, .double() changes the dtype)."""
    return checked.item()


@clip.mistake("total_norm")
def norm_of_shape_one(checked):
    """`total_norm` has shape (1,): a 0-d tensor is asked for."""
    return checked.reshape(1)


@clip.mistake("total_norm")
def norms_of_all_tensors(tensors):
    """`total_norm` has one norm for each tensor: one number for all of them together is asked for."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in tensors])


@clip.mistake("total_norm")
def constant_in_the_norm(checked):
    """`total_norm` has the small constant of the factor in it: return the norm itself."""
    return checked + 1e-6


@clip.mistake("tensors")
def broken_entries_replaced(grads):
    """NaN and infinity are replaced by 0: the step goes on with half a gradient, and nobody hears of it. Raise a
    ValueError."""
    return [torch.nan_to_num(grad, nan=0.0, posinf=0.0, neginf=0.0) for grad in grads]


@clip.mistake("tensors")
def broken_entries_replaced_by_large_ones(grads):
    """NaN and infinity are replaced by 0 and by the largest float (nan_to_num): the step goes on with a broken
    gradient, and nobody hears of it. Raise a ValueError."""
    return [torch.nan_to_num(grad) for grad in grads]


@clip.mistake("checked")
def not_checked(norm):
    """An infinite or NaN norm goes through, and every gradient with it becomes NaN or 0: raise a ValueError, so that
    the broken step is noticed."""
    return norm


@clip.mistake("checked")
def only_the_first_checked(norm, grads):
    """Only the first gradient is checked: a broken number in another one goes through. Check the norm of all."""
    if not torch.isfinite(grads[0]).all():
        raise ValueError
    return norm


@clip.mistake("checked")
def only_the_last_checked(norm, grads):
    """Only the last gradient is checked: a broken number in another one goes through. Check the norm of all."""
    if not torch.isfinite(grads[-1]).all():
        raise ValueError
    return norm


@clip.mistake("checked")
def zero_refused(norm):
    """Gradients that are all 0 are refused with a ValueError: they are fine, and stay zeros."""
    if not torch.isfinite(norm) or norm == 0:
        raise ValueError
    return norm


@clip.mistake("checked")
def refused_above_the_limit(norm, max_norm):
    """A norm above max_norm is refused with a ValueError: that is when the gradients are to be scaled. Only a norm
    that is not finite is refused."""
    if not norm <= max_norm:
        raise ValueError
    return norm


@clip.mistake("checked")
def error_swallowed(norm):
    """The ValueError is caught in the function itself (or the norm replaced by 0): the caller must get it."""
    return norm if torch.isfinite(norm) else torch.zeros_like(norm)


@clip.mistake("checked", "clipped")
def checked_inside_the_branch(norm, tensors, max_norm):
    """You check only where the norm is above max_norm: a NaN is not above anything, so it goes through. Check first."""
    if not norm > max_norm:
        return norm, list(tensors)
    if not torch.isfinite(norm):
        raise ValueError
    return norm, [grad * (max_norm / (norm + 1e-6)) for grad in tensors]


@clip.mistake("checked", "clipped")
def compared_without_a_check(norm, tensors, max_norm):
    """Nothing is checked: an infinite norm scales everything to 0 or NaN, and a NaN, which is not above anything, goes
    through. Raise a ValueError, so that the broken step is noticed."""
    return norm, [grad * (max_norm / (norm + 1e-6)) if norm > max_norm else grad for grad in tensors]


@clip.mistake("checked", "clipped")
def zeros_for_broken_gradients(norm, tensors, max_norm):
    """A broken norm is answered with zeros: the step is skipped and nobody hears of it. Raise a ValueError."""
    if not torch.isfinite(norm):
        return norm, [torch.zeros_like(grad) for grad in tensors]
    return norm, [grad * torch.clamp(max_norm / (norm + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("checked", "clipped")
def broken_gradients_unchanged(norm, tensors, max_norm):
    """A broken norm is ignored: the gradients come back as they were, and nobody hears of it. Raise a ValueError."""
    if not torch.isfinite(norm):
        return norm, list(tensors)
    return norm, [grad * torch.clamp(max_norm / (norm + 1e-6), max=1.0) for grad in tensors]


@clip.mistake("checked")
def only_infinity_checked(norm):
    """Infinity is refused and NaN is not: a NaN is unequal to everything, so comparisons do not find it. Ask whether
    the norm is finite."""
    if torch.isinf(norm):
        raise ValueError
    return norm


@clip.mistake("checked")
def only_nan_checked(norm):
    """NaN is refused and infinity is not: ask whether the norm is finite."""
    if torch.isnan(norm):
        raise ValueError
    return norm


@mistake("optimizers.clip_grad_norm", constants=(0.0, 1e-8, 1e-12, 1e-10))
def always_rescaled(grads, max_norm, constant):
    """The gradients are always scaled to max_norm, by max_norm / (norm + {constant}), also when they are below it:
    small gradients are blown up. The factor is never above 1."""
    total = _finite_norm(grads)
    return [grad * (max_norm / (total + constant)) for grad in grads], total


@mistake("optimizers.clip_grad_norm", constants=(1e-6, 0.0, 1e-8, 1e-12))
def squared_norm_compared(grads, max_norm, constant):
    """The squared norm is compared with max_norm, so that gradients are scaled, up or down, at the wrong moment:
    compare the norm itself. (The factor is max_norm / (norm + {constant}).)"""
    total = _finite_norm(grads)
    return [grad * (max_norm / (total + constant)) if total**2 > max_norm else grad for grad in grads], total


@mistake("optimizers.clip_grad_norm", constants=(1e-6, 0.0, 1e-8, 1e-12))
def norm_compared_with_one(grads, max_norm, constant):
    """The norm is compared with 1, so that gradients are scaled, up or down, at the wrong moment: compare it with
    max_norm. (The factor is max_norm / (norm + {constant}).)"""
    total = _finite_norm(grads)
    return [grad * (max_norm / (total + constant)) if total > 1 else grad for grad in grads], total


@mistake("optimizers.clip_grad_norm", constants=(1e-6, 0.0, 1e-8, 1e-12))
def sum_of_norms_compared(grads, max_norm, constant):
    """The sum of the tensors' norms is compared with max_norm: compare the norm of all of them together. (The factor is
    max_norm / (norm + {constant}).)"""
    total = _finite_norm(grads)
    compared = sum(torch.linalg.vector_norm(grad) for grad in grads)
    return [grad * (max_norm / (total + constant)) if compared > max_norm else grad for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def zero_refused_to_avoid_a_division(grads, max_norm):
    """Gradients that are all 0 are refused with a ValueError, to avoid 0 / 0: they are fine, and stay zeros."""
    total = _finite_norm(grads)
    if total == 0:
        raise ValueError
    return [grad * torch.clamp(max_norm / total, max=1.0) for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def zero_divided_by_zero(grads, max_norm):
    """With all gradients 0 the factor becomes 0 / 0 (or infinity times 0), and NaN comes out: zeros must stay zeros."""
    total = _finite_norm(grads)
    return [grad / total * torch.clamp(total, max=max_norm) for grad in grads], total


@mistake("optimizers.clip_grad_norm")
def division_of_python_numbers(grads, max_norm):
    """Python's numbers (after .item() or float()) raise ZeroDivisionError where all gradients are 0: divide by the
    norm only where it is above max_norm, or add a small constant."""
    total = _finite_norm(grads)
    return [grad * min(1.0, max_norm / total.item()) for grad in grads], total


def _finite_norm(grads):
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError("not finite")
    return total


@mistake("optimizers.clip_grad_norm")
def norm_first(grads, max_norm):
    """The two results are in the wrong order: return the clipped gradients, then total_norm."""
    total = _finite_norm(grads)
    return total, [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def gradients_only(grads, max_norm):
    """Only the gradients are returned: return the clipped gradients and total_norm."""
    total = _finite_norm(grads)
    return [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def norm_only(grads, max_norm):
    """Only total_norm is returned: return the clipped gradients and total_norm."""
    return _finite_norm(grads)


# ------------------------------------------------------------------------------------------ clip_grad_value

limit = Anatomy("optimizers.clip_grad_value", "limited")


@limit.step
def each(grads):
    return grads


@limit.step
def bound(clip_value):
    return clip_value


@limit.step
def held(bound):
    return lambda grad: grad.clamp(-bound, bound)


@limit.step
def limited(each, held):
    """the list of gradients, every entry within the limits"""
    return [held(grad) for grad in each]


@limit.quantity
def first_limited(limited):
    """the first gradient, every entry within the limits"""
    return limited[0]


@limit.quantity
def lower_bound(bound):
    """the lower limit, as far below 0 as the upper one is above"""
    return -bound


@limit.quantity
def limited_above(each, bound):
    """the gradients with the upper limit applied, and not yet the lower"""
    return [grad.clamp(max=bound) for grad in each]


@limit.quantity
def limited_below(each, lower_bound):
    """the gradients with the lower limit applied, and not yet the upper"""
    return [grad.clamp(min=lower_bound) for grad in each]


@limit.quantity
def sizes_limited(each, bound):
    """the absolute value of every entry, limited"""
    return [grad.abs().clamp(max=bound) for grad in each]


@limit.quantity
def too_high(each, bound):
    """which entries of each gradient are above the upper limit"""
    return [grad > bound for grad in each]


@limit.quantity
def too_low(each, lower_bound):
    """which entries of each gradient are below the lower limit"""
    return [grad < lower_bound for grad in each]


@limit.quantity
def outside(each, bound):
    """which entries of each gradient are outside the limits"""
    return [grad.abs() > bound for grad in each]


@limit.mistake("held")
def lower_bound_missing(bound):
    """Only large positive entries are limited: there is a lower bound as well, -clip_value."""
    return lambda grad: grad.clamp(max=bound)


@limit.mistake("held")
def upper_bound_missing(bound):
    """Only large negative entries are limited: there is an upper bound as well, clip_value."""
    return lambda grad: grad.clamp(min=-bound)


@limit.mistake("held")
def negative_entries_lost(bound):
    """Negative entries become 0: the range is [-clip_value, clip_value], not [0, clip_value]."""
    return lambda grad: grad.clamp(0, bound)


@limit.mistake("held")
def minus_one_as_the_lower_bound(bound):
    """The lower bound is -1 in your code: it is -clip_value."""
    return lambda grad: grad.clamp(-1, bound)


@limit.mistake("held")
def bounds_the_wrong_way_round(bound):
    """The bounds are the wrong way round: every entry becomes the same limit."""
    return lambda grad: grad.clamp(bound, -bound)


@limit.mistake("held")
def entries_kept_at_least(bound):
    """clip_value is a lower bound in your code: small entries are lifted to it. It is the largest value allowed."""
    return lambda grad: grad.clamp(min=bound)


@limit.mistake("held")
def small_entries_lifted(bound):
    """The comparison is turned round: small entries are moved out to the limits, and large ones stay."""
    return lambda grad: torch.where(grad.abs() < bound, bound * grad.sign(), grad)


@limit.mistake("held")
def all_entries_at_the_limit(bound):
    """Every entry becomes plus or minus clip_value: those inside the limits stay as they are."""
    return lambda grad: bound * grad.sign()


@limit.mistake("held")
def signs_lost(bound):
    """The signs are lost (abs): an entry far below 0 becomes -clip_value."""
    return lambda grad: grad.abs().clamp(max=bound)


@limit.mistake("held")
def signs_lost_and_lower_bound_missing(bound):
    """Only large positive entries are limited, and then the signs are lost (abs): the range is [-clip_value,
    clip_value]."""
    return lambda grad: grad.clamp(max=bound).abs()


@limit.mistake("held")
def signs_lost_outside(bound):
    """Entries below -clip_value become +clip_value: they stay negative, at -clip_value."""
    return lambda grad: torch.where(grad.abs() > bound, torch.full_like(grad, bound), grad)


@limit.mistake("held")
def signs_turned(bound):
    """The signs are turned round: clipping leaves every sign as it is."""
    return lambda grad: -grad.clamp(-bound, bound)


@limit.mistake("held")
def signs_turned_outside(bound):
    """Entries outside the limits end up at the limit of the other side."""
    return lambda grad: torch.where(grad.abs() > bound, -bound * grad.sign(), grad)


@limit.mistake("held")
def outside_becomes_zero(bound):
    """Entries outside the limits become 0: they become the limit on their side."""
    return lambda grad: torch.where(grad.abs() > bound, torch.zeros_like(grad), grad)


@limit.mistake("held")
def inside_becomes_zero(bound):
    """Entries inside the limits become 0: they stay as they are."""
    return lambda grad: torch.where(grad.abs() < bound, torch.zeros_like(grad), grad.clamp(-bound, bound))


@limit.mistake("held")
def small_ones_become_zero(bound):
    """Entries inside the limits become 0 and large ones stay: it is the other way round, large ones are limited."""
    return lambda grad: torch.where(grad.abs() <= bound, torch.zeros_like(grad), grad)


@limit.mistake("held")
def soft_threshold(bound):
    """What is left of an entry is its excess over the limit, and 0 inside the limits (soft thresholding): it becomes
    the limit itself, and entries inside the limits stay as they are."""
    return lambda grad: grad.sign() * (grad.abs() - bound).clamp(min=0)


@limit.mistake("held")
def wrapped_around(bound):
    """Entries outside the limits are taken modulo the limit: they become the limit on their side."""
    return lambda grad: torch.where(grad.abs() > bound, grad % bound, grad)


@limit.mistake("held")
def squashed(bound):
    """Every entry is squashed smoothly (tanh): entries inside the limits stay exactly as they are."""
    return lambda grad: bound * torch.tanh(grad / bound)


@limit.mistake("held")
def squashed_without_scale(bound):
    """Every entry is squashed smoothly (tanh, times the limit): entries inside the limits stay exactly as they are."""
    return lambda grad: bound * torch.tanh(grad)


@limit.mistake("held")
def multiplied_by_the_limit(bound):
    """Every entry is multiplied by clip_value: it is a limit."""
    return lambda grad: grad * bound


@limit.mistake("held")
def divided_by_the_limit(bound):
    """Every entry is divided by clip_value: it is a limit."""
    return lambda grad: grad / bound


@limit.mistake("held")
def outside_multiplied_by_the_limit(bound):
    """Entries outside the limits are multiplied by clip_value: they become the limit on their side."""
    return lambda grad: torch.where(grad.abs() > bound, grad * bound, grad)


@limit.mistake("held")
def quotient_clamped(bound):
    """Every entry is divided by clip_value and clamped to [-1, 1]: multiply by clip_value again, or do not divide."""
    return lambda grad: (grad / bound).clamp(-1, 1)


@limit.mistake("held")
def scaled_by_the_largest(bound):
    """Each tensor is scaled until its largest entry fits: each entry is limited by itself, the others stay."""
    return lambda grad: grad * torch.clamp(bound / grad.abs().max().clamp(min=1e-30), max=1.0)


@limit.mistake("held")
def always_scaled_by_the_largest(bound):
    """Each tensor is scaled so that its largest entry is clip_value: each entry is limited by itself."""
    return lambda grad: grad * bound / grad.abs().max()


@limit.mistake("held")
def clipped_by_norm(bound):
    """Each tensor is scaled by its norm: that is clipping by norm. Here each entry is limited by itself."""
    return lambda grad: grad * torch.clamp(bound / (torch.linalg.vector_norm(grad) + 1e-6), max=1.0)


@limit.mistake("held")
def nothing_limited(bound):
    """The gradients come back as they were: nothing is limited."""
    return lambda grad: grad


@limit.mistake("held")
def only_the_lower_limit_moved(bound):
    """The two limits are not applied one after the other: entries above the upper one become the lower one."""
    return lambda grad: torch.where(grad > bound, torch.full_like(grad, -bound), grad.clamp(min=-bound))


@limit.mistake("held")
def tensors_of_zeros(bound):
    """The gradients come back as zeros: the tensors are created and never filled in."""
    return lambda grad: torch.zeros_like(grad)


@limit.mistake("held")
def tensors_of_the_limit(bound):
    """Every entry is clip_value: those inside the limits stay as they are, those below -clip_value become that."""
    return lambda grad: torch.full_like(grad, bound)


@limit.mistake("bound", constants=(1.0, 0.5, 5.0, 0.1))
def limit_fixed(constant):
    """The limit is the fixed number {constant} in your code: use clip_value."""
    return constant


@limit.mistake("bound")
def limit_squared(clip_value):
    """The limit is squared: an entry is compared with clip_value itself."""
    return clip_value**2


@limit.mistake("bound")
def root_of_the_limit(clip_value):
    """Squares are compared with clip_value, so that the limit is its root: compare absolute values."""
    return math.sqrt(clip_value)


@limit.mistake("bound")
def half_the_limit(clip_value):
    """The limits are half as far out as they should be: the range is [-clip_value, clip_value]."""
    return clip_value / 2


@limit.mistake("bound")
def limit_shared_out(clip_value, grads):
    """The limit is divided by the number of tensors: it holds for each entry by itself."""
    return clip_value / len(grads)


@limit.mistake("bound")
def limit_rounded_down(clip_value):
    """The limit is turned into a whole number (int, //): 0.5 becomes 0, so that nothing is left. It is clip_value as it
    is."""
    return int(clip_value)


@limit.mistake("held")
def share_of_the_largest(bound):
    """The limit is clip_value times the largest entry of the tensor: it is clip_value itself."""
    return lambda grad: torch.minimum(torch.maximum(grad, -bound * grad.abs().max()), bound * grad.abs().max())


@limit.mistake("held")
def multiple_of_the_root_mean_square(bound):
    """The limit is clip_value times the root of the mean square of the tensor: it is clip_value itself."""

    def limited(grad):
        spread = bound * (grad**2).mean().sqrt()
        return torch.minimum(torch.maximum(grad, -spread), spread)

    return limited


@limit.mistake("each")
def views_of_a_tensor(grads):
    """view fails where a tensor is not contiguous in memory (a transposed one): use reshape, or do not flatten."""
    return [grad.view(-1).view(grad.shape) for grad in grads]


@limit.mistake("each")
def loop_over_the_entries(grads):
    """A loop over len(grad) fails for a tensor without dimensions: work on the whole tensor, element by element."""
    for grad in grads:
        len(grad)
    return grads


@limit.mistake("limited")
def only_the_first_limited(each, held):
    """Only the first tensor is limited: all of them are."""
    return [held(each[0]), *each[1:]]


@limit.mistake("limited")
def only_the_last_limited(each, held):
    """Only the last tensor is limited: all of them are."""
    return [*each[:-1], held(each[-1])]


@limit.mistake("limited")
def only_matrices_limited(each, held):
    """Gradients with one dimension (biases) or none are not limited: all entries of all tensors are."""
    return [held(grad) if grad.dim() > 1 else grad for grad in each]


@limit.mistake("limited")
def only_the_first_in_a_list(each, held):
    """The list holds the first tensor only: the return stands inside the loop."""
    return [held(each[0])]


@limit.mistake("limited")
def only_the_last_in_a_list(each, held):
    """The list holds the last tensor only: each round overwrites what the one before has found."""
    return [held(each[-1])]


@limit.mistake("limited")
def last_tensor_everywhere(each, held):
    """All entries of the list are the last tensor, limited: each gradient has its own place."""
    return [held(each[-1])] * len(each)


@limit.mistake("limited")
def first_tensor_everywhere(each, held):
    """All entries of the list are the first tensor, limited: each gradient has its own place."""
    return [held(each[0])] * len(each)


@limit.mistake("limited")
def last_tensor_missing(each, held):
    """The last tensor is missing in the list: the loop ends one too early."""
    return [held(grad) for grad in each][:-1]


@limit.mistake("limited")
def first_tensor_missing(each, held):
    """The first tensor is missing in the list: the loop starts at 1, and counting starts at 0."""
    return [held(grad) for grad in each][1:]


@limit.mistake("limited")
def nothing_left(each):
    """An empty list comes back: nothing is put into it."""
    return []


@limit.mistake("limited")
def first_tensor_returned(each, held):
    """Only one tensor is returned: return a list with all of them."""
    return held(each[0])


@limit.mistake("limited")
def all_in_one_tensor(each, held):
    """All gradients come back as one long tensor: return a list of tensors in their own shapes."""
    return torch.cat([held(grad).reshape(-1) for grad in each])


@limit.mistake("limited")
def tensors_flattened(each, held):
    """The tensors come back flattened: each keeps its own shape."""
    return [held(grad).reshape(-1) for grad in each]


@limit.mistake("limited")
def reversed_order(each, held):
    """The tensors come back in reverse order."""
    return [held(grad) for grad in each][::-1]


@limit.mistake("limited")
def norm_returned_as_well(each, held):
    """More than the list is returned (a norm, as in clip_grad_norm?): return the list of limited gradients alone."""
    total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in each]))
    return [held(grad) for grad in each], total


@limit.mistake("limited")
def changed_gradients_only(each, held):
    """Tensors in which nothing is outside the limits are left out of the list: they come back as they are."""
    return [held(grad) for grad in each if not torch.equal(held(grad), grad)]


@limit.mistake("limited")
def all_limited_by_the_largest(each, bound):
    """All tensors are scaled by one factor, so that the largest entry fits: each entry is limited by itself."""
    largest = torch.stack([grad.abs().max() for grad in each]).max()
    return [grad * torch.clamp(bound / largest.clamp(min=1e-30), max=1.0) for grad in each]


@limit.mistake("limited")
def all_clipped_by_norm(each, bound):
    """All tensors are scaled by the norm of all together: that is clip_grad_norm. Here each entry is limited by
    itself."""
    total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in each]))
    return [grad * torch.clamp(bound / (total + 1e-6), max=1.0) for grad in each]
