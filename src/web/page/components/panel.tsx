/** A titled part of a view. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface PanelProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** A line under the title. */
  readonly note?: string;
  /** What stands at the right of the title. */
  readonly actions?: ComponentChildren;
  /** Takes the whole width of a `.grid`. */
  readonly wide?: boolean;
}

/** A section with a heading of the second level; several stand in an element of the class `grid`. */
export function Panel({ title, children, note, actions, wide }: PanelProps) {
  const id = useId();
  return (
    <section class={wide ? 'panel panel-wide' : 'panel'} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {actions && <div class="panel-actions">{actions}</div>}
      </div>
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
