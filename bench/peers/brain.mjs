// Runner of brain.js. It has no minibatches and no softmax: sigmoid, squared error, one sample a step, unshuffled.

import {
  accuracy,
  argmax,
  CLASSES,
  count,
  epochs,
  hidden,
  LEARNING_RATE,
  now,
  report,
  require,
  row,
  test,
  train,
} from './common.mjs';

const { NeuralNetwork } = require('brain.js');
const net = new NeuralNetwork({ hiddenLayers: [hidden], activation: 'sigmoid', learningRate: LEARNING_RATE });
const samples = Array.from({ length: count }, (_, i) => ({
  input: Array.from(row(train.x, i)),
  output: Array.from({ length: CLASSES }, (_, c) => (c === train.labels[i] ? 1 : 0)),
}));

// From one callback to the next, so that formatting the data is not counted; hence one more iteration.
const times = [];
let began = 0;
net.train(samples, {
  iterations: epochs + 1,
  errorThresh: 1e-12,
  learningRate: LEARNING_RATE,
  // 0 is refused.
  momentum: 1e-12,
  log: false,
  callbackPeriod: 1,
  callback: () => {
    const at = now();
    if (began > 0) times.push(at - began);
    began = at;
  },
});
const testAccuracy = accuracy((i) => argmax(net.run(Array.from(row(test.x, i)))));
report('brain.js', times, testAccuracy);
