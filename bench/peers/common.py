"""Shared by the Python peers: their arguments, MNIST as floats (never timed), and the JSON line."""

import argparse
import json
import os
import resource
import statistics
import sys


def arguments():
    """Reads the command line. Call before numpy or torch is imported: BLAS reads its thread count when it is loaded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=200)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--form", default="memory")
    a = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(a.threads)
    return a


def load():
    """Training images [60000, 784] as float32 from 0 to 1, their labels, and the same of the test set."""
    import numpy as np

    folder = os.environ["MNIST_DIR"]

    def images(name):
        data = np.fromfile(os.path.join(folder, name), np.uint8)[16:].reshape(-1, 784)
        return data.astype(np.float32) / np.float32(255)

    def labels(name):
        return np.fromfile(os.path.join(folder, name), np.uint8)[8:].astype(np.int64)

    return (
        images("train-images-idx3-ubyte"),
        labels("train-labels-idx1-ubyte"),
        images("t10k-images-idx3-ubyte"),
        labels("t10k-labels-idx1-ubyte"),
    )


def report(peer, version, a, times, accuracy):
    """Prints the result. times: seconds of each epoch; the first is the warm-up."""
    timed = times[1:]
    # Kilobytes, but bytes on macOS.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    result = {
        "peer": peer,
        "threads": a.threads,
        "secondsPerEpoch": statistics.median(timed),
        "range": [min(timed), max(timed)],
        "epochs": len(times),
        "testAccuracy": accuracy,
        "extrapolated": False,
        "version": version,
        "peakRssMb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit),
    }
    print(json.dumps(result), flush=True)
