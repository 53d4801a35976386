# unit: losses
# tries: to exit while its answer is written down, outside of the call that is watched
# stopped by: the process boundary
# expect: softmax crashed 0
# says: ended itself with exit status
class Answers(dict):
    def items(self):
        raise SystemExit(0)

    def __iter__(self):
        raise SystemExit(0)


def softmax(logits):
    return Answers(a=1)
