/** The digit that is taken through: its picture, its label, and what the network makes of it. */

import type { Explanation } from '../../../../explain/explain.ts';
import type { Model } from '../../../../formats/model.ts';
import { fiveDigits, HeatMap } from '../../components/heat-map.tsx';
import { Panel } from '../../components/panel.tsx';
import type { Digit } from '../../state.ts';

interface FactsProps {
  readonly digit: Digit;
  readonly shape: readonly [rows: number, cols: number];
  readonly model: Model;
  readonly explanation: Explanation;
  /** The class that the user has chosen for a digit without a label. */
  readonly target: number | undefined;
  readonly onTarget: (target: number | undefined) => void;
}

/** The panel of the digit. */
export function DigitFacts({ digit, shape, model, explanation, target, onTarget }: FactsProps) {
  const { classes } = model;
  const { label, prediction, probabilities, outputs } = explanation;
  const sure = probabilities
    ? `probability ${(100 * probabilities[prediction]).toFixed(2)}\u00a0%`
    : `output ${fiveDigits(outputs[prediction])}`;
  return (
    <Panel title={digit.title[0].toUpperCase() + digit.title.slice(1)}>
      <div class="step-facts">
        <HeatMap
          values={digit.pixels}
          rows={shape[0]}
          cols={shape[1]}
          label={digit.title}
          colours="grey"
          scale={255}
          size={[112, Math.round((112 * shape[0]) / shape[1])]}
          still
        />
        <dl class="step-outcome number" aria-live="polite">
          <div>
            <dt>Label</dt>
            <dd>
              {digit.label === undefined ? (
                <select
                  aria-label="Class of the target"
                  value={target === undefined ? '' : String(target)}
                  onChange={({ currentTarget }) =>
                    onTarget(currentTarget.value === '' ? undefined : Number(currentTarget.value))
                  }
                >
                  <option value="">{classes[prediction]}, as predicted</option>
                  {classes.map((name, k) => (
                    <option key={k} value={String(k)}>
                      {name}
                    </option>
                  ))}
                </select>
              ) : (
                <strong>{classes[label]}</strong>
              )}
            </dd>
          </div>
          <div>
            <dt>Prediction</dt>
            <dd>
              <strong class={prediction === label ? 'step-better' : 'step-worse'}>
                {classes[prediction]}
              </strong>
              <br />
              <span class="muted">{sure}</span>
            </dd>
          </div>
        </dl>
      </div>
    </Panel>
  );
}
