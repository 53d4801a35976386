"""Known mistakes of the unit optimizers: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.mistakes import Anatomy, accepted, mistake

# -------------------------------------------------------------------------------------------- adam_step

adam = Anatomy("optimizers.adam_step", "new_param", "new_m", "new_v")


@adam.step
def gradient(grad):
    return grad


@adam.step
def new_m(gradient, m, beta1):
    return beta1 * m + (1 - beta1) * gradient


@adam.step
def new_v(gradient, v, beta2):
    return beta2 * v + (1 - beta2) * gradient**2


@adam.step
def m_hat(new_m, t, beta1):
    return new_m / (1 - beta1**t)


@adam.step
def v_hat(new_v, t, beta2):
    return new_v / (1 - beta2**t)


@adam.step
def denominator(v_hat, eps):
    return v_hat.sqrt() + eps


@adam.step
def update(lr, m_hat, denominator):
    return lr * m_hat / denominator


@adam.step
def new_param(param, update):
    return param - update


@accepted("optimizers.adam_step")
def corrected_rate(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right, in the form at the end of the paper's section 2: the corrections are moved into the rate, so that eps is
    compared with the uncorrected root. With a large eps the two forms differ a little."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * math.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (v.sqrt() + eps), m, v


@adam.mistake("m_hat", "v_hat")
def no_bias_correction(new_m, new_v):
    """The bias correction is missing: both averages start from 0 and are far too small in the first steps. Divide each by
    1 - beta ** t before it is used."""
    return new_m, new_v


@adam.mistake("m_hat")
def first_moment_not_corrected(new_m):
    """Only v is corrected: m starts from 0 as well, and needs its own 1 - beta1 ** t."""
    return new_m


@adam.mistake("v_hat")
def second_moment_not_corrected(new_v):
    """Only m is corrected: v starts from 0 as well, and needs its own 1 - beta2 ** t."""
    return new_v


@adam.mistake("m_hat", "v_hat")
def correction_without_t(new_m, new_v, beta1, beta2):
    """The bias corrections divide by 1 - beta: the power t is missing. The correction must fade as the steps go on."""
    return new_m / (1 - beta1), new_v / (1 - beta2)


@adam.mistake("m_hat")
def first_correction_without_t(new_m, beta1):
    """The bias correction of m divides by 1 - beta1: the power t is missing."""
    return new_m / (1 - beta1)


@adam.mistake("v_hat")
def second_correction_without_t(new_v, beta2):
    """The bias correction of v divides by 1 - beta2: the power t is missing."""
    return new_v / (1 - beta2)


@adam.mistake("m_hat", "v_hat")
def t_one_too_high(new_m, new_v, t, beta1, beta2):
    """The bias corrections use t + 1: t is 1 on the first step already, do not count it up again."""
    return new_m / (1 - beta1 ** (t + 1)), new_v / (1 - beta2 ** (t + 1))


@adam.mistake("m_hat", "v_hat")
def t_one_too_low(new_m, new_v, t, beta1, beta2):
    """The bias corrections use t - 1: on the first step, t = 1, that divides by 0."""
    return _over(new_m, 1 - beta1 ** (t - 1)), _over(new_v, 1 - beta2 ** (t - 1))


@adam.mistake("m_hat")
def t_one_too_high_for_m(new_m, t, beta1):
    """The bias correction of m uses t + 1."""
    return new_m / (1 - beta1 ** (t + 1))


@adam.mistake("v_hat")
def t_one_too_high_for_v(new_v, t, beta2):
    """The bias correction of v uses t + 1."""
    return new_v / (1 - beta2 ** (t + 1))


@adam.mistake("m_hat", "v_hat")
def t_always_one(new_m, new_v, beta1, beta2, t):
    """The corrections use beta * t where beta ** t is meant: a product in place of a power."""
    return _over(new_m, 1 - beta1 * t), _over(new_v, 1 - beta2 * t)


@adam.mistake("m_hat", "v_hat")
def corrections_multiplied(new_m, new_v, t, beta1, beta2):
    """You multiply by 1 - beta ** t where you should divide: the averages are too small, and get smaller still."""
    return new_m * (1 - beta1**t), new_v * (1 - beta2**t)


@adam.mistake("m_hat")
def first_correction_multiplied(new_m, t, beta1):
    """You multiply m by 1 - beta1 ** t where you should divide."""
    return new_m * (1 - beta1**t)


@adam.mistake("v_hat")
def second_correction_multiplied(new_v, t, beta2):
    """You multiply v by 1 - beta2 ** t where you should divide."""
    return new_v * (1 - beta2**t)


@adam.mistake("m_hat", "v_hat")
def corrections_with_a_plus(new_m, new_v, t, beta1, beta2):
    """You divide by 1 + beta ** t: it is 1 - beta ** t."""
    return new_m / (1 + beta1**t), new_v / (1 + beta2**t)


@adam.mistake("m_hat", "v_hat")
def corrections_swapped(new_m, new_v, t, beta1, beta2):
    """The two corrections are swapped: m is corrected with beta1, v with beta2."""
    return new_m / (1 - beta2**t), new_v / (1 - beta1**t)


@adam.mistake("v_hat")
def beta1_corrects_both(new_v, t, beta1):
    """Both averages are corrected with beta1: v needs beta2."""
    return new_v / (1 - beta1**t)


@adam.mistake("m_hat")
def beta2_corrects_both(new_m, t, beta2):
    """Both averages are corrected with beta2: m needs beta1."""
    return new_m / (1 - beta2**t)


@adam.mistake("m_hat", "v_hat")
def power_of_the_whole(new_m, new_v, t, beta1, beta2):
    """You take (1 - beta) ** t: the power belongs to beta alone, 1 - beta ** t."""
    return new_m / (1 - beta1) ** t, new_v / (1 - beta2) ** t


@adam.mistake("m_hat", "v_hat")
def divided_by_the_power(new_m, new_v, t, beta1, beta2):
    """You divide by beta ** t: the correction is 1 - beta ** t."""
    return new_m / beta1**t, new_v / beta2**t


@adam.mistake("m_hat")
def old_m_used(m, t, beta1):
    """The step uses the m that came in: update it with this gradient first."""
    return m / (1 - beta1**t)


@adam.mistake("v_hat")
def old_v_used(v, t, beta2):
    """The step uses the v that came in: update it with this gradient first."""
    return v / (1 - beta2**t)


@adam.mistake("m_hat", "v_hat")
def old_moments_used(m, v, t, beta1, beta2):
    """The step uses the m and v that came in: update both with this gradient first."""
    return m / (1 - beta1**t), v / (1 - beta2**t)


@adam.mistake("m_hat")
def gradient_in_place_of_m(gradient):
    """The step uses the gradient itself where the running average m is meant: that is RMSProp."""
    return gradient


@adam.mistake("m_hat")
def corrected_gradient_in_place_of_m(gradient, t, beta1):
    """The step uses the gradient where the running average m is meant."""
    return gradient / (1 - beta1**t)


@adam.mistake("v_hat")
def squared_gradient_in_place_of_v(gradient):
    """The step divides by this gradient's own size where the running average v is meant."""
    return gradient**2


