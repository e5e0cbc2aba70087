/** Every check that the project makes of itself: its layers, losses and networks, its float32, the notes' formulas. */

import type { FormulaId, NoteNet } from '../formulas/formula.ts';
import { NET_DEFINITIONS, NOTE_NETS } from '../formulas/nets/definitions.ts';
import { functionName } from '../formulas/notes/code.ts';
import { FORMULAS } from '../formulas/registry.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix, Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { ReferenceKernels } from '../kernels/reference.ts';
import { ACTIVATION_NAMES, Activation, type ActivationName } from '../network/activations.ts';
import { Dense } from '../network/dense.ts';
import { type Parameter, titleOf } from '../network/layer.ts';
import { LOSS_NAMES, LOSSES, type LossName, MeanLoss } from '../network/losses.ts';
import { Network, perceptron } from '../network/network.ts';
import { L2 } from '../network/penalties.ts';
import { diagnoseGradient } from './diagnosis/diagnosis.ts';
import { float32Checks } from './float32/float32.ts';
import { checkFormulas } from './formulas/formula-checks.ts';
import { checkDropout, checkL1, checkRegularisedNetwork } from './formulas/regularisation-checks.ts';
import {
  checkLayer,
  checkLoss,
  checkNetwork,
  checkPenalty,
  type GradientCheck,
  TOLERANCE,
  type Witness,
} from './gradients/gradient-check.ts';
import {
  drawAwayFromKinks,
  hasKink,
  hasMarginKink,
  marginDistance,
  networkKinkDistance,
  zeroDistance,
} from './gradients/kinks.ts';
import type { Check } from './result.ts';

/** Checks that belong together. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** What the suite is run on. */
export interface SuiteOptions {
  /** What inputs and weights are drawn from (default 1). */
  readonly seed?: number;
}

const WITNESSES: readonly Witness[] = ['complex-step', 'central-difference'];
const BATCH = 4;
const CLASSES = 5;
const HIDDEN: readonly (readonly number[])[] = [[], [5], [5, 3], [5, 3, 4]];

const reference = new ReferenceKernels('float64');

/** Runs every check, group by group, so that a caller can show what is done before all is. */
export function* runSuite({ seed = 1 }: SuiteOptions = {}): Generator<CheckGroup> {
  const group = (title: string, subjects: readonly Subject[]): CheckGroup => ({
    title,
    checks: subjects.flatMap((subject) => WITNESSES.map((witness) => checkSubject(subject, witness))),
  });
  yield group('Layers', layers(seed));
  yield group('Losses, L2 and L1', losses(seed));
  yield group('Networks of 0 to 3 hidden layers with L2', networks(seed));
  yield group('Corners', corners());
  yield { title: 'Training in float32 against float64', checks: float32Checks({ seed }) };
  const formulas = checkFormulas({ seed });
  const ofSlip = ({ name }: Check) => name.startsWith('slip-');
  const isOwn = ({ formulas: [id] }: Check) => id.startsWith('X');
  yield {
    title: 'Formulas of the notes',
    checks: formulas.filter((check) => !ofSlip(check) && !isOwn(check)),
  };
  yield { title: "The project's own formulas, not in the notes", checks: formulas.filter(isOwn) };
  yield { title: 'Slips of the notes', checks: formulas.filter(ofSlip) };
}

/** Something with a backward of its own, to be checked by each witness. */
interface Subject {
  readonly name: string;
  readonly formulas: readonly FormulaId[];
  check(witness: Witness): readonly GradientCheck[];
}

function layers(seed: number): Subject[] {
  const random = new Random(seed, 'check layers');
  const x = randomMatrix(BATCH, 6, random);
  const makeDense = (kernels: Kernels) => {
    const layer = new Dense(kernels, 6, 3, { batchSize: BATCH });
    randomizeParameters(layer.parameters, seed);
    return layer;
  };
  const dense: Subject = {
    name: 'Dense',
    formulas: citing('Dense'),
    check: (witness) => checkLayer(makeDense, x, { witness }),
  };
  const activations = ACTIVATION_NAMES.map((name): Subject => {
    const z = reference.matrix(BATCH, 6);
    drawAwayFromKinks(
      () => randomize(z, random, 2),
      () => (hasKink(new Activation(reference, name, 6, BATCH)) ? zeroDistance(z) : Infinity),
    );
    return {
      name: titleOf(name),
      formulas: activationFormulas(name),
      check: (witness) => checkLayer((kernels) => new Activation(kernels, name, 6, BATCH), z, { witness }),
    };
  });
  const dropout: Subject = {
    name: 'Dropout',
    formulas: citing('Dropout'),
    check: (witness) => checkDropout(witness, seed),
  };
  return [dense, ...activations, dropout];
}

