/** A folder that looks like a clone of the project after `npm ci`, in which the commands of a page are run. */

import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Output {
  /** What a terminal would show: stdout and stderr as they come. */
  readonly lines: readonly string[];
  readonly code: number | null;
}

export class Clone {
  readonly #place = mkdtempSync(join(tmpdir(), 'mlp-docs-'));
  readonly folder = join(this.#place, 'mlp');

  constructor() {
    cpSync(join(root, 'data'), join(this.folder, 'data'), { recursive: true });
    cpSync(join(root, 'docs/exercises'), join(this.folder, 'docs/exercises'), { recursive: true });
    // Data that a reader downloads: the samples stand in for them.
    cpSync(join(root, 'data/digits'), join(this.folder, 'fashion'), { recursive: true });
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (!name.startsWith('.'))
        symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
    }
    symlinkSync(root, join(modules, 'mlp'), 'junction');
    // `mlp` alone is not on a reader's path, and is not here either. `npm ci` has been run before the tests.
    this.#command(
      'npx',
      `[ "$1" = mlp ] || exit 127\nshift\nexec "${process.execPath}" "${root}bin/mlp.js" "$@"`,
    );
    this.#command('npm', '[ "$*" = ci ] || exit 127');
  }

  #command(name: string, script: string): void {
    const file = join(this.#place, 'bin', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs a line of shell; `interrupt` is Ctrl-C after a line of output that passes. */
  run(command: string, interrupt?: (line: string) => boolean): Promise<Output> {
    const { FORCE_COLOR, NO_COLOR, COLUMNS, ...env } = process.env;
    const PATH = [join(this.#place, 'bin'), env.PATH].join(delimiter);
    return new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', `exec 2>&1\n${command}`], {
        cwd: this.folder,
        env: { ...env, PATH },
        stdio: ['ignore', 'pipe', 'ignore'],
        detached: true,
      });
      let [text, interrupted] = ['', false];
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (interrupted || !interrupt || !text.split('\n').slice(0, -1).some(interrupt)) return;
        interrupted = true;
        process.kill(-(child.pid as number), 'SIGINT');
      });
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({ lines: text.replaceAll(this.folder, '/home/you/mlp').split('\n'), code }),
      );
    });
  }

  remove(): void {
    rmSync(this.#place, { recursive: true, force: true });
  }
}
