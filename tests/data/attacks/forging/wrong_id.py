# unit: losses
# tries: to pass off the answer to another question
# stopped by: the numbers that questions and answers carry
# expect: softmax crashed 0
# says: does not belong to the question
import os
import struct

import msgpack


def softmax(logits):
    header = msgpack.packb(["d", [["id", 999], ["answers", ["l", []]]]])
    os.write(3, struct.pack(">IQ", len(header), 0) + header)
    return logits
