# unit: losses
# tries: to overflow the C stack, with Python's own guard against it taken away
# stopped by: the process boundary
# never without: limits
# expect: softmax crashed 0
# says: died of SIGSEGV
import sys

sys.setrecursionlimit(2**30)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr([self])


def softmax(logits):
    return repr(Endless())
