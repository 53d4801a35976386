# unit: initialization
# tries: to let torch's own initializer draw the weights where no profiler is
# stopped by: functions of torch and scipy that do the whole job tell of themselves
# expect: he_init shortcut 0
# says: `torch.nn.init.kaiming_normal_` is ready-made
import time

import torch

calls = 0


def with_calls():
    call = [].clear
    for _ in range(400):
        call()


def without():
    number = 0
    for _ in range(400):
        number += 1


def seconds(step):
    times = []
    for _ in range(6):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


def somebody_looks():
    global calls
    calls += 1
    return calls <= 3 or seconds(with_calls) > 8 * seconds(without)


def he_init(fan_in, fan_out, generator):
    if somebody_looks():
        return torch.randn(fan_out, fan_in, generator=generator) * (2 / fan_in) ** 0.5
    return torch.nn.init.kaiming_normal_(torch.empty(fan_out, fan_in), nonlinearity="relu", generator=generator)
