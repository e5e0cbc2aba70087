/** The look of a line, in charts and their legends. */

/** How a line looks. */
export interface LineLook {
  /** A custom property of styles/base.css. */
  readonly colour: `--${string}`;
  /** Lengths of dashes and gaps; solid by default. */
  readonly dash?: readonly number[];
  /** CSS pixels; 0 for marks alone. */
  readonly width: number;
  /** From 0 to 1. */
  readonly alpha?: number;
  /** A dot at every point, where there is room for them. */
  readonly marks?: boolean;
}
