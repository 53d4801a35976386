# unit: losses
# tries: to answer the next question before it is asked, with "right" as its answer
# stopped by: the format of answers, and the grader, which knows the numbers to expect
# expect: softmax crashed 0
# says: answer
import os
import struct

import msgpack


def softmax(logits):
    answer = {"value": True, "raised": None, "changed": {}, "devices": [], "side_effects": [], "called": []}
    for number in range(2, 12):
        header = msgpack.packb({"id": number, "answers": [answer] * 3, "noticed": []})
        os.write(3, struct.pack(">IQ", len(header), 0) + header)
    return logits
