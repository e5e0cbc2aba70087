/** Kinds of values that several options have: how they are read from text, and what is expected of them. */

import * as v from 'valibot';

/** A number of the command line; other text stays text. */
export const asNumber = (text: string): unknown =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;

/** A whole number. */
export const wholeNumber = (min: number, max: number, what = `a whole number from ${min} to ${max}`) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(min, what), v.maxValue(max, what));

/** How many of something. */
export const COUNT = wholeNumber(1, 1e9, 'a positive whole number');

const ABOVE_0 = 'a number above 0';
export const POSITIVE = v.pipe(v.number(ABOVE_0), v.finite(ABOVE_0), v.gtValue(0, ABOVE_0));

const FROM_0 = 'a number, 0 or more';
export const NON_NEGATIVE = v.pipe(v.number(FROM_0), v.finite(FROM_0), v.minValue(0, FROM_0));

const FRACTION = 'a number from 0 up to, not including, 1';
/** A probability or fraction that is not everything. */
export const SHARE = v.pipe(v.number(FRACTION), v.minValue(0, FRACTION), v.ltValue(1, FRACTION));

/** A number from 0 to a limit. */
export const upTo = (max: number) => {
  const what = `a number from 0 to ${max}`;
  return v.pipe(v.number(what), v.minValue(0, what), v.maxValue(max, what));
};

/** A number above 0, up to a limit. */
export const aboveZeroUpTo = (max: number) => {
  const what = `a number above 0 and at most ${max}`;
  return v.pipe(v.number(what), v.gtValue(0, what), v.maxValue(max, what));
};

/** One of some names. */
export const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(names, `one of ${names.join(', ')}`);

/** A text that is not empty. */
export const text = (what: string) => v.pipe(v.string(what), v.minLength(1, what));

/** The path of a file. */
export const FILE = text('a file');

/** A switch. */
export const SWITCH = v.boolean('true or false');