@adam.mistake("m_hat")
def nesterov_momentum(new_m, gradient, t, beta1):
    """The step looks one gradient ahead: that is NAdam. Adam steps along m as it is."""
    return (beta1 * new_m + (1 - beta1) * gradient) / (1 - beta1**t)


@adam.mistake("v_hat")
def largest_second_moment(new_v, v, t, beta2):
    """The step uses the larger of the old and the new v: that is AMSGrad, not Adam."""
    return torch.maximum(new_v, v) / (1 - beta2**t)


@adam.mistake("new_m")
def weights_of_m_swapped(gradient, m, beta1):
    """The weights of m are swapped: beta1 keeps the old average, 1 - beta1 lets the new gradient in."""
    return (1 - beta1) * m + beta1 * gradient


@adam.mistake("new_v")
def weights_of_v_swapped(gradient, v, beta2):
    """The weights of v are swapped: beta2 keeps the old average, 1 - beta2 lets the new square in."""
    return (1 - beta2) * v + beta2 * gradient**2


@adam.mistake("new_m", "new_v")
def weights_swapped(gradient, m, v, beta1, beta2):
    """The weights of both averages are swapped: beta keeps the old average, 1 - beta lets the new gradient in."""
    return (1 - beta1) * m + beta1 * gradient, (1 - beta2) * v + beta2 * gradient**2


@adam.mistake("new_m")
def m_accumulates(gradient, m, beta1):
    """The gradient enters m without its weight 1 - beta1: that is momentum, ten times as large. Adam's m is an average."""
    return beta1 * m + gradient


@adam.mistake("new_v")
def v_accumulates(gradient, v, beta2):
    """The square enters v without its weight 1 - beta2: Adam's v is an average, not a sum."""
    return beta2 * v + gradient**2


@adam.mistake("new_m", "new_v")
def both_accumulate(gradient, m, v, beta1, beta2):
    """Both averages lack their weight 1 - beta for what is new: they are averages, not sums."""
    return beta1 * m + gradient, beta2 * v + gradient**2


@adam.mistake("new_v")
def v_grows_for_ever(gradient, v):
    """v adds up all squares: that is AdaGrad, whose steps shrink for ever. Adam's v forgets, with beta2."""
    return v + gradient**2


@adam.mistake("new_m")
def m_grows_for_ever(gradient, m):
    """m adds up all gradients: Adam's m forgets, with beta1."""
    return m + gradient


@adam.mistake("new_m")
def m_not_decayed(gradient, m, beta1):
    """The old m is not multiplied by beta1: it never forgets."""
    return m + (1 - beta1) * gradient


@adam.mistake("new_v")
def v_not_decayed(gradient, v, beta2):
    """The old v is not multiplied by beta2: it never forgets."""
    return v + (1 - beta2) * gradient**2


@adam.mistake("new_m")
def m_forgets_the_past(gradient, beta1):
    """The old m is not used: it starts from 0 in every call, so there is no momentum."""
    return (1 - beta1) * gradient


@adam.mistake("new_v")
def v_forgets_the_past(gradient, beta2):
    """The old v is not used: it starts from 0 in every call."""
    return (1 - beta2) * gradient**2


@adam.mistake("new_m", "new_v")
def state_forgotten(gradient, beta1, beta2):
    """The old m and v are not used: every step is a first step."""
    return (1 - beta1) * gradient, (1 - beta2) * gradient**2


