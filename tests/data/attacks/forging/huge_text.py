# unit: losses
# tries: to fill the report with a hundred million characters
# stopped by: the limit on the text of an error
# expect: softmax crashed 0
# says: ValueError
def softmax(logits):
    raise ValueError("x" * 10**8)
