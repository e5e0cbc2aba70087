/** Light or dark: the system's wish until the user chooses; the choice is kept where the browser lets it. */

import { signal } from '@preact/signals';

/** The two looks. */
export type Theme = 'light' | 'dark';

const KEY = 'mlp-theme';
const wishesDark = matchMedia('(prefers-color-scheme: dark)');

/** What is shown; canvases read it, so that they are drawn anew when it changes. */
export const theme = signal<Theme>('light');

function stored(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  } catch {
    // Pages opened from disk, and private windows, may have no storage.
    return undefined;
  }
}

function show(next: Theme): void {
  document.documentElement.dataset.theme = next;
  theme.value = next;
}

/** Shows the theme that was chosen before, else the system's, and follows the system from then on. */
export function followTheme(): void {
  const systems = (): Theme => (wishesDark.matches ? 'dark' : 'light');
  show(stored() ?? systems());
  wishesDark.addEventListener('change', () => show(stored() ?? systems()));
}

/** Light for dark, and remembers it. */
export function toggleTheme(): void {
  show(theme.value === 'light' ? 'dark' : 'light');
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // As above: then it holds for this visit.
  }
}

/** The value of a custom property of styles/base.css, such as `--series-1`, in the theme that is shown. */
export function colour(property: `--${string}`): string {
  // Reading the signal subscribes the caller to changes.
  void theme.value;
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
