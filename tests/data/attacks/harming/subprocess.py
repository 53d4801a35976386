# unit: losses
# tries: to run a program, in a session of its own so that it outlives the worker
# stopped by: seccomp
# expect: softmax crashed 0
# says: start a process
import subprocess

import torch


def softmax(logits):
    command = "touch /tmp/backpass-attack-subprocess; exec sleep 8"
    subprocess.Popen(["/bin/sh", "-c", command], start_new_session=True)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
