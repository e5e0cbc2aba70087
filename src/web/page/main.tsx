/** The page's entry: styles, theme, what the page has been given, then the app. */

import { render } from 'preact';
import 'katex/dist/katex.min.css';
import './styles/base.css';
import './styles/components.css';
import './styles/app.css';
import { App } from './app.tsx';
import { openSource } from './source.ts';
import { failure, source } from './state.ts';
import { followTheme } from './theme.ts';

followTheme();
// A file that misses the view which takes it would be opened in place of the page.
for (const kind of ['dragover', 'drop'] as const) addEventListener(kind, (event) => event.preventDefault());
const place = document.getElementById('app');
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
}
openSource().then(
  (opened) => {
    source.value = opened;
  },
  (error: Error) => {
    failure.value = error.message;
  },
);
