/** `mlp export`. */

import { basename, dirname, extname, join } from 'node:path';
import { FileError } from '../../data/errors.ts';
import { modelSummary } from '../../web/model-summary.ts';
import type { StandaloneData } from '../../web/protocol.ts';
import { readStandaloneShell } from '../../web/server/page-files.ts';
import { standalonePage } from '../../web/standalone.ts';
import { imagesFor } from '../data/model-images.ts';
import { EXIT } from '../errors.ts';
import { JSON_TAKES_STDOUT, OutputFile } from '../files/output-file.ts';
import { modelFrom, readText } from '../files/reading.ts';
import type { ExportFlags } from '../options/model-flags.ts';
import { oneLine, openTerminal } from '../text/terminal.ts';
import { VERSION } from '../version.ts';

/**
 * Writes the model as one page that needs nothing else; gives the exit code.
 *
 * @throws UsageError on values that do not fit
 * @throws FileError or DataError if the model cannot be read, takes no images, or the page cannot be written
 */
export async function exportModel(path: string, flags: ExportFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const { to: format, samples: most, data, out = besides(path, format) } = flags;
  const text = await readText(path);
  const model = await modelFrom(text, path);
  if (model.preprocessing.table !== undefined) {
    throw new FileError(`${path}: expected a model of images, to be drawn on the page, got one of a table`);
  }
  const output = await OutputFile.open(out, {
    kind: 'page',
    flag: '--out',
    inputs: [path],
    noStdout: flags.json && JSON_TAKES_STDOUT,
  });
  try {
    const images = most === 0 ? undefined : await imagesFor({ path, model }, data, terminal.err);
    const samples = images?.someOfEach(most).map((index) => images.at(index)) ?? [];
    const content: StandaloneData = {
      info: {
        version: VERSION,
        model: modelSummary(basename(path), model),
        compare: [],
        ...(images && { samples: { ...images.info, count: samples.length } }),
      },
      model: text,
      samples,
    };
    const page = standalonePage(await readStandaloneShell(), content);
    await output.write(page);
    const bytes = Buffer.byteLength(page);
    if (flags.json) {
      const result = { event: 'exported', model: path, to: format, out, bytes, samples: samples.length };
      terminal.out(JSON.stringify(result));
    } else {
      const megabytes = (bytes / 1e6).toFixed(2);
      const print = output.isStdout ? terminal.note : terminal.out;
      print(
        `${terminal.colour.bold(oneLine(out))}  ${megabytes} MB with ${samples.length} test images; opens in any browser`,
      );
    }
  } finally {
    output.release();
  }
  return EXIT.done;
}

/** `models/a.json` to `models/a.html`. */
function besides(path: string, format: string): string {
  const name = basename(path);
  return join(dirname(path), `${name.slice(0, name.length - extname(name).length)}.${format}`);
}
