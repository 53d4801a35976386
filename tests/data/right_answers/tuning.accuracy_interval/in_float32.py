import torch


def accuracy_interval(correct, total, z=1.96):
    p, n = torch.tensor(correct / total), float(total)
    shrink = 1 + z**2 / n
    half = z * torch.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / shrink
    middle = (p + z**2 / (2 * n)) / shrink
    return (middle - half).item(), (middle + half).item()
