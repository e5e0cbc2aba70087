/** The frame of the page: its head with the tabs, and the view that is chosen. */

import { useRef } from 'preact/hooks';
import { Button } from './components/button.tsx';
import { failure, source, type ViewName, view, views } from './state.ts';
import { theme, toggleTheme } from './theme.ts';
import { CompareView } from './views/compare/index.tsx';
import { DrawView } from './views/draw/index.tsx';
import { RunView } from './views/run/index.tsx';
import { StepView } from './views/step/index.tsx';

const VIEWS: Readonly<
  Record<ViewName, { readonly title: string; readonly View: () => preact.JSX.Element | null }>
> = {
  run: { title: 'Run', View: RunView },
  draw: { title: 'Draw', View: DrawView },
  step: { title: 'Step through', View: StepView },
  compare: { title: 'Compare', View: CompareView },
};

/** The whole page. */
export function App() {
  return (
    <>
      <header class="head">
        <div class="head-name">
          <span class="wordmark">mlp</span>
          <span class="head-title">{title()}</span>
        </div>
        <Tabs />
        <Button
          quiet
          label={`Switch to the ${theme.value === 'light' ? 'dark' : 'light'} theme`}
          onPress={toggleTheme}
        >
          <ThemeIcon />
        </Button>
      </header>
      <main class="main">
        <Views />
      </main>
    </>
  );
}

/** What is being looked at: the model's name, or that a run is. */
function title(): string {
  const info = source.value?.info;
  return info?.model?.name ?? (info?.run ? 'training run' : '');
}

function Tabs() {
  const list = useRef<HTMLDivElement>(null);
  const names = views.value;
  const choose = (name: ViewName) => {
    location.hash = name;
    list.current?.querySelector<HTMLElement>(`#tab-${name}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = names.indexOf(view.value as ViewName);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(names[(to + names.length) % names.length]);
  };
  if (names.length === 0) return <div class="tabs" />;
  return (
    <div class="tabs" role="tablist" aria-label="Views" ref={list} onKeyDown={onKeyDown}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="tab"
          id={`tab-${name}`}
          aria-controls={`view-${name}`}
          aria-selected={view.value === name}
          tabIndex={view.value === name ? 0 : -1}
          onClick={() => choose(name)}
        >
          {VIEWS[name].title}
        </button>
      ))}
    </div>
  );
}

/** A view stays as it is while another is shown, from its first visit on. */
function Views() {
  const visited = useRef(new Set<ViewName>());
  if (view.value !== undefined) visited.current.add(view.value);
  if (failure.value !== undefined) return <p role="alert">{failure.value}</p>;
  if (source.value === undefined) return <p class="muted">Loading …</p>;
  if (view.value === undefined) return <p class="muted">There is no model of images to show.</p>;
  return views.value.map((name) => {
    if (!visited.current.has(name)) return <div key={name} id={`view-${name}`} hidden />;
    const { View } = VIEWS[name];
    return (
      <div
        key={name}
        id={`view-${name}`}
        role="tabpanel"
        aria-labelledby={`tab-${name}`}
        class="view"
        hidden={name !== view.value}
      >
        <View />
      </div>
    );
  });
}

function ThemeIcon() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
      <path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor" />
    </svg>
  );
}
