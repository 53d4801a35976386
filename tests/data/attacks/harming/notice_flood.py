# unit: losses
# tries: to drown the report in reports of attempts, and the grader in reading them
# stopped by: the length and number of what a worker may say beside its answer
# expect: softmax crashed 0
# says: it says too much beside it
import os
import struct

import msgpack

header = msgpack.packb(["d", [["noticed", "forged"]]])
frame = struct.pack(">IQ", len(header), 0) + header


def softmax(logits):
    while True:
        os.write(3, frame)
