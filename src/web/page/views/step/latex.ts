/** The statements of an explanation as LaTeX, in which each symbol can be told from the others. */

const WORDS: Readonly<Record<string, string>> = {
  ReLU: String.raw`\mathrm{ReLU}`,
  'leaky ReLU': String.raw`\mathrm{leaky\ ReLU}`,
  ELU: String.raw`\mathrm{ELU}`,
  GELU: String.raw`\mathrm{GELU}`,
  softplus: String.raw`\mathrm{softplus}`,
  softmax: String.raw`\mathrm{softmax}`,
  sign: String.raw`\operatorname{sign}`,
  tanh: String.raw`\tanh`,
  log: String.raw`\log`,
  max: String.raw`\max`,
  min: String.raw`\min`,
};

const SIGNS: Readonly<Record<string, string>> = {
  '−': '-',
  '·': String.raw`\cdot `,
  '⊙': String.raw`\odot `,
  '←': String.raw`\leftarrow `,
  '≠': String.raw`\neq `,
  '≤': String.raw`\le `,
  '>': String.raw`\gt `,
  '∣': String.raw`\vert `,
  Σⱼ: String.raw`\sum_j `,
  Σ: String.raw`\sum `,
  '½': String.raw`\tfrac{1}{2} `,
  '²': '^2',
  ᵀ: String.raw`^\top `,
  '′': "'",
  '𝟙': String.raw`\mathbb{1}`,
  σ: String.raw`\sigma `,
};

/** A run of words of at least two letters, in which commas may stand: `over all weights`. */
const PROSE = '[a-z]{2,}(?:,? [a-z]{2,})*';

const longestFirst = (a: string, b: string) => b.length - a.length;
const escaped = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
const anyOf = (texts: readonly string[]) => [...texts].sort(longestFirst).map(escaped).join('|');

/**
 * A letter of the general network: `x0`, `W1`, `∂L/∂z2`, `x1′`, `λ₁`, `L2`.
 *
 * @param index of its entries, such as `j`
 */
export function symbolLatex(symbol: string, index = ''): string {
  if (symbol.startsWith('∂L/∂')) {
    return String.raw`\frac{\partial L}{\partial ${symbolLatex(symbol.slice(4), index)}}`;
  }
  if (/^L\d$/.test(symbol)) return String.raw`\mathrm{${symbol}}`;
  const [, letter, number, primes] = /^(.+?)([0-9₁]*)(′*)$/u.exec(symbol) as RegExpExecArray;
  const base = { δ: String.raw`\delta`, λ: String.raw`\lambda`, α: String.raw`\alpha` }[letter] ?? letter;
  const below = [number.replace('₁', '1'), index].filter((part) => part !== '').join(',');
  return `${base}${"'".repeat(primes.length)}${below === '' ? '' : `_{${below}}`}`;
}

/**
 * The text of a statement, such as `∂L/∂W2 = x1ᵀ · ∂L/∂s`, as LaTeX. The symbol on the left has the attribute
 * `data-symbol="0"`; one on the right, its place in `right` counted from 1.
 *
 * @param left the symbol that is computed
 * @param right the symbols that have values
 * @throws RangeError if the text has a sign that is not known
 */
export function statementLatex(text: string, left: string, right: readonly string[]): string {
  const symbols = anyOf([left, ...right]);
  const token = new RegExp(
    [
      `(?<![A-Za-z])(?<symbol>${symbols})(?![A-Za-z0-9′])(?<index>ⱼ|_c)?`,
      `(?<word>${anyOf(Object.keys(WORDS))})(?![A-Za-z])`,
      `(?<prose>${PROSE})`,
      `(?<sign>${anyOf(Object.keys(SIGNS))})`,
      '(?<gap>,\\s{2,})',
      '(?<plain>[A-Za-z0-9.,()[\\]+=/]|\\s)',
    ].join('|'),
    'uy',
  );
  let latex = '';
  let onTheLeft = true;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (found === null)
      throw new RangeError(`formula: expected signs that are known, got "${text.slice(from)}"`);
    const { symbol, index, word, prose, sign, gap, plain } = found.groups as Record<
      string,
      string | undefined
    >;
    if (symbol !== undefined) {
      // What stands first is the left side; the same symbol on the right is its value before.
      const place = onTheLeft ? 0 : right.indexOf(symbol) + 1;
      onTheLeft = false;
      const entry = index?.replace('ⱼ', 'j').replace('_', '');
      latex += `{\\htmlData{symbol=${place}}{${symbolLatex(symbol, entry)}}}`;
    } else if (word !== undefined) latex += WORDS[word];
    else if (prose !== undefined) latex += `\\text{ ${prose} }`;
    else if (sign !== undefined) latex += SIGNS[sign];
    else latex += gap === undefined ? plain : String.raw`,\quad `;
  }
  return latex;
}
