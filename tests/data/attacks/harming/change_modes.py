# unit: losses
# tries: to change the modes of the course's files, which Landlock does not guard (to what they are, here)
# stopped by: seccomp
# expect: softmax crashed 0
# says: change files
import os

import torch


def softmax(logits):
    path = "@COURSE@/course.toml"
    os.chmod(path, os.stat(path).st_mode if os.path.exists(path) else 0o644)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
