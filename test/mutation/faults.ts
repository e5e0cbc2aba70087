/** The semantic mutants: the ways in which a derivation or its program goes wrong, at every site where they apply. */

import type { Apply } from './fault-call.ts';
import {
  activations,
  decaysBiases,
  like,
  of,
  onlyRows,
  phi,
  phiOfZ,
  staleOf,
  swapped,
  times,
  untransposed,
  without,
  writesTo,
} from './fault-values.ts';
import { SITES, type Site, type SiteName } from './sites.ts';

type Reasons = Readonly<Partial<Record<SiteName | Site['kind'], string>>>;

/** A fault, and where it is none. */
export interface Fault {
  readonly name: string;
  readonly apply: Apply;
  /** Why it does not apply, by site or kind of site. */
  readonly no?: Reasons;
  /** Why it computes the same. */
  readonly equivalent?: Reasons;
  /** Why no gradient of a network is another by it, where a check of the layer alone sees it. */
  readonly unseenInDepth?: Reasons;
}

const PHI = 'no φ in it';
const CLASS = 'knows no classes';
const LAMBDA = 'no λ in it';
const MEAN = 'the 1/B is in the loss';
const OWN = 'reads only what its layer owns';
const UNREAD = 'nothing reads it any more';
const noPhi = { dense: PHI, loss: PHI, penalty: PHI };
const noClass = { dense: CLASS, activation: CLASS, penalty: CLASS };
const noMean = { dense: MEAN, activation: MEAN, penalty: MEAN };
const noLambda = { dense: LAMBDA, activation: LAMBDA, loss: LAMBDA };
const oneOperand = { 'Dense ∂L/∂b': 'one operand', identity: 'one operand' };

/** The same reason everywhere but at some sites. */
const onlyAt = (reason: string, ...names: SiteName[]): Reasons =>
  Object.fromEntries(SITES.filter(({ name }) => !names.includes(name)).map(({ name }) => [name, reason]));

