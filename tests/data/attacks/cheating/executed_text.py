# unit: losses
# tries: to call the library function from code that is in no file
# stopped by: the trace
# expect: softmax shortcut 0
# says: softmax
import torch


def softmax(logits):
    space = {"logits": logits}
    exec(
        "import scipy.special, torch\nout = torch.from_numpy(scipy.special.softmax(logits.detach().numpy(), -1))", space
    )
    return space["out"]
