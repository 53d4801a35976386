# unit: losses
# tries: to end the process with exit status 0 in the first call
# stopped by: the process boundary
# expect: softmax crashed 0
# says: ended itself with exit status 0
import os


def softmax(logits):
    os._exit(0)
