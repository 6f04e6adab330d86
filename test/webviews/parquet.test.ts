import { execFileSync } from 'node:child_process';
import { parquetMetadata } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';

import { createByteSource, type ByteSource } from '../../webviews/shared/readers/byte-source.ts';
import { readPages } from '../../webviews/shared/readers/parquet-pages.ts';
import { openParquet } from '../../webviews/shared/readers/parquet.ts';
import { uncompressBeginning } from '../../webviews/shared/readers/snappy-beginning.ts';
import { pythonPath } from '../support/python.ts';

/** Twelve columns of numbers that are all different, which Python writes as dictionaries of half a megabyte; and those that are written otherwise. */
const script = `
import base64, io, json, sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
count, rng = 60_000, np.random.default_rng(1)
numbers = {f"x{i}": rng.normal(size=count) for i in range(12)}
words = [f"word {i % 7000} " * (1 + i % 5) for i in range(count)]
others = {
    "id": np.arange(count), "text": words, "some": [None if i % 3 == 0 else words[i] for i in range(count)], "none": pa.nulls(count, pa.float64()),
    "plain": rng.normal(size=count), "flag": rng.random(count) < 0.5, "list": [[i, i + 1] for i in range(count)],
}
# Its first rows name the last entries of its dictionary.
others["late"] = pa.DictionaryArray.from_arrays(pa.array(np.arange(count)[::-1] % 20_000), pa.array([f"entry {i} {rng.random()}" for i in range(20_000)]))
file = io.BytesIO()
pq.write_table(pa.table({**numbers, **others}), file, compression=sys.argv[1], use_dictionary=[*numbers, "id", "text", "some", "none", "list.list.element", "late"])
table = pa.table({**numbers, **others})
rows = {start: [list(row.values()) for row in table.slice(start, 40).to_pylist()] for start in [0, 900, 59_990]}
print(json.dumps({"file": base64.b64encode(file.getvalue()).decode(), "rows": rows}))
`;

interface Written {
  readonly file: Buffer;
  readonly rows: Readonly<Record<string, readonly (readonly unknown[])[]>>;
}

const write = (codec: string): Written => {
  const output = execFileSync(pythonPath(), ['-c', script, codec], { encoding: 'utf8', maxBuffer: 1e9 });
  const { file, rows } = JSON.parse(output) as { readonly file: string; readonly rows: Written['rows'] };
  return { file: Buffer.from(file, 'base64'), rows };
};

/** The file, and how many bytes of it were asked for. */
const counted = (file: Buffer): { readonly source: ByteSource; readonly bytes: () => number } => {
  let bytes = 0;
  const source = createByteSource(async ({ start, end }) => {
    bytes += end - start;
    return { bytes: new Uint8Array(file.subarray(start, end)).buffer, size: file.length };
  }, file.length);
  return { source, bytes: () => bytes };
};

/** A value of Python beside the cell that shows it. */
const same = (cell: string | null | undefined, value: unknown): boolean => {
  if (value === null || typeof value === 'string') return cell === value;
  return typeof value === 'number' ? Number(cell) === value : cell === JSON.stringify(value);
};

describe.for(['snappy', 'none', 'zstd'])('parquet with the codec %s', (codec) => {
  let written: Written;
  beforeAll(() => {
    written = write(codec);
  });

  test('rows near the beginning, further on and at the end are as Python has them', async () => {
    const table = await openParquet(counted(written.file).source);
    for (const [start, wanted] of Object.entries(written.rows)) {
      const rows = await table.rows(Number(start), Number(start) + 40);
      const wrong = wanted.flatMap((values, row) => values.flatMap((value, column) => (same(rows[row]?.[column], value) ? [] : [[row, column, value]])));
      expect([start, rows.length, wrong]).toEqual([start, wanted.length, []]);
    }
  });
});

describe('of a parquet file that is wide', () => {
  const wide = `
import base64, io, numpy as np, pandas as pd
rng, file = np.random.default_rng(1), io.BytesIO()
pd.DataFrame({f"x{i}": rng.normal(size=50_000) for i in range(30)}).to_parquet(file)
print(base64.b64encode(file.getvalue()).decode())
`;
  const file = (): Buffer => Buffer.from(execFileSync(pythonPath(), ['-c', wide], { encoding: 'utf8', maxBuffer: 1e9 }), 'base64');

  test('the first rows take the beginnings of its pages, not the pages', async () => {
    const { source, bytes } = counted(file());
    expect(source.size).toBeGreaterThan(12e6);
    const table = await openParquet(source);
    const opened = bytes();
    expect(opened).toBeLessThan(70_000);
    expect(await table.rows(0, 100)).toHaveLength(100);
    expect(bytes() - opened).toBeLessThan(30 * 2 * 20_000);
  });
});

test('the header of a page that is cut within a long value of its statistics is read on', async () => {
  const long = `
import base64, io, pyarrow as pa, pyarrow.parquet as pq
file = io.BytesIO()
pq.write_table(pa.table({"long": [str(i) + "q" * 3000 for i in range(1000)]}), file, compression="gzip", use_dictionary=False)
print(base64.b64encode(file.getvalue()).decode())
`;
  const file = Buffer.from(execFileSync(pythonPath(), ['-c', long], { encoding: 'utf8' }), 'base64');
  const metadata = parquetMetadata(new Uint8Array(file).buffer);
  const chunk = metadata.row_groups[0]?.columns[0]?.meta_data;
  if (chunk === undefined) throw new Error('The file has a column');
  for (const guess of [1, 20, 1000, 4000]) {
    const wanted = { rows: 1, guess, rowsInGroup: 1000, generosity: 1, signal: undefined };
    expect((await readPages(counted(file).source, chunk, wanted)).bytes.length).toBeGreaterThan(4000);
  }
});

describe('the beginning of a block of Snappy', () => {
  /** 200 bytes: `abcd`, 60 more by copies that reach into themselves, then 136 as a literal with a length of its own. */
  const block = Uint8Array.from([
    200,
    1,
    3 << 2,
    97,
    98,
    99,
    100,
    ((60 - 1) << 2) | 2,
    4,
    0,
    60 << 2,
    135,
    ...Array.from({ length: 136 }, (_, index) => index),
  ]);
  const whole = [...new TextEncoder().encode('abcd'.repeat(16)), ...Array.from({ length: 136 }, (_, index) => index)];

  test('of each length is the beginning of what the whole holds', () => {
    expect([...uncompressBeginning(block, 1000)]).toEqual(whole);
    expect([...uncompressBeginning(block, 70)]).toEqual(whole.slice(0, 70));
    for (let length = 0; length < block.length; length += 1) {
      const beginning = [...uncompressBeginning(block.subarray(0, length), 1000)];
      expect(beginning).toEqual(whole.slice(0, beginning.length));
    }
    expect(uncompressBeginning(block.subarray(0, 100), 1000).length).toBe(64 + 100 - 12);
  });

  test('a copy from before it is refused', () => {
    expect(() => uncompressBeginning(Uint8Array.from([8, 3 << 2, 1, 2, 3, 4, (3 << 2) | 2, 5, 0]), 8)).toThrow(RangeError);
  });
});
