/** The code that computes a formula, with the lines that are the formula marked. */

import { CODE } from 'mlp:code';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import type { CodePlace } from './code-places.ts';

/** The layer's code, and the kernel's where it is asked for. */
export function CodePanel({ places }: { places: readonly CodePlace[] }) {
  const [kernels, setKernels] = useState(false);
  const hasKernels = places.some(({ kernel }) => kernel);
  return (
    <section class="step-code" aria-label="The code">
      <div class="step-code-head">
        <h3>Code</h3>
        {hasKernels && (
          <Button pressed={kernels} onPress={() => setKernels(!kernels)}>
            Kernel
          </Button>
        )}
      </div>
      {places
        .filter(({ kernel }) => kernels || !kernel)
        .map((place) => (
          <Source key={place.key} place={place} />
        ))}
    </section>
  );
}

/** Words of the language, comments, strings and numbers; the rest is plain. */
const TOKENS =
  /(?<comment>\/\/.*|\/\*.*?\*\/)|(?<text>'[^']*'|`[^`]*`)|(?<word>\b(?:const|let|for|of|if|else|return|new|this|super|function|export|while|break|continue|void|number|undefined|protected|private|readonly)\b)|(?<number>\b\d[\d.e]*\b)/g;

function Source({ place }: { place: CodePlace }) {
  const found = CODE[place.key];
  if (found === undefined) return null;
  const lines = found.text.split('\n');
  const name = place.key.split('#')[1];
  const first = lines.findIndex((line) => place.line?.test(line));
  return (
    <figure class="step-source">
      <figcaption>
        <span class="mono">
          {found.file}:{found.line + Math.max(0, first)}
        </span>{' '}
        <span class="muted">{name}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with the keys */}
      <pre tabIndex={0}>
        {lines.map((line, n) => (
          <span key={n} class={place.line?.test(line) ? 'step-line step-line-marked' : 'step-line'}>
            <span class="step-line-number">{found.line + n}</span>
            {highlighted(line)}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}

function highlighted(line: string) {
  const parts: (string | preact.JSX.Element)[] = [];
  let at = 0;
  for (const match of line.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ['plain'];
    parts.push(line.slice(at, match.index), <span class={`step-${kind}`}>{match[0]}</span>);
    at = match.index + match[0].length;
  }
  return [...parts, line.slice(at)];
}
