/** What the charts of a run draw: its record as series over epochs. */

import { type AlignedData, alignedData, type Value } from '../../charts/aligned-data.ts';
import type { RunRecord } from './run-record.ts';

/** The data of the three charts. */
export interface RunCurves {
  /** Batches, smoothed, epochs, validation. */
  readonly loss: AlignedData;
  /** As `loss`. */
  readonly accuracy: AlignedData;
  readonly learningRate: AlignedData;
}

/** @param log of the losses those that have no logarithm are left out */
export function runCurves({ curves, epochs, batchesPerEpoch }: RunRecord, log: boolean): RunCurves {
  const x = curves.steps.map((step) => step / batchesPerEpoch);
  const ends = epochs.map(({ epoch }) => epoch);
  const drawable = (value: Value | undefined): Value =>
    value === undefined || value === null || (log && value <= 0) ? null : value;
  const given = (value: Value | undefined): Value => value ?? null;
  return {
    loss: alignedData([
      { x, ys: [curves.losses.map(drawable), curves.smoothLosses.map(drawable)] },
      {
        x: ends,
        ys: [
          epochs.map((epoch) => drawable(epoch.trainLoss)),
          epochs.map((epoch) => drawable(epoch.validationLoss)),
        ],
      },
    ]),
    accuracy: alignedData([
      { x, ys: [curves.accuracies, curves.smoothAccuracies] },
      {
        x: ends,
        ys: [
          epochs.map((epoch) => given(epoch.trainAccuracy)),
          epochs.map((epoch) => given(epoch.validationAccuracy)),
        ],
      },
    ]),
    learningRate: alignedData([{ x, ys: [curves.learningRates] }]),
  };
}
