# unit: losses
# tries: to get the operator from the compiler's register, from C code
# stopped by: the guards on ways past the watch
# expect: softmax shortcut 0
# says: get around the watch
import torch

operator = torch._C._jit_get_operation("aten::softmax")[0]


def softmax(logits):
    return next(map(operator, [logits], [-1]))
