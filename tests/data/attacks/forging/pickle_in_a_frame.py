# unit: losses
# tries: to have the grader unpickle an object that runs a program
# stopped by: the format of answers: there is no pickle in it
# expect: softmax crashed 0
# says: malformed frame
import os
import pickle
import struct


class Run:
    def __reduce__(self):
        return os.system, ("touch /tmp/backpass-attack-pickle_in_a_frame",)


def softmax(logits):
    header = pickle.dumps(Run())
    os.write(3, struct.pack(">IQ", len(header), 0) + header)
    return logits
