/** Which input is taken through the network: a sample of the test set, or what was drawn. */

import { useEffect, useState } from 'preact/hooks';
import type { SampleImage, SamplesInfo } from '../../../protocol.ts';
import { Button } from '../../components/button.tsx';
import { HeatMap } from '../../components/heat-map.tsx';
import { pixelsOf } from '../../source.ts';
import { type Digit, drawn, source } from '../../state.ts';
import { SampleNumber } from './sample-number.tsx';

/** Samples in the strip. */
const A_PAGE = 12;

interface ChoiceProps {
  readonly chosen: Digit | undefined;
  readonly onChoose: (digit: Digit) => void;
  readonly shape: readonly [rows: number, cols: number];
}

/** The strip of test samples, in pages, and the drawing where there is one. */
export function DigitChoice({ chosen, onChoose, shape }: ChoiceProps) {
  const info = source.value?.info.samples;
  const fits = info !== undefined && info.count > 0 && info.rows === shape[0] && info.cols === shape[1];
  // A sample that was handed on from Draw as it is stands in the strip.
  const own = drawn.value?.label === undefined ? drawn.value : undefined;
  return (
    <div class="step-choice">
      {own && <DigitButton digit={own} shape={shape} chosen={chosen === own} onChoose={onChoose} named />}
      {fits && <Strip info={info} chosen={chosen} onChoose={onChoose} shape={shape} />}
      {!fits && drawn.value === undefined && (
        <p>
          Draw something first, in <a href="#draw">Draw</a>: this page has no test samples.
        </p>
      )}
    </div>
  );
}

function Strip({ info, chosen, onChoose, shape }: ChoiceProps & { readonly info: SamplesInfo }) {
  const [from, setFrom] = useState(0);
  const [samples, setSamples] = useState<readonly SampleImage[]>([]);
  const [failed, setFailed] = useState<string | undefined>(undefined);
  useEffect(() => {
    let current = true;
    source.value?.samples(from, A_PAGE).then(
      (found) => {
        if (!current) return;
        setSamples(found);
        setFailed(undefined);
      },
      (error: Error) => {
        if (current) setFailed(error.message);
      },
    );
    return () => {
      current = false;
    };
  }, [from]);
  useEffect(() => {
    if (chosen === undefined && samples.length > 0) onChoose(digitOf(samples[0]));
  }, [samples, chosen, onChoose]);
  const jump = (place: number) => {
    source.value?.samples(place, 1).then(
      ([sample]) => {
        setFrom(place - (place % A_PAGE));
        onChoose(digitOf(sample));
      },
      (error: Error) => setFailed(error.message),
    );
  };
  return (
    <>
      <Button
        label="Earlier samples"
        disabled={from === 0}
        onPress={() => setFrom(Math.max(0, from - A_PAGE))}
      >
        ‹
      </Button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these buttons choose what is shown */}
      <div class="step-strip" role="group" aria-label="Samples of the test set">
        {samples.map((sample) => {
          const digit = digitOf(sample);
          return (
            <DigitButton
              key={sample.index}
              digit={digit}
              shape={shape}
              chosen={chosen?.title === digit.title}
              onChoose={onChoose}
              label={`${digit.title}, class ${info.classes[sample.label]}`}
            />
          );
        })}
      </div>
      <Button
        label="Later samples"
        disabled={from + A_PAGE >= info.count}
        onPress={() => setFrom(from + A_PAGE)}
      >
        ›
      </Button>
      {/* Before the first is chosen what is typed would be lost to it. */}
      {chosen && <SampleNumber index={chosen.index} count={info.count} onChoose={jump} />}
      {failed !== undefined && <p role="alert">{failed}</p>}
    </>
  );
}

const digitOf = (sample: SampleImage): Digit => ({
  pixels: pixelsOf(sample),
  label: sample.label,
  index: sample.index,
  title: `sample ${sample.index}`,
});

interface ButtonProps extends ChoiceProps {
  readonly digit: Digit;
  readonly label?: string;
  /** Whether its title stands under it. */
  readonly named?: boolean;
}

function DigitButton(props: Omit<ButtonProps, 'chosen'> & { readonly chosen: boolean }) {
  const { digit, shape, chosen, onChoose, label = digit.title, named } = props;
  return (
    <button
      type="button"
      class="step-digit"
      aria-pressed={chosen}
      aria-label={label}
      title={label}
      onClick={() => onChoose(digit)}
    >
      <HeatMap
        values={digit.pixels}
        rows={shape[0]}
        cols={shape[1]}
        label={label}
        colours="grey"
        scale={255}
        size={[44, Math.round((44 * shape[0]) / shape[1])]}
        still
      />
      {named && <span class="step-digit-name">{digit.title}</span>}
    </button>
  );
}
