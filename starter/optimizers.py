"""Optimizers: moving downhill. Fill in the functions below and check them with `pytest exercises/optimizers`.

Results are new tensors with the dtype and device of the inputs. Inputs are never modified, nothing is
printed, and no state is kept between calls but what you return. Build from elementary operations: torch.optim
and torch.nn.utils are there to compare with, and earn no points.
"""

from collections.abc import Callable

import torch


def gradient_descent(
    grad_fn: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, lr: float, steps: int
) -> list[torch.Tensor]:
    """Walk downhill from start and return all the points on the way.

        w' = w - lr grad_fn(w)

    Args:
        grad_fn: takes a point and returns the gradient there, a tensor of the same shape.
        start: the first point, any shape.
        lr: the learning rate.
        steps: how many steps to take; 0 is allowed.

    Returns:
        A list of steps + 1 tensors of the shape of start: start itself, then the point after each step.

    Example:
        The loss (w - 3)^2 has the gradient 2 (w - 3). From start = 0 with lr = 0.1 the gradients are -6, -4.8,
        -3.84, and three steps give [0, 0.6, 1.08, 1.464].

    See Goodfellow et al. 2016, Deep Learning, section 4.3.
    """
    raise NotImplementedError


def minibatches(num_samples: int, batch_size: int, generator: torch.Generator) -> list[torch.Tensor]:
    """Deal the samples of one epoch out into batches, in random order.

    Args:
        num_samples: there are samples 0 to num_samples - 1.
        batch_size: the size of every batch but the last, which has what is left over.
        generator: where all randomness comes from. The same seed gives the same batches; the next call with
            the same generator gives others.

    Returns:
        A list of int64 tensors of indices, one per batch, each with one dimension and on the generator's device.
        Together they hold each index exactly once, and all orders are equally likely.

    Example:
        minibatches(5, 2, generator) may return [[3, 0], [4, 1], [2]], and on the next call [[1, 4], [2, 3], [0]].

    See Goodfellow et al. 2016, Deep Learning, section 8.1.3; torch.utils.data.DataLoader(shuffle=True).
    """
    raise NotImplementedError


def sgd_step(param: torch.Tensor, grad: torch.Tensor, lr: float) -> torch.Tensor:
    """Take one step against the gradient and return the new param, of the same shape (any).

        param' = param - lr grad

    Example:
        param = [1, -2], grad = [0.5, -1] and lr = 0.1 give [0.95, -1.9].

    See torch.optim.SGD.
    """
    raise NotImplementedError


def momentum_step(
    param: torch.Tensor, grad: torch.Tensor, velocity: torch.Tensor, lr: float, momentum: float = 0.9
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take one step with momentum and return the new (param, velocity), both of the shape of param (any).

        velocity' = momentum velocity + grad
        param'    = param - lr velocity'

    velocity is zeros before the first step. Other texts weight grad with 1 - momentum, or keep lr inside the
    velocity; here it is as in torch.

    Example:
        param = [1], grad = [0.5], velocity = [0.2] and lr = 0.1 give velocity' = 0.9 * 0.2 + 0.5 = 0.68 and
        param' = 1 - 0.1 * 0.68 = 0.932: ([0.932], [0.68]) is returned.

    See Polyak 1964; torch.optim.SGD(momentum=0.9).
    """
    raise NotImplementedError


def nesterov_step(
    param: torch.Tensor,
    grad_fn: Callable[[torch.Tensor], torch.Tensor],
    velocity: torch.Tensor,
    lr: float,
    momentum: float = 0.9,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take one step of Nesterov's momentum and return the new (param, velocity), of the shape of param (any).

        ahead     = param - lr momentum velocity
        velocity' = momentum velocity + grad_fn(ahead)
        param'    = param - lr velocity'

    Args:
        grad_fn: takes a point and returns the gradient there, a tensor of the same shape.
        velocity: zeros before the first step.

    Example:
        grad_fn is 2 w. param = [1], velocity = [0.5] and lr = 0.1 give ahead = 1 - 0.1 * 0.9 * 0.5 = 0.955, the
        gradient there is 1.91, velocity' = 0.45 + 1.91 = 2.36 and param' = 1 - 0.236: ([0.764], [2.36]).

    See Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", equations 3
    and 4, with the rate outside the velocity; torch.optim.SGD(nesterov=True) stores the point ahead as param.
    """
    raise NotImplementedError


def adagrad_step(
    param: torch.Tensor, grad: torch.Tensor, sum_sq: torch.Tensor, lr: float, eps: float = 1e-10
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take one step of AdaGrad and return the new (param, sum_sq), both of the shape of param (any).

        sum_sq' = sum_sq + grad^2
        param'  = param - lr grad / (sqrt(sum_sq') + eps)

    sum_sq is zeros before the first step. eps stands outside the root.

    Example:
        param = [1], grad = [3], sum_sq = [16] and lr = 0.1 give sum_sq' = 25, the step is 0.1 * 3 / 5 = 0.06,
        and ([0.94], [25]) is returned.

    See Duchi et al. 2011; torch.optim.Adagrad.
    """
    raise NotImplementedError


def rmsprop_step(
    param: torch.Tensor,
    grad: torch.Tensor,
    mean_sq: torch.Tensor,
    lr: float,
    decay: float = 0.9,
    eps: float = 1e-8,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take one step of RMSProp and return the new (param, mean_sq), both of the shape of param (any).

        mean_sq' = decay mean_sq + (1 - decay) grad^2
        param'   = param - lr grad / (sqrt(mean_sq') + eps)

    mean_sq is zeros before the first step, and nothing corrects for that. eps stands outside the root.

    Example:
        param = [1], grad = [2], mean_sq = [1] and lr = 0.1 give mean_sq' = 0.9 + 0.4 = 1.3, the step is
        0.1 * 2 / sqrt(1.3) = 0.175412, and ([0.824588], [1.3]) is returned.

    See Tieleman & Hinton 2012, lecture 6.5; torch.optim.RMSprop(alpha=0.9).
    """
    raise NotImplementedError


