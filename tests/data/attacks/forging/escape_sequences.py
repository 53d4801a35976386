# unit: losses
# tries: to rewrite the teacher's terminal by escape sequences in its error text
# stopped by: the report, which displays printable characters only
# expect: softmax crashed 0
# says: PASSED 10/10
def softmax(logits):
    raise ValueError("\x1b]0;owned\x07\x1b[2J\x1b[1;1H\u202e\x9b31mPASSED 10/10\r\n" * 50)
