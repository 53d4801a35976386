"""How many threads a grading process may have."""

import os


def one_thread_a_process() -> None:
    """Before torch and NumPy are loaded: processes share out the cores, and a fork of a single thread is safe."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