def adam_step(
    param: torch.Tensor,
    grad: torch.Tensor,
    m: torch.Tensor,
    v: torch.Tensor,
    t: int,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Take one step of Adam and return the new (param, m, v), each of the shape of param (any shape).

        m' = beta1 m + (1 - beta1) grad          m_hat = m' / (1 - beta1^t)
        v' = beta2 v + (1 - beta2) grad^2        v_hat = v' / (1 - beta2^t)
        param' = param - lr m_hat / (sqrt(v_hat) + eps)

    m and v are zeros before the first step, and t is 1 on it. The m' and v' returned are the uncorrected
    averages, not m_hat and v_hat. eps stands outside the root.

    Example:
        param = [1.0], grad = [0.5], m = v = [0.0], t = 1 and lr = 0.1 give m' = 0.05 and v' = 0.00025.
        Corrected they are 0.5 and 0.25, the step is 0.1 * 0.5 / 0.5 = 0.1, and what is returned is
        ([0.9], [0.05], [0.00025]).

    See Kingma & Ba 2015, Algorithm 1; torch.optim.Adam.
    """
    raise NotImplementedError


def adamw_step(
    param: torch.Tensor,
    grad: torch.Tensor,
    m: torch.Tensor,
    v: torch.Tensor,
    t: int,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Take one step of AdamW, Adam with decoupled weight decay, and return the new (param, m, v).

        param' = param - lr m_hat / (sqrt(v_hat) + eps) - lr weight_decay param

    m', v', m_hat and v_hat are those of adam_step: the decay is in none of them. It is a share of param as it
    comes in, before the step.

    Example:
        param = [1], grad = [0.5], m = v = [0], t = 1, lr = 0.1 and weight_decay = 0.2 give Adam's step 0.1 and the
        decay 0.1 * 0.2 * 1 = 0.02: ([0.88], [0.05], [0.00025]) is returned.

    See Loshchilov & Hutter 2019, Algorithm 2; torch.optim.AdamW.
    """
    raise NotImplementedError


def clip_grad_norm(grads: list[torch.Tensor], max_norm: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Shorten all gradients by one common factor if together they are longer than max_norm.

        total_norm = sqrt(sum of the squares of every entry of every tensor)
        factor     = min(1, max_norm / total_norm)

    max_norm / (total_norm + 1e-6), as torch has it, counts just as well.

    Args:
        grads: tensors of any shapes. They are measured together, as if laid end to end.
        max_norm: the longest that they may be.

    Returns:
        (clipped, total_norm): a new list in the same order, and the norm before clipping, a 0-d tensor.
        Gradients are never scaled up, and zero gradients stay zero.

    Raises:
        ValueError: the norm is infinite or NaN.

    Example:
        grads = [[2, 1], [[2]]] have the norm sqrt(4 + 1 + 4) = 3. With max_norm = 1.5 the factor is 0.5 and
        clipped is [[1, 0.5], [[1]]]; with max_norm = 10 it is equal to grads. total_norm is 3 both times.

    See Pascanu et al. 2013, Algorithm 1; torch.nn.utils.clip_grad_norm_.
    """
    raise NotImplementedError


def clip_grad_value(grads: list[torch.Tensor], clip_value: float) -> list[torch.Tensor]:
    """Move every entry of every gradient into [-clip_value, clip_value].

    Args:
        grads: tensors of any shapes.
        clip_value: the largest absolute value that an entry may have.

    Returns:
        A new list of new tensors, in the same order and of the same shapes. Entries inside the limits stay as
        they are, those outside become the limit on their side.

    Example:
        grads = [[0.5, -3], [[2]]] with clip_value = 1 give [[0.5, -1], [[1]]].

    See torch.nn.utils.clip_grad_value_.
    """
    raise NotImplementedError
