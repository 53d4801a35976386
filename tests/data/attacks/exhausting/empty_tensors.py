# unit: losses
# tries: to fill the grader's memory by 60 bytes that stand for twenty million empty tensors
# stopped by: the budget of a frame, which counts what it unfolds to
# expect: softmax crashed 0
# says: more tensors
import os
import struct

import msgpack


def softmax(logits):
    header = msgpack.packb(["s", "l", ["t", "float32", [20_000_000, 0], [], 0, 0]])
    os.write(3, struct.pack(">IQ", len(header), 0) + header)
    return logits
