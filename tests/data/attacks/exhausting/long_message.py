# unit: losses
# tries: to make the class's report read megabytes
# stopped by: the length of messages
# expect: softmax failed 0
def softmax(logits):
    return [[f"{number}{'(' * 150}" for number in range(60)], [10**18 + number for number in range(1000)]]