/** The rows of the table. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'φ′ dropped',
    apply: (call) => Array.from(call.values, (_, k) => of(call, 'delta').values[k]),
    no: noPhi,
    equivalent: { identity: 'φ′ = 1' },
  },
  {
    name: 'φ for φ′',
    apply: (call) => call.values.map((_, k) => of(call, 'delta').values[k] * phiOfZ(call).values[k]),
    no: noPhi,
  },
  {
    name: 'φ′ at x = φ(z) for z',
    apply: (call) => call.again({ [call.inputs.z ? 'z' : 'x']: phi(call, phiOfZ(call)) }),
    no: noPhi,
    equivalent: {
      relu: 'max(0, z) > 0 where z > 0',
      'leaky-relu': 'φ(z) > 0 where z > 0',
      identity: 'φ′ = 1',
    },
  },
  {
    name: 'transposed',
    apply: ({ values, rows, cols }) => values.map((_, k) => values[(k % rows) * cols + Math.floor(k / rows)]),
    equivalent: { 'Dense ∂L/∂b': 'one row lies in memory as its transpose does' },
  },
  { name: 'operands swapped', apply: swapped, no: oneOperand },
  {
    name: 'operand not transposed',
    apply: untransposed,
    no: onlyAt('nothing to transpose', 'Dense ∂L/∂W', 'Dense ∂L/∂X'),
  },
  { name: '1/B missing: sum for mean', apply: times(({ rows }) => rows), no: noMean },
  {
    name: '1/B twice: mean for sum',
    apply: times((call) => 1 / (call.inputs.delta ?? call.output).rows),
    no: { penalty: 'knows no batch' },
  },
  { name: '1/B of the room for B', apply: times(({ rows, capacity }) => rows / capacity), no: noMean },
  { name: '1/(B·C) for 1/B', apply: times(({ cols }) => 1 / cols), no: noMean },
  { name: 'λ missing', apply: times(() => 0), no: noLambda },
  { name: 'λ doubled', apply: times(() => 2), no: noLambda },
  { name: 'λ/2 for λ', apply: times(() => 0.5), no: noLambda },
  { name: 'λ of the wrong sign', apply: times(() => -1), no: noLambda },
  {
    name: 'λ without W',
    apply: (call) => call.values.map((v, k) => v / of(call, 'w').values[k]),
    no: noLambda,
  },
  { name: 'λ on the biases too', apply: decaysBiases, no: noLambda },
  {
    name: 'λW in place of the gradient',
    apply: ({ values, before }) => values.map((v, k) => v - before[k]),
    no: noLambda,
  },
  { name: 'sign flipped', apply: times(() => -1) },
  { name: 'factor of 2', apply: times(() => 2) },
  { name: '1 for the gradient', apply: ({ values }) => values.map(() => 1) },
  {
    name: 'δ left out',
    apply: (call) => call.again({ delta: like(call, of(call, 'delta'), () => 1) }),
    no: { loss: 'reads no δ', penalty: 'reads no δ' },
  },
  {
    name: 'class off by one',
    apply: (call) => {
      const { values, cols } = of(call, 'y');
      return call.again({ y: like(call, of(call, 'y'), (i, j) => values[i * cols + ((j + 1) % cols)]) });
    },
    no: noClass,
  },
  {
    name: 'target left out',
    apply: (call) => call.again({ y: like(call, of(call, 'y'), () => 0) }),
    no: noClass,
  },
  {
    name: "the class's own column left out",
    apply: without((call, i, j) => of(call, 'y').values[i * call.cols + j] === 1),
    no: noClass,
  },
  {
    name: 'p of the class for that of each',
    apply: (call) => {
      // Where p is made from the score of each class, that of the class for each.
      const role = activations(call);
      const { values, cols } = of(call, role);
      const { values: y } = of(call, 'y');
      const classOf = (i: number) => i * cols + y.subarray(i * cols, (i + 1) * cols).indexOf(1);
      return call.again({ [role]: like(call, of(call, role), (i) => values[classOf(i)]) });
    },
    no: onlyAt('no p in it', 'softmax-cross-entropy', 'sigmoid-cross-entropy'),
  },
  {
    name: 'activations of the batch before',
    apply: (call) => {
      const role = activations(call);
      return call.again({ [role]: staleOf(call, role) });
    },
    no: {
      'Dense ∂L/∂b': 'reads no activations',
      'Dense ∂L/∂X': 'reads no activations',
      penalty: 'reads no activations',
      identity: 'reads no activations',
    },
  },
  {
    name: 'targets of the batch before',
    apply: (call) => call.again({ y: staleOf(call, 'y') }),
    no: noClass,
  },
  {
    name: 'δ of the batch before',
    apply: (call) => call.again({ delta: staleOf(call, 'delta') }),
    no: { loss: 'reads no δ', penalty: 'reads no δ' },
  },
  {
    name: 'added to what stood there',
    apply: ({ values, before }) => values.map((v, k) => v + before[k]),
    no: { penalty: 'is meant to be added' },
  },
  {
    name: 'writes to δ',
    apply: writesTo('delta'),
    no: { loss: 'reads no δ', penalty: 'reads no δ' },
    unseenInDepth: { 'Dense ∂L/∂X': UNREAD, activation: UNREAD },
  },
  {
    name: 'writes to its input',
    apply: writesTo('x', 'z', 's'),
    no: {
      'Dense ∂L/∂b': 'reads δ alone',
      'Dense ∂L/∂X': 'reads δ and W alone',
      sigmoid: OWN,
      tanh: OWN,
      elu: OWN,
      'softmax-cross-entropy': OWN,
      penalty: 'reads W alone',
    },
    unseenInDepth: {
      relu: UNREAD,
      identity: UNREAD,
      'leaky-relu': UNREAD,
      gelu: UNREAD,
      softplus: UNREAD,
      silu: UNREAD,
      'sigmoid-cross-entropy': UNREAD,
      svm: UNREAD,
    },
  },
  { name: 'writes to the targets', apply: writesTo('y'), no: noClass },
  {
    name: 'writes to W',
    apply: writesTo('w'),
    no: onlyAt('reads no W', 'Dense ∂L/∂X', 'L2', 'L1'),
  },
  {
    name: 'last sample left out',
    apply: (call) => {
      if (call.site.kind !== 'dense' || call.inputs.w !== undefined) {
        return without(({ rows }, i) => i === rows - 1)(call);
      }
      return call.again({ delta: onlyRows(call, of(call, 'delta'), (i) => i < of(call, 'delta').rows - 1) });
    },
    no: { penalty: 'knows no batch' },
  },
  {
    name: 'first sample alone',
    apply: (call) => call.again({ delta: onlyRows(call, of(call, 'delta'), (i) => i === 0) }),
    no: onlyAt('no sum over samples in it', 'Dense ∂L/∂W', 'Dense ∂L/∂b'),
  },
  {
    name: 'last row left out',
    apply: without(({ rows }, i) => i === rows - 1),
    no: {
      ...onlyAt('a row is a sample', 'Dense ∂L/∂W', 'Dense ∂L/∂b', 'L2', 'L1'),
      'Dense ∂L/∂b': 'has one row',
    },
  },
  { name: 'last column left out', apply: without(({ cols }, _, j) => j === cols - 1) },
  {
    name: 'first two columns exchanged',
    apply: ({ values, cols }) => values.map((v, k) => (k % cols > 1 ? v : values[k + 1 - 2 * (k % cols)])),
  },
  {
    name: 'one entry off by 0.1 %',
    apply: ({ values }) => {
      const largest = values.reduce((at, v, k) => (Math.abs(v) > Math.abs(values[at]) ? k : at), 0);
      return values.map((v, k) => (k === largest ? v * 1.001 : v));
    },
  },
];
