# unit: losses
# tries: to raise its own limits on memory and files
# stopped by: the privileges that a worker has given up
# expect: softmax crashed 0
# says: limit
import resource

import torch

for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE):
    resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
