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
