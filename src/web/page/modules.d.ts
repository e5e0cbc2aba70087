/** The modules that scripts/build-page.mjs makes: style sheets, and the source lines that the formulas cite. */

declare module '*.css';

declare module 'mlp:code' {
  /** The source text of one function, method or class. */
  export interface CodeLines {
    /** `src/network/dense.ts`. */
    readonly file: string;
    /** Of the first line in that file, from 1. */
    readonly line: number;
    /** Without the indentation that all its lines have. */
    readonly text: string;
  }
  /** By `file#name`: `src/network/dense.ts#Dense.backward`. */
  export const CODE: Readonly<Record<string, CodeLines>>;
}
