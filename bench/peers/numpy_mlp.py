"""Runner of backpropagation written by hand on numpy: preallocated buffers, float32, the learning rate folded into δ."""

from common import arguments, load, report

a = arguments()
import time

import numpy as np

X, Y, XT, YT = load()
rng = np.random.default_rng(0)
f = np.float32
n, B, K = len(X), a.batch, a.hidden
W1, b1 = (rng.standard_normal((784, K)) * np.sqrt(2 / 784)).astype(f), np.zeros(K, f)
W2, b2 = (rng.standard_normal((K, 10)) * np.sqrt(2 / K)).astype(f), np.zeros(10, f)
x_, h_, z_, dh_ = np.empty((B, 784), f), np.empty((B, K), f), np.empty((B, 10), f), np.empty((B, K), f)
dW1, dW2 = np.empty_like(W1), np.empty_like(W2)
rows = np.arange(B)


def epoch():
    order = rng.permutation(n)
    labels = Y[order]
    loss = 0.0
    for s in range(0, n, B):
        m = min(B, n - s)
        x, h, z, dh = x_[:m], h_[:m], z_[:m], dh_[:m]
        y = labels[s : s + m]
        # mode="clip" spares np.take a second buffer
        np.take(X, order[s : s + m], axis=0, out=x, mode="clip")
        np.dot(x, W1, out=h)
        h += b1
        np.maximum(h, 0, out=h)
        np.dot(h, W2, out=z)
        z += b2
        z -= z.max(1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(1, keepdims=True)
        loss -= np.log(z[rows[:m], y]).sum()
        z[rows[:m], y] -= 1
        z *= f(0.1) / f(m)
        np.dot(z, W2.T, out=dh)
        dh *= h > 0
        np.dot(h.T, z, out=dW2)
        np.dot(x.T, dh, out=dW1)
        np.subtract(W2, dW2, out=W2)
        np.subtract(W1, dW1, out=W1)
        b2[...] -= z.sum(0)
        b1[...] -= dh.sum(0)
    return loss / n


times = []
for _ in range(a.epochs):
    began = time.perf_counter()
    epoch()
    times.append(time.perf_counter() - began)
predicted = np.argmax(np.maximum(XT @ W1 + b1, 0) @ W2 + b2, 1)
report("numpy", np.__version__, a, times, float((predicted == YT).mean()))
