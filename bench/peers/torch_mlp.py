"""Runner of PyTorch. --form memory (autograd, batches by index from tensors in memory), loader (TensorDataset and
DataLoader, what tutorials write) or hand (no autograd: backpropagation written out into preallocated tensors)."""

from common import arguments, load, report

a = arguments()
import time

import torch
from torch import nn

torch.set_num_threads(a.threads)
torch.manual_seed(0)
# Denormal numbers are slow and mean nothing here.
torch.set_flush_denormal(True)
X, Y, XT, YT = [torch.from_numpy(v) for v in load()]
n, B, K = len(X), a.batch, a.hidden
LEARNING_RATE = 0.1


def with_autograd():
    model = nn.Sequential(nn.Linear(784, K), nn.ReLU(), nn.Linear(K, 10))
    for layer in (model[0], model[2]):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    loss_function = nn.CrossEntropyLoss()

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach() * len(x)

    def from_memory():
        total = torch.zeros(())
        for i in torch.randperm(n).split(B):
            total += step(X[i], Y[i])
        return total.item() / n

    def from_loader(loader):
        total = torch.zeros(())
        for x, y in loader:
            total += step(x, y)
        return total.item() / n

    if a.form == "memory":
        return from_memory, model
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(X, Y), batch_size=B, shuffle=True)
    return lambda: from_loader(loader), model


def by_hand():
    W1, b1 = torch.randn(784, K) * (2 / 784) ** 0.5, torch.zeros(K)
    W2, b2 = torch.randn(K, 10) * (2 / K) ** 0.5, torch.zeros(10)
    sizes = {B, n % B or B}
    # x, h, z, dh, delta for whole batches, and for the short one at the end
    buffers = {m: [torch.empty(m, cols) for cols in (784, K, 10, K, 10)] for m in sizes}

    @torch.no_grad()
    def epoch():
        order = torch.randperm(n)
        labels = Y[order]
        total = torch.zeros(())
        for s in range(0, n, B):
            m = min(B, n - s)
            x, h, z, dh, delta = buffers[m]
            y = labels[s : s + m].unsqueeze(1)
            torch.index_select(X, 0, order[s : s + m], out=x)
            torch.addmm(b1, x, W1, out=h).relu_()
            torch.addmm(b2, h, W2, out=z)
            log_p = torch.log_softmax(z, 1)
            total -= log_p.gather(1, y).sum()
            torch.exp(log_p, out=delta)
            delta.scatter_add_(1, y, torch.full((m, 1), -1.0))
            delta.mul_(LEARNING_RATE / m)
            torch.mm(delta, W2.t(), out=dh)
            dh.mul_(h > 0)
            W2.addmm_(h.t(), delta, alpha=-1)
            b2.sub_(delta.sum(0))
            W1.addmm_(x.t(), dh, alpha=-1)
            b1.sub_(dh.sum(0))
        return total.item() / n

    return epoch, lambda x: (x @ W1 + b1).relu() @ W2 + b2


epoch, model = by_hand() if a.form == "hand" else with_autograd()
times = []
for _ in range(a.epochs):
    began = time.perf_counter()
    epoch()
    times.append(time.perf_counter() - began)
with torch.no_grad():
    accuracy = (model(XT).argmax(1) == YT).float().mean().item()
report(f"torch-{a.form}", torch.__version__, a, times, accuracy)
