import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createByteSource, type ByteSource } from '../../webviews/shared/readers/byte-source.ts';
import { readPages } from '../../webviews/shared/readers/parquet-pages.ts';
import { openParquet } from '../../webviews/shared/readers/parquet.ts';
import { uncompressBeginning } from '../../webviews/shared/readers/snappy-beginning.ts';
import { pythonPath } from '../support/python.ts';

/**
 * Twelve columns of numbers that are all different, which Python writes as dictionaries of half a megabyte; and those that are written
 * otherwise, as each codec and both versions of pages have them.
 */
const script = `
import json, sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
count, rng = 30_000, np.random.default_rng(1)
numbers = {f"x{i}": rng.normal(size=count) for i in range(12)}
words = [f"word {i % 7000} " * (1 + i % 5) for i in range(count)]
others = {
    "id": np.arange(count), "text": words, "some": [None if i % 3 == 0 else words[i] for i in range(count)], "none": pa.nulls(count, pa.float64()),
    "plain": rng.normal(size=count), "flag": rng.random(count) < 0.5, "maybe": [None if i % 7 == 0 else i % 2 == 0 for i in range(count)],
    "small": np.arange(count, dtype=np.int32)[::-1] * 3,
}
# Its first rows name the last entries of its dictionary.
others["late"] = pa.DictionaryArray.from_arrays(pa.array(np.arange(count)[::-1] % 20_000), pa.array([f"entry {i} {rng.random()}" for i in range(20_000)]))
nested = {
    "list": [None if i % 11 == 0 else [i, i + 1, None][: i % 4] for i in range(count)],
    "deep": [[[i], [i, None][: i % 3], None][: i % 4] for i in range(count)],
    "struct": [{"a": i, "b": words[i], "c": [{"d": i / 2}] * (i % 3)} if i % 13 else None for i in range(count)],
    "map": pa.array([{words[i]: i, "z": None} if i % 2 else {} for i in range(count)], pa.map_(pa.string(), pa.int64())),
}
table = pa.table({**numbers, **others, **nested})
dictionaries = [*numbers, "id", "text", "some", "none", "list.list.element", "late", "struct.b"]
encodings = {
    "small": "DELTA_BINARY_PACKED", "struct.a": "DELTA_BINARY_PACKED", "struct.c.list.element.d": "BYTE_STREAM_SPLIT", "plain": "BYTE_STREAM_SPLIT",
    "map.key_value.key": "DELTA_BYTE_ARRAY",
}
for form in sys.argv[2:]:
    codec, version = form.split("-")
    special = encodings if version == "2.0" else None
    pq.write_table(table, f"{sys.argv[1]}/{form}", compression=codec, data_page_version=version, use_dictionary=dictionaries, column_encoding=special)
plain = lambda row: [dict(value) if name == "map" else value for name, value in row.items()]
print(json.dumps({start: [plain(row) for row in table.slice(start, 40).to_pylist()] for start in [0, 900, 29_990]}))
`;

const forms = ['snappy-1.0', 'zstd-1.0', 'gzip-1.0', 'none-2.0', 'gzip-2.0'];

type Rows = Readonly<Record<string, readonly (readonly unknown[])[]>>;

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

describe('parquet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  let written: Rows;
  beforeAll(() => {
    written = JSON.parse(execFileSync(pythonPath(), ['-c', script, folder, ...forms], { encoding: 'utf8', maxBuffer: 1e9 })) as Rows;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.for(forms)('of the form %s: rows near the beginning, further on and at the end are as Python has them', async (form) => {
    const table = await openParquet(counted(readFileSync(join(folder, form))).source);
    for (const [start, wanted] of Object.entries(written)) {
      const rows = await table.rows(Number(start), Number(start) + 40);
      const wrong = wanted.flatMap((values, row) => values.flatMap((value, column) => (same(rows[row]?.[column], value) ? [] : [[row, column, value]])));
      expect([start, rows.length, wrong]).toEqual([start, wanted.length, []]);
    }
  });
});

describe('of a parquet file that is wide', () => {
  const wide = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
rng, count = np.random.default_rng(1), 50_000
numbers = {f"x{i}": rng.normal(size=count) for i in range(30)}
lists = {f"x{i}": pa.FixedSizeListArray.from_arrays(pa.array(rng.normal(size=3 * count)), 3).cast(pa.list_(pa.float64())) for i in range(10)}
for form in sys.argv[2:]:
    kind, codec, version = form.split("-")
    pq.write_table(pa.table(lists if kind == "lists" else numbers), f"{sys.argv[1]}/{form}", compression=codec, data_page_version=version)
`;
  /** And bytes for its first rows, of which whole pages would have twelve million. */
  const forms = { 'numbers-snappy-1.0': 1_200_000, 'numbers-gzip-2.0': 1_200_000, 'lists-gzip-1.0': 1_600_000, 'lists-snappy-2.0': 1_600_000 };
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  beforeAll(() => void execFileSync(pythonPath(), ['-c', wide, folder, ...Object.keys(forms)]), 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.for(Object.entries(forms))('the first rows take the beginnings of its pages, not the pages: %s', async ([form, most]) => {
    const { source, bytes } = counted(readFileSync(join(folder, form)));
    expect(source.size).toBeGreaterThan(11e6);
    const table = await openParquet(source);
    const opened = bytes();
    expect(opened).toBeLessThan(70_000);
    expect(await table.rows(0, 100)).toHaveLength(100);
    expect(bytes() - opened).toBeLessThan(most);
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
