# unit: losses
# tries: to write into the report by the name of an exception's class, which is its own to choose
# stopped by: the report, which displays printable characters only and little of them
# expect: softmax crashed 0
# says: PASSED
def softmax(logits):
    raise type("PASSED\n\x1b[32m" + "all right " * 10_000, (Exception,), {})("")
