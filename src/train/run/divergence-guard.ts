/** Watches a run for values that are not finite. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Network } from '../../network/network.ts';
import type { Batches } from '../batches.ts';
import type { TrainConfig, TrainData } from '../config.ts';
import type { Evaluation, Evaluator } from '../evaluate.ts';
import { OPTIMIZERS } from '../optimizers/optimizers.ts';
import { DivergenceError, inputRange } from './divergence.ts';
import { LayerTrace } from './finite.ts';
import type { Progress } from './progress.ts';

/** The weights are checked after this many steps, because a saturating activation can hide one that is not finite. */
const WEIGHTS_EVERY = 100;

export class DivergenceGuard {
  readonly #kernels: Kernels;
  readonly #config: TrainConfig;
  readonly #data: TrainData;
  readonly #batches: Batches;
  readonly #trace: LayerTrace;

  constructor(kernels: Kernels, network: Network, config: TrainConfig, data: TrainData, batches: Batches) {
    this.#kernels = kernels;
    this.#config = config;
    this.#data = data;
    this.#batches = batches;
    this.#trace = new LayerTrace(kernels, network);
  }

  /** The error for a batch whose loss is not finite; to be made before anything else runs through the network. */
  lossError(loss: number, { epoch, batch }: Progress): DivergenceError {
    return this.#error(epoch, batch + 1, `the loss is ${loss}`, this.#trace.origin());
  }

  /** @throws DivergenceError after every 100th step, if a weight is not finite */
  afterStep({ steps, epoch, batch }: Progress): void {
    if (steps % WEIGHTS_EVERY === 0) this.requireFinite(epoch, batch);
  }

  /** @throws DivergenceError if a weight is not finite: the last step can cause that although its loss was finite */
  requireFinite(epoch: number, step: number): void {
    const broken = this.#trace.brokenParameter();
    if (broken !== undefined) throw this.#error(epoch, step, `${broken} is not finite`);
  }

  /** @throws DivergenceError if the loss on these samples is not finite: huge weights overflow on some inputs only */
  evaluate(evaluator: Evaluator | undefined, name: string, epoch: number): Evaluation | undefined {
    const result = evaluator?.run();
    if (result !== undefined && !Number.isFinite(result.loss)) {
      throw this.#error(epoch, this.#batches.count, `the ${name} loss is ${result.loss}`);
    }
    return result;
  }

  #error(epoch: number, step: number, what: string, origin?: string): DivergenceError {
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

  /** λ of the decay that a step multiplies weights by, 1 − ηλ; where a step is normalised, L2 does no such thing. */
  #decay(): number {
    const { network, optimizer } = this.#config;
    const { decoupledDecay, normalised } = OPTIMIZERS[optimizer?.name ?? 'sgd'];
    if (decoupledDecay) return optimizer?.weightDecay ?? 0;
    return normalised ? 0 : network.l2;
  }
}
