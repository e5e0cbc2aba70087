/** Minibatch training as an async generator of events. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { Network, type NetworkSpec } from '../network/network.ts';
import { allOf, Batches, type Subset } from './batches.ts';
import { DivergenceError } from './divergence.ts';
import { type Evaluation, Evaluator } from './evaluate.ts';
import type { TrainEvent } from './events.ts';
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

/** An AbortSignal, or what answers like one. Asked once after every step. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** After this many milliseconds of training there is a `batch` event and a turn. */
const TURN_EVERY = 50;

/** Lets the event loop come round: signals, timers, what else the process serves. */
const eventLoopTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

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
  readonly #batches: Batches;
  readonly #validation: Evaluator | undefined;
  readonly #test: Evaluator | undefined;

  constructor(kernels: Kernels, config: TrainConfig, data: TrainData) {
    const { network: spec, epochs, seed } = config;
    const { train, validation, test } = data;
    if (train.rows.length === 0)
      throw new RangeError('Trainer: expected at least one training sample, got none');
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`Trainer: expected a positive whole number of epochs, got ${epochs}`);
    }
    this.#kernels = kernels;
    this.#config = config;
    this.#data = data;
    // A batch never holds more than there is, and memory is laid out for a batch.
    this.network = new Network(kernels, spec, Math.min(config.batchSize, train.rows.length));
    for (const set of [train.samples, validation?.samples, test]) {
      if (set !== undefined) requireFit(this.network, set);
    }
    this.network.initialize(new Random(seed, 'weights'));
    this.#batches = new Batches(kernels, train, this.network.batchSize);
    this.#validation = validation && new Evaluator(kernels, this.network, validation);
    this.#test = test && new Evaluator(kernels, this.network, allOf(test));
  }

  /**
   * Runs all epochs. An aborted `signal` ends the run after the step it is in, with an `end` event that says so.
   *
   * @param turn what is awaited now and then so that others get their turn; nothing if null
   * @throws DivergenceError as soon as the loss, or a weight where an epoch or the run ends, is not finite
   */
  async *run(
    signal?: StopSignal,
    turn: (() => Promise<void>) | null = eventLoopTurn,
  ): AsyncGenerator<TrainEvent, void, void> {
    const { network } = this;
    const kernels = this.#kernels;
    const batches = this.#batches;
    const { epochs, learningRate, seed } = this.#config;
    const optimizer = new Sgd(kernels, network.parameters, learningRate);
    const shuffles = new Random(seed, 'shuffle');
    const correct = kernels.matrix(1, 1);

    yield {
      event: 'start',
      parameters: network.parameters.reduce((sum, { value }) => sum + value.capacity * value.cols, 0),
      trainSamples: batches.size,
      validationSamples: this.#data.validation?.rows.length ?? 0,
      testSamples: this.#data.test?.count ?? 0,
      batchesPerEpoch: batches.count,
      epochs,
    };

    let steps = 0;
    let totalSeconds = 0;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      let lossSum = 0;
      let correctSum = 0;
      let samples = 0;
      let seconds = 0;
      let started = performance.now();
      batches.shuffle(shuffles);
      for (let batch = 0; batch < batches.count; batch++) {
        const count = batches.load(batch);
        const outputs = network.forward(batches.x);
        const loss = network.loss(batches.y).values[0];
        if (!Number.isFinite(loss)) throw this.#diverged(epoch, batch + 1, `the loss is ${loss}`);
        kernels.countCorrect(outputs, batches.y, correct);
        network.backward();
        optimizer.step();
        steps++;
        lossSum += loss * count;
        correctSum += correct.values[0];
        samples += count;

        const last = batch + 1 === batches.count;
        const elapsed = performance.now() - started;
        if (last || elapsed >= TURN_EVERY) {
          seconds += elapsed / 1000;
          yield { event: 'batch', epoch, batch: batch + 1, trainLoss: lossSum / samples };
          if (turn !== null) await turn();
          started = performance.now();
        }
        if (signal?.aborted === true && !(last && epoch === epochs)) {
          this.#requireFinite(epoch, batch + 1);
          seconds += totalSeconds + (performance.now() - started) / 1000;
          yield { event: 'end', epochs: last ? epoch : epoch - 1, steps, seconds, interrupted: true };
          return;
        }
      }
      totalSeconds += seconds;
      this.#requireFinite(epoch, batches.count);
      const held = this.#evaluate(this.#validation, 'validation', epoch);
      yield {
        event: 'epoch',
        epoch,
        trainLoss: lossSum / samples,
        trainAccuracy: correctSum / samples,
        ...(held && { validationLoss: held.loss, validationAccuracy: held.accuracy }),
        seconds,
        samplesPerSecond: samples / seconds,
      };
    }
    const tested = this.#evaluate(this.#test, 'test', epochs);
    yield {
      event: 'end',
      epochs,
      steps,
      ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
      seconds: totalSeconds,
      interrupted: false,
    };
  }

  /** @throws DivergenceError if the loss on these samples is not finite: huge weights overflow on some inputs only */
  #evaluate(evaluator: Evaluator | undefined, name: string, epoch: number): Evaluation | undefined {
    const result = evaluator?.run();
    if (result !== undefined && !Number.isFinite(result.loss)) {
      throw this.#diverged(epoch, this.#batches.count, `the ${name} loss is ${result.loss}`);
    }
    return result;
  }

  /** @throws DivergenceError if a weight is not finite: the last update can do that where its loss was still finite */
  #requireFinite(epoch: number, step: number): void {
    const broken = this.network.parameters.find(({ value }) => !this.#kernels.allFinite(value));
    if (broken !== undefined) throw this.#diverged(epoch, step, `${broken.name} is not finite`);
  }

  #diverged(epoch: number, step: number, what: string): DivergenceError {
    return new DivergenceError({
      epoch,
      step,
      what,
      learningRate: this.#config.learningRate,
      l2: this.#config.network.l2,
      inputsFinite: this.#kernels.allFinite(this.#batches.x),
    });
  }
}

/** @throws RangeError if the samples are not what the network takes */
function requireFit(network: Network, { cols, classes }: Samples): void {
  if (cols !== network.inputs) {
    throw new RangeError(`Trainer: expected samples of ${network.inputs} values, got ${cols}`);
  }
  if (classes !== network.classes) {
    throw new RangeError(`Trainer: expected samples of ${network.classes} classes, got ${classes}`);
  }
}
