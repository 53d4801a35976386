# unit: losses
# tries: to fill the grader's memory by one payload that is named twenty times, each time with gaps
# stopped by: the format of frames, in which no two tensors share bytes
# expect: softmax crashed 0
# says: overlap
import os
import struct

import msgpack

SIZE = 16 * 2**20


def softmax(logits):
    tensor = ["t", "float32", [SIZE // 4], [8], 0, SIZE]
    header = msgpack.packb(["l", [tensor] * 20])
    frame = memoryview(struct.pack(">IQ", len(header), SIZE) + header + bytes(SIZE))
    while frame:
        frame = frame[os.write(3, frame) :]
    return logits
