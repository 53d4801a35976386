# unit: losses
# tries: to be written down for ever, as a list whose iterator does not end
# stopped by: the deadline
# expect: softmax timeout 0
# says: no answer within 2 s
class Endless(list):
    def __iter__(self):
        while True:
            yield 0


def softmax(logits):
    return Endless([0])
