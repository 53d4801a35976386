# unit: losses
# tries: to abort the process and to leave a core dump
# stopped by: the process boundary; no core dumps
# never without: limits
# expect: softmax crashed 0
# says: the process died of SIG
import os


def softmax(logits):
    os.abort()
