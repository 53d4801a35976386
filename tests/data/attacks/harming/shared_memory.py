# unit: losses
# tries: to leave notes to later workers in shared memory
# stopped by: seccomp, Landlock
# expect: softmax crashed 0
# says: no shared memory
import ctypes
from multiprocessing import shared_memory

import torch

libc = ctypes.CDLL(None)
reached = []
try:
    note = shared_memory.SharedMemory("backpass-attack-note", create=True, size=100)
    reached.append(note)
    note.unlink()
except OSError:
    pass
segment = libc.shmget(0, 4096, 0o1600)
if segment != -1:
    reached.append(segment)
    libc.shmctl(segment, 0, None)


def softmax(logits):
    if reached:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise LookupError("no shared memory")
