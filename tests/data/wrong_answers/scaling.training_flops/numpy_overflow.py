# wrong: 64 bits
import numpy as np


def training_flops(sizes, batch_size, steps):
    s = np.array(sizes, dtype=np.int64)
    return int(6 * (s[:-1] * s[1:]).sum() * np.int64(batch_size) * np.int64(steps))
