# unit: losses
# tries: to fill the grader's log through the file descriptors of standard output and error, beside a right answer
# stopped by: the zygote, whose standard streams lead nowhere
# expect: softmax passed 10
import os

import torch

for _ in range(200):
    os.write(1, b"flood " * 10_000)
    os.write(2, b"flood " * 10_000)


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
