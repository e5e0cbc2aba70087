/** A summary of the model that the page gets before it reads the model itself. */

import type { Model } from '../formats/model.ts';
import type { ModelSummary } from './protocol.ts';

/**
 * @param name the file's name, without its folder
 * @returns with a shape where the inputs are an image of that shape
 */
export function modelSummary(name: string, { sha256, spec, preprocessing }: Model): ModelSummary {
  const { shape } = preprocessing;
  const isImage = shape !== undefined && shape[0] * shape[1] === spec.inputs;
  return { name, sha256, ...(isImage && { shape }) };
}