@adam.mistake("new_v")
def gradient_not_squared(gradient, v, beta2):
    """v averages the gradient itself: it is the average of its square, the second moment."""
    return beta2 * v + (1 - beta2) * gradient


@adam.mistake("new_v")
def absolute_gradient(gradient, v, beta2):
    """v averages the absolute gradient: it is the average of its square."""
    return beta2 * v + (1 - beta2) * gradient.abs()


@adam.mistake("new_v")
def weight_squared_too(gradient, v, beta2):
    """The square takes 1 - beta2 with it: ((1 - beta2) g) ** 2. Only the gradient is squared."""
    return beta2 * v + ((1 - beta2) * gradient) ** 2


@adam.mistake("new_v")
def square_of_m(new_m, v, beta2):
    """v averages the square of m: it is the gradient that is squared."""
    return beta2 * v + (1 - beta2) * new_m**2


@adam.mistake("new_v")
def square_of_the_mean_gradient(gradient, v, beta2):
    """v gets one number for the whole tensor (a mean or a norm): each parameter has a v of its own."""
    return beta2 * v + (1 - beta2) * (gradient**2).mean()


@adam.mistake("new_v")
def sum_of_all_squares(gradient, v, beta2):
    """v gets the sum of all squares of the tensor: each parameter has a v of its own."""
    return beta2 * v + (1 - beta2) * (gradient**2).sum()


@adam.mistake("new_v")
def centred_second_moment(gradient, v, new_m, beta2):
    """v averages the squared distance from m, a variance: that is AdaBelief. Adam's v averages the square itself."""
    return beta2 * v + (1 - beta2) * (gradient - new_m) ** 2


@adam.mistake("new_v")
def beta1_for_v(gradient, v, beta1):
    """v is averaged with beta1: its own rate is beta2."""
    return beta1 * v + (1 - beta1) * gradient**2


@adam.mistake("new_v")
def beta1_lets_the_square_in(gradient, v, beta1, beta2):
    """The new square enters v with 1 - beta1: its weight is 1 - beta2."""
    return beta2 * v + (1 - beta1) * gradient**2


@adam.mistake("new_m")
def beta2_for_m(gradient, m, beta2):
    """m is averaged with beta2: its own rate is beta1."""
    return beta2 * m + (1 - beta2) * gradient


@adam.mistake("new_m")
def beta2_lets_the_gradient_in(gradient, m, beta1, beta2):
    """The new gradient enters m with 1 - beta2: its weight is 1 - beta1."""
    return beta1 * m + (1 - beta2) * gradient


@adam.mistake("new_m")
def m_subtracts_the_gradient(gradient, m, beta1):
    """The gradient is subtracted in m: it must be added, the minus belongs to the step."""
    return beta1 * m - (1 - beta1) * gradient


@adam.mistake("new_v")
def v_subtracts_the_square(gradient, v, beta2):
    """The square is subtracted in v: it must be added."""
    return beta2 * v - (1 - beta2) * gradient**2


@adam.mistake("new_m")
def m_counted_twice(gradient, m, beta1):
    """The old m is counted twice (+= in place of =)."""
    return m + beta1 * m + (1 - beta1) * gradient


@adam.mistake("new_v")
def v_counted_twice(gradient, v, beta2):
    """The old v is counted twice (+= in place of =)."""
    return v + beta2 * v + (1 - beta2) * gradient**2


@adam.mistake("new_m")
def m_squares_the_gradient(gradient, m, beta1):
    """m averages the square of the gradient: it averages the gradient itself, v its square."""
    return beta1 * m + (1 - beta1) * gradient**2


@adam.mistake("new_m", "new_v")
def betas_swapped(gradient, m, v, beta1, beta2):
    """beta1 and beta2 are swapped in the averages: beta1 belongs to m, beta2 to v."""
    return beta2 * m + (1 - beta2) * gradient, beta1 * v + (1 - beta1) * gradient**2


@adam.mistake("new_m", "new_v", "m_hat", "v_hat")
def betas_swapped_everywhere(gradient, m, v, beta1, beta2, t):
    """beta1 and beta2 are swapped: beta1 belongs to m, beta2 to v."""
    m, v = beta2 * m + (1 - beta2) * gradient, beta1 * v + (1 - beta1) * gradient**2
    return m, v, m / (1 - beta2**t), v / (1 - beta1**t)


@adam.mistake("new_v", "v_hat")
def beta1_for_everything(gradient, v, beta1, t):
    """beta1 is used for v as well, in the average and in the correction: its own rate is beta2."""
    v = beta1 * v + (1 - beta1) * gradient**2
    return v, v / (1 - beta1**t)


@adam.mistake("new_m", "m_hat")
def beta2_for_everything(gradient, m, beta2, t):
    """beta2 is used for m as well, in the average and in the correction: its own rate is beta1."""
    m = beta2 * m + (1 - beta2) * gradient
    return m, m / (1 - beta2**t)


@adam.mistake("new_m", "m_hat", constants=(0.9, 0.99, 0.5))
def beta1_fixed(gradient, m, t, constant):
    """beta1 is the fixed number {constant} in your code: use the argument."""
    m = constant * m + (1 - constant) * gradient
    return m, m / (1 - constant**t)


