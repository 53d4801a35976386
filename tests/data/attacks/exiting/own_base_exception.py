# unit: losses
# tries: to raise an exception that `except Exception` does not catch, whose text exits as well
# stopped by: the process boundary: exceptions of every kind are answers
# expect: softmax crashed 0
# says: Passed
# says: its text cannot be shown
class Passed(BaseException):
    def __str__(self):
        raise SystemExit(0)


def softmax(logits):
    raise Passed
