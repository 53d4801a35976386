import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator, device=generator.device)
    fold = torch.empty_like(order)
    fold[order] = torch.arange(num_samples, device=order.device) % k
    indices = torch.arange(num_samples, device=order.device)
    return [(indices[fold != i], indices[fold == i]) for i in range(k)]
