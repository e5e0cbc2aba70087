/** The samples of a cell of the confusion matrix, in a dialog. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Mistake } from '../../../../train/watch/monitor.ts';
import type { SampleImage } from '../../../protocol.ts';
import { Button } from '../../components/button.tsx';
import { HeatMap } from '../../components/heat-map.tsx';
import { type PageSource, pixelsOf } from '../../source.ts';
import './mistakes.css';

interface MistakesProps {
  readonly label: number;
  readonly predicted: number;
  /** How many there are in all; fewer may be named. */
  readonly count: number;
  /** Of all cells. */
  readonly mistakes: readonly Mistake[];
  readonly classes: readonly string[];
  /** Of the images; absent where the samples are none. */
  readonly shape: readonly [rows: number, cols: number] | undefined;
  readonly given: PageSource;
  readonly onClose: () => void;
}

/** The dialog. What it shows is what there was when it was opened. */
export function Mistakes({
  label,
  predicted,
  count,
  mistakes,
  classes,
  shape,
  given,
  onClose,
}: MistakesProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [first] = useState({
    count,
    shown: mistakes.filter((mistake) => mistake.label === label && mistake.predicted === predicted),
  });
  useEffect(() => dialog.current?.showModal(), []);
  const { shown } = first;
  const some = shown.length < first.count ? `, the first ${shown.length} of them` : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is the click beside it
    <dialog
      class="mistakes"
      ref={dialog}
      aria-labelledby="mistakes-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="mistakes-body">
        <div class="panel-head">
          <h2 id="mistakes-title">
            {classes[label]} taken for {classes[predicted]}: {first.count}{' '}
            {first.count === 1 ? 'sample' : 'samples'}
            {some}
          </h2>
          <Button onPress={() => dialog.current?.close()}>Close</Button>
        </div>
        {shape === undefined ? (
          <p>The samples are no images: {shown.map(({ index }) => `#${index}`).join(', ')}.</p>
        ) : (
          <ul class="mistakes-images">
            {shown.map(({ index }) => (
              <li key={index}>
                <MistakeImage index={index} shape={shape} given={given} />
                <span class="number muted">#{index}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </dialog>
  );
}

interface MistakeImageProps {
  readonly index: number;
  readonly shape: readonly [rows: number, cols: number];
  readonly given: PageSource;
}

function MistakeImage({ index, shape: [rows, cols], given }: MistakeImageProps) {
  const [image, setImage] = useState<SampleImage | string | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    given.runSample(index).then(
      (sample) => gone || setImage(sample),
      (error: Error) => gone || setImage(error.message),
    );
    return () => {
      gone = true;
    };
  }, [given, index]);
  const size = { width: '84px', aspectRatio: `${cols} / ${rows}` };
  if (image === undefined) return <span class="mistakes-empty" style={size} />;
  if (typeof image === 'string') return <span class="note">{image}</span>;
  return (
    <HeatMap
      values={pixelsOf(image)}
      rows={rows}
      cols={cols}
      scale={255}
      cell={84 / cols}
      colours="grey"
      still
      label={`Sample ${index}`}
    />
  );
}
