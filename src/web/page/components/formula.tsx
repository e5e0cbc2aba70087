/** A formula, typeset. */

import katex from 'katex';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface FormulaProps {
  /** Without delimiters. */
  readonly latex: string;
  /** On a line of its own. */
  readonly display?: boolean;
}

/**
 * Lets the keyboard reach an element, to scroll it, while it is wider than its place.
 *
 * @param on whether to watch it
 * @param content what it holds: measured anew when that changes
 */
export function useScrollKeys(place: RefObject<HTMLElement | null>, on: boolean, content: string): void {
  useLayoutEffect(() => {
    const { current } = place;
    if (!on || current === null) return;
    const measure = () => {
      if (current.scrollWidth > current.clientWidth) current.tabIndex = 0;
      else current.removeAttribute('tabindex');
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(current);
    // A font that comes late changes the width of what is within, not of the element.
    document.fonts.addEventListener('loadingdone', measure);
    return () => {
      sizes.disconnect();
      document.fonts.removeEventListener('loadingdone', measure);
    };
  }, [place, on, content]);
}

/** KaTeX's blackboard letters have no digits, so that an indicator's 1 would look like any other: it is set bold. */
export const withBoldOne = (latex: string) =>
  latex.replaceAll(String.raw`\mathbb{1}`, String.raw`\mathbf{1}`);

/**
 * LaTeX typeset by KaTeX, with MathML for screen readers. Nodes are made, not HTML text: the page's policy forbids style
 * attributes in text. Where it is wider than its place it can be scrolled, with the keyboard too.
 */
export function RenderedFormula({ latex, display = false }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    katex.render(withBoldOne(latex), place.current, {
      displayMode: display,
      throwOnError: false,
      strict: 'ignore',
    });
  }, [latex, display]);
  useScrollKeys(place, display, latex);
  return <span class={display ? 'formula formula-display' : 'formula'} ref={place} />;
}
