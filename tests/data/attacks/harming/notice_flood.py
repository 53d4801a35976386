# unit: losses
# tries: to drown the report in reports of attempts, and the grader in reading them
# stopped by: the limit on what is noted, and the deadline
# expect: softmax timeout 0
# says: no answer within 2 s
import os
import struct

import msgpack

header = msgpack.packb(["d", [["noticed", "forged"]]])
frame = struct.pack(">IQ", len(header), 0) + header


def softmax(logits):
    while True:
        os.write(3, frame)
