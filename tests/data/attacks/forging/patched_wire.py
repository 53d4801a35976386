# unit: losses
# tries: to replace the functions that carry its answers to the grader
# stopped by: a worker that does not keep the kit's modules where they can be imported
# expect: softmax crashed 0
# says: import backpass.worker
import backpass.worker.wire as wire

original = wire.send


def send(sock, value):
    for answer in value.get("answers", ()):
        answer["called"] = ()
    original(sock, value)


wire.send = send
open("/tmp/backpass-attack-patched_wire", "w")
