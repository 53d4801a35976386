# unit: losses
# tries: to recurse for ever
# stopped by: the process boundary: a RecursionError is an answer
# expect: softmax crashed 0
# says: RecursionError
def softmax(logits):
    return softmax(logits)
