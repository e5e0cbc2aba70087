// The peers: what each is, how it is started, and what it takes to have it.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLine, output } from '../child.mjs';

/**
 * @typedef {object} Peer
 * @property {string} name as --only and the table know it
 * @property {'npm' | 'python' | 'c'} kind
 * @property {string} needs the npm package or Python module
 * @property {string[]} command its script and arguments
 * @property {boolean} threaded whether it can use more than one thread
 * @property {boolean} [slow] minutes an epoch: left out by --slow 0, trained on a subset, paired once
 * @property {number} [subset] how many images it trains on
 * @property {number} [runs] at most so many pairs
 * @property {string} about
 */

/** @type {Peer[]} */
export const PEERS = [
  {
    name: 'c-openblas',
    kind: 'c',
    needs: 'cblas.h',
    command: [],
    threaded: true,
    about: 'C, backpropagation fused by hand on OpenBLAS',
  },
  {
    name: 'torch-hand',
    kind: 'python',
    needs: 'torch',
    command: ['torch_mlp.py', '--form', 'hand'],
    threaded: true,
    about: 'PyTorch without autograd: backpropagation by hand into preallocated tensors',
  },
  {
    name: 'torch-memory',
    kind: 'python',
    needs: 'torch',
    command: ['torch_mlp.py', '--form', 'memory'],
    threaded: true,
    about: 'PyTorch with autograd, batches by index from tensors in memory',
  },
  {
    name: 'torch-loader',
    kind: 'python',
    needs: 'torch',
    command: ['torch_mlp.py', '--form', 'loader'],
    threaded: true,
    about: 'PyTorch with autograd and DataLoader',
  },
  {
    name: 'numpy',
    kind: 'python',
    needs: 'numpy',
    command: ['numpy_mlp.py'],
    threaded: true,
    about: 'numpy, backpropagation by hand into preallocated arrays',
  },
  {
    name: 'sklearn',
    kind: 'python',
    needs: 'sklearn',
    command: ['sklearn_mlp.py'],
    threaded: true,
    about: 'scikit-learn, MLPClassifier.partial_fit',
  },
  {
    name: 'tfjs-wasm-hand',
    kind: 'npm',
    needs: '@tensorflow/tfjs-backend-wasm',
    command: ['tfjs.mjs', '--backend=wasm', '--form=hand'],
    threaded: false,
    about: 'TensorFlow.js on wasm, gradients by hand, tuned for its matrix product',
  },
  {
    name: 'tfjs-wasm-fit',
    kind: 'npm',
    needs: '@tensorflow/tfjs-backend-wasm',
    command: ['tfjs.mjs', '--backend=wasm', '--form=fit'],
    threaded: false,
    runs: 1,
    about: 'TensorFlow.js on wasm, model.fit',
  },
  {
    name: 'tfjs-cpu-fit',
    kind: 'npm',
    needs: '@tensorflow/tfjs',
    command: ['tfjs.mjs', '--backend=cpu', '--form=fit'],
    threaded: false,
    slow: true,
    subset: 2000,
    about: 'TensorFlow.js on plain JavaScript, model.fit',
  },
  {
    name: 'convnetjs',
    kind: 'npm',
    needs: 'convnetjs',
    command: ['convnetjs.mjs'],
    threaded: false,
    slow: true,
    subset: 2000,
    about: 'the same network and minibatches in scalar JavaScript',
  },
  {
    name: 'brain.js',
    kind: 'npm',
    needs: 'brain.js',
    command: ['brain.mjs'],
    threaded: false,
    slow: true,
    subset: 2000,
    about: 'sigmoid, squared error and one sample a step, for it has nothing else',
  },
];

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';

/** The command of a peer, without the arguments that every runner takes. @param {Peer} peer */
export function start({ kind, command: [script, ...args] }) {
  if (kind === 'c') return [binary];
  return [kind === 'npm' ? process.execPath : PYTHON, join(FOLDER, script), ...args];
}

/**
 * The environments worth trying: Debian has OpenBLAS on threads of its own, which may fight PyTorch's over the cores
 * (ten times slower, now and then), and on OpenMP, which shares them. Neither is best for all.
 *
 * @param {Peer} peer
 * @returns {Record<string, string>[]}
 */
export function environments({ kind }) {
  if (kind === 'npm') return [{}];
  /** @type {Record<string, string>} */
  const quiet = kind === 'python' ? { PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' } : {};
  const libraries = '/usr/lib';
  const folders = existsSync(libraries) ? readdirSync(libraries) : [];
  const openMp = folders.map((name) => join(libraries, name, 'openblas-openmp')).find(existsSync);
  if (openMp === undefined) return [quiet];
  const path = [openMp, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return [quiet, { ...quiet, LD_LIBRARY_PATH: path }];
}

/** @type {Map<string, Promise<string | undefined>>} */
const asked = new Map();

/**
 * Why a peer cannot be run here, if so. Installs the npm packages and compiles the C program when first asked.
 *
 * @param {Peer} peer
 * @returns {Promise<string | undefined>}
 */
export function missing({ kind, needs }) {
  const question = `${kind} ${needs}`;
  const answer =
    asked.get(question) ?? { npm: missingPackage, python: missingModule, c: missingCompiler }[kind](needs);
  asked.set(question, answer);
  return answer;
}

/** @param {string} name */
const packageFolder = (name) => join(FOLDER, 'node_modules', name);
/** @type {Promise<string | undefined> | undefined} */
let installed;

/** @param {string} name */
async function missingPackage(name) {
  if (existsSync(packageFolder(name))) return undefined;
  installed ??= install();
  const failure = await installed;
  return existsSync(packageFolder(name)) ? undefined : `npm ci in bench/peers failed: ${failure}`;
}

/** Without scripts: some of the packages would build or download what is not needed here. */
async function install() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  console.error(`installing the JavaScript peers: npm ${args.join(' ')} in bench/peers`);
  const { code, err } = await output('npm', args, {}, FOLDER);
  const errors = err.split('\n').filter((line) => line.startsWith('npm error'));
  return code === 0 ? undefined : (errors[0] ?? lastLine(err));
}

/** @param {string} name */
async function missingModule(name) {
  const { code, err } = await output(PYTHON, ['-c', `import numpy, ${name}`]);
  return code === 0 ? undefined : `${PYTHON}: ${lastLine(err)}`;
}

let binary = '';

async function missingCompiler() {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-c-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  binary = join(folder, 'openblas');
  const source = join(FOLDER, 'openblas.c');
  const flags = ['-O3', '-march=native', '-ffast-math'];
  const { code, err } = await output('cc', [...flags, source, '-o', binary, '-lopenblas', '-lm']);
  const error = err.split('\n').find((line) => line.includes('error')) ?? lastLine(err);
  return code === 0 ? undefined : `cc: ${error.replace(FOLDER, '')}`;
}
