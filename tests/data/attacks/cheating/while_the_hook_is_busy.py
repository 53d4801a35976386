# unit: losses
# tries: to walk to the records while the hook tells of something else, by a function of torch that telling calls
# stopped by: an audit hook that uses names of its own, and tells at once
# expect: softmax shortcut 0
# says: look at the frames
import torch

original = torch.no_grad
result = None


def walk():
    frame = me.gi_frame
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
    yield


class Replaced:
    def __enter__(self):
        global me
        if logits_of is not None:
            me = walk()
            next(me)

    def __exit__(self, *_):
        pass


logits_of = None


def softmax(logits):
    global logits_of
    result = torch.softmax(logits, -1)
    torch.no_grad, logits_of = Replaced, logits
    try:
        open("/backpass-none")
    except OSError:
        pass
    torch.no_grad, logits_of = original, None
    return result
