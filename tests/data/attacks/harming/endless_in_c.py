# unit: losses
# tries: to stay in C code for ever, as it is imported, where no exception and no Python signal handler gets in
# stopped by: the deadline
# expect: softmax timeout 0
# says: no answer within 2 s
import re

re.match(r"(a+)+$", "a" * 60 + "b")
