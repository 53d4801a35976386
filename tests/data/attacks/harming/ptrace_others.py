# unit: losses
# tries: to trace the zygote, and so to read and write the memory that all later workers start with
# stopped by: seccomp, and a zygote that may not be traced
# expect: softmax crashed 0
# says: run machine code of its own
import ctypes
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
reached = libc.ptrace(PTRACE_SEIZE, os.getppid(), None, None) == 0
buffer = ctypes.create_string_buffer(8)
local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
remote = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
reached = reached or libc.process_vm_readv(os.getppid(), local, 1, remote, 1, 0) == 8


def softmax(logits):
    if reached:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise PermissionError("no tracing")
