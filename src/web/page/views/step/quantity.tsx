/** The symbols of a formula: each a small picture to choose, and the chosen one with all its numbers. */

import { useState } from 'preact/hooks';
import { summary } from '../../../../explain/summary.ts';
import { Button } from '../../components/button.tsx';
import { RenderedFormula } from '../../components/formula.tsx';
import { fiveDigits, HeatMap } from '../../components/heat-map.tsx';
import { entryName, looksAtImage, type Picture, pictureOf, pictureSize, unitPicture } from './picture.ts';
import type { Quantity } from './walkthrough.ts';

/** What all symbols of a model have in common. */
export interface Setting {
  readonly classes: readonly string[];
  /** Rows and columns of the inputs, where they are an image. */
  readonly image: readonly [rows: number, cols: number] | undefined;
}

/** Up to so many numbers are also written out. */
const WRITTEN_OUT = 20;

const shapeText = (shape: readonly number[]) => (shape.length === 0 ? 'a number' : shape.join(' × '));

const titled = ({ letter: { symbol }, when }: Quantity) =>
  when === undefined ? symbol : `${symbol} ${when}`;

interface CardsProps {
  readonly quantities: readonly Quantity[];
  readonly chosen: number;
  readonly onChoose: (place: number) => void;
  readonly setting: Setting;
}

/** The result, then the operands: buttons with the symbol, its shape, and its numbers as a thumbnail. */
export function SymbolCards({ quantities, chosen, onChoose, setting }: CardsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these buttons choose what is shown
    <div class="step-cards" role="group" aria-label="Symbols of the formula">
      {quantities.map((quantity, place) => (
        <button
          key={`${place} ${quantity.letter.symbol}`}
          type="button"
          class="step-card"
          aria-pressed={place === chosen}
          title={quantity.letter.meaning}
          onClick={() => onChoose(place)}
        >
          <span class="visually-hidden">{titled(quantity)}, </span>
          <span class="step-card-head" aria-hidden="true">
            <span class="step-card-role">{place === 0 ? 'result' : (quantity.when ?? '')}</span>
            <RenderedFormula latex={quantity.letter.latex} />
          </span>
          <Thumbnail quantity={quantity} setting={setting} />
          <span class="step-card-shape number">{shapeText(quantity.letter.shape)}</span>
          <span class="visually-hidden">, {quantity.letter.meaning}</span>
        </button>
      ))}
    </div>
  );
}

function Thumbnail({ quantity, setting }: { quantity: Quantity; setting: Setting }) {
  if (quantity.letter.shape.length === 0)
    return <span class="step-card-number number">{fiveDigits(quantity.values[0])}</span>;
  const picture = pictureOf(quantity, setting.image);
  return (
    <span aria-hidden="true">
      <HeatMap {...shown(picture, [92, 64], 12, 14)} label={quantity.letter.symbol} still />
    </span>
  );
}

const shown = (picture: Picture, box: readonly [number, number], least: number, cell: number) => ({
  values: picture.values,
  rows: picture.rows,
  cols: picture.cols,
  colours: picture.colours,
  ...(picture.colours === 'diverging' ? {} : { scale: 1 }),
  size: pictureSize(picture, box, least, cell),
});

interface InspectorProps {
  readonly quantity: Quantity;
  readonly setting: Setting;
}

/** One symbol at full size: its meaning, its heat map with each number, and what it amounts to. */
export function Inspector({ quantity, setting }: InspectorProps) {
  const { letter, values, when } = quantity;
  const { latex, meaning, shape } = letter;
  return (
    <section class="step-inspector" aria-label={`The numbers of ${titled(quantity)}`}>
      <h3 class="step-inspector-head">
        <RenderedFormula latex={latex} /> <span class="step-inspector-meaning">{meaning}</span>
        {when && <span class="step-when">{when}</span>}
      </h3>
      {shape.length === 0 ? (
        <p class="step-scalar number">
          <data value={String(values[0])}>{fiveDigits(values[0])}</data>
        </p>
      ) : (
        <Numbers quantity={quantity} setting={setting} />
      )}
    </section>
  );
}

function Numbers({ quantity, setting }: InspectorProps) {
  const { letter, values } = quantity;
  const { symbol, shape } = letter;
  const [chosen, setChosen] = useState<number | 'largest' | undefined>(undefined);
  const units = shape[1];
  const fields = looksAtImage(quantity, setting.image);
  const { norm, min, max, nonzero, largest } = summary(values, 1);
  const unit = chosen === 'largest' ? largest[0].index % units : chosen;
  const asImage = fields && unit !== undefined && unit < units;
  const picture = asImage
    ? unitPicture(quantity, setting.image as readonly [number, number], unit)
    : pictureOf(quantity, setting.image);
  const describe = (row: number, col: number) => {
    const index = picture.index(row, col);
    return index === undefined
      ? `beyond the last entry of ${symbol}`
      : `${entryName(letter, index, setting.classes)} = ${fiveDigits(values[index])}`;
  };
  return (
    <>
      {fields && (
        <div class="step-units">
          <Button pressed={!asImage} onPress={() => setChosen(undefined)}>
            All units
          </Button>
          <Button pressed={asImage} onPress={() => setChosen(chosen ?? 'largest')}>
            One unit
          </Button>
          {asImage && (
            <label class="step-field">
              Unit
              <input
                type="number"
                min={0}
                max={units - 1}
                value={unit}
                onInput={({ currentTarget }) => {
                  const wanted = Math.floor(currentTarget.valueAsNumber);
                  if (wanted >= 0 && wanted < units) setChosen(wanted);
                }}
              />
            </label>
          )}
        </div>
      )}
      <HeatMap
        {...shown(picture, [448, 336], 160, 28)}
        label={`${symbol}, ${shapeText(shape)}`}
        describe={describe}
        {...(fields && !asImage && { onPick: (_: number, col: number) => setChosen(col) })}
      />
      <p class="note number">
        {shapeText(shape)}; norm {fiveDigits(norm)}, min {fiveDigits(min)}, max {fiveDigits(max)}
        {nonzero < values.length &&
          `, ${nonzero.toLocaleString('en')} of ${values.length.toLocaleString('en')} not 0`}
        {picture.note && `. ${picture.note}`}
        {fields && !asImage && '. Click a column to see what its unit looks at'}
      </p>
      {values.length <= WRITTEN_OUT && <Written quantity={quantity} classes={setting.classes} />}
    </>
  );
}

/** All numbers of a short one. */
function Written({ quantity, classes }: { quantity: Quantity; classes: readonly string[] }) {
  return (
    <dl class="step-written number">
      {Array.from(quantity.values, (value, index) => (
        <div key={index}>
          <dt>{quantity.letter.perClass ? classes[index] : index}</dt>
          <dd>{fiveDigits(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
