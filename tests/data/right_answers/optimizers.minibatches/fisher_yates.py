# right: shuffles a Python list by hand, with numbers from the generator
import torch


def minibatches(num_samples, batch_size, generator):
    order = list(range(num_samples))
    for last in range(num_samples - 1, 0, -1):
        other = int(torch.randint(0, last + 1, (1,), generator=generator, device=generator.device))
        order[last], order[other] = order[other], order[last]
    order = torch.tensor(order, device=generator.device)
    return [order[first : first + batch_size] for first in range(0, num_samples, batch_size)]
