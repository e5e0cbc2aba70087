/** Minibatch training as an async generator of events. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { Network, type NetworkSpec } from '../network/network.ts';
import { allOf, Batches, type Subset } from './batches.ts';
import { DivergenceError } from './divergence.ts';
import { evaluate } from './evaluate.ts';
import type { EndEvent, EpochEvent, TrainEvent } from './events.ts';
import { Sgd } from './optimizers.ts';

export interface TrainConfig {
  readonly network: NetworkSpec;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Decides the initial weights and every shuffle; an integer from 0 to 2³² − 1. */
  readonly seed: number;
}

export interface TrainData {
  readonly train: Subset;
  readonly validation?: Subset;
  readonly test?: Samples;
}

/** The event loop gets a turn (for signals, the bar, a page) after this many milliseconds of training. */
const TURN_EVERY = 50;

/**
 * Trains a network by minibatch SGD. The weights that come out depend on config and data alone: not on the clock,
 * not on who listens, not on how often the event loop gets its turn.
 *
 * @throws RangeError if the config does not fit the data: other inputs or classes, no samples, no epochs
 */
export class Trainer {
  readonly network: Network;
  readonly #kernels: Kernels;
  readonly #config: TrainConfig;
  readonly #data: TrainData;

  constructor(kernels: Kernels, config: TrainConfig, data: TrainData) {
    const { network: spec, epochs, seed } = config;
    const { samples, rows } = data.train;
    if (samples.cols !== spec.inputs) {
      throw new RangeError(`Trainer: expected samples of ${spec.inputs} values, got ${samples.cols}`);
    }
    if (rows.length === 0) throw new RangeError('Trainer: expected at least one training sample, got none');
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`Trainer: expected a positive whole number of epochs, got ${epochs}`);
    }
    this.#kernels = kernels;
    this.#config = config;
    this.#data = data;
    // A batch never holds more than there is, and memory is laid out for a batch.
    this.network = new Network(kernels, spec, Math.min(config.batchSize, rows.length));
    if (samples.classes !== this.network.classes) {
      throw new RangeError(
        `Trainer: expected samples of ${this.network.classes} classes, got ${samples.classes}`,
      );
    }
    this.network.initialize(new Random(seed, 'weights'));
  }

  /**
   * Runs all epochs. An aborted `signal` ends the run after the step it is in, with an `end` event that says so.
   *
   * @throws DivergenceError as soon as the loss, or a weight where an epoch or the run ends, is not finite
   */
  async *run(signal?: AbortSignal): AsyncGenerator<TrainEvent, void, void> {
    const { network } = this;
    const kernels = this.#kernels;
    const { epochs, learningRate, seed } = this.#config;
    const { train, validation, test } = this.#data;
    const batches = new Batches(kernels, train, network.batchSize);
    const optimizer = new Sgd(kernels, network.parameters, learningRate);
    const shuffles = new Random(seed, 'shuffle');
    const correct = kernels.matrix(1, 1);

    yield {
      event: 'start',
      parameters: network.parameters.reduce((sum, { value }) => sum + value.capacity * value.cols, 0),
      trainSamples: train.rows.length,
      validationSamples: validation?.rows.length ?? 0,
      testSamples: test?.count ?? 0,
      batchesPerEpoch: batches.count,
      epochs,
    };

    let steps = 0;
    let totalSeconds = 0;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      batches.shuffle(shuffles);
      let lossSum = 0;
      let correctSum = 0;
      let samples = 0;
      let seconds = 0;
      let turn = performance.now();
      for (let batch = 0; batch < batches.count; batch++) {
        const count = batches.load(batch);
        const outputs = network.forward(batches.x);
        const loss = network.loss(batches.y).values[0];
        if (!Number.isFinite(loss)) throw this.#diverged(epoch, batch + 1, `the loss is ${loss}`, batches);
        kernels.countCorrect(outputs, batches.y, correct);
        network.backward();
        optimizer.step();
        steps++;
        lossSum += loss * count;
        correctSum += correct.values[0];
        samples += count;

        const elapsed = performance.now() - turn;
        if (elapsed < TURN_EVERY && batch + 1 < batches.count) continue;
        seconds += elapsed / 1000;
        yield { event: 'batch', epoch, batch: batch + 1, trainLoss: lossSum / samples };
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (signal?.aborted && !(epoch === epochs && batch + 1 === batches.count)) {
          this.#requireFinite(epoch, batch + 1, batches);
          const done = batch + 1 === batches.count ? epoch : epoch - 1;
          yield { event: 'end', epochs: done, steps, seconds: totalSeconds + seconds, interrupted: true };
          return;
        }
        turn = performance.now();
      }
      totalSeconds += seconds;
      this.#requireFinite(epoch, batches.count, batches);
      yield this.#epochEvent(epoch, lossSum / samples, correctSum / samples, seconds, samples);
    }
    yield this.#endEvent(steps, totalSeconds);
  }

  #epochEvent(
    epoch: number,
    trainLoss: number,
    trainAccuracy: number,
    seconds: number,
    samples: number,
  ): EpochEvent {
    const { validation } = this.#data;
    const held = validation && evaluate(this.#kernels, this.network, validation);
    return {
      event: 'epoch',
      epoch,
      trainLoss,
      trainAccuracy,
      ...(held && { validationLoss: held.loss, validationAccuracy: held.accuracy }),
      seconds,
      samplesPerSecond: samples / seconds,
    };
  }

  #endEvent(steps: number, seconds: number): EndEvent {
    const { test } = this.#data;
    const tested = test && evaluate(this.#kernels, this.network, allOf(test));
    return {
      event: 'end',
      epochs: this.#config.epochs,
      steps,
      ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
      seconds,
      interrupted: false,
    };
  }

  /** @throws DivergenceError if a weight is not finite: the last update can do that where its loss was still finite */
  #requireFinite(epoch: number, step: number, batches: Batches): void {
    const broken = this.network.parameters.find(({ value }) => !this.#kernels.allFinite(value));
    if (broken !== undefined) throw this.#diverged(epoch, step, `${broken.name} is not finite`, batches);
  }

  #diverged(epoch: number, step: number, what: string, batches: Batches): DivergenceError {
    return new DivergenceError({
      epoch,
      step,
      what,
      learningRate: this.#config.learningRate,
      l2: this.#config.network.l2,
      inputsFinite: this.#kernels.allFinite(batches.x),
    });
  }
}
