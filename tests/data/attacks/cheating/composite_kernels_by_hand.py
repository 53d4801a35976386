# unit: losses
# tries: to call functions that torch makes of others, of which no kernel told, by hand
# stopped by: functions that are made of others tell as well
# expect: mae_loss shortcut 0
# expect: kl_divergence shortcut 0
# says: `torch.l1_loss` is ready-made
import torch


def by_hand(name, like, *args, **kwargs):
    kernel = torch.library.get_kernel(f"aten::{name}", "CPU")
    return kernel.call_boxed(torch._C._dispatch_keys(like), *args, **kwargs)


def mae_loss(pred, target):
    return by_hand("l1_loss", pred, pred, target, 1)


def kl_divergence(p, q):
    logarithm = torch.where(p > 0, q, 1.0).log()
    return by_hand("kl_div", p, logarithm, p, 0, log_target=False).sum(-1).mean()
