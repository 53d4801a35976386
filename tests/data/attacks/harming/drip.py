# unit: losses
# tries: to keep the grader waiting by an answer of one byte at a time
# stopped by: the deadline, which is for the whole answer
# expect: softmax timeout 0
# says: no answer within 2 s
import os
import struct
import time


def softmax(logits):
    for byte in struct.pack(">IQ", 1000, 0) + b"x" * 1000:
        os.write(3, bytes([byte]))
        time.sleep(0.05)
    return logits
