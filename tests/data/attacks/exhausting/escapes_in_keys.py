# unit: losses
# tries: to write to the instructor's terminal and CI log, by keys of a dict and a device's name
# stopped by: the wire, which lets printable text through only
# expect: softmax failed 0
def softmax(logits):
    return {"\x1b]0;owned\x07\n::error file=grade.py::all wrong": 1}
