/** The tab «Draw»: what is drawn, what the network sees of it, and what it makes of that. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DataError } from '../../../../data/errors.ts';
import type { GreyImage } from '../../../../data/images/png.ts';
import { Button } from '../../components/button.tsx';
import { HeatMap } from '../../components/heat-map.tsx';
import { Panel } from '../../components/panel.tsx';
import type { LoadedModel } from '../../kernels.ts';
import { drawn, model, source } from '../../state.ts';
import { Answer, Best } from './answer.tsx';
import './draw.css';
import type { Drawing } from './drawing.ts';
import { HiddenUnits } from './hidden-units.tsx';
import { drawingFor, inputPicture, look, picture, type Seen } from './look.ts';
import { PenPad } from './pen-pad.tsx';
import { pngFile } from './png-file.ts';
import { ranked } from './ranking.ts';
import { SampleStrip } from './sample-strip.tsx';

interface Ready {
  readonly loaded: LoadedModel;
  readonly drawing: Drawing;
}

/** The view. */
export function DrawView() {
  const [ready, setReady] = useState<Ready | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    model()
      .then((loaded) => setReady({ loaded, drawing: drawingFor(loaded) }))
      .catch((error: Error) => setProblem(error.message));
  }, []);
  return (
    <>
      <h1>Draw</h1>
      {problem && <p role="alert">{problem}</p>}
      {ready ? <Desk {...ready} /> : !problem && <p class="muted">Loading the model …</p>}
    </>
  );
}

/** What the last frame has found. */
interface Frame {
  readonly version: number;
  readonly seen?: Seen | undefined;
  readonly problem?: string;
  /** That it took. */
  readonly milliseconds: number;
}

function Desk({ loaded, drawing }: Ready) {
  const { classes } = loaded.model;
  const [frame, setFrame] = useState<Frame>({ version: 0, milliseconds: 0 });
  const [said, setSaid] = useState('');
  const waits = useRef(false);

  // However many points come between two frames, they are looked at once.
  const change = useCallback(() => {
    if (waits.current) return;
    waits.current = true;
    requestAnimationFrame(() => {
      waits.current = false;
      const found = frameOf(loaded, drawing);
      setFrame((last) => ({ ...found, version: last.version + 1 }));
      if (!drawing.isDrawing) setSaid(sentence(found, classes));
    });
  }, [loaded, drawing, classes]);
  const undo = () => {
    drawing.undo();
    change();
  };
  const clear = () => {
    drawing.clear();
    change();
  };
  const step = () => {
    const { seen } = frame;
    if (seen === undefined) return;
    const { untouched } = drawing;
    const title = untouched ? `sample ${untouched.index}` : 'drawn';
    drawn.value = {
      pixels: seen.pixels,
      label: untouched?.label,
      ...(untouched && { index: untouched.index }),
      title,
    };
    location.hash = 'step';
  };
  const current = useMemo(() => () => picture(loaded, drawing), [loaded, drawing]);
  const samples = source.value?.info.samples;
  const fits = samples !== undefined && samples.rows * samples.cols === loaded.model.spec.inputs;

  const best = bestOf(frame.seen, classes);
  const areDigits = classes.every((name) => /^\d$/.test(name));
  const thing = areDigits ? 'digit' : drawing.untouched ? 'sample' : 'drawing';
  return (
    <div class="desk">
      <Panel
        title="Your drawing"
        actions={
          <>
            <Button onPress={undo} disabled={!drawing.canUndo}>
              Undo
            </Button>
            <Button onPress={clear} disabled={drawing.isEmpty}>
              Clear
            </Button>
          </>
        }
      >
        <div class="desk-best" aria-hidden="true">
          <Best best={best} />
        </div>
        <PenPad
          drawing={drawing}
          picture={current}
          version={frame.version}
          onChange={change}
          onUndo={undo}
          onClear={clear}
        />
        {fits && source.value && (
          <SampleStrip
            source={source.value}
            samples={samples}
            chosen={drawing.untouched?.index}
            onTake={(base) => {
              drawing.take(base);
              change();
            }}
          />
        )}
      </Panel>
      <div class="desk-middle">
        <Answer
          seen={frame.seen}
          classes={classes}
          said={said}
          actions={
            <Button primary disabled={!frame.seen} onPress={step}>
              Step through this {thing}
            </Button>
          }
        />
        <Input loaded={loaded} drawing={drawing} frame={frame} />
      </div>
      <HiddenUnits loaded={loaded} seen={frame.seen} />
    </div>
  );
}

function frameOf(loaded: LoadedModel, drawing: Drawing): Omit<Frame, 'version'> {
  const start = performance.now();
  try {
    const seen = look(loaded, drawing);
    return { seen, milliseconds: performance.now() - start };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { problem: error.message, milliseconds: performance.now() - start };
  }
}

const bestOf = (seen: Seen | undefined, classes: readonly string[]) =>
  ranked(seen?.prediction, classes).find(({ isBest }) => isBest);

function sentence({ seen, problem }: Omit<Frame, 'version'>, classes: readonly string[]): string {
  const best = bestOf(seen, classes);
  return best ? `${best.name}, ${best.text}` : (problem ?? 'nothing drawn');
}

/** The image that the network has, and what can be done with it. */
function Input({ loaded, drawing, frame }: Ready & { frame: Frame }) {
  const { seen, problem, milliseconds } = frame;
  const [rows, cols] = loaded.shape ?? [1, 1];
  const black = useMemo(() => new Uint8Array(rows * cols), [rows, cols]);
  return (
    <Panel title="What the network sees">
      <div class="input">
        <HeatMap
          values={seen?.pixels ?? black}
          rows={rows}
          cols={cols}
          scale={255}
          colours="grey"
          cell={154 / Math.max(rows, cols)}
          label={`the ${rows} × ${cols} pixels that the network sees`}
          describe={(row, col, value) => `row ${row + 1}, column ${col + 1}: ${value}`}
        />
        <div class="input-note">
          <p class="note">{problem ?? seen?.note ?? `${rows} × ${cols} pixels`}</p>
          {seen && <p class="note number">computed in {milliseconds.toFixed(1)} ms</p>}
        </div>
      </div>
      <div class="panel-actions">
        <Button
          disabled={!seen}
          onPress={() => seen && save(inputPicture(loaded, seen), `input-${rows}x${cols}.png`)}
        >
          Save input
        </Button>
        <Button disabled={!seen} onPress={() => save(picture(loaded, drawing), 'drawing.png')}>
          Save drawing
        </Button>
      </div>
    </Panel>
  );
}

async function save(image: GreyImage, name: string): Promise<void> {
  const address = URL.createObjectURL(await pngFile(image));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
