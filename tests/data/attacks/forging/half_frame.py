# unit: losses
# tries: to begin an answer and never end it, so that the grader reads the rest of the class as one answer
# stopped by: the deadline and the length that frames carry
# expect: softmax timeout 0
# says: no answer within 2 s
import os
import struct


def softmax(logits):
    os.write(3, struct.pack(">IQ", 1000, 10))
    return logits
