/** Minibatch training as an async generator of events. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { Network, type NetworkSpec } from '../network/network.ts';
import { type AugmentationOptions, type DistortedBatches, distorterFor } from './augmentation.ts';
import { allOf, Batches, type Subset } from './batches.ts';
import { DivergenceError, inputRange } from './divergence.ts';
import { type Evaluation, Evaluator } from './evaluate.ts';
import type { BatchEvent, TrainEvent } from './events.ts';
import { LayerTrace } from './finite.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { makeOptimizer, type OptimizerOptions } from './optimizers/optimizers.ts';
import { makeSchedule, type Schedule, type ScheduleOptions } from './optimizers/schedules.ts';
import { type Regularisation, Regulariser } from './regularisation.ts';
import { type EpochFigures, isBetter, restore, saveOptimizer, type TrainerCourse } from './run-state.ts';
import { PAUSE, SNAPSHOT } from './watch/run-control.ts';
import { StepList } from './watch/step-list.ts';

export interface TrainConfig {
  readonly network: NetworkSpec;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Decides the initial weights and every shuffle; an integer from 0 to 2³² − 1. */
  readonly seed: number;
  /** Ends the run after so many epochs without a better one by validation; without it, all epochs run. */
  readonly patience?: number;
  /** How a step follows from the gradients; absent, it is plain SGD. */
  readonly optimizer?: OptimizerOptions;
  /** How the learning rate changes over the run; absent, it stays as it is. */
  readonly schedule?: ScheduleOptions;
  /** Besides L2, which is the network's (default none). */
  readonly regularisation?: Regularisation;
  /** How training samples, which are images then, are distorted (default: not at all). */
  readonly augmentation?: AugmentationOptions;
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

/** After this many steps the weights are looked at: a saturating activation can hide one that is not finite. */
const WEIGHTS_EVERY = 100;

/** Lets the event loop come round: signals, timers, what else the process serves. */
const eventLoopTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/**
 * Trains a network by minibatch gradient descent. The weights that come out depend on config and data alone: not on
 * the clock, not on who listens, not on how often the event loop gets its turn, and not on how often the run was broken
 * off and continued.
 *
 * @throws RangeError if the config does not fit the data: other inputs or classes, a label that is no class, no
 *   samples, no epochs, patience without samples held out; if the learning rate is not above 0, or a number of the
 *   optimizer or the schedule is out of range
 */
export class Trainer {
  readonly network: Network;
  /** What moves the network's parameters. */
  readonly optimizer: Optimizer;
  readonly #schedule: Schedule;
  readonly #kernels: Kernels;
  readonly #config: TrainConfig;
  readonly #data: TrainData;
  readonly #batches: Batches;
  readonly #regulariser: Regulariser;
  readonly #validation: Evaluator | undefined;
  readonly #test: Evaluator | undefined;
  readonly #trace: LayerTrace;

