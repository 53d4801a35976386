# unit: losses
# tries: to end the process from a thread while a check is running
# stopped by: seccomp: a worker has one thread
# expect: softmax crashed 0
# says: can't start new thread
import os
import threading
import time


def leave():
    time.sleep(0.05)
    os._exit(0)


threading.Thread(target=leave).start()


def softmax(logits):
    time.sleep(1)
    return logits
