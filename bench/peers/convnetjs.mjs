// Runner of convnetjs: the same network, loss and minibatches, in scalar JavaScript on float64.

import {
  accuracy,
  argmax,
  batch,
  CLASSES,
  count,
  epochs,
  hidden,
  LEARNING_RATE,
  now,
  PIXELS,
  permutation,
  report,
  require,
  row,
  test,
  train,
} from './common.mjs';

const { Net, SGDTrainer, Vol } = require('convnetjs');
const net = new Net();
net.makeLayers([
  { type: 'input', out_sx: 1, out_sy: 1, out_depth: PIXELS },
  { type: 'fc', num_neurons: hidden, activation: 'relu' },
  { type: 'softmax', num_classes: CLASSES },
]);
const trainer = new SGDTrainer(net, {
  method: 'sgd',
  learning_rate: LEARNING_RATE,
  momentum: 0,
  batch_size: batch,
  l1_decay: 0,
  l2_decay: 0,
});

/** @param {Float32Array} x */
function volume(x) {
  const result = new Vol(1, 1, PIXELS, 0);
  result.w.set(x);
  return result;
}
const volumes = Array.from({ length: count }, (_, i) => volume(row(train.x, i)));

const times = [];
for (let epoch = 0; epoch < epochs; epoch++) {
  const began = now();
  for (const i of permutation(count)) trainer.train(volumes[i], train.labels[i]);
  times.push(now() - began);
}
const testAccuracy = accuracy((i) => argmax(net.forward(volume(row(test.x, i))).w));
report('convnetjs', times, testAccuracy);
