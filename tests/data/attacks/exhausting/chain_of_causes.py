# unit: losses
# tries: to raise an exception with a cause of its own, 50,000 times over, for whoever prints them all
# stopped by: the worker, which sends the last one alone
# expect: softmax crashed 0
# says: 49999
def softmax(logits):
    last = None
    for number in range(50_000):
        error = ValueError(number)
        error.__cause__, last = last, error
    raise last
