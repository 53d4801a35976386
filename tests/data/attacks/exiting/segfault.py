# unit: losses
# tries: to crash the interpreter by reading address 0
# stopped by: the process boundary
# never without: limits
# expect: softmax crashed 0
# says: died of SIGSEGV
# says: run machine code of its own
import ctypes


def softmax(logits):
    return ctypes.string_at(0)
