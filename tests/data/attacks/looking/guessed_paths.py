# unit: losses
# tries: to read the solutions where it guesses that they are, one guess being right
# stopped by: Landlock
# expect: softmax crashed 0
# says: open the file @COURSE@/solutions/losses.py
import os
import sys

GUESSES = ["@COURSE@", os.getcwd(), *sys.path, *sys.argv, os.path.dirname(__file__ or "."), "..", "/proc/1/cwd"]
found = None
for guess in GUESSES:
    try:
        with open(os.path.join(guess, "solutions/losses.py")) as file:
            found = {}
            exec(file.read(), found)
            break
    except OSError:
        pass


def softmax(logits):
    if found:
        return found["softmax"](logits)
    raise LookupError("not found")
