/** Turns what a run's monitor sees into messages and images for the page. */

import { toBase64 } from '../../formats/base64.ts';
import type { TrainData } from '../../train/config.ts';
import type { RunMonitor } from '../../train/threads/run-monitor.ts';
import type { NetworkSnapshot } from '../../train/watch/monitor.ts';
import type { Probe } from '../../train/watch/probe.ts';
import type { RunSnapshot } from '../../web/protocol.ts';
import type { ProbeImages } from '../../web/server/live-run.ts';

/** A snapshot of the network as a message to the page. */
export function snapshotMessage(snapshot: NetworkSnapshot, set: Probe['set']): RunSnapshot {
  const { step, epoch, layers, receptiveFields: fields, confusion, mistakes } = snapshot;
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

/** The images that mistakes refer to; undefined unless they have one byte a pixel. */
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
