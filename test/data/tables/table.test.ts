/** Tables: headers, label columns, numbers, standardisation, and every cell that is refused. */

import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import {
  classesOf,
  readInputs,
  readTable,
  standardised,
  statistics,
} from '../../../src/data/tables/table.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const table = (text: string, labelColumn?: string | number) =>
  readTable(bytes(text), 'iris.csv', labelColumn);

describe('readTable', () => {
  test('with a header, the classes in a column of a usual name', () => {
    expect(table('a,Class,b\n1,x,2\n3,y,-4e1\n')).toEqual({
      columns: ['a', 'b'],
      label: 'Class',
      labelNumber: 2,
      inputs: 2,
      values: Float64Array.of(1, 2, 3, -40),
      labels: ['x', 'y'],
      lines: [2, 3],
    });
  });

  test('without a header, the classes in the last column', () => {
    const read = table('5.1,3.5,setosa\n4.9,3.0,setosa\n');
    expect(read).toMatchObject({ labelNumber: 3, inputs: 2, labels: ['setosa', 'setosa'] });
    expect(read).not.toHaveProperty('columns');
    expect(read).not.toHaveProperty('label');
  });

  test.each([
    ['a name', 'b', ['x', 'y'], 2],
    ['a number, counted from 1', '2', ['x', 'y'], 2],
    ['a number, as a number', 2, ['x', 'y'], 2],
  ])('the classes in a column given by %s', (_, labelColumn, labels, labelNumber) => {
    expect(table('a,b,label\n1,x,3\n2,y,4\n', labelColumn)).toMatchObject({ labels, labelNumber });
  });

  test('a number makes no header of a first row that has it as a value', () => {
    expect(table('1,0,7\n2,5,8\n', '1')).toMatchObject({ labelNumber: 1, labels: ['1', '2'], inputs: 2 });
    expect(table('1,0,7\n2,5,8\n', '1')).not.toHaveProperty('columns');
    expect(() => table('1,0,7\n2,0,8\n', '0')).toThrow('its number from 1 to 3, got "0"');
  });

  test("a header of numbers has a column of the label's name, or none", () => {
    expect(table('label,0,1\n7,5,6\n8,1,2\n').columns).toEqual(['0', '1']);
    expect(table('kind,0,1\n7,5,6\n8,1,2\n', 'kind').columns).toEqual(['0', '1']);
  });

  test('quoted cells, blanks, empty lines, CRLF and a byte order mark', () => {
    const read = table('\ufeff"a, b" , y\r\n\r\n 1 , "x ""1"""\r\n2,z\r\n');
    expect(read).toMatchObject({ columns: ['a, b'], values: Float64Array.of(1, 2), labels: ['x "1"', 'z'] });
  });

  test.each([';', '\t'])('cells separated by %j', (separator) => {
    expect(table(`1${separator}2${separator}x\n3${separator}4${separator}y`).values).toEqual(
      Float64Array.of(1, 2, 3, 4),
    );
  });

  test('labels that are all numbers are classes by value', () => {
    expect(table('1,1.0\n2,01\n3,2\n').labels).toEqual(['1', '1', '2']);
    expect(table('1,1.0\n2,01\n3,b\n').labels).toEqual(['1.0', '01', 'b']);
  });

  test('many rows', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i},${-i},${i % 2 ? 'odd' : 'even'}`);
    const read = table(rows.join('\n'));
    expect(read.values).toHaveLength(6000);
    expect([...read.values.subarray(5998)]).toEqual([2999, -2999]);
  });

  test.each<[string, string, string]>([
    ['no file', '', 'iris.csv: expected rows of comma-separated values, got none'],
    ['a header alone', 'a,b,label\n', 'iris.csv: expected rows below the header, got none'],
    ['one column', '1\n2\n', 'iris.csv: expected 2 columns or more, inputs and their class, got 1'],
    [
      'a cell that is no number',
      'a,b,y\n1,2,x\n1,2,x\n3,n/a,x\n',
      'iris.csv:4:2: expected a number, got "n/a"',
    ],
    ['a missing cell', 'a,b,y\n1,,x\n', 'iris.csv:2:2: expected a number, got an empty cell'],
    ['a missing class', 'a,b,y\n1,2,\n', 'iris.csv:2:3: expected a class, got an empty cell'],
    ['a row too short', 'a,b,y\n1,2,x\n1,x\n', 'iris.csv:3: expected 3 cells as in the first row, got 2'],
    ['a row too long', '1,2,x\n1,2,3,x\n', 'iris.csv:2: expected 3 cells as in the first row, got 4'],
    ['infinity', '1,2,x\nInfinity,2,x\n', 'iris.csv:2:1: expected a number, got "Infinity"'],
    ['hexadecimal', '1,2,x\n0x10,2,x\n', 'iris.csv:2:1: expected a number, got "0x10"'],
    [
      'a number too large',
      '1,2,x\n1e39,2,x\n',
      'iris.csv:2:1: expected a number that float32 can hold, got "1e39"',
    ],
    ['a bad first row', 'n/a,2,x\n1,2,x\n', 'iris.csv:1:1: expected a number, got "n/a"'],
    [
      'two columns of one name',
      'a,b,a,y\n1,2,3,x\n',
      'iris.csv:1:3: expected columns of different names, got "a" as in column 1',
    ],
    [
      'an open quote',
      'a,b,y\n1,"2,x\n',
      'iris.csv:2: expected a row of cells, got a quote that is never closed',
    ],
    [
      'a quote inside a cell',
      'a,b,y\n1,2"3,x\n',
      'iris.csv:2: expected a row of cells, got a quote inside a cell',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => table(text)).toThrow(new DataError(message));
  });

  test.each([
    [
      'a,b,y\n1,2,x\n',
      'c',
      'label-column: expected a column of iris.csv (a, b, y) or its number from 1 to 3, got "c"',
    ],
    ['a,b,y\n1,2,x\n', '4', 'or its number from 1 to 3, got "4"'],
    ['1,2,x\n', 'species', '(iris.csv has no header) or its number from 1 to 3, got "species"'],
  ])('refuses a label column that is not there', (text, labelColumn, message) => {
    expect(() => table(text, labelColumn)).toThrow(message);
    expect(() => table(text, labelColumn)).toThrow(RangeError);
  });
});

describe('work bounded by size', () => {
  const columns = 100_000;
  const wide = new TextEncoder().encode(
    `${Array.from({ length: columns }, (_, i) => `c${i}`).join()}\n${'1,'.repeat(columns - 1)}1\n`,
  );

  // A check of every name against all before it takes minutes.
  test('100,000 columns', { timeout: 30_000 }, () => {
    const table = readTable(wide, 'wide.csv');
    expect(table.inputs).toBe(columns - 1);
  });

  test('a cell of a million digits and a letter', { timeout: 10_000 }, () => {
    const cell = `${'1'.repeat(1_000_000)}x`;
    expect(() => readTable(new TextEncoder().encode(`1,2\n${cell},2\n`), 'long.csv')).toThrow(
      `long.csv:2:1: expected a number, got "${'1'.repeat(40)}…"`,
    );
  });
});

describe('readInputs', () => {
  const named = { columns: ['a', 'b'], label: 'kind', labelNumber: 1, mean: [0, 0], sd: [1, 1] };
  const unnamed = { labelNumber: 1, mean: [0, 0], sd: [1, 1] };
  const inputs = (text: string, model: Parameters<typeof readInputs>[2], labelled = false, column?: string) =>
    readInputs(bytes(text), 'new.csv', model, labelled, column);

  test('finds columns by name, in any order and among others', () => {
    const read = inputs('b,other,a\n1,?,2\n\n3,?,4\n', named);
    expect([...read.values]).toEqual([2, 1, 4, 3]);
    expect(read.lines).toEqual([2, 4]);
  });

  test('without names on either side, by place, with the classes where they were or nowhere', () => {
    for (const model of [named, unnamed]) {
      expect([...inputs('1,2\n3,4\n', model).values]).toEqual([1, 2, 3, 4]);
      expect([...inputs('x,1,2\ny,3,4\n', model).values]).toEqual([1, 2, 3, 4]);
    }
    expect([...inputs('p,q\n1,2\n', unnamed).values]).toEqual([1, 2]);
    expect([...inputs('1,2,x\n', unnamed, false, '3').values]).toEqual([1, 2]);
  });

  test('gives the classes where they are asked for', () => {
    expect(inputs('a,b,kind\n1,2,x\n', named, true)).toMatchObject({ labels: ['x'] });
    expect(inputs('a,b,sort\n1,2,x\n', named, true, 'sort')).toMatchObject({ labels: ['x'] });
    expect(inputs('x,1,2\n', unnamed, true)).toMatchObject({ labels: ['x'] });
  });

  test.each<[string, string, boolean, string]>([
    ['a missing column', 'a,c\n1,2\n', false, 'new.csv: expected a column "b", as in training, found none'],
    ['other widths', '1,2,3,4\n', false, 'new.csv: expected 2 columns, or 3 with the class, got 4'],
    [
      'no classes',
      'a,b\n1,2\n',
      true,
      'expected a column "kind" with the classes, as in training, found none',
    ],
    ['no classes by place', '1,2\n', true, 'new.csv: expected 3 columns, got 2'],
    ['no rows', 'a,b\n', false, 'new.csv: expected rows of 2 values, got none'],
    [
      'a bad cell, by its place in this file',
      'b,z,a\n1,2,?\n',
      false,
      'new.csv:2:3: expected a number, got "?"',
    ],
  ])('refuses %s', (_, text, labelled, message) => {
    expect(() => inputs(text, named, labelled)).toThrow(DataError);
    expect(() => inputs(text, named, labelled)).toThrow(message);
  });
});

describe('standardisation', () => {
  test('gives mean 0 and deviation 1 over the rows of the statistics, and 0 for a constant column', () => {
    const values = Float64Array.of(1, 0.1, 1e6, 3, 0.1, 1e6 + 2, 100, 5, 0);
    const { mean, sd } = statistics(values, 3, [0, 1]);
    expect(mean).toEqual([2, 0.1, 1e6 + 1]);
    expect(sd).toEqual([1, 0, 1]);
    expect([...standardised(values, { mean, sd }, 'f', [1, 2, 3])]).toEqual([
      -1,
      0,
      -1,
      1,
      0,
      1,
      98,
      0,
      Math.fround(-1e6 - 1),
    ]);
  });

  test('a constant column of any value and length has no deviation at all', () => {
    const values = new Float64Array(1000).fill(0.1);
    expect(statistics(values, 1, [...values.keys()]).sd).toEqual([0]);
  });

  test('refuses what float32 cannot hold then', () => {
    const values = Float64Array.of(0, 0, 0, 3e38);
    const scaling = { mean: [0, 0], sd: [1e-3, 1e-3] };
    expect(() => standardised(values, scaling, 'f.csv', [5, 17])).toThrow(
      /^f\.csv:17: expected values like those of the training rows .* got 3e\+38 in input 2$/,
    );
    expect(() => standardised(values, scaling, 'f.csv')).toThrow(/^f\.csv in row 2: expected/);
    expect(() => standardised(values, { ...scaling, columns: ['a', 'b'] }, 'f.csv', [5, 17])).toThrow(
      / got 3e\+38 in column "b"$/,
    );
  });
});

describe('classesOf', () => {
  test('orders numbers by value and words by code units', () => {
    expect(classesOf(['10', '9', '-1', '9'], 'f')).toEqual(['-1', '9', '10']);
    expect(classesOf(['b', 'B', 'a', '10', '9'], 'f')).toEqual(['10', '9', 'B', 'a', 'b']);
  });

  test('refuses one class, and more than a byte can tell apart', () => {
    const expected = 'f: expected 2 to 256 different classes in the label column, got';
    expect(() => classesOf(['x', 'x'], 'f')).toThrow(new DataError(`${expected} 1`));
    const many = Array.from({ length: 257 }, (_, i) => String(i));
    expect(() => classesOf(many, 'f')).toThrow(new DataError(`${expected} 257`));
    expect(classesOf(many.slice(1), 'f')).toHaveLength(256);
  });
});
