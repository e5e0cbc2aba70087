/** The hidden units as a grid for each layer, and what one of the first layer looks for. */

import { useMemo, useState } from 'preact/hooks';
import { fiveDigits, HeatMap, type HeatMapPlace } from '../../components/heat-map.tsx';
import { Panel } from '../../components/panel.tsx';
import type { LoadedModel } from '../../kernels.ts';
import type { Seen } from './look.ts';
import { fired, gridOf, type HiddenLayer, hiddenLayers, incoming, strongest } from './units.ts';

interface HiddenUnitsProps {
  readonly loaded: LoadedModel;
  readonly seen: Seen | undefined;
}

/** The panel. */
export function HiddenUnits({ loaded, seen }: HiddenUnitsProps) {
  const layers = useMemo(() => hiddenLayers(loaded.model.spec), [loaded]);
  const [hovered, setHovered] = useState<number | undefined>(undefined);
  const [kept, setKept] = useState<number | undefined>(undefined);
  const first = layers[0];
  const values = seen?.prediction.hidden[0];
  const unit = hovered ?? kept ?? (values && strongest(values));
  const why = hovered === undefined && kept === undefined ? 'the most active' : '';
  return (
    <Panel title="Hidden units" {...(layers.length === 0 && { note: 'This model has no hidden layer.' })}>
      {layers.map((layer, i) => (
        <Layer
          key={layer.name}
          layer={layer}
          values={seen?.prediction.hidden[i]}
          {...(i === 0 && {
            onUnit: setHovered,
            onPick: (picked: number) => setKept(picked === kept ? undefined : picked),
          })}
        />
      ))}
      {first?.isFirst && (
        <Field loaded={loaded} unit={unit} title="unit" value={values?.[unit ?? -1]} why={why} />
      )}
      {layers.length === 0 && (
        <Field
          loaded={loaded}
          unit={seen?.prediction.class}
          title="output"
          value={seen?.prediction.outputs[seen.prediction.class]}
          why="the predicted class"
        />
      )}
    </Panel>
  );
}

interface LayerProps {
  readonly layer: HiddenLayer;
  readonly values: Float32Array | undefined;
  readonly onUnit?: (unit: number | undefined) => void;
  readonly onPick?: (unit: number) => void;
}

function Layer({ layer, values, onUnit, onPick }: LayerProps) {
  const { name, units } = layer;
  const { rows, cols } = gridOf(units);
  const cells = useMemo(() => {
    const padded = new Float32Array(rows * cols);
    if (values !== undefined) padded.set(values);
    return padded;
  }, [values, rows, cols]);
  const unitAt = ({ row, col }: HeatMapPlace) => {
    const unit = row * cols + col;
    return unit < units ? unit : undefined;
  };
  const count = values ? fired(layer, values) : `${units} units`;
  const pick = (row: number, col: number) => {
    const unit = unitAt({ row, col });
    if (unit !== undefined) onPick?.(unit);
  };
  return (
    <div class="units">
      <h3>
        {name} <span class="muted number">{count}</span>
      </h3>
      <HeatMap
        values={cells}
        rows={rows}
        cols={cols}
        cell={Math.max(4, Math.min(36, Math.floor(360 / cols)))}
        label={`${name}, ${count}`}
        describe={(row, col, value) =>
          unitAt({ row, col }) === undefined ? '' : `unit ${row * cols + col + 1}: ${fiveDigits(value)}`
        }
        onPlace={(place) => onUnit?.(place && unitAt(place))}
        {...(onPick && { onPick: pick })}
      />
    </div>
  );
}

interface FieldProps {
  readonly loaded: LoadedModel;
  readonly unit: number | undefined;
  readonly title: string;
  readonly value: number | undefined;
  readonly why: string;
}

/** The weights from the pixels into one unit. */
function Field({ loaded, unit, title, value, why }: FieldProps) {
  const weights = useMemo(() => incoming(loaded.model, unit), [loaded, unit]);
  const [rows, cols] = loaded.shape ?? [1, 1];
  const name = unit === undefined ? title : `${title} ${unit + 1}`;
  return (
    <div class="field">
      <HeatMap
        values={weights}
        rows={rows}
        cols={cols}
        cell={112 / cols}
        label={`weights into ${name}`}
        still
      />
      <p class="note">
        <b>{unit === undefined ? 'What a unit looks for' : `What ${name} looks for`}</b>
        {why && unit !== undefined && <> ({why})</>}
        <br />
        {value !== undefined && (
          <>
            activation <span class="number">{fiveDigits(value)}</span>
            <br />
          </>
        )}
        its weights from the pixels: <span class="positive">positive</span>,{' '}
        <span class="negative">negative</span>
      </p>
    </div>
  );
}
