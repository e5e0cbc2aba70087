/** What a run's monitor sees, as the page takes it. */

import { toBase64 } from '../../formats/base64.ts';
import type { RunMonitor } from '../../train/threads/run-monitor.ts';
import type { TrainData } from '../../train/trainer.ts';
import type { RunView } from '../../train/watch/monitor.ts';
import type { Probe } from '../../train/watch/probe.ts';
import type { RunSnapshot } from '../../web/protocol.ts';
import type { ProbeImages } from '../../web/server/live-run.ts';

/** A view of the network as a message. */
export function snapshotMessage(view: RunView, set: Probe['set']): RunSnapshot {
  const { step, epoch, layers, fields, confusion, mistakes } = view;
  return {
    type: 'snapshot',
    step,
    epoch,
    layers,
    ...(fields && { receptiveFields: { ...fields, units: fields.units.map(toBase64) } }),
    set,
    confusion,
    mistakes,
  };
}

/** The images that mistakes name; undefined where they are not of one byte a pixel. */
export function probeImages(
  monitor: RunMonitor,
  { test }: TrainData,
  [rows, cols]: readonly [number, number],
): ProbeImages | undefined {
  const { samples } = monitor.probe;
  const isBytes = [samples, test].every((set) => set === undefined || set.values instanceof Uint8Array);
  if (!isBytes || samples.cols !== rows * cols) return undefined;
  return {
    count: samples.count + (test?.count ?? 0),
    at: (index) => {
      const { label, values } = monitor.sample(index);
      return { index, label, pixels: toBase64(Uint8Array.from(values)) };
    },
  };
}