@adam.mistake("new_v", "v_hat", constants=(0.999, 0.99, 0.9))
def beta2_fixed(gradient, v, t, constant):
    """beta2 is the fixed number {constant} in your code: use the argument."""
    v = constant * v + (1 - constant) * gradient**2
    return v, v / (1 - constant**t)


@adam.mistake("m_hat", constants=(0.9,))
def beta1_fixed_in_the_correction(new_m, t, constant):
    """The correction of m uses the fixed number {constant}: use the argument beta1."""
    return new_m / (1 - constant**t)


@adam.mistake("v_hat", constants=(0.999, 0.99))
def beta2_fixed_in_the_correction(new_v, t, constant):
    """The correction of v uses the fixed number {constant}: use the argument beta2."""
    return new_v / (1 - constant**t)


@adam.mistake("new_m", "new_v", "m_hat", "v_hat")
def betas_fixed(gradient, m, v, t):
    """beta1 and beta2 are fixed numbers, 0.9 and 0.999, in your code: use the arguments."""
    m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    return m, v, m / (1 - 0.9**t), v / (1 - 0.999**t)


@adam.mistake("denominator")
def eps_inside_the_root(v_hat, eps):
    """eps is added under the square root: it belongs after it. Inside, its root counts, and that is far larger."""
    return (v_hat + eps).sqrt()


@adam.mistake("denominator")
def eps_inside_and_outside(v_hat, eps):
    """eps is added twice, under the root and after it: it belongs after it only."""
    return (v_hat + eps).sqrt() + eps


@adam.mistake("denominator")
def eps_missing(v_hat):
    """eps is missing: a parameter whose gradients have all been 0 divides 0 by 0."""
    return v_hat.sqrt()


@adam.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12, 1e-5, 1e-3))
def eps_fixed(v_hat, constant):
    """eps is the fixed number {constant} in your code: use the argument."""
    return v_hat.sqrt() + constant


@adam.mistake("denominator", constants=(1e-8, 1e-7, 1e-6, 1e-10, 1e-12))
def eps_fixed_inside_the_root(v_hat, constant):
    """eps is the fixed number {constant}, and under the root: use the argument, after the root."""
    return (v_hat + constant).sqrt()


@adam.mistake("denominator")
def eps_squared_inside(v_hat, eps):
    """eps squared is added under the root: sqrt(v + eps ** 2) is not sqrt(v) + eps."""
    return (v_hat + eps**2).sqrt()


@adam.mistake("denominator")
def eps_as_a_lower_bound(v_hat, eps):
    """eps is used as a lower bound of the root (clamp, maximum): it is added."""
    return v_hat.sqrt().clamp(min=eps)


@adam.mistake("denominator")
def eps_bounds_v(v_hat, eps):
    """eps is used as a lower bound of v (clamp, maximum): it is added, after the root."""
    return v_hat.clamp(min=eps).sqrt()


@adam.mistake("denominator")
def eps_subtracted(v_hat, eps):
    """eps is subtracted: it must be added, to keep the denominator away from 0."""
    return v_hat.sqrt() - eps


@adam.mistake("denominator")
def eps_multiplied(v_hat, eps):
    """eps multiplies the root: it must be added."""
    return v_hat.sqrt() * eps


@adam.mistake("denominator")
def eps_twice(v_hat, eps):
    """eps is added twice."""
    return v_hat.sqrt() + 2 * eps


@adam.mistake("denominator")
def eps_root_added(v_hat, eps):
    """The root of eps is added: it is eps itself, after the root of v."""
    return v_hat.sqrt() + math.sqrt(eps)


@adam.mistake("denominator")
def no_square_root(v_hat, eps):
    """The square root is missing: you divide by v itself. A step must not depend on the gradient's unit, and m / v does."""
    return v_hat + eps


@adam.mistake("denominator")
def root_twice(v_hat, eps):
    """The root is taken twice."""
    return v_hat.sqrt().sqrt() + eps


@adam.mistake("denominator")
def v_squared(v_hat, eps):
    """You square v where its root is meant."""
    return v_hat**2 + eps


@adam.mistake("denominator")
def one_added(v_hat, eps):
    """1 is added in the denominator: only eps is."""
    return 1 + v_hat.sqrt() + eps


@adam.mistake("denominator")
def not_divided():
    """The step is not divided by the root of v: that is momentum. Adam scales each parameter by its own gradients' size."""
    return 1.0


@adam.mistake("denominator")
def root_of_the_mean_v(v_hat, eps):
    """The whole tensor is divided by one number (a mean or norm of v): each parameter has a v of its own."""
    return v_hat.mean().sqrt() + eps


@adam.mistake("denominator")
def norm_of_v(v_hat, eps):
    """The whole tensor is divided by one number (a norm): each parameter has a v of its own."""
    return v_hat.sum().sqrt() + eps


