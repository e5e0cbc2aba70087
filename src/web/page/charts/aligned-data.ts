/** Series with x values of their own, brought onto one x axis as uPlot wants them. */

/** A value that is absent leaves no mark and breaks no line. */
export type Value = number | null;

/** Series that share their x values. */
export interface SeriesGroup {
  /** Increasing. */
  readonly x: readonly number[];
  /** Each as long as `x`. */
  readonly ys: readonly (readonly Value[])[];
}

/** The x values, then each series; all of one length. */
export type AlignedData = [x: number[], ...series: Value[][]];

/** All series of all groups, in their order, over the union of their x values. */
export function alignedData(groups: readonly SeriesGroup[]): AlignedData {
  const x = groups.map((group) => group.x).reduce(union, []);
  return [
    [...x],
    ...groups.flatMap((group) => {
      const places = placesOf(group.x, x);
      return group.ys.map((y) => spread(y, places, x.length));
    }),
  ];
}

/** The last value that is there at a place or before it; null if there is none. */
export function valueUpTo(series: ArrayLike<Value | undefined>, place: number): Value {
  for (let i = place; i >= 0; i--) {
    const value = series[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

function union(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  const merged: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const next = j === b.length || a[i] <= b[j] ? a[i] : b[j];
    if (a[i] === next) i++;
    if (b[j] === next) j++;
    merged.push(next);
  }
  return merged;
}

function placesOf(some: readonly number[], all: readonly number[]): readonly number[] {
  let at = 0;
  return some.map((x) => {
    while (all[at] !== x) at++;
    return at;
  });
}

function spread(values: readonly Value[], places: readonly number[], length: number): Value[] {
  if (values.length === length) return [...values];
  const series = new Array<Value>(length).fill(null);
  places.forEach((place, i) => {
    series[place] = values[i];
  });
  return series;
}
