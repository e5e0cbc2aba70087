/** The modules of `dist` put together in memory, any of them with another text, and with an end to every loop. */

import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { compileFunction } from 'node:vm';
import type * as gradientCheck from '../../src/check/gradients/gradient-check.ts';
import type * as kinks from '../../src/check/gradients/kinks.ts';
import type * as random from '../../src/kernels/random.ts';
import type * as reference from '../../src/kernels/reference.ts';
import type * as activations from '../../src/network/activations.ts';
import type * as dense from '../../src/network/dense.ts';
import type * as dropout from '../../src/network/dropout.ts';
import type * as losses from '../../src/network/losses.ts';
import type * as network from '../../src/network/network.ts';
import type * as penalties from '../../src/network/penalties.ts';

/** All that the checks need of one linked program. */
export type Program = typeof gradientCheck &
  typeof kinks &
  typeof random &
  typeof reference &
  typeof activations &
  typeof dense &
  typeof dropout &
  typeof losses &
  typeof network &
  typeof penalties;

const ENTRIES = [
  'check/gradients/gradient-check.js',
  'check/gradients/kinks.js',
  'kernels/random.js',
  'kernels/reference.js',
  'network/activations.js',
  'network/dense.js',
  'network/dropout.js',
  'network/losses.js',
  'network/network.js',
  'network/penalties.js',
];

/** What a module is as a function of what it imports. */
type Module = (require: (path: string) => object, exports: object, tick: () => void) => void;

/** A mutant ran into its limit: it would have run for ever, or nearly. */
export class EndlessLoop extends Error {}

/** Links the modules of a folder, each program with objects of its own. */
export class Linker {
  readonly #root: URL;
  readonly #modules = new Map<string, Module>();
  /** The program with nothing changed in it. */
  readonly right: Program;
  /** How many rounds of loops may still be made. */
  #ticks = Infinity;

  /** @param root the folder `dist`, as a URL that ends in a slash */
  constructor(root: URL) {
    this.#root = root;
    this.right = this.link();
  }

  /** The text of a module. */
  read(file: string): string {
    return readFileSync(new URL(file, this.#root), 'utf8');
  }

  /**
   * A program, with another text for one of its modules if that is given.
   *
   * @throws SyntaxError if that text is no module
   */
  link(file = '', source = ''): Program {
    const linked = new Map<string, object>();
    const tick = () => {
      if (this.#ticks-- < 0) throw new EndlessLoop('a loop without end');
    };
    const load = (path: string): object => {
      const known = linked.get(path);
      if (known !== undefined) return known;
      const exports = {};
      linked.set(path, exports);
      const module = path === file ? compile(source, path) : this.#module(path);
      module((other) => load(posix.join(posix.dirname(path), other)), exports, tick);
      return exports;
    };
    return Object.assign({}, ...ENTRIES.map(load)) as Program;
  }

  /**
   * Runs linked code.
   *
   * @param rounds how many rounds of loops it may make
   * @throws EndlessLoop past that
   */
  run<T>(rounds: number, code: () => T): T {
    this.#ticks = rounds;
    try {
      return code();
    } finally {
      this.#ticks = Infinity;
    }
  }

  #module(path: string): Module {
    const module = this.#modules.get(path) ?? compile(this.read(path), path);
    this.#modules.set(path, module);
    return module;
  }
}

/** @throws RangeError on a form of import, export or loop that is not known */
function compile(source: string, path: string): Module {
  const names: string[] = [];
  const body = source
    .replaceAll(/^import \{([^}]*)\} from ('[^']*');/gm, (_, imported: string, from: string) => {
      return `const {${imported.replaceAll(' as ', ': ')}} = require(${from});`;
    })
    .replaceAll(/^export ((?:class|function\*?|const) (\w+))/gm, (_, declaration: string, name: string) => {
      names.push(name);
      return declaration;
    })
    .replaceAll(/^export \{([\w$, ]+)\} from ('[^']*');/gm, (_, handedOn: string, from: string) => {
      return `{ const {${handedOn}} = require(${from}); Object.assign(exports, {${handedOn}}); }`;
    })
    .replaceAll(/^export \{\};$/gm, '')
    .replaceAll(/\bfor \(((?:const|let) [^;()]*(?:\([^()]*\)[^;()]*)*;)/g, 'for ($1 tick(),')
    .replaceAll(/\bwhile \(/g, 'while (tick(),');
  const unknown = /^(import|export)\b.*|\bfor \(let (?![^;]*; tick\(\),).*/m.exec(body);
  if (unknown !== null) throw new RangeError(`Linker: expected a known form in ${path}, got ${unknown[0]}`);
  const text = `'use strict'; ${body}\nObject.assign(exports, { ${names.join(', ')} });`;
  return compileFunction(text, ['require', 'exports', 'tick'], { filename: path }) as Module;
}
