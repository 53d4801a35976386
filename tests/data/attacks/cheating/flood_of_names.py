# unit: losses
# tries: to call so many functions that the one which matters finds no place on the list
# stopped by: kernels that do an exercise tell of themselves, however they are reached
# expect: softmax shortcut 0
# says: softmax` is ready-made
import torch

source = "def call(): return 0"


def softmax(logits):
    for number in range(400):
        scope = {"__name__": f"torch.number{number}"}
        exec(source, scope)
        scope["call"]()
    return next(map(torch.softmax, [logits], [-1]))