function losses(seed: number): Subject[] {
  const random = new Random(seed, 'check losses');
  const subjects = LOSS_NAMES.map((name): Subject => {
    const x = reference.matrix(BATCH, CLASSES);
    const y = reference.matrix(BATCH, CLASSES);
    drawAwayFromKinks(
      () => {
        randomize(x, random, 2);
        randomizeTargets(y, random);
      },
      () => (hasMarginKink(name) ? marginDistance(x, y) : Infinity),
    );
    return {
      name: titleOf(name),
      formulas: lossFormulas(name),
      check: (witness) =>
        checkLoss((kernels) => new MeanLoss(kernels, name, CLASSES, BATCH), x, y, { witness }),
    };
  });
  const makePenalty = (kernels: Kernels) => {
    const { parameters } = new Dense(kernels, 6, 3, { batchSize: BATCH });
    randomizeParameters(parameters, seed);
    return { l2: new L2(kernels, 0.37, parameters), parameters };
  };
  const penalty: Subject = {
    name: 'L2',
    formulas: citing('L2'),
    check: (witness) => checkPenalty(makePenalty, { witness }),
  };
  const magnitudes: Subject = {
    name: 'L1',
    formulas: citing('L1'),
    check: (witness) => checkL1(witness, seed),
  };
  return [...subjects, penalty, magnitudes];
}

function networks(seed: number): Subject[] {
  const combinations = LOSS_NAMES.flatMap((loss) =>
    ACTIVATION_NAMES.map((activation): Subject => {
      const drawn = HIDDEN.map((hidden) => ({
        depth: hidden.length,
        ...drawNetwork(loss, activation, hidden, seed),
      }));
      return {
        name: `${loss}, ${activation}`,
        formulas: networkFormulas(loss, activation),
        check: (witness) =>
          drawn.flatMap(({ depth, make, x, y }) =>
            checkNetwork(make, x, y, { witness }).map((result) => ({
              ...result,
              what: `${result.what} with ${depth} hidden`,
            })),
          ),
      };
    }),
  );
  const regularised: Subject = {
    name: 'dropout, L1 and L2',
    formulas: ['X24', 'X25', 'C2', 'C6'],
    check: (witness) => checkRegularisedNetwork(witness, seed),
  };
  return [...combinations, sparseInputs(seed), regularised];
}

/** Inputs of which only the nonzero ones are stored, as of MNIST, in a short batch after a longer one. */
function sparseInputs(seed: number): Subject {
  const random = new Random(seed, 'check sparse inputs');
  const samples: Samples = {
    count: 2 * BATCH,
    cols: 12,
    values: Uint8Array.from({ length: 2 * BATCH * 12 }, () =>
      random.below(4) === 0 ? 1 + random.below(255) : 0,
    ),
    scale: 1 / 255,
    labels: Uint8Array.from({ length: 2 * BATCH }, (_, i) => i % CLASSES),
    classes: CLASSES,
  };
  const order = Uint32Array.from({ length: 2 * BATCH }, (_, i) => i);
  const x = reference.batch(samples, 2 * BATCH);
  const y = reference.matrix(2 * BATCH, CLASSES);
  reference.gather(samples, order, 0, BATCH, x, y);
  const spec = perceptron({ inputs: 12, hidden: [5], classes: CLASSES, activation: 'tanh', l2: 0.05 });
  const make = (kernels: Kernels) => {
    const network = new Network(kernels, spec, 2 * BATCH);
    randomizeParameters(network.parameters, seed);
    return network;
  };
  return {
    name: 'sparse inputs in a short batch',
    formulas: ['C2', 'C3', 'C4', 'C5', 'C6'],
    check: (witness) => checkNetwork(make, x, y, { witness }),
  };
}

/** At a corner there is no derivative: the entry is unchecked, and what backward gives must lie between the slopes. */
function corners(): Subject[] {
  const z = reference.matrix(2, 4);
  z.values.set([0, 1.5, -0.7, 0.3, -0.2, 0, 2, 0]);
  const scores = reference.matrix(2, 4);
  const y = reference.matrix(2, 4);
  scores.values.set([2, 1, 0.5, 1.75, 0.1, 0.6, -0.4, 0.2]); // margins 0, −½, ¾ and ½, 0, 0.6
  y.values.set([1, 0, 0, 0, 0, 1, 0, 0]);
  return [
    {
      name: 'Relu at z = 0',
      formulas: ['B8', 'C6'],
      check: (witness) => checkLayer((kernels) => new Activation(kernels, 'relu', 4, 2), z, { witness }),
    },
    {
      name: 'LeakyRelu at z = 0',
      formulas: ['X20'],
      check: (witness) =>
        checkLayer((kernels) => new Activation(kernels, 'leaky-relu', 4, 2), z, { witness }),
    },
    {
      name: 'Svm at a margin of 0',
      formulas: ['E5'],
      check: (witness) => checkLoss((kernels) => new MeanLoss(kernels, 'svm', 4, 2), scores, y, { witness }),
    },
  ];
}

