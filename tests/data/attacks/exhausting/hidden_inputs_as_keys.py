# unit: losses
# tries: to read hidden inputs back out of the message, as keys of a dict
# stopped by: the length of what a message displays of a dict
# expect: softmax failed 0
# says: dict
def softmax(logits):
    told = repr(logits.tolist())[:400]
    return {f"{number} {told}": number for number in range(100)}
