# unit: losses
# tries: to end the process without Python's clean-up, with exit status 0, as it is imported
# stopped by: the process boundary
# expect: softmax crashed 0
# says: ended itself with exit status 0
import os

os._exit(0)