@adam.mistake("update")
def precedence_of_eps(lr, m_hat, v_hat, eps):
    """A parenthesis is missing: m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return lr * (m_hat / v_hat.sqrt() + eps)


@adam.mistake("update")
def precedence_of_eps_after_the_rate(lr, m_hat, v_hat, eps):
    """A parenthesis is missing: lr * m / sqrt(v) + eps divides first, and eps is added to the step. It belongs into the
    denominator."""
    return lr * m_hat / v_hat.sqrt() + eps


@adam.mistake("update")
def lr_missing(m_hat, denominator):
    """The learning rate is missing: the step is a thousand times too large with the default rate."""
    return m_hat / denominator


@adam.mistake("update", constants=(1e-3, 1e-2, 1e-4, 0.1))
def lr_fixed(m_hat, denominator, constant):
    """The learning rate is the fixed number {constant} in your code: use the argument."""
    return constant * m_hat / denominator


@adam.mistake("update")
def lr_twice(lr, m_hat, denominator):
    """The learning rate is multiplied in twice."""
    return lr * lr * m_hat / denominator


@adam.mistake("update")
def divided_by_lr(lr, m_hat, denominator):
    """You divide by the learning rate."""
    return m_hat / denominator / lr


@adam.mistake("update")
def lr_decays_with_t(lr, m_hat, denominator, t):
    """The rate is divided by the root of t: Adam keeps its rate, schedules are another unit."""
    return lr / math.sqrt(t) * m_hat / denominator


@adam.mistake("update")
def lr_divided_by_t(lr, m_hat, denominator, t):
    """The rate is divided by t: Adam keeps its rate, schedules are another unit."""
    return lr / t * m_hat / denominator


@adam.mistake("update")
def times_the_gradient(lr, m_hat, denominator, gradient):
    """The step is multiplied by the gradient again: m takes its place."""
    return lr * m_hat / denominator * gradient


@adam.mistake("update")
def times_the_parameter(lr, m_hat, denominator, param):
    """The step is multiplied by the parameter: it is subtracted from it, not scaled by it."""
    return lr * m_hat / denominator * param


@adam.mistake("update")
def sign_of_the_gradient(lr, m_hat):
    """Only the sign of the average is used: the step must still be divided by the root of v."""
    return lr * m_hat.sign()


@adam.mistake("update")
def upside_down(lr, m_hat, denominator):
    """The fraction is upside down: m is divided by the root of v."""
    return lr * denominator / m_hat


@adam.mistake("new_param")
def uphill(param, update):
    """The step is added: it goes uphill. Subtract it."""
    return param + update


@adam.mistake("new_param")
def parameter_not_updated(param):
    """The parameter comes back as it was: the step is computed and not applied."""
    return param


@adam.mistake("new_param")
def step_returned(update):
    """The step is returned in the place of the parameter: subtract it from the parameter."""
    return update


@adam.mistake("new_param")
def negative_step_returned(update):
    """The step is returned in the place of the parameter: subtract it from the parameter."""
    return -update


@adam.mistake("new_param")
def step_applied_twice(param, update):
    """The step is applied twice."""
    return param - 2 * update


@adam.mistake("gradient", constants=(0.01, 0.1, 1e-4, 5e-4, 1e-2, 1.0))
def weight_decay_in_the_gradient(grad, param, constant):
    """{constant} times the parameter is added to the gradient (L2, or coupled weight decay): plain Adam has none."""
    return grad + constant * param


@adam.mistake("new_param", constants=(0.01, 0.1, 1e-4, 5e-4))
def decoupled_weight_decay(param, update, lr, constant):
    """The parameter is shrunk as well, by lr times {constant}: that is AdamW, the next optimizer. Plain Adam has no decay."""
    return param * (1 - lr * constant) - update


@adam.mistake("gradient")
def gradient_clipped(grad):
    """The gradient is clamped to [-1, 1] first: clipping is another exercise, Adam takes the gradient as it is."""
    return grad.clamp(-1, 1)


@adam.mistake("gradient")
def gradient_normalised(grad):
    """The gradient is scaled to norm 1 first: Adam takes the gradient as it is."""
    return grad / (torch.linalg.vector_norm(grad) + 1e-12)


@adam.mistake("gradient")
def gradient_negated(grad):
    """The gradient's sign is turned round at the start: m is the average of the gradient itself, and the step is
    subtracted."""
    return -grad


@mistake("optimizers.adam_step")
def corrected_moments_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrected moments are returned as the state: the next step corrects them once more. Return m and v as they were
    before the correction."""
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1**t)
    v = (beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**t)
    return param - lr * m / (v.sqrt() + eps), m, v


@mistake("optimizers.adam_step")
def corrected_first_moment_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrected m is returned as the state: the next step corrects it once more."""
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1**t)
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / ((v / (1 - beta2**t)).sqrt() + eps), m, v


@mistake("optimizers.adam_step")
def corrected_second_moment_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrected v is returned as the state: the next step corrects it once more."""
    m = beta1 * m + (1 - beta1) * grad
    v = (beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**t)
    return param - lr * m / (1 - beta1**t) / (v.sqrt() + eps), m, v


@mistake("optimizers.adam_step")
def old_state_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The m and v that came in are returned: the new ones live in local variables only, and every step is a first step."""
    new_m, new_v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * new_m / (1 - beta1**t) / ((new_v / (1 - beta2**t)).sqrt() + eps), m, v


@mistake("optimizers.adam_step")
def old_first_moment_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The m that came in is returned: the new one is lost, and there is no momentum."""
    new_m, new_v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * new_m / (1 - beta1**t) / ((new_v / (1 - beta2**t)).sqrt() + eps), m, new_v


