# unit: losses
# tries: to make the grader allocate 9 exabytes for an answer
# stopped by: the limits of a frame, checked before anything is allocated
# expect: softmax crashed 0
# says: announces more than the format allows
import os
import struct


def softmax(logits):
    os.write(3, struct.pack(">IQ", 2**32 - 1, 2**63 - 1))
    return logits
