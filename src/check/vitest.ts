/** The entry point `mlp/check/vitest`: importing it, as a setup file does, gives vitest the matcher and its type. */

import { expect } from 'vitest';
import { gradientMatchers } from './check-gradients.ts';
import type { CheckModuleOptions } from './module/module.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: a declaration merges only with type parameters as in the original
  interface Matchers<T = any> {
    /**
     * The gradients of the layer or loss agree with central differences of its forward. A failure shows the worst
     * entries and says what is wrong.
     */
    toHaveCorrectGradients(options?: CheckModuleOptions): T;
  }
}

expect.extend(gradientMatchers);
