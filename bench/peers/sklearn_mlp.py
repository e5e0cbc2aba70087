"""Runner of scikit-learn's MLPClassifier: each partial_fit shuffles and makes one pass of minibatches."""

from common import arguments, load, report

a = arguments()
import time

import sklearn
from sklearn.neural_network import MLPClassifier

X, Y, XT, YT = load()
model = MLPClassifier(
    (a.hidden,),
    activation="relu",
    solver="sgd",
    alpha=0,
    batch_size=a.batch,
    learning_rate_init=0.1,
    momentum=0,
    nesterovs_momentum=False,
    shuffle=True,
    random_state=0,
)
times = []
for _ in range(a.epochs):
    began = time.perf_counter()
    model.partial_fit(X, Y, classes=list(range(10)))
    times.append(time.perf_counter() - began)
report("sklearn", sklearn.__version__, a, times, float(model.score(XT, YT)))
