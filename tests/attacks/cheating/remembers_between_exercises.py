# unit: losses
# tries: to answer one exercise by the finished article, called as the module is imported
# stopped by: the trace, which looks at the import too
# expect: softmax failed 0
# says: you return
import torch

table = torch.softmax(torch.arange(3.0), -1)


def softmax(logits):
    return table
