/** The field in which a sample of the test set is chosen by its number. */

import { useState } from 'preact/hooks';
import { countText } from '../../number-text.ts';
import { source } from '../../state.ts';

interface NumberProps {
  /** The sample that is chosen, if one is. */
  readonly index: number | undefined;
  /** How many samples there are. */
  readonly count: number;
  /** @param place among the samples of the source */
  readonly onChoose: (place: number) => void;
}

/** A number, and beside it what it may be. */
export function SampleNumber({ index, count, onChoose }: NumberProps) {
  const [refused, setRefused] = useState<string | undefined>(undefined);
  const given = source.value;
  if (given === undefined) return null;
  const choose = (text: string) => {
    if (text.trim() === '') return;
    const place = given.placeOf(Number(text));
    if (place !== undefined && Number.isInteger(place)) {
      setRefused(undefined);
      onChoose(place);
      return;
    }
    setRefused(
      given.served
        ? `Expected a whole number from 0 to ${countText(count - 1)}.`
        : `This file holds ${countText(count)} samples of the test set, and number ${text} is none of them.`,
    );
  };
  return (
    <div class="step-by-number">
      <label class="step-field">
        Sample number
        <input
          key={index}
          type="number"
          min={0}
          step={1}
          {...(given.served && { max: count - 1 })}
          defaultValue={index === undefined ? '' : String(index)}
          aria-invalid={refused !== undefined}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      </label>
      <span class="muted">
        {given.served ? `of ${countText(count)}` : `${countText(count)} in this file`}
      </span>
      {refused !== undefined && <p role="alert">{refused}</p>}
    </div>
  );
}
