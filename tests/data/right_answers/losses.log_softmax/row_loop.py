# right: one row at a time after flattening the leading dimensions
import torch


def log_softmax(logits):
    classes = logits.size(-1)
    result = []
    for row in logits.reshape(-1, classes):
        row = row - row.max()
        result.append(row - torch.log(torch.exp(row).sum()))
    return torch.stack(result, 0).reshape(logits.size())
