/** A network in a line. */

import type { NetworkSpec } from '../../network/network.ts';

/** `784 → 200 relu → 10, softmax-cross-entropy, l2 0.0001`. */
export function networkLine(spec: NetworkSpec): string {
  let text = String(spec.inputs);
  for (const layer of spec.layers) text += layer.type === 'dense' ? ` → ${layer.outputs}` : ` ${layer.name}`;
  return `${text}, ${spec.loss.name}${spec.l2 > 0 ? `, l2 ${spec.l2}` : ''}`;
}
