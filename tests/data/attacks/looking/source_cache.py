# unit: losses
# tries: to read the solutions' source out of Python's cache of lines
# stopped by: the zygote, which has never loaded them, and Landlock
# expect: softmax crashed 0
# says: no such source
import linecache


def softmax(logits):
    for name in [*linecache.cache, "solutions/losses.py", "@COURSE@/solutions/losses.py"]:
        text = "".join(linecache.getlines(name))
        if "Reference solutions" in text and "tries:" not in text:
            space = {}
            exec(text, space)
            return space["softmax"](logits)
    raise LookupError("no such source")
