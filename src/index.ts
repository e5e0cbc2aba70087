/** The library's public face. */

export type { DataFile, DataSource, Split } from './data/data-source.ts';
export { DataError } from './data/errors.ts';
export { type IdxFolderOptions, type ReadFile, readIdxFolder } from './data/idx/idx-folder.ts';
export { readMnist } from './data/idx/mnist.ts';
export { type DigitPhoto, digitFromPhoto } from './data/images/digit-photo.ts';
export { readImage } from './data/images/image.ts';
export { type ClassFolder, type ImageFolderOptions, readImageFolder } from './data/images/image-folder.ts';
export { cropImages, resizeByArea, transposeImages } from './data/images/image-shape.ts';
export { type GreyImage, readPng } from './data/images/png.ts';
export type { ImageShape, Preprocessing, TablePreprocessing } from './data/preprocessing.ts';
export { type HeldOutRows, holdOut } from './data/split.ts';
export {
  classesOf,
  readInputs,
  readTable,
  standardised,
  statistics,
  type Table,
  type TableInputs,
  tableSamples,
} from './data/tables/table.ts';
export { type Descent, type Explanation, explain } from './explain/explain.ts';
export type { Gradient, Step } from './explain/walk.ts';
export {
  type Checkpoint,
  type CheckpointState,
  decodeCheckpoint,
  encodeCheckpoint,
} from './formats/checkpoint.ts';
export { buildNetwork, decodeModel, encodeModel, type Model, type ModelInfo } from './formats/model.ts';
export type {
  CodeReference,
  Formula,
  FormulaId,
  FormulaSymbol,
  Note,
  NoteName,
  NoteNet,
  Slip,
  SlipId,
  Statement,
} from './formulas/formula.ts';
export { FORMULAS, formula, NOTES, SLIPS } from './formulas/registry.ts';
export type { ElasticField, Warp } from './kernels/distortion.ts';
export type { Kernels } from './kernels/kernels.ts';
export type { Floats, Matrix, Nonzeros, Samples } from './kernels/matrix.ts';
export { Random } from './kernels/random.ts';
export { type Precision, ReferenceKernels } from './kernels/reference.ts';
export type { Thread, WasmMemory } from './kernels/wasm/memory.ts';
export { WasmKernels } from './kernels/wasm/wasm-kernels.ts';
export { ACTIVATION_NAMES, Activation, type ActivationName } from './network/activations.ts';
export { Dense, type DenseOptions } from './network/dense.ts';
export { Dropout } from './network/dropout.ts';
export { glorotUniform, heUniform } from './network/init.ts';
export type { Layer, Parameter } from './network/layer.ts';
export { LOSS_NAMES, type Loss, type LossName, MeanLoss } from './network/losses.ts';
export { memoryFor } from './network/memory.ts';
export {
  type LayerSpec,
  type NamedTensor,
  Network,
  type NetworkSpec,
  type PerceptronOptions,
  perceptron,
} from './network/network.ts';
export type { NetworkEvent, NetworkObserver } from './network/observer.ts';
export { L1, L2 } from './network/penalties.ts';
export { Augmentation, type AugmentationOptions, type DistortedBatches } from './train/augmentation.ts';
export { allOf, Batches, type Subset } from './train/batches.ts';
export type { TrainConfig, TrainData } from './train/config.ts';
export { type ClassMetrics, classMetrics, type Evaluation, evaluate } from './train/evaluate.ts';
export type {
  BatchEvent,
  EndEvent,
  EpochEvent,
  StartEvent,
  StepFigures,
  TrainEvent,
} from './train/events.ts';
export { Adam, AdamW } from './train/optimizers/adam.ts';
export type { Optimizer, OptimizerSettings, OptimizerState } from './train/optimizers/optimizer.ts';
export {
  Momentum,
  makeOptimizer,
  Nesterov,
  type OptimizerName,
  type OptimizerOptions,
  RmsProp,
  Sgd,
} from './train/optimizers/optimizers.ts';
export {
  makeSchedule,
  type Schedule,
  type ScheduleName,
  type ScheduleOptions,
} from './train/optimizers/schedules.ts';
export { type Prediction, predict } from './train/predict.ts';
export { type RangePoint, type RangeTest, rangeTest } from './train/range-test.ts';
export type { Regularisation } from './train/regularisation.ts';
export { DivergenceError, type DivergencePoint, type InputRange } from './train/run/divergence.ts';
export type { EpochFigures, RunCourse, RunState, TrainerCourse } from './train/run/run-state.ts';
export { ThreadedTrainer } from './train/threads/threads.ts';
export { Trainer } from './train/trainer.ts';
export { RunControl, type StepRequests, type WeightSnapshot } from './train/watch/run-control.ts';
