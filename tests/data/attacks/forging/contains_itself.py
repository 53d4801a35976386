# unit: losses
# tries: to be written down for ever, as a dict that contains itself
# stopped by: the limit on the depth of an answer
# expect: softmax failed 0
# says: dict
def softmax(logits):
    answer = {}
    answer["again"] = answer
    return answer
