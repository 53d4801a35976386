# unit: losses
# tries: to find the solutions and graders among the loaded modules
# stopped by: the zygote, which has never loaded them
# expect: softmax crashed 0
# says: no module of the course
import sys


def softmax(logits):
    for name, module in list(sys.modules.items()):
        if name.startswith(("solutions", "graders", "backpass")):
            return module.softmax(logits)
    raise LookupError("no module of the course")
