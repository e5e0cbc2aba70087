// KaTeX's style sheet with the woff2 fonts alone, and of those only the ones that the formulas need.

import katex from 'katex';

/** Letters, digits, operators and large delimiters: any formula may need them. */
const ALWAYS = [
  'Main-Regular',
  'Math-Italic',
  'Size1-Regular',
  'Size2-Regular',
  'Size3-Regular',
  'Size4-Regular',
];

/** The fonts of the classes that KaTeX gives to what it sets. */
const BY_CLASS = {
  mathbf: 'Main-Bold',
  textbf: 'Main-Bold',
  mathit: 'Main-Italic',
  textit: 'Main-Italic',
  boldsymbol: 'Math-BoldItalic',
  amsrm: 'AMS-Regular',
  mathbb: 'AMS-Regular',
  textbb: 'AMS-Regular',
  mathcal: 'Caligraphic-Regular',
  mathfrak: 'Fraktur-Regular',
  mathscr: 'Script-Regular',
  mathsf: 'SansSerif-Regular',
  textsf: 'SansSerif-Regular',
  mathtt: 'Typewriter-Regular',
  texttt: 'Typewriter-Regular',
};

/** The fonts that these formulas need: `Main-Regular`, … */
export function fontsOf(latex) {
  const fonts = new Set(ALWAYS);
  for (const formula of latex) {
    const html = katex.renderToString(formula, { displayMode: true, output: 'html' });
    for (const [, classes] of html.matchAll(/class="([^"]*)"/g)) {
      for (const name of classes.split(' ')) if (BY_CLASS[name]) fonts.add(BY_CLASS[name]);
    }
  }
  return fonts;
}

/** The sheet without the faces of other fonts, and each face with its woff2 file alone. */
export function withFonts(css, fonts) {
  return css.replaceAll(/@font-face\{[^}]*\}/g, (face) => {
    const [file, font] = /fonts\/KaTeX_([\w-]+)\.woff2/.exec(face) ?? [];
    if (!fonts.has(font)) return '';
    return face.replace(/src:[^}]*/, `src:url(${file}) format("woff2")`);
  });
}
