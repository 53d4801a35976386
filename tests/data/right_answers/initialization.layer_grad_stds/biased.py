# right: biased, through torch.where
import torch


def layer_grad_stds(grad, weights, preactivations):
    out = []
    for i in range(len(weights) - 1, -1, -1):
        grad = torch.where(preactivations[i] > 0, grad, torch.zeros_like(grad)).matmul(weights[i])
        out.append(float(torch.sqrt(((grad - grad.mean()) ** 2).mean())))
    return out
