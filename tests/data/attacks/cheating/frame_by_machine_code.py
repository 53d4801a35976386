# unit: losses
# tries: to walk to the records from a frame that Python's own machine code hands out, and to the hook behind them
# stopped by: an audit hook, which keeps a record of its own
# expect: softmax shortcut 0
# says: run machine code of its own
import ctypes

import torch

current = ctypes.pythonapi.PyEval_GetFrame
current.restype = ctypes.py_object


def softmax(logits):
    result = torch.softmax(logits, -1)
    frame = current()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Trace":
                value.called.clear()
            if type(value).__name__ == "Attempts":
                value._called.clear()
        record = frame.f_globals.get("operators")
        if record is not None:
            record.called.clear()
        frame = frame.f_back
    return result
