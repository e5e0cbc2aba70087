/** The entry point `mlp/check`: gradient checks of one's own layers and losses, and of the library's. */

export {
  checkGradients,
  type GradientReport,
  gradientMatchers,
  type MatcherResult,
} from './check-gradients.ts';
export { type DiagnosisContext, diagnoseGradient } from './diagnosis/diagnosis.ts';
export { compare, type Derivative, type GradientComparison, relativeError } from './gradients/derivative.ts';
export { centralDifferences, STEP } from './gradients/finite-differences.ts';
export {
  type CheckedNetwork,
  checkLayer,
  checkLoss,
  checkNetwork,
  checkPenalty,
  type GradientCheck,
  type GradientCheckOptions,
  type Make,
  TOLERANCE,
  type Witness,
} from './gradients/gradient-check.ts';
export type { ArrayLayout, Float64Tensor, TensorShape } from './module/arrays.ts';
export {
  type CheckModuleOptions,
  type CheckPlan,
  checkModule,
  ModuleError,
  type ModuleReport,
  type ModuleSettings,
  type TensorResult,
} from './module/module.ts';
export type { Point } from './module/point.ts';
export { reportText } from './module/report.ts';
export type { Targets, ValueRange } from './module/settings.ts';
export type { Check, Method } from './result.ts';
