# unit: losses
# tries: to import the solutions
# stopped by: the import path of the zygote
# expect: softmax crashed 0
# says: import solutions
def softmax(logits):
    import solutions.losses

    return solutions.losses.softmax(logits)
