# unit: losses
# tries: to raise SystemExit(0) through whatever calls it
# stopped by: the process boundary: exceptions of every kind are answers
# expect: softmax crashed 0
# says: SystemExit
def softmax(logits):
    raise SystemExit(0)