/** A network with all that a gradient check of it needs, away from kinks and with no gradient near 0. */
function drawNetwork(loss: LossName, activation: ActivationName, hidden: readonly number[], seed: number) {
  const random = new Random(seed, `check ${loss} ${activation} ${hidden}`);
  const spec = perceptron({ inputs: 6, hidden, classes: CLASSES, activation, loss, l2: 0.05 });
  const network = new Network(reference, spec, BATCH);
  const x = reference.matrix(BATCH, 6);
  const y = reference.matrix(BATCH, CLASSES);
  drawAwayFromKinks(
    () => {
      randomize(x, random);
      randomizeTargets(y, random);
      for (const { value } of network.parameters) randomize(value, random, 1.5);
    },
    () => (hasGradients(network, x, y) ? networkKinkDistance(network, x, y) : 0),
  );
  const tensors = network.tensors();
  const make = (kernels: Kernels) => {
    const twin = new Network(kernels, spec, BATCH);
    twin.setTensors(tensors);
    return twin;
  };
  return { make, x, y };
}

/** Whether every parameter has a gradient that is worth a check: under dead units it would be 0, whatever the formula. */
function hasGradients(network: Network, x: Matrix, y: Matrix): boolean {
  network.forward(x);
  network.loss(y);
  network.backward();
  return network.parameters.every(({ gradient }) => gradient.values.some((g) => Math.abs(g) > 1e-3));
}

/** One check of several tensors: as bad as the worst of them, each against its own tolerance. */
function checkSubject({ name, formulas, check }: Subject, witness: Witness): Check {
  const results = check(witness);
  const failed = results.find(({ passed }) => !passed);
  return {
    name,
    formulas,
    method: witness,
    expected: 'pass',
    maxRelativeError: Math.max(...results.map(({ error }) => error)),
    tolerance: TOLERANCE[witness],
    passed: failed === undefined,
    unchecked: results.reduce((sum, { unchecked }) => sum + unchecked, 0),
    diagnosis: failed === undefined ? null : explainFailure(failed),
  };
}

function explainFailure(result: GradientCheck): string {
  const { what, error, shape, analytic, numeric, circumstances } = result;
  if (result.unchecked === numeric.length) return `${what}: every entry lies at a kink, so nothing was shown`;
  const cause = diagnoseGradient({ tensor: what.split(' ')[0], shape, analytic, numeric, ...circumstances });
  return `${what} is off by ${error.toExponential(1)}${cause === null ? '' : `: ${cause}`}`;
}

/** The formulas that a class or function computes a part of, by the registry. */
function citing(...classes: readonly string[]): FormulaId[] {
  return FORMULAS.filter(({ code }) => code.some(({ name }) => classes.includes(name.split('.')[0]))).map(
    ({ id }) => id,
  );
}

/** The formulas of an activation: those of its own, and those that state what the layer does of every φ or of this one. */
function activationFormulas(name: ActivationName): FormulaId[] {
  return FORMULAS.filter(({ code, net, activation: own }) => {
    if (net === undefined || code.every((reference) => !reference.name.startsWith('Activation.')))
      return false;
    return own === undefined ? hasActivation(net, name) : own === name;
  }).map(({ id }) => id);
}

/** The formulas of a loss of one row and of its gradient. */
const lossFormulas = (name: LossName): FormulaId[] =>
  citing(functionName(name), `${functionName(name)}Gradient`);

/** Whether a note's network has this φ, or any. */
function hasActivation(net: NoteNet, name: ActivationName): boolean {
  const { activation, activationIsOpen } = NET_DEFINITIONS[net];
  return activationIsOpen || activation === name;
}

/** What holds for scores in the loss: C's formulas but for its loss, and D's φ where it is another than C's. */
function scoreFormulas(activation: ActivationName): FormulaId[] {
  const ofC: FormulaId[] = ['C2', 'C4', 'C5', 'C6'];
  return hasActivation('C', activation) ? ofC : [...ofC, 'D1', 'D5'];
}

/** The formulas that a whole network of a loss and an activation goes through, up and down, in the registry's order. */
function networkFormulas(loss: LossName, activation: ActivationName): FormulaId[] {
  const nets = NOTE_NETS.filter(
    (net) => NET_DEFINITIONS[net].loss === loss && hasActivation(net, activation),
  );
  const stated = [...lossFormulas(loss), ...(LOSSES[loss].scores ? scoreFormulas(activation) : [])];
  return FORMULAS.filter(
    ({ id, net, activation: own }) =>
      stated.includes(id) ||
      own === activation ||
      (own === undefined && net !== undefined && nets.includes(net)),
  ).map(({ id }) => id);
}

function randomizeParameters(parameters: readonly Parameter[], seed: number): void {
  const random = new Random(seed, 'check parameters');
  for (const { value } of parameters) randomize(value, random);
}

function randomize(matrix: Matrix, random: Random, bound = 1): void {
  for (let k = 0; k < matrix.rows * matrix.cols; k++) matrix.values[k] = random.uniform(-bound, bound);
}

function randomMatrix(rows: number, cols: number, random: Random): Matrix {
  const matrix = reference.matrix(rows, cols);
  randomize(matrix, random);
  return matrix;
}

/** A class at random for each row, one-hot. */
function randomizeTargets(y: Matrix, random: Random): void {
  y.values.fill(0);
  for (let i = 0; i < y.rows; i++) y.values[i * y.cols + random.below(y.cols)] = 1;
}