@mistake("optimizers.adam_step")
def old_second_moment_returned(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The v that came in is returned: the new one is lost."""
    new_m, new_v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * new_m / (1 - beta1**t) / ((new_v / (1 - beta2**t)).sqrt() + eps), new_m, v


@mistake("optimizers.adam_step")
def moments_swapped(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The state is returned in the wrong order: param, m, v."""
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps), v, m


@mistake("optimizers.adam_step")
def parameter_only(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Only the parameter is returned: without the new m and v the next step cannot go on. Return param, m, v."""
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps)


@mistake("optimizers.adam_step")
def count_returned_as_well(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """t is returned as well: return param, m, v. Whoever calls counts the steps."""
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps), m, v, t + 1


@mistake("optimizers.adam_step")
def plain_gradient_descent(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """This is plain gradient descent: neither of the two running averages is used."""
    return param - lr * grad, m, v


@mistake("optimizers.adam_step")
def adagrad(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """This is AdaGrad: squares are added up for ever, and there is no running average of the gradient."""
    v = v + grad**2
    return param - lr * grad / (v.sqrt() + eps), m, v


@mistake("optimizers.adam_step")
def adamax(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """This is AdaMax: it keeps the largest gradient, where Adam averages the squares."""
    m = beta1 * m + (1 - beta1) * grad
    v = torch.maximum(beta2 * v, grad.abs() + eps)
    return param - lr / (1 - beta1**t) * m / v, m, v


@adam.mistake("new_m", "new_v", "m_hat", "v_hat")
def moments_from_the_new_side(gradient, m, v, beta1, beta2, t):
    """The step uses the corrected averages of the state that came in, and the state is updated afterwards: the order is
    update, correct, step."""
    return (
        beta1 * m + (1 - beta1) * gradient,
        beta2 * v + (1 - beta2) * gradient**2,
        _over(m, 1 - beta1 ** max(t - 1, 0)),
        _over(v, 1 - beta2 ** max(t - 1, 0)),
    )


def _defaults(name, exercise_defaults, constant):
    """Adam whose default for one argument is `constant`; arguments that are given are used."""

    def step(param, grad, m, v, t, **given):
        values = {**exercise_defaults, name: constant, **given}
        return adam.with_steps({})(param=param, grad=grad, m=m, v=v, t=t, **values)

    return step


_DEFAULTS = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


@mistake("optimizers.adam_step", constants=(1e-2, 1e-4, 0.1, 1.0, 3e-4, 2e-3))
def default_lr_changed(*state, constant, **given):
    """The default of lr is {constant} in your signature: keep it at 1e-3."""
    return _defaults("lr", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(0.99, 0.8, 0.5, 0.95))
def default_beta1_changed(*state, constant, **given):
    """The default of beta1 is {constant} in your signature: keep it at 0.9."""
    return _defaults("beta1", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(0.99, 0.9, 0.95, 0.98, 0.9999))
def default_beta2_changed(*state, constant, **given):
    """The default of beta2 is {constant} in your signature: keep it at 0.999."""
    return _defaults("beta2", _DEFAULTS, constant)(*state, **given)


@mistake("optimizers.adam_step", constants=(1e-7, 1e-6, 1e-10, 1e-5, 1e-3, 1e-12, 1e-9, 0.0))
def default_eps_changed(*state, constant, **given):
    """The default of eps is {constant} in your signature: keep it at 1e-8."""
    return _defaults("eps", _DEFAULTS, constant)(*state, **given)


def _over(value, number):
    return value / number if number else value / torch.zeros_like(value)


# --------------------------------------------------------------------------------------- clip_grad_norm

clip = Anatomy("optimizers.clip_grad_norm", "clipped", "total_norm")


@clip.step
def norm(grads):
    return torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in grads]))


@clip.step
def checked(norm):
    if not torch.isfinite(norm):
        raise ValueError("not finite")
    return norm


@clip.step
def factor(checked, max_norm):
    return torch.clamp(max_norm / (checked + 1e-6), max=1.0)


@clip.step
def clipped(grads, factor):
    return [grad * factor for grad in grads]


@clip.step
def total_norm(checked):
    return checked


@accepted("optimizers.clip_grad_norm", constants=(0.0, 1e-12, 1e-8, 1e-7, 1e-9, 1e-10))
def smaller_constant(grads, max_norm, constant):
    """Right, with another small constant beside the norm."""
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError("not finite")
    if not total > max_norm:
        return [grad * 1.0 for grad in grads], total
    return [grad * (max_norm / (total + constant)) for grad in grads], total


@clip.mistake("norm")
def sum_of_the_norms(grads):
    """The norms of the tensors are added up: lengths do not add, their squares do."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).sum()


@clip.mistake("norm")
def mean_of_the_norms(grads):
    """The norms of the tensors are averaged: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).mean()


@clip.mistake("norm")
def largest_of_the_norms(grads):
    """You take the largest of the tensors' norms: the norm of all together is the root of the sum of their squares."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).max()


@clip.mistake("norm")
def squared_norm(grads):
    """The square root is missing: you compare the squared norm with max_norm."""
    return torch.stack([(grad**2).sum() for grad in grads]).sum()


@clip.mistake("norm")
def absolute_values_added(grads):
    """You add up absolute values (the 1-norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().sum() for grad in grads]).sum()


@clip.mistake("norm")
def largest_entry(grads):
    """You take the largest entry (the infinity norm): the norm is the root of the sum of squares."""
    return torch.stack([grad.abs().max() for grad in grads]).max()


@clip.mistake("norm")
def root_of_the_mean_square(grads):
    """You take the mean of the squares: the norm is the root of their sum."""
    return torch.cat([grad.reshape(-1) for grad in grads]).pow(2).mean().sqrt()


@clip.mistake("norm")
def sums_without_squares(grads):
    """You add up the entries without squaring them: positive and negative ones cancel."""
    return torch.cat([grad.reshape(-1) for grad in grads]).sum().abs()


@clip.mistake("norm")
def square_root_of_each_norm(grads):
    """The norms of the tensors are added without being squared again, and a root is taken of their sum."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).sum().sqrt()


@clip.mistake("norm")
def fourth_powers(grads):
    """The squares are squared once more on the way: square each entry once."""
    return torch.stack([(grad**2).sum() for grad in grads]).pow(2).sum().sqrt()


@clip.mistake("norm")
def first_tensor_only(grads):
    """Only the first tensor's norm counts: all of them together form one long vector."""
    return torch.linalg.vector_norm(grads[0])


@clip.mistake("norm")
def last_tensor_only(grads):
    """Only the last tensor's norm counts: add the squares up (+=), do not overwrite them."""
    return torch.linalg.vector_norm(grads[-1])


@clip.mistake("norm")
def mean_over_the_tensors(grads):
    """You average the squares over the tensors: the norm of all together is the root of their sum."""
    return torch.stack([(grad**2).sum() for grad in grads]).mean().sqrt()


@clip.mistake("norm")
def means_of_squares_added(grads):
    """Each tensor's squares are averaged before they are added: large tensors then count too little. Add all squares."""
    return torch.stack([(grad**2).mean() for grad in grads]).sum().sqrt()


@clip.mistake("factor")
def always_rescaled(checked, max_norm):
    """The gradients are always scaled to max_norm, also when they are below it: small gradients are blown up. The factor
    is never above 1."""
    return max_norm / (checked + 1e-6)


@clip.mistake("factor")
def always_rescaled_without_constant(checked, max_norm):
    """The gradients are always scaled to max_norm, also when they are below it, and zeros become NaN. The factor is never
    above 1."""
    return max_norm / checked


@clip.mistake("factor")
def scaled_to_one(checked, max_norm):
    """The gradients are scaled to norm 1: max_norm is missing in the factor."""
    return torch.where(checked > max_norm, 1 / (checked + 1e-6), torch.ones_like(checked))


@clip.mistake("factor")
def always_normalised(checked):
    """The gradients are always scaled to norm 1: the limit is max_norm, and below it nothing changes."""
    return 1 / (checked + 1e-6)


@clip.mistake("factor")
def limited_to_one_then_scaled(checked, max_norm):
    """The gradients are scaled as if max_norm were 1."""
    return torch.clamp(1 / (checked + 1e-6), max=1.0)


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
    """Gradients above the limit become 0: they must be scaled to the limit, the direction stays."""
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
    """{constant} is added to the norm: that shortens every clipped gradient by more than a rounding. 1e-6 is the largest
    that is accepted."""
    return torch.clamp(max_norm / (checked + constant), max=1.0)


@clip.mistake("factor", constants=(1.0, 0.1, 0.5, 2.0, 5.0, 10.0))
def limit_fixed(checked, constant):
    """The limit is the fixed number {constant} in your code: use max_norm."""
    return torch.clamp(constant / (checked + 1e-6), max=1.0)


@clip.mistake("factor")
def zero_divided_by_zero(checked, max_norm):
    """With all gradients 0 the factor becomes 0 / 0 (or infinity times 0), and NaN comes out: zeros must stay zeros."""
    return torch.where(checked > 0, torch.clamp(max_norm / checked, max=1.0), torch.full_like(checked, torch.nan))


@clip.mistake("factor")
def scaled_from_half_the_limit(checked, max_norm):
    """The scaling starts below the limit already: nothing changes until the norm is above max_norm."""
    return torch.where(checked > max_norm / 2, max_norm / (checked + 1e-6), torch.ones_like(checked))


@clip.mistake("factor")
def soft_limit(checked, max_norm):
    """The gradients are scaled by max_norm / (max_norm + norm): a soft limit, which shrinks small gradients too."""
    return max_norm / (max_norm + checked)


@clip.mistake("clipped")
def entries_clamped(grads, max_norm):
    """Each entry is clamped to the limit: that is clipping by value, and it bends the direction. Scale all tensors by one
    factor."""
    return [grad.clamp(-max_norm, max_norm) for grad in grads]


@clip.mistake("clipped")
def entries_clamped_above_the_limit(grads, checked, max_norm):
    """Where the norm is too large, each entry is clamped: that bends the direction. Scale all tensors by one factor."""
    return [grad.clamp(-max_norm, max_norm) if checked > max_norm else grad for grad in grads]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm(grads, max_norm):
    """Each tensor is clipped by its own norm: layers are then scaled differently, and the direction of the step changes.
    One factor for all."""
    return [grad * torch.clamp(max_norm / (torch.linalg.vector_norm(grad) + 1e-6), max=1.0) for grad in grads]


@clip.mistake("clipped")
def each_tensor_normalised(grads, checked, max_norm):
    """Each tensor is scaled to max_norm by its own norm: one factor for all keeps the direction."""
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in grads]


