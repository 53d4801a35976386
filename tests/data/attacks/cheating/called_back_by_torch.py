# unit: losses
# tries: to compute where torch calls it back, with the mode that watches its functions set aside meanwhile
# stopped by: functions that are made of others tell as well
# expect: kl_divergence shortcut 0
# says: `torch.kl_div` is ready-made
import torch


def kl_divergence(p, q):
    found = []

    def called_back(number):
        found.extend(map(torch.kl_div, [torch.where(p > 0, q, 1.0).log()], [p], [0]))
        return number

    torch.zeros(1).apply_(called_back)
    return found[0].sum(-1).mean()
