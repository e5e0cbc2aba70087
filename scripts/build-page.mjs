// Bundles src/web/page into dist/web: the page that the server serves, and the same as one file. Runs after tsc.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { allCodeLines } from './page/code-lines.mjs';
import { fontsOf, withFonts } from './page/katex-fonts.mjs';

const { FORMULAS, SLIPS } = await import('../dist/formulas/registry.js');
const { DATA_MARKER } = await import('../dist/web/standalone.js');

const OUT = 'dist/web/page';
const STANDALONE = 'dist/web/standalone.html';

const latex = [
  ...[...FORMULAS, ...SLIPS].flatMap((statement) => statement.latex),
  ...FORMULAS.flatMap(({ symbols }) => symbols.map((symbol) => symbol.latex)),
];
const fonts = fontsOf(latex);
const code = allCodeLines(FORMULAS);

const codeModule = {
  name: 'the lines of code that the formulas cite',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^mlp:code$/ }, () => ({ path: 'mlp:code', namespace: 'mlp' }));
    onLoad({ filter: /^mlp:code$/, namespace: 'mlp' }, () => ({
      contents: `export const CODE = ${JSON.stringify(code)};`,
    }));
  },
};

const fontSheet = {
  name: 'fewer fonts',
  setup({ onLoad }) {
    onLoad({ filter: /katex(\.min)?\.css$/ }, ({ path }) => ({
      contents: withFonts(readFileSync(path, 'utf8'), fonts),
      loader: 'css',
    }));
  },
};

const oneThread = {
  name: 'no kernels for shared memory',
  setup({ onLoad }) {
    onLoad({ filter: /kernels[\\/]wasm[\\/]module\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(SHARED = )'[^']*'/, "$1''"),
      loader: 'ts',
    }));
  },
};

const noServer = {
  name: 'without the views that need a server',
  setup({ onLoad }) {
    onLoad({ filter: /views[\\/](run|compare)[\\/]index\.tsx$/ }, () => ({
      contents: 'export const RunView = () => null, CompareView = RunView;',
    }));
  },
};

/** The files of a bundle by name. */
async function bundle(fontLoader, plugins) {
  const { outputFiles } = await build({
    entryPoints: { app: 'src/web/page/main.tsx' },
    outdir: OUT,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.woff2': fontLoader },
    assetNames: 'fonts/[name]',
    logLevel: 'warning',
    plugins: [codeModule, fontSheet, oneThread, ...plugins],
  });
  return outputFiles;
}

const shell = readFileSync('src/web/index.html', 'utf8');
const page = (parts) => shell.replaceAll(/\{\{(\w+)\}\}\n?/g, (_, name) => parts[name]);
const policy = (directives) =>
  Object.entries({ 'default-src': "'none'", ...directives, 'base-uri': "'none'", 'form-action': "'none'" })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

rmSync(OUT, { recursive: true, force: true });
mkdirSync(`${OUT}/fonts`, { recursive: true });

for (const { path, contents } of await bundle('file', [])) writeFileSync(path, contents);
const served = {
  csp: policy({
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self' data: blob:",
    'connect-src': "'self'",
  }),
  style: '<link rel="stylesheet" href="app.css">\n',
  data: '',
  script: '<script type="module" src="app.js"></script>\n',
};
writeFileSync(`${OUT}/index.html`, page(served));

const files = await bundle('dataurl', [noServer]);
const textOf = (ending) => files.find(({ path }) => path.endsWith(ending)).text.trim();
const [script, style] = [textOf('.js'), textOf('.css')];
if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style) || (script + style).includes(DATA_MARKER)) {
  throw new Error('standalone page: expected a script and styles that can stand in HTML');
}
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inlined = {
  csp: policy({
    'script-src': `${hash(script)} 'wasm-unsafe-eval'`,
    'style-src': hash(style),
    'font-src': 'data:',
    'img-src': 'data: blob:',
  }),
  style: `<style>${style}</style>\n`,
  data: `<script type="application/json" id="mlp-data">${DATA_MARKER}</script>\n`,
  script: `<script type="module">${script}</script>\n`,
};
writeFileSync(STANDALONE, page(inlined));

const size = (path) => `${(statSync(path).size / 1000).toFixed(1).padStart(7)} kB  ${path}`;
for (const name of ['index.html', 'app.js', 'app.css']) console.log(size(`${OUT}/${name}`));
const fontBytes = readdirSync(`${OUT}/fonts`).map((name) => statSync(`${OUT}/fonts/${name}`).size);
const total = fontBytes.reduce((sum, bytes) => sum + bytes, 0);
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  ${OUT}/fonts, ${fontBytes.length} files`);
console.log(`${size(STANDALONE)}, without a model`);
