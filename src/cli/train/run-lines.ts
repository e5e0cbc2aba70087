/** The lines of `mlp train` about a run: its start, its epochs and its end. */

import type { NetworkSpec } from '../../network/network.ts';
import { regularisationText } from '../../options/rows/regularisation-rows.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import type { EndEvent, EpochEvent, StartEvent } from '../../train/events.ts';
import { SCHEDULES } from '../../train/optimizers/schedules.ts';
import type { RunState } from '../../train/run/run-state.ts';
import type { TrainFlags } from '../options/train-flags.ts';
import { networkLine } from '../text/network-text.ts';
import { duration, grouped, oneLine, percent, type Terminal } from '../text/terminal.ts';
import { continuingFlags } from './resume.ts';

/** The network, the samples and how they are trained on: several lines. */
export function startLine(
  spec: NetworkSpec,
  event: StartEvent,
  options: TrainFlags,
  from?: Pick<RunState, 'epoch' | 'steps'>,
): string {
  const { recipe, optimizer, batchSize, seed, threads } = options;
  const held = event.validationSamples > 0 ? `, ${grouped(event.validationSamples)} held out` : '';
  const how = [
    `${recipe === 'default' ? '' : `recipe ${recipe}: `}${optimizer}`,
    `batch size ${batchSize}`,
    rateText(options),
    `seed ${seed}`,
    threads === 1 ? '1 thread' : `${threads} threads`,
  ];
  return [
    `${networkLine(spec)}, ${grouped(event.parameters)} parameters`,
    `${grouped(event.trainSamples)} training samples (${oneLine(options.data)})${held}`,
    how.join(', '),
    ...extraLines(options),
    ...(from === undefined ? [] : [resumedLine(from, event.epochs, options)]),
  ].join('\n');
}

/** A line for regularisation and one for distortions, where there are any. */
export const extraLines = (options: TrainOptions): string[] =>
  [regularisationText(options), augmentationText(options)].filter((line) => line !== '');

/** `augmented: shift 2, rotate 10°, zoom 0.1, elastic 34 (sigma 4)`; empty where there is none. */
function augmentationText({ shift, rotate, zoom, elastic, elasticSigma }: TrainOptions): string {
  const parts = [
    ...(shift === undefined ? [] : [`shift ${shift}`]),
    ...(rotate === undefined ? [] : [`rotate ${rotate}°`]),
    ...(zoom === undefined ? [] : [`zoom ${zoom}`]),
    ...(elastic === undefined ? [] : [`elastic ${elastic} (sigma ${elasticSigma})`]),
  ];
  return parts.length === 0 ? '' : `augmented: ${parts.join(', ')}`;
}

function resumedLine(
  { epoch, steps }: Pick<RunState, 'epoch' | 'steps'>,
  epochs: number,
  { resume }: TrainFlags,
): string {
  const path = oneLine(resume ?? '');
  const after = `after ${grouped(steps)} steps`;
  return epoch > epochs
    ? `${path} is at the end of its run, ${after}`
    : `resuming ${path} in epoch ${epoch}, ${after}`;
}

/** The learning rate and its schedule: `learning rate 0.1, cosine after a warm-up of 2 epochs`. */
function rateText({ learningRate, schedule, warmUp }: TrainOptions): string {
  const changes = SCHEDULES[schedule].formula === undefined ? '' : `, ${schedule}`;
  return `learning rate ${learningRate}${changes}${warmUp > 0 ? ` after a warm-up of ${warmUp} epochs` : ''}`;
}

/** The figures that a run without test samples has: of the samples held out, else of those it trained on. */
function trainedText({ validationAccuracy, trainLoss, trainAccuracy }: EndEvent): string {
  if (validationAccuracy !== undefined) return `validation accuracy ${percent(validationAccuracy)}`;
  if (trainAccuracy === undefined || trainLoss === undefined) return 'trained';
  return `training accuracy ${percent(trainAccuracy)}  loss ${trainLoss.toFixed(4)}`;
}

/** The figures of an epoch. */
export function epochLine({ colour }: Terminal, event: EpochEvent, epochs: number): string {
  const { validationLoss, validationAccuracy } = event;
  const held =
    validationLoss === undefined || validationAccuracy === undefined
      ? ''
      : `  validation ${validationLoss.toFixed(4)} ${percent(validationAccuracy)}`;
  const rate = held === '' ? `  ${grouped(event.samplesPerSecond)} samples/s` : '';
  return (
    `${colour.bold(`epoch ${String(event.epoch).padStart(String(epochs).length)}/${epochs}`)}` +
    `  loss ${event.trainLoss.toFixed(4)}  accuracy ${percent(event.trainAccuracy).padStart(7)}${held}` +
    colour.dim(`  ${duration(event.seconds)}${rate}`)
  );
}

/**
 * The last line.
 *
 * @param path the file that the model was saved to
 * @param resumable whether the run can be continued from its checkpoint
 */
export function endLine(
  { colour }: Terminal,
  end: EndEvent,
  options: TrainFlags,
  path: string,
  resumable: boolean,
): string {
  const kept = path === options.out ? '' : ` (${oneLine(options.out)} keeps its finished model)`;
  const saved = `saved as ${colour.bold(oneLine(path))}${kept}`;
  if (end.interrupted) {
    const trained = `${grouped(end.steps)} steps, ${end.epochs} of ${options.epochs} epochs`;
    const how = resumable ? `; continue with ${oneLine(continuingFlags(options))}` : '';
    return `${colour.yellow('interrupted')} after ${trained}; ${saved}${how}`;
  }
  const tested =
    end.testAccuracy === undefined || end.testLoss === undefined
      ? trainedText(end)
      : `${colour.green(`test accuracy ${percent(end.testAccuracy)}`)}  loss ${end.testLoss.toFixed(4)}`;
  const best = end.bestEpoch === undefined ? '' : `  best epoch ${end.bestEpoch}`;
  const early = end.stoppedEarly ? `, stopped after ${end.epochs}` : '';
  return `${tested}${best}${early}  ${duration(end.seconds)} of training  ${saved}`;
}
