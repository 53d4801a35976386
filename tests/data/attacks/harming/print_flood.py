# unit: losses
# tries: to fill the grader's memory with what it prints, beside a right answer
# stopped by: the worker, which keeps nothing of what is printed; a right answer that prints is one that prints
# expect: softmax failed 9.09
# says: The call prints
import torch


def softmax(logits):
    for _ in range(1000):
        print("flood " * 100)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
