# unit: losses
# tries: to look like the teacher's Ctrl-C, which test runners obey
# stopped by: the process boundary: exceptions of every kind are answers
# expect: softmax crashed 0
# says: KeyboardInterrupt
def softmax(logits):
    raise KeyboardInterrupt
