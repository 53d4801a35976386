# unit: losses
# tries: to have so much noted that nothing more is, and then to walk to the records
# stopped by: an audit hook that uses names of its own, and tells at once
# expect: softmax shortcut 0
# says: look at the frames
import torch


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


def softmax(logits):
    global me
    for number in range(25):
        try:
            open(f"/backpass-{number}")
        except OSError:
            pass
    result = torch.softmax(logits, -1)
    me = walk()
    next(me)
    return result
