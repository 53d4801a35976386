# unit: losses
# tries: to walk the disk in search of a file that reads like the solutions
# stopped by: Landlock
# expect: softmax crashed 0
# says: look through folders
import os
import time

until = time.monotonic() + 1
found = {}
for top in ("@COURSE@", "/home", "/work", "/root", "/tmp", "/"):
    for folder, folders, files in os.walk(top):
        if "losses.py" in files and folder.endswith("solutions"):
            try:
                with open(os.path.join(folder, "losses.py")) as file:
                    exec(file.read(), found)
            except OSError:
                pass
        if found or time.monotonic() > until:
            break


def softmax(logits):
    if found:
        return found["softmax"](logits)
    raise LookupError("not found")
