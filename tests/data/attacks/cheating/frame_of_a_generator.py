# unit: losses
# tries: walk to the records by the frame of a generator, which no audit event tells of
# stopped by: an audit hook, which keeps a record of its own
# expect: softmax shortcut 0
# says: look at the frames
import torch


def softmax(logits):
    result = torch.softmax(logits, -1)

    def walk():
        frame = me.gi_frame
        while frame is not None:
            for value in list(frame.f_locals.values()):
                if type(value).__name__ == "Trace":
                    value.called.clear()
            record = frame.f_globals.get("operators")
            if record is not None:
                record.called.clear()
            frame = frame.f_back
        yield

    me = walk()
    next(me)
    return result