  /** @param distorted where distorted batches come from; without it, augmentation makes its own as it goes */
  constructor(kernels: Kernels, config: TrainConfig, data: TrainData, distorted?: DistortedBatches) {
    const { network: spec, epochs, seed, learningRate, patience } = config;
    const { train, validation, test } = data;
    if (train.rows.length === 0)
      throw new RangeError('Trainer: expected at least one training sample, got none');
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new RangeError(`Trainer: expected a positive whole number of epochs, got ${epochs}`);
    }
    if (patience !== undefined && (!Number.isInteger(patience) || patience < 1)) {
      throw new RangeError(`Trainer: expected a patience of 1 or more epochs, got ${patience}`);
    }
    if (patience !== undefined && validation === undefined) {
      throw new RangeError('Trainer: expected samples held out for patience to go by, got none');
    }
    if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
      throw new RangeError(`Trainer: expected a learning rate above 0, got ${learningRate}`);
    }
    this.#kernels = kernels;
    this.#config = config;
    this.#data = data;
    // A batch never holds more than there is, and memory is laid out for a batch.
    this.#regulariser = new Regulariser(kernels, config.regularisation ?? {}, spec.loss.name, seed);
    const batchSize = Math.min(config.batchSize, train.rows.length);
    this.network = new Network(kernels, spec, batchSize, this.#regulariser.terms);
    for (const set of [train.samples, validation?.samples, test]) {
      if (set !== undefined) requireFit(this.network, set);
    }
    this.network.initialize(new Random(seed, 'weights'));
    this.optimizer = makeOptimizer(kernels, this.network.parameters, config.optimizer ?? { name: 'sgd' });
    this.#schedule = makeSchedule(config.schedule ?? { name: 'constant' });
    const source = distorted ?? distorterFor(kernels, config, train.samples, this.network.batchSize);
    this.#batches = new Batches(kernels, train, this.network.batchSize, source);
    this.#validation = validation && new Evaluator(kernels, this.network, validation);
    this.#test = test && new Evaluator(kernels, this.network, allOf(test));
    this.#trace = new LayerTrace(kernels, this.network);
  }

  /**
   * Runs all epochs, or until patience is at its end. An aborted `signal` ends the run after the step it is in, with an
   * `end` event that says so. With samples held out, the network then has the weights of the best epoch.
   *
   * @param turn what is awaited now and then so that others get their turn; nothing if null
   * @throws DivergenceError as soon as the loss is not finite, or a weight is found not to be: they are looked at every
   *   100 steps, where an epoch or the run ends, and before a checkpoint
   * @throws RangeError if `course.from` is the state of another network, optimizer or length of run
   */
  async *run(
    signal?: StopSignal,
    turn: (() => Promise<void>) | null = eventLoopTurn,
    course: TrainerCourse = {},
  ): AsyncGenerator<TrainEvent, void, void> {
    const { network } = this;
    const kernels = this.#kernels;
    const batches = this.#batches;
    const { epochs, learningRate, seed, patience = Infinity } = this.#config;
    const { from, checkpoint, checkpointEvery, control, paused } = course;
    const { optimizer } = this;
    const shuffles = new Random(seed, 'shuffle');
    const correct = kernels.matrix(1, 1);
    if (from !== undefined) {
      if (from.epoch > epochs + 1 || from.batch > batches.count) {
        throw new RangeError(
          `Trainer: expected a state within ${epochs} epochs of ${batches.count} batches, got epoch ${from.epoch}, batch ${from.batch}`,
        );
      }
      restore(kernels, from, network, optimizer, { shuffle: shuffles, dropout: this.#regulariser });
    }

    yield {
      event: 'start',
      parameters: network.parameters.reduce((sum, { value }) => sum + value.capacity * value.cols, 0),
      trainSamples: batches.size,
      validationSamples: this.#data.validation?.rows.length ?? 0,
      testSamples: this.#data.test?.count ?? 0,
      batchesPerEpoch: batches.count,
      epochs,
    };

    let steps = from?.steps ?? 0;
    let rate = learningRate;
    let totalSeconds = from?.seconds ?? 0;
    let last = from?.last;
    let best = from?.best;
    let epoch = from?.epoch ?? 1;
    let resumed = from;
    let { lossSum, correctSum, samples, epochSeconds: seconds } = from ?? EPOCH_START;
    let order = shuffles.save();
    const save = (batch: number) => {
      this.#requireFinite(epoch, batch);
      const generators = { shuffle: order, dropout: this.#regulariser.save() };
      const parameters = network.tensors();
      const sums = { lossSum, correctSum, samples, epochSeconds: seconds };
      const kept = { parameters, optimizer: saveOptimizer(kernels, optimizer), generators };
      const state = { epoch, batch, steps, ...sums, seconds: totalSeconds, ...kept };
      checkpoint?.({ ...state, ...(last && { last }), ...(best && { best }) });
    };
    const giveWeights = (batch: number) => {
      const parameters = network.tensors();
      course.snapshot?.({ step: steps, epoch, batch, parameters });
    };
    const told = new StepList(steps);
    const batchEvent = (batch: number): BatchEvent => ({
      ...{ event: 'batch', epoch, batch, trainLoss: lossSum / samples },
      steps: told.take(),
    });
    const exhausted = () => best !== undefined && epoch - 1 - best.figures.epoch >= patience;

    while (epoch <= epochs && !exhausted()) {
      let started = performance.now();
      batches.shuffle(shuffles);
      for (let batch = resumed?.batch ?? 0; batch < batches.count; batch++) {
        const count = batches.load(batch, epoch);
        this.#regulariser.prepare(network, batches.x, batches.y);
        const outputs = network.forward(batches.x);
        const loss = network.loss(batches.y).values[0];
        if (!Number.isFinite(loss)) {
          if (told.length > 0) yield batchEvent(batch);
          throw this.#diverged(epoch, batch + 1, `the loss is ${loss}`, this.#trace.origin());
        }
        kernels.countCorrect(outputs, batches.y, correct);
        network.backward();
        rate = learningRate * this.#schedule(steps, batches.count, epochs);
        optimizer.step(rate);
        this.#regulariser.constrain(network);
        steps++;
        lossSum += loss * count;
        correctSum += correct.values[0];
        samples += count;
        told.add(loss, correct.values[0] / count, rate);
        if (steps % WEIGHTS_EVERY === 0) this.#requireFinite(epoch, batch + 1);

        const lastBatch = batch + 1 === batches.count;
        const now = performance.now();
        const due = checkpoint !== undefined && !lastBatch && isDue(steps, checkpointEvery);
        const tell = lastBatch || now - started >= TURN_EVERY;
        if (tell || due) {
          seconds += (now - started) / 1000;
          if (due) save(batch + 1);
          if (tell) {
            yield batchEvent(batch + 1);
            if (turn !== null) await turn();
          }
          started = performance.now();
        }
        let asked = control?.take(lastBatch) ?? 0;
        if ((asked & (PAUSE | SNAPSHOT)) !== 0) {
          seconds += (performance.now() - started) / 1000;
          const pauses = (asked & PAUSE) !== 0;
          if (pauses && told.length > 0) yield batchEvent(batch + 1);
          if (pauses) paused?.(true);
          for (;;) {
            if ((asked & SNAPSHOT) !== 0) giveWeights(batch + 1);
            if ((asked & PAUSE) === 0 || signal?.aborted === true) break;
            asked = (await control?.next()) ?? 0;
          }
          if (pauses) paused?.(false);
          started = performance.now();
        }
        if (signal?.aborted === true && !(lastBatch && epoch === epochs)) {
          seconds += (performance.now() - started) / 1000;
          if (told.length > 0) yield batchEvent(batch + 1);
          this.#requireFinite(epoch, batch + 1);
          if (checkpoint !== undefined) save(batch + 1);
          if (best !== undefined) network.setTensors(best.parameters);
          yield {
            event: 'end',
            epochs: lastBatch ? epoch : epoch - 1,
            steps,
            ...keptFigures(last, best?.figures),
            seconds: totalSeconds + seconds,
            interrupted: true,
          };
          return;
        }
      }
      resumed = undefined;
      totalSeconds += seconds;
      this.#requireFinite(epoch, batches.count);
      const held = this.#evaluate(this.#validation, 'validation', epoch);
      last = {
        epoch,
        trainLoss: lossSum / samples,
        trainAccuracy: correctSum / samples,
        ...(held && { validationLoss: held.loss, validationAccuracy: held.accuracy }),
      };
      if (held !== undefined && isBetter(last, best?.figures)) {
        best = { figures: last, parameters: network.tensors() };
      }
      yield { event: 'epoch', ...last, learningRate: rate, seconds, samplesPerSecond: samples / seconds };
      ({ lossSum, correctSum, samples, epochSeconds: seconds } = EPOCH_START);
      epoch++;
      order = shuffles.save();
      const goesOn = epoch <= epochs && !exhausted();
      if (checkpoint !== undefined && goesOn && isDue(steps, checkpointEvery ?? 1)) save(0);
    }
    if (checkpoint !== undefined) save(0);
    const done = epoch - 1;
    if (best !== undefined) network.setTensors(best.parameters);
    const tested = this.#evaluate(this.#test, 'test', done);
    yield {
      event: 'end',
      epochs: done,
      steps,
      ...keptFigures(last, best?.figures),
      ...(done < epochs && { stoppedEarly: true }),
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
    const broken = this.#trace.brokenParameter();
    if (broken !== undefined) throw this.#diverged(epoch, step, `${broken} is not finite`);
  }

  /** λ of the decay that a step multiplies weights by, 1 − ηλ; where a step is normalised, L2 does no such thing. */
  #decay(): number {
    const { network, optimizer } = this.#config;
    if (optimizer?.name === 'adamw') return optimizer.weightDecay ?? 0;
    return optimizer?.name === 'rmsprop' || optimizer?.name === 'adam' ? 0 : network.l2;
  }

  #diverged(epoch: number, step: number, what: string, origin?: string): DivergenceError {
    const inputs = inputRange(this.#data.train.samples);
    return new DivergenceError({
      epoch,
      step,
      stepsPerEpoch: this.#batches.count,
      what,
      ...(origin && { origin }),
      learningRate: this.#config.learningRate,
      l2: this.#decay(),
      inputsFinite: this.#kernels.allFinite(this.#batches.x),
      ...(inputs && { inputs }),
    });
  }
}

/** What an epoch's sums are before its first batch. */
const EPOCH_START = { lossSum: 0, correctSum: 0, samples: 0, epochSeconds: 0 };

/** Whether a checkpoint is due after so many steps; never within an epoch if `every` is undefined. */
function isDue(steps: number, every: number | undefined): boolean {
  return every !== undefined && steps % every === 0;
}

/** For the `end` event: the figures of the epoch whose weights are kept. */
function keptFigures(last: EpochFigures | undefined, best: EpochFigures | undefined) {
  const kept = best ?? last;
  if (kept === undefined) return {};
  const { epoch, ...figures } = kept;
  return { ...figures, ...(best && { bestEpoch: epoch }) };
}

/** @throws RangeError if the samples are not what the network takes */
function requireFit(network: Network, { cols, classes, labels }: Samples): void {
  if (cols !== network.inputs) {
    throw new RangeError(`Trainer: expected samples of ${network.inputs} values, got ${cols}`);
  }
  if (classes !== network.classes) {
    throw new RangeError(`Trainer: expected samples of ${network.classes} classes, got ${classes}`);
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new RangeError(
      `Trainer: expected labels below ${classes}, got ${labels[wrong]} at sample ${wrong}`,
    );
  }
}
