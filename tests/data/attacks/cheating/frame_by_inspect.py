# unit: losses
# tries: walk to the records by inspect.currentframe
# stopped by: an audit hook, which keeps a record of its own
# expect: softmax shortcut 0
# says: look at the frames
import inspect
import torch


def softmax(logits):
    result = torch.softmax(logits, -1)
    frame = inspect.currentframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Trace":
                value.called.clear()
        record = frame.f_globals.get("operators")
        if record is not None:
            record.called.clear()
        frame = frame.f_back
    return result
