# unit: losses
# tries: to be ended by a timer of its own, which no system call to others is needed for
# stopped by: the process boundary
# expect: softmax crashed 0
# says: died of SIGALRM
import signal


def softmax(logits):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while True:
        pass
