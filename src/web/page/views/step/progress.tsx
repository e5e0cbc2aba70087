/** All formulas of the walk in their order, to choose from, and the buttons that go from one to the next. */

import { Button } from '../../components/button.tsx';
import type { Stop } from './walkthrough.ts';

/** The parts of the walk, as they are called. */
export const DIRECTIONS = { forward: 'Forward', backward: 'Backward', step: 'The step' } as const;

interface ProgressProps {
  readonly stops: readonly Stop[];
  readonly at: number;
  readonly onGo: (to: number) => void;
}

/** The formulas as a line of ids, grouped by direction. */
export function Progress({ stops, at, onGo }: ProgressProps) {
  return (
    <nav class="step-progress" aria-label="Formulas">
      {(Object.keys(DIRECTIONS) as (keyof typeof DIRECTIONS)[]).map((direction) => (
        <div key={direction} class={`step-part step-${direction}`}>
          <p id={`step-${direction}`}>{DIRECTIONS[direction]}</p>
          <ol aria-labelledby={`step-${direction}`}>
            {stops.map(({ step }, n) =>
              step.direction === direction ? (
                <li key={n}>
                  <button
                    type="button"
                    class={n < at ? 'step-chip step-chip-done' : 'step-chip'}
                    aria-current={n === at ? 'step' : undefined}
                    title={step.name}
                    onClick={() => onGo(n)}
                  >
                    <span>{step.formulas[0] ?? ''} </span>
                    <span class="step-chip-symbol">{step.symbol}</span>
                    <span class="visually-hidden">, {step.name}</span>
                  </button>
                </li>
              ) : null,
            )}
          </ol>
        </div>
      ))}
    </nav>
  );
}

/** Where the walk stands, in words, between the buttons to the formula before and the one after. */
export function Steering({ stops, at, onGo }: ProgressProps) {
  const { step } = stops[at];
  return (
    <div class="step-steering">
      <Button label="Previous formula (left arrow key)" disabled={at === 0} onPress={() => onGo(at - 1)}>
        <Arrow left />
      </Button>
      <div class="step-where" aria-live="polite">
        <p class={`step-direction step-${step.direction}`}>
          {DIRECTIONS[step.direction]}, {at + 1} of {stops.length}
        </p>
        <h2>
          {step.formulas.length > 0 && <span class="step-id-here">{step.formulas[0]}</span>} {step.name}
        </h2>
      </div>
      <Button
        primary
        label="Next formula (right arrow key)"
        disabled={at === stops.length - 1}
        onPress={() => onGo(at + 1)}
      >
        <Arrow />
      </Button>
    </div>
  );
}

function Arrow({ left }: { left?: boolean }) {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={left ? 'M12 4L6 10l6 6' : 'M8 4l6 6-6 6'}
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
