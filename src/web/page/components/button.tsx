/** A button. */

import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  /** What it does, where its content does not say so in words. */
  readonly label?: string;
  /** The one thing to do in its place. */
  readonly primary?: boolean;
  /** Without a frame. */
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  /** Of a button that is on or off. */
  readonly pressed?: boolean;
}

/** A push button, or with `pressed` a toggle. */
export function Button({ children, onPress, label, primary, quiet, disabled, pressed }: ButtonProps) {
  const kind = primary ? ' button-primary' : quiet ? ' button-quiet' : '';
  return (
    <button
      type="button"
      class={`button${kind}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
