# unit: losses
# tries: to return an object that is equal and close to everything
# stopped by: the format of answers: an object travels as the name of its type
# expect: softmax failed 0
# says: Perfect
class Perfect:
    shape = dtype = device = property(lambda self: self)

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __bool__(self):
        return True


def softmax(logits):
    return Perfect()
