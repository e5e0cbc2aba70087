/** The first layer's weights as images: each hidden unit's receptive field. */

import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { EncodedReceptiveFields } from '../../../protocol.ts';
import { Button } from '../../components/button.tsx';
import { fiveDigits, HeatMap } from '../../components/heat-map.tsx';
import { diverging } from '../../components/palette.ts';
import { Panel } from '../../components/panel.tsx';
import { countText } from '../../number-text.ts';
import { bytesOf } from '../../source.ts';
import { colour, theme } from '../../theme.ts';

/** CSS pixels that an image has at least. */
const MIN_CELL = 42;
const MAX_COLUMNS = 25;
/** Bytes stand for weights from −scale to scale. */
const [ZERO, LARGEST] = [128, 127];

/** A grid of images, of which one can be seen larger. */
export function ReceptiveFieldGrid({ fields }: { fields: EncodedReceptiveFields }) {
  const { rows, cols, scale } = fields;
  const images = useMemo(() => fields.units.map(bytesOf), [fields]);
  const count = images.length;
  const [common, setCommon] = useState(false);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const [at, setAt] = useState<number | undefined>(undefined);
  const [columns, setColumns] = useState(10);
  const canvas = useRef<HTMLCanvasElement>(null);
  const field = useRef<HTMLDivElement>(null);
  const look = theme.value;
  const { total = count } = fields;
  const which = total > count ? `The first ${count} of ${countText(total)} units.` : `All ${count} units.`;
  const lines = Math.ceil(count / columns);
  const largest = scale.reduce((most, size) => Math.max(most, size), 0);

  useLayoutEffect(() => {
    const element = field.current as HTMLDivElement;
    const sizes = new ResizeObserver(() => {
      const { clientWidth } = element;
      if (clientWidth > 0) setColumns(columnsFor(clientWidth, count));
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [count]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    element.width = columns * (cols + 1) + 1;
    element.height = lines * (rows + 1) + 1;
    context.fillStyle = colour('--line');
    context.fillRect(0, 0, element.width, element.height);
    images.forEach((bytes, unit) => {
      const share = common && largest > 0 ? scale[unit] / largest : 1;
      const image = context.createImageData(cols, rows);
      bytes.forEach((byte, i) => {
        image.data.set(diverging(((byte - ZERO) / LARGEST) * share, look), 4 * i);
        image.data[4 * i + 3] = 255;
      });
      const [x, y] = [unit % columns, Math.floor(unit / columns)];
      context.putImageData(image, 1 + x * (cols + 1), 1 + y * (rows + 1));
    });
  }, [images, scale, rows, cols, columns, lines, common, largest, look]);

  const under = (event: MouseEvent): number | undefined => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const y = Math.floor(((event.clientY - box.top) / box.height) * lines);
    const unit = y * columns + x;
    return x >= 0 && x < columns && unit >= 0 && unit < count ? unit : undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = at ?? -1;
    if (event.key === 'Enter' || event.key === ' ') setChosen(at ?? 0);
    else {
      const to = {
        ArrowLeft: from - 1,
        ArrowRight: from + 1,
        ArrowUp: from - columns,
        ArrowDown: from + columns,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (to === undefined) return;
      setAt(at === undefined ? 0 : to < 0 || to >= count ? at : to);
    }
    event.preventDefault();
  };
  const line = (unit: number) => `unit ${unit + 1}, largest weight ±${fiveDigits(scale[unit])}`;

  return (
    <Panel
      title="First layer's weights"
      note={`${which} An image shows the weights with which a hidden unit sums up its input: orange positive, blue negative. Choose one to see it larger.`}
      actions={
        <Button pressed={common} onPress={() => setCommon(!common)}>
          One scale for all
        </Button>
      }
    >
      <div class="fields">
        <div class="fields-grid">
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture and its keys */}
          <div
            class="fields-place"
            role="group"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move over its images
            tabIndex={0}
            aria-label={`Receptive fields of ${count} units; the arrow keys move over them, Enter shows one larger`}
            ref={field}
            onKeyDown={onKeyDown}
            onPointerMove={(event) => setAt(under(event))}
            onPointerLeave={() => setAt(undefined)}
            onBlur={() => setAt(undefined)}
            onClick={(event) => setChosen(under(event))}
          >
            <canvas class="fields-canvas" ref={canvas} />
            {at !== undefined && <Frame unit={at} columns={columns} lines={lines} />}
            {chosen !== undefined && chosen < count && (
              <Frame unit={chosen} columns={columns} lines={lines} chosen />
            )}
          </div>
          <output class="heat-map-line">{at === undefined || at >= count ? ' ' : line(at)}</output>
        </div>
        {chosen !== undefined && chosen < count && (
          <div class="fields-chosen">
            <div class="panel-head">
              <h3>Unit {chosen + 1}</h3>
              <Button quiet label="Close the larger image" onPress={() => setChosen(undefined)}>
                ✕
              </Button>
            </div>
            <Larger bytes={images[chosen]} rows={rows} cols={cols} scale={scale[chosen]} unit={chosen} />
          </div>
        )}
      </div>
    </Panel>
  );
}

interface LargerProps {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly cols: number;
  readonly scale: number;
  readonly unit: number;
}

function Larger({ bytes, rows, cols, scale, unit }: LargerProps) {
  const values = useMemo(
    () => Float32Array.from(bytes, (byte) => ((byte - ZERO) / LARGEST) * scale),
    [bytes, scale],
  );
  return (
    <HeatMap
      values={values}
      rows={rows}
      cols={cols}
      scale={scale}
      cell={Math.max(4, Math.round(300 / Math.max(rows, cols)))}
      label={`Weights of unit ${unit + 1}, ${rows} × ${cols}, to ±${fiveDigits(scale)}`}
    />
  );
}

interface FrameProps {
  readonly unit: number;
  readonly columns: number;
  readonly lines: number;
  readonly chosen?: boolean;
}

function Frame({ unit, columns, lines, chosen }: FrameProps) {
  const box = {
    left: `${(100 * (unit % columns)) / columns}%`,
    top: `${(100 * Math.floor(unit / columns)) / lines}%`,
    width: `${100 / columns}%`,
    height: `${100 / lines}%`,
  };
  return <span class={chosen ? 'fields-frame fields-frame-chosen' : 'fields-frame'} style={box} />;
}

/** As many columns as there is room for, and such that the last line is not nearly empty. */
function columnsFor(width: number, count: number): number {
  const most = Math.max(1, Math.min(MAX_COLUMNS, count, Math.floor(width / MIN_CELL)));
  for (let columns = most; columns > 0.85 * most; columns--) if (count % columns === 0) return columns;
  return most;
}
