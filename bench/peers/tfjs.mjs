// Runner of @tensorflow/tfjs: --backend cpu or wasm; --form fit (model.fit, what users write) or hand (below).

import {
  backend,
  batch,
  CLASSES,
  count,
  epochs,
  form,
  hidden,
  LEARNING_RATE,
  now,
  PIXELS,
  permutation,
  report,
  require,
  TESTS,
  test,
  train,
} from './common.mjs';

const tf = require('@tensorflow/tfjs');
if (backend === 'wasm') {
  const path = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');
  require('@tensorflow/tfjs-backend-wasm').setWasmPaths(
    path.slice(0, path.lastIndexOf('tfjs-backend-wasm.wasm')),
  );
}
await tf.setBackend(backend);
await tf.ready();

const tests = tf.tensor2d(test.x, [TESTS, PIXELS]);
/** @type {number[]} */
const times = [];
const predict = form === 'fit' ? await trainByFit() : trainByHand();
const predicted = tf.tidy(() => tf.argMax(predict(tests), 1).dataSync());
const right = test.labels.filter((label, i) => predicted[i] === label).length;
report('@tensorflow/tfjs', times, right / TESTS);

async function trainByFit() {
  const x = tf.tensor2d(train.x, [count, PIXELS]);
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(train.labels), 'int32'), CLASSES).toFloat();
  const initial = { kernelInitializer: 'heNormal' };
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [PIXELS], units: hidden, activation: 'relu', ...initial }),
      tf.layers.dense({ units: CLASSES, activation: 'softmax', ...initial }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(LEARNING_RATE), loss: 'categoricalCrossentropy' });
  let began = 0;
  const callbacks = {
    onEpochBegin: () => {
      began = now();
    },
    onEpochEnd: () => {
      times.push(now() - began);
    },
  };
  await model.fit(x, y, {
    batchSize: batch,
    epochs,
    shuffle: true,
    verbose: 0,
    yieldEvery: 'never',
    callbacks,
  });
  return (images) => model.predict(images);
}

/**
 * The best that was found for this backend: gradients derived by hand, batches gathered in JavaScript, and every
 * transpose written out, since only an untransposed matMul reaches its fast matrix product (XNNPACK).
 */
function trainByHand() {
  const w1 = tf.variable(tf.randomNormal([PIXELS, hidden], 0, Math.sqrt(2 / PIXELS)));
  const b1 = tf.variable(tf.zeros([hidden]));
  const w2 = tf.variable(tf.randomNormal([hidden, CLASSES], 0, Math.sqrt(2 / hidden)));
  const b2 = tf.variable(tf.zeros([CLASSES]));

  const gather = (order) => {
    const n = order.length;
    const x = new Float32Array(n * PIXELS);
    const y = new Float32Array(n * CLASSES);
    order.forEach((from, to) => {
      x.set(train.x.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
      y[to * CLASSES + train.labels[from]] = 1;
    });
    return [tf.tensor2d(x, [n, PIXELS]), tf.tensor2d(y, [n, CLASSES])];
  };
  const step = (order) => {
    const [x, y] = gather(order);
    const h = tf.fused.matMul({ a: x, b: w1, bias: b1, activation: 'relu' });
    const z = tf.fused.matMul({ a: h, b: w2, bias: b2 });
    const delta = tf.mul(tf.sub(tf.softmax(z), y), LEARNING_RATE / order.length);
    const hiddenDelta = tf.mul(tf.matMul(delta, tf.transpose(w2)), tf.step(h));
    w2.assign(tf.sub(w2, tf.matMul(tf.transpose(h), delta)));
    b2.assign(tf.sub(b2, tf.sum(delta, 0)));
    w1.assign(tf.sub(w1, tf.matMul(tf.transpose(x), hiddenDelta)));
    b1.assign(tf.sub(b1, tf.sum(hiddenDelta, 0)));
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const began = now();
    const order = permutation(count);
    for (let at = 0; at < count; at += batch) tf.tidy(() => step(order.subarray(at, at + batch)));
    // Reading a weight waits for all that was asked of the backend.
    w1.dataSync();
    times.push(now() - began);
  }
  return (x) => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2);
}
