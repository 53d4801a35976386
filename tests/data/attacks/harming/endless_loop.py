# unit: losses
# tries: to loop for ever, deaf to signals and to exceptions
# stopped by: the deadline
# expect: softmax timeout 0
# says: no answer within 2 s
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGXCPU, signal.SIG_IGN)


def softmax(logits):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