@clip.mistake("clipped")
def each_tensor_by_its_own_norm_above_the_limit(grads, checked, max_norm):
    """Where the norm of all is too large, each tensor is scaled by its own norm: one factor for all keeps the
    direction."""
    if not checked > max_norm:
        return grads
    return [grad * (max_norm / (torch.linalg.vector_norm(grad) + 1e-6)) for grad in grads]


@clip.mistake("clipped")
def only_the_first_scaled(grads, factor):
    """Only the first tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == 0 else grad for index, grad in enumerate(grads)]


@clip.mistake("clipped")
def only_the_last_scaled(grads, factor):
    """Only the last tensor is scaled: all of them are, by the same factor."""
    return [grad * factor if index == len(grads) - 1 else grad for index, grad in enumerate(grads)]


@clip.mistake("clipped")
def divided_by_the_factor(grads, factor):
    """You divide by the factor where you should multiply: large gradients become larger."""
    return [grad / factor for grad in grads]


@clip.mistake("clipped")
def signs_turned(grads, factor):
    """The signs are turned round: clipping keeps the direction."""
    return [-grad * factor for grad in grads]


@clip.mistake("clipped")
def signs_lost(grads, factor):
    """The signs are lost (abs): clipping keeps the direction."""
    return [grad.abs() * factor for grad in grads]


@clip.mistake("clipped")
def first_tensor_returned(grads, factor):
    """Only one tensor is returned: return a list with all of them."""
    return grads[0] * factor


@clip.mistake("clipped")
def all_in_one_tensor(grads, factor):
    """All gradients come back as one long tensor: return a list of tensors in their own shapes."""
    return torch.cat([grad.reshape(-1) for grad in grads]) * factor


@clip.mistake("clipped")
def flattened(grads, factor):
    """The tensors come back flattened: each keeps its own shape."""
    return [(grad * factor).reshape(-1) for grad in grads]


@clip.mistake("clipped")
def reversed_order(grads, factor):
    """The tensors come back in reverse order."""
    return [grad * factor for grad in grads][::-1]


@clip.mistake("clipped")
def excess_subtracted(grads, checked, max_norm):
    """You subtract the excess from the entries: scaling, not shifting, shortens a vector and keeps its direction."""
    return [grad - (checked - max_norm) if checked > max_norm else grad for grad in grads]


@clip.mistake("total_norm")
def norm_after_clipping(grads, factor):
    """`total_norm` is the norm after clipping: the one before is asked for, it is what tells you that a step was about to
    explode."""
    return torch.linalg.vector_norm(torch.cat([(grad * factor).reshape(-1) for grad in grads]))


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
    """`total_norm` is a Python number: a 0-d tensor is asked for (.item() and float() leave torch)."""
    return checked.item()


@clip.mistake("total_norm")
def norm_of_shape_one(checked):
    """`total_norm` has shape (1,): a 0-d tensor is asked for."""
    return checked.reshape(1)


@clip.mistake("total_norm")
def norms_of_all_tensors(grads):
    """`total_norm` has one norm for each tensor: one number for all of them together is asked for."""
    return torch.stack([torch.linalg.vector_norm(grad) for grad in grads])


@clip.mistake("total_norm")
def constant_in_the_norm(checked):
    """`total_norm` has the small constant of the factor in it: return the norm itself."""
    return checked + 1e-6


@clip.mistake("checked")
def not_checked(norm):
    """An infinite or NaN norm goes through, and every gradient with it becomes NaN or 0: raise a ValueError, so that the
    broken step is noticed."""
    return norm


@clip.mistake("checked")
def only_infinity_checked(norm):
    """Infinity is refused and NaN is not: a NaN is unequal to everything, so comparisons do not find it. Ask whether the
    norm is finite."""
    if torch.isinf(norm):
        raise ValueError
    return norm


@clip.mistake("checked")
def only_nan_checked(norm):
    """NaN is refused and infinity is not: ask whether the norm is finite."""
    if torch.isnan(norm):
        raise ValueError
    return norm


@clip.mistake("checked")
def another_exception(norm):
    """A norm that is no number raises another exception than ValueError, which is what the statement asks for."""
    if not torch.isfinite(norm):
        raise RuntimeError
    return norm


@clip.mistake("checked", "clipped")
def zeros_for_broken_gradients(norm, grads, factor):
    """A broken norm is answered with zeros: the step is skipped and nobody hears of it. Raise a ValueError."""
    return norm, [grad * factor if torch.isfinite(norm) else torch.zeros_like(grad) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def norm_first(grads, max_norm):
    """The two results are in the wrong order: return the clipped gradients, then total_norm."""
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError
    return total, [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def gradients_only(grads, max_norm):
    """Only the gradients are returned: return the clipped gradients and total_norm."""
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError
    return [grad * torch.clamp(max_norm / (total + 1e-6), max=1.0) for grad in grads]


@mistake("optimizers.clip_grad_norm")
def norm_only(grads, max_norm):
    """Only total_norm is returned: return the clipped gradients and total_norm."""
    total = norm(grads)
    if not torch.isfinite(total):
        raise ValueError
    return total
