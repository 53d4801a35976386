# unit: losses
# tries: to call the code of a reference implementation under another name
# stopped by: the audit hook: a function made of a library's code
# expect: log_softmax shortcut 0
# says: get around the watch
import functools
import types

import torch
import torch._refs

found = torch._refs.log_softmax
while hasattr(found, "__wrapped__"):
    found = found.__wrapped__
names = {"exp": torch.exp, "amax": torch.amax, "sub": torch.sub, "sum": torch.sum, "log": torch.log}
names |= {"_maybe_convert_to_dtype": lambda x, dtype: x, "logsumexp": torch.logsumexp, "__name__": "losses"}
copied = types.FunctionType(found.__code__, vars(torch._refs) | names, "f", found.__defaults__, found.__closure__)
copied.__kwdefaults__ = found.__kwdefaults__


def log_softmax(logits):
    return functools.singledispatch(copied)(logits, -1, None)
