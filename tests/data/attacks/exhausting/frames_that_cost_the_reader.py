# unit: losses
# tries: frames that are made once and cost whoever reads them, without end
# stopped by: the length and number of what a worker may say beside its answer
# expect: softmax crashed 0
# says: it says too much beside it
import os, struct
import torch
import msgpack

header = msgpack.packb(["d", [["noticed", "x"], ["y", ["l", [0.5] * 100000]]]])
frame = struct.pack(">IQ", len(header), 0) + header


def softmax(logits):
    while True:
        view = memoryview(frame)
        while view:
            view = view[os.write(3, view) :]


for _name in (
    "mse_loss",
    "mae_loss",
    "huber_loss",
    "log_softmax",
    "cross_entropy",
    "binary_cross_entropy",
    "bce_with_logits",
    "kl_divergence",
):
    globals()[_name] = lambda *a, **k: softmax(None)
