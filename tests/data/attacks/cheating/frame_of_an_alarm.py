# unit: losses
# tries: walk to the records from the frame that a handler of an alarm is given
# stopped by: an audit hook, which keeps a record of its own
# expect: softmax shortcut 0
# says: around the watch
import signal
import torch


def handler(number, frame):
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Trace":
                value.called.clear()
        record = frame.f_globals.get("operators")
        if record is not None:
            record.called.clear()
        frame = frame.f_back


signal.signal(signal.SIGALRM, handler)


def softmax(logits):
    result = torch.softmax(logits, -1)
    signal.setitimer(signal.ITIMER_REAL, 1e-4)
    signal.pause()
    return result
