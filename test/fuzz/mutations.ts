/** Changes of bytes as fast-check draws them: of a file that is sound, a few bytes, a stretch, or its end. */

import fc from 'fast-check';

/** One change; places are fractions of what there is at that moment. */
interface Edit {
  readonly kind: 'flip' | 'set' | 'insert' | 'remove' | 'repeat' | 'cut' | 'number';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('flip', 'set', 'insert', 'remove', 'repeat', 'cut', 'number'),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.oneof(fc.nat(4), fc.nat(64), fc.nat(2000)),
  value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 254, 255)),
});

/** Bytes that size fields and counts like least. */
const WORDS = [0xffffffff, 0x7fffffff, 0x80000000, 0, 1, 0x10000, 0xffff];

/** Files near the sound ones, and now and then any bytes. */
export function changed(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const near = fc
    .tuple(fc.nat(seeds.length - 1), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([seed, edits]) => edits.reduce(apply, Uint8Array.from(seeds[seed])));
  const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));
  return fc.oneof({ arbitrary: near, weight: 19 }, { arbitrary: any, weight: 1 });
}

function apply(bytes: Uint8Array<ArrayBuffer>, { kind, at, length, value }: Edit): Uint8Array<ArrayBuffer> {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  const stretch = after.subarray(0, length);
  switch (kind) {
    case 'flip':
    case 'set':
      return Uint8Array.from(bytes, (byte, i) =>
        i !== place ? byte : kind === 'set' ? value : byte ^ (1 << (value & 7)),
      );
    case 'insert':
      return joined(before, new Uint8Array(length).fill(value), after);
    case 'remove':
      return joined(before, after.subarray(length));
    case 'repeat':
      return joined(before, ...Array<Uint8Array>(1 + (value % 20)).fill(stretch), after);
    case 'cut':
      return joined(before);
    case 'number': {
      const copy = Uint8Array.from(bytes);
      if (place + 4 > copy.length) return copy;
      new DataView(copy.buffer).setUint32(place, WORDS[value % WORDS.length], length % 2 === 0);
      return copy;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
