/** The LaTeX commands that an equation may have. */

/** Letters. */
export const GREEK: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  varepsilon: 'ε',
  eta: 'η',
  lambda: 'λ',
  mu: 'μ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  phi: 'φ',
  varphi: 'φ',
};

/** Signs and functions, each with what it is to its neighbours. */
export const COMMANDS: Readonly<
  Record<
    string,
    { readonly kind: 'atom' | 'operator' | 'open' | 'close' | 'function'; readonly text: string }
  >
> = {
  top: { kind: 'atom', text: 'ᵀ' },
  intercal: { kind: 'atom', text: 'ᵀ' },
  prime: { kind: 'atom', text: '′' },
  partial: { kind: 'atom', text: '∂' },
  nabla: { kind: 'atom', text: '∇' },
  odot: { kind: 'operator', text: '⊙' },
  circ: { kind: 'operator', text: '⊙' },
  otimes: { kind: 'operator', text: '⊗' },
  cdot: { kind: 'operator', text: '·' },
  times: { kind: 'operator', text: '·' },
  le: { kind: 'operator', text: '≤' },
  leq: { kind: 'operator', text: '≤' },
  ge: { kind: 'operator', text: '≥' },
  geq: { kind: 'operator', text: '≥' },
  lt: { kind: 'operator', text: '<' },
  gt: { kind: 'operator', text: '>' },
  ne: { kind: 'operator', text: '≠' },
  neq: { kind: 'operator', text: '≠' },
  leftarrow: { kind: 'operator', text: '←' },
  gets: { kind: 'operator', text: '←' },
  lvert: { kind: 'open', text: '∣' },
  rvert: { kind: 'close', text: '∣' },
  lVert: { kind: 'open', text: '‖' },
  rVert: { kind: 'close', text: '‖' },
  '|': { kind: 'close', text: '‖' },
  '{': { kind: 'open', text: '{' },
  '}': { kind: 'close', text: '}' },
  lbrace: { kind: 'open', text: '{' },
  rbrace: { kind: 'close', text: '}' },
  lbrack: { kind: 'open', text: '[' },
  rbrack: { kind: 'close', text: ']' },
  exp: { kind: 'function', text: 'exp' },
  log: { kind: 'function', text: 'log' },
  ln: { kind: 'function', text: 'ln' },
  max: { kind: 'function', text: 'max' },
  min: { kind: 'function', text: 'min' },
  tanh: { kind: 'function', text: 'tanh' },
  cos: { kind: 'function', text: 'cos' },
};

/** Commands that only set the size or the place of what follows. */
export const IGNORED: readonly string[] = [
  ...[',', ';', ':', '!', ' ', '[', ']', '(', ')', 'limits', 'nolimits', 'displaystyle', 'textstyle'],
  ...['big', 'Big', 'bigg', 'Bigg', 'bigl', 'bigr', 'Bigl', 'Bigr', 'biggl', 'biggr', 'Biggl', 'Biggr'],
];

/** Fonts and accents, which change no meaning. */
export const ACCENTS: readonly string[] = [
  ...['text', 'textrm', 'textbf', 'textit', 'mathrm', 'mathit', 'mathsf', 'mathcal', 'operatorname'],
  ...['vec', 'hat', 'bar', 'tilde', 'overline', 'underline'],
];

/** Fonts in which a 1 is the column of ones, or with `\mathbb` the indicator. */
export const WORDS: readonly string[] = ['mathbb', 'mathbf', 'mathds', 'mathbbm', 'boldsymbol', 'bm'];

/** `, did you mean \odot?` for a command that is one of the known with a letter missing, added, changed or moved. */
export function closest(name: string, known: readonly string[]): string {
  const letters = (word: string) => [...word].sort().join('');
  const isNear = (word: string) =>
    word.length > 2 &&
    (letters(word) === letters(name) ||
      [...word].some((_, k) => word.slice(0, k) + word.slice(k + 1) === name) ||
      [...name].some((_, k) => name.slice(0, k) + name.slice(k + 1) === word) ||
      (word.length === name.length && [...word].filter((c, k) => c !== name[k]).length === 1));
  const near = name.length > 30 ? undefined : known.find(isNear);
  return near === undefined ? '' : `, did you mean \\${near}?`;
}
