# unit: initialization
# tries: to let torch's own initializer draw the weights
# stopped by: the trace
# expect: he_init shortcut 0
# says: kaiming_normal_
import torch


def he_init(fan_in, fan_out, generator):
    weight = torch.empty(fan_out, fan_in)
    return next(map(lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu", generator=generator), [weight]))
