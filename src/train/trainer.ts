/** Minibatch training as an async generator of events. */

import type { Kernels } from '../kernels/kernels.ts';
import { Random } from '../kernels/random.ts';
import { Network } from '../network/network.ts';
import { type DistortedBatches, distorterFor } from './augmentation.ts';
import { allOf, Batches } from './batches.ts';
import { requireFit, requireValid, type StopSignal, type TrainConfig, type TrainData } from './config.ts';
import { Evaluator } from './evaluate.ts';
import type { EndEvent, EpochEvent, StartEvent, TrainEvent } from './events.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { makeOptimizer } from './optimizers/optimizers.ts';
import { makeSchedule, type Schedule } from './optimizers/schedules.ts';
import { Regulariser } from './regularisation.ts';
import { Checkpoints } from './run/checkpoints.ts';
import { DivergenceGuard } from './run/divergence-guard.ts';
import { answerRequests } from './run/pausing.ts';
import { Progress } from './run/progress.ts';
import { BatchReports, endEvent, epochEvent } from './run/reports.ts';
import { isBetter, type RunState, restore, StateError, type TrainerCourse } from './run/run-state.ts';

/** Lets the event loop run: signals, timers, and whatever else the process serves. */
const eventLoopTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/**
 * Trains a network by minibatch gradient descent. The trained weights depend only on config and data: not on the clock,
 * the listeners, the turns of the event loop, or how often the run was interrupted and resumed.
 *
 * @throws RangeError if the config does not fit the data: other inputs or classes, a label that is no class, no
 *   samples, no epochs, patience without samples held out; if the learning rate is not above 0, or a number of the
 *   optimizer or the schedule is out of range
 */
export class Trainer {
  readonly network: Network;
  /** Moves the network's parameters. */
  readonly optimizer: Optimizer;
  readonly #schedule: Schedule;
  readonly #kernels: Kernels;
  readonly #config: TrainConfig;
  readonly #data: TrainData;
  readonly #batches: Batches;
  readonly #regulariser: Regulariser;
  readonly #validation: Evaluator | undefined;
  readonly #test: Evaluator | undefined;
  readonly #guard: DivergenceGuard;

  /** @param distorted where distorted batches come from (default: augmentation makes them as it goes) */
  constructor(kernels: Kernels, config: TrainConfig, data: TrainData, distorted?: DistortedBatches) {
    requireValid(config, data);
    const { network: spec, seed } = config;
    const { train, validation, test } = data;
    this.#kernels = kernels;
    this.#config = config;
    this.#data = data;
    this.#regulariser = new Regulariser(kernels, config.regularisation ?? {}, spec.loss.name, seed);
    // Memory is laid out for a batch, so a batch is no larger than the training set.
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
    this.#guard = new DivergenceGuard(kernels, this.network, config, data, this.#batches);
  }

