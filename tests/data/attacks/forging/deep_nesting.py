# unit: losses
# tries: to exhaust the grader's stack by an answer nested ten thousand deep
# stopped by: the limit on the depth of an answer
# expect: softmax failed 0
# says: list
def softmax(logits):
    nested = []
    for _ in range(10_000):
        nested = [nested]
    return nested
