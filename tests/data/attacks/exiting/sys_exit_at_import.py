# unit: losses
# tries: to end the grading process with a clean exit status before any check has run
# stopped by: the process boundary
# expect: softmax crashed 0
# says: does not import: SystemExit
import sys

sys.exit(0)