  /**
   * Runs all epochs, or stops early when patience runs out. If `signal` is aborted, the run ends after the current step
   * with an `end` event marked as interrupted. With samples held out, the network then has the weights of the best epoch.
   *
   * @param turn awaited now and then so that others get their turn; null for no turns
   * @throws DivergenceError as soon as the loss is not finite or a weight is found not to be. Weights are checked every
   *   100 steps, at the end of an epoch and of the run, and before a checkpoint
   * @throws StateError if `course.from` is the state of another network, optimizer or length of run
   */
  async *run(
    signal?: StopSignal,
    turn: (() => Promise<void>) | null = eventLoopTurn,
    course: TrainerCourse = {},
  ): AsyncGenerator<TrainEvent, void, void> {
    const { network, optimizer } = this;
    const kernels = this.#kernels;
    const batches = this.#batches;
    const regulariser = this.#regulariser;
    const guard = this.#guard;
    const { epochs, learningRate, seed, patience = Infinity } = this.#config;

    const shuffles = new Random(seed, 'shuffle');
    if (course.from !== undefined) this.#restore(course.from, shuffles);
    const progress = new Progress(learningRate, shuffles.save(), course.from);
    const reports = new BatchReports(progress);
    const checkpoints = new Checkpoints(
      { kernels, network, optimizer, regulariser, guard },
      progress,
      course,
    );
    const correct = kernels.matrix(1, 1);

    yield this.#startEvent();
    while (!progress.isOver(epochs, patience)) {
      progress.clock.start();
      batches.shuffle(shuffles);
      while (progress.batch < batches.count) {
        const count = batches.load(progress.batch, progress.epoch);
        regulariser.prepare(network, batches.x, batches.y);
        const outputs = network.forward(batches.x);
        const loss = network.loss(batches.y).values[0];
        if (!Number.isFinite(loss)) {
          yield* reports.pending();
          throw guard.lossError(loss, progress);
        }
        kernels.countCorrect(outputs, batches.y, correct);
        network.backward();
        const rate = learningRate * this.#schedule(progress.steps, batches.count, epochs);
        optimizer.step(rate);
        regulariser.constrain(network);

        const right = correct.values[0];
        progress.addStep(loss, right, count, rate);
        reports.addStep(loss, right / count, rate);
        guard.afterStep(progress);
        const lastBatch = progress.batch === batches.count;
        const reportDue = reports.isDue(lastBatch);
        const checkpointDue = !lastBatch && checkpoints.isDueWithinEpoch();
        if (reportDue || checkpointDue) {
          progress.clock.stop();
          if (checkpointDue) checkpoints.save();
          if (reportDue) {
            yield reports.next();
            if (turn !== null) await turn();
          }
          progress.clock.start();
        }
        yield* answerRequests(course, progress, network, reports, lastBatch, signal);
        if (signal?.aborted === true && !(lastBatch && progress.epoch === epochs)) {
          progress.clock.stop();
          yield* reports.pending();
          yield this.#interrupt(progress, checkpoints);
          return;
        }
      }
      yield this.#endEpoch(progress);
      progress.nextEpoch(shuffles.save());
      if (!progress.isOver(epochs, patience) && checkpoints.isDueBetweenEpochs()) checkpoints.save();
    }
    checkpoints.save();
    yield this.#end(progress);
  }

  #restore(from: RunState, shuffles: Random): void {
    const { epochs } = this.#config;
    const batches = this.#batches.count;
    if (from.epoch > epochs + 1 || from.batch > batches) {
      throw new StateError(
        `Trainer: expected a state within ${epochs} epochs of ${batches} batches, got epoch ${from.epoch}, batch ${from.batch}`,
      );
    }
    const streams = { shuffle: shuffles, dropout: this.#regulariser };
    restore(this.#kernels, from, this.network, this.optimizer, streams);
  }

  #startEvent(): StartEvent {
    return {
      event: 'start',
      parameters: this.network.parameters.reduce((sum, { value }) => sum + value.capacity * value.cols, 0),
      trainSamples: this.#batches.size,
      validationSamples: this.#data.validation?.rows.length ?? 0,
      testSamples: this.#data.test?.count ?? 0,
      batchesPerEpoch: this.#batches.count,
      epochs: this.#config.epochs,
    };
  }

  /** Evaluates the epoch, and keeps its weights if they are the best so far. */
  #endEpoch(progress: Progress): EpochEvent {
    const { epoch, batch, trainLoss, trainAccuracy, best } = progress;
    this.#guard.requireFinite(epoch, batch);
    const validated = this.#guard.evaluate(this.#validation, 'validation', epoch);
    const figures = {
      ...{ epoch, trainLoss, trainAccuracy },
      ...(validated && { validationLoss: validated.loss, validationAccuracy: validated.accuracy }),
    };
    progress.last = figures;
    if (validated !== undefined && isBetter(figures, best?.figures)) {
      progress.best = { figures, parameters: this.network.tensors() };
    }
    return epochEvent(progress);
  }

  #interrupt(progress: Progress, checkpoints: Checkpoints): EndEvent {
    const { epoch, batch, best } = progress;
    this.#guard.requireFinite(epoch, batch);
    checkpoints.save();
    if (best !== undefined) this.network.setTensors(best.parameters);
    const epochs = batch === this.#batches.count ? epoch : epoch - 1;
    return endEvent(progress, { epochs, interrupted: true });
  }

  /** Restores the best weights and evaluates the test set. */
  #end(progress: Progress): EndEvent {
    const epochs = progress.epoch - 1;
    if (progress.best !== undefined) this.network.setTensors(progress.best.parameters);
    const tested = this.#guard.evaluate(this.#test, 'test', epochs);
    return endEvent(progress, {
      epochs,
      ...(epochs < this.#config.epochs && { stoppedEarly: true }),
      ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
      interrupted: false,
    });
  }
}
