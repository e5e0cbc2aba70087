/** How matrices lie in memory: the figures that the kernels and wasm.ts outside agree on. */

/** Bytes from one row of a panel to the next: 20 columns, 5 vectors that stay in registers across a sum. */
export const PANEL_ROW: usize = 80;
