/** What `mlp gradcheck MODULE` and the process that runs the module say to each other. */

import type { ReportLine } from '../../check/module/report.ts';

/** What is to be checked, and how. */
export interface ModuleTask {
  readonly path: string;
  readonly seed: number;
  readonly tolerance: number;
  /** Bytes that the process may have. */
  readonly memory: number;
}

/** What the process reports; after a notice more follows, the others are its last. */
export type ModuleMessage =
  | { readonly kind: 'notice'; readonly text: string }
  | {
      readonly kind: 'report';
      readonly passed: boolean;
      readonly lines: readonly ReportLine[];
      readonly json: string;
    }
  /** The module cannot be checked, in one line. */
  | { readonly kind: 'refused'; readonly text: string }
  /** A fault of ours, with its stack. */
  | { readonly kind: 'fault'; readonly text: string };

/** The file descriptor on which the watch over the memory writes why it ends the process. */
export const REASON_FD = 4;
