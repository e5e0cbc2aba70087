/** The exports of the wasm module. Every argument is an address in bytes, a count, or a scalar. */

export * from './barrier';
export * from './dense';
export * from './elementwise';
export * from './gather';
export * from './losses';
export * from './narrow';
export * from './nonzeros';
export * from './sparse';
