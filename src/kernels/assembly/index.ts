/** The exports of the wasm module. Every argument is an address in bytes, a count, or a scalar. */

export * from './activations';
export * from './barrier';
export * from './dense';
export * from './distortion';
export * from './dropout';
export * from './elementwise';
export * from './gather';
export * from './losses';
export * from './narrow';
export * from './nonzeros';
export * from './optimizers';
export * from './regularisation';
export * from './sparse';
