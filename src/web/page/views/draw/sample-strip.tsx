/** Some samples of the test set to start from. */

import { useEffect, useState } from 'preact/hooks';
import type { SamplesInfo } from '../../../protocol.ts';
import { Button } from '../../components/button.tsx';
import { HeatMap } from '../../components/heat-map.tsx';
import { type PageSource, pixelsOf } from '../../source.ts';
import type { Base } from './drawing.ts';

interface SampleStripProps {
  readonly source: PageSource;
  readonly samples: SamplesInfo;
  /** The one that is shown. */
  readonly chosen: number | undefined;
  readonly onTake: (base: Base) => void;
}

const SHOWN = 6;

/** A row of images, each a button, and one for the next ones. */
export function SampleStrip({ source, samples, chosen, onTake }: SampleStripProps) {
  const { count, rows, cols, classes } = samples;
  const [from, setFrom] = useState(0);
  const [bases, setBases] = useState<readonly Base[]>([]);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    let isOld = false;
    source.samples(from, SHOWN).then(
      (images) => {
        if (isOld) return;
        setProblem(undefined);
        setBases(images.map((image) => ({ ...image, pixels: pixelsOf(image) })));
      },
      (error: Error) => !isOld && setProblem(error.message),
    );
    return () => {
      isOld = true;
    };
  }, [source, from]);
  return (
    <section class="strip" aria-label="Samples of the test set">
      {problem && <p class="note">{problem}</p>}
      {bases.map((base) => (
        <button
          key={base.index}
          type="button"
          class="strip-sample"
          aria-pressed={base.index === chosen}
          aria-label={`Take sample ${base.index}, class ${classes[base.label]}`}
          title={`sample ${base.index}, class ${classes[base.label]}`}
          onClick={() => onTake(base)}
        >
          <HeatMap
            values={base.pixels}
            rows={rows}
            cols={cols}
            scale={255}
            colours="grey"
            label={`sample ${base.index}, class ${classes[base.label]}`}
            cell={30 / cols}
            still
          />
        </button>
      ))}
      {count > SHOWN && (
        <Button quiet label="Other samples" onPress={() => setFrom(from + SHOWN < count ? from + SHOWN : 0)}>
          <span aria-hidden="true">⋯</span>
        </Button>
      )}
    </section>
  );
}
