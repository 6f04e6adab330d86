import { describe, expect, test } from 'vitest';

import { openCsv } from '../../webviews/run/artifacts/readers/csv.ts';
import { openPreview } from '../../webviews/run/artifacts/readers/preview.ts';
import { createByteSource, type ByteSource } from '../../webviews/shared/readers/byte-source.ts';

interface Counted {
  readonly source: ByteSource;
  /** That were asked for. */
  bytes(): number;
}

/** A file that begins with a text and goes on with it, over and over, up to its size. */
const repeated = (text: string, size: number): Counted => {
  const unit = Buffer.from(text, 'latin1');
  let asked = 0;
  const source = createByteSource(async ({ start, end }) => {
    const length = Math.max(0, Math.min(end, size) - start);
    asked += length;
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = unit[(start + at) % unit.length] ?? 0;
    return { bytes: bytes.buffer, size };
  }, size);
  return { source, bytes: () => asked };
};

const fileOf = (text: string): ByteSource => repeated(text, text.length).source;

/** Of what is shown of a text, of the first rows of a table, or to see what a file is. */
const aLook = 1_500_000;

describe('an artifact of 5 GB', () => {
  const size = 5e9;

  test('as a table: its first rows are there, and of more it is read on', async () => {
    const { source, bytes } = repeated('12,a text\n', size);
    const preview = await openPreview(source, 'rows.csv');
    if (preview.kind !== 'table') throw new Error(`It is shown as ${preview.kind}`);
    expect(await preview.table.rows(0, 2)).toEqual([
      ['12', 'a text'],
      ['12', 'a text'],
    ]);
    expect([preview.table.isWhole, preview.table.rowCount < 100_000]).toEqual([false, true]);
    expect(bytes()).toBeLessThan(aLook);
  });

  test.for([
    ['log.txt', 'text', 'The first 262 kB of 5 GB are shown.'],
    ['config.json', 'text', 'The first 262 kB of 5 GB are shown.'],
    ['look.ipynb', 'text', 'The first 262 kB of 5 GB are shown.'],
    ['report.html', 'text', 'of 5 GB are shown.'],
    ['notes.md', 'markdown', 'The first 262 kB of 5 GB are shown.'],
    ['figure.png', 'none', 'The picture is 5 GB: too large to be shown here.'],
    ['paper.pdf', 'none', 'The document is 5 GB: too large to be shown here. Download it.'],
  ] as const)('as %s: what is shown of it is said, and no more is read', async ([name, kind, words]) => {
    const { source, bytes } = repeated('some text\n', size);
    const preview = await openPreview(source, name);
    expect(preview.kind).toBe(kind);
    expect(JSON.stringify(preview)).toContain(words);
    // Of a page as much is read as of one that is shown as a page.
    expect(bytes()).toBeLessThan(name === 'report.html' ? 17e6 : aLook);
  });
});

describe('a table', () => {
  test('of a million rows is read page by page', async () => {
    const { source, bytes } = repeated('1234567,text\n', 13e6);
    const table = await openCsv(source, 'rows.csv');
    expect(table?.rowCount).toBeLessThan(100_000);
    expect(bytes()).toBeLessThan(aLook);
    expect(await table?.rows(50_000, 50_001)).toEqual([['1234567', 'text']]);
    expect(table?.isWhole).toBe(false);
  });

  test('of ten thousand columns has all of them', async () => {
    const line = Array.from({ length: 10_000 }, (_, column) => `c${column}`).join(',');
    const table = await openCsv(fileOf(`${line}\n${line}\n`), 'wide.csv');
    expect([table?.columns.length, table?.columns.at(-1)?.name]).toEqual([10_000, 'c9999']);
    expect((await table?.rows(0, 1))?.[0]?.at(-1)).toBe('c9999');
  });

  test('whose quote is not closed says so, and shows the rows before', async () => {
    const end = await openCsv(fileOf('a,b\n1,2\n3,"open\n4,5\n'), 'rows.csv');
    expect(await end?.rows(0, 1)).toEqual([['1', '2']]);
    expect(end?.notes).toEqual(['The last row has a quote that is not closed.']);
    const long = await openCsv(fileOf(`a,b\n1,2\n3,"${'open\n'.repeat(10_000)}`), 'rows.csv', { first: 100, later: 100, largest: 1000 });
    expect(await long?.rows(0, 100)).toEqual([['1', '2']]);
    expect(long?.notes).toEqual(['After row 1 a text begins whose quote does not end within 8 MB: the rest is not shown.']);
  });
});

describe('JSON', () => {
  test('of 200 MB is shown as text', async () => {
    const { source, bytes } = repeated('[1, 2, 3],', 200e6);
    const preview = await openPreview(source, 'huge.json');
    expect(preview).toMatchObject({ kind: 'text', notes: ['The first 262 kB of 200 MB are shown.'] });
    expect(bytes()).toBeLessThan(aLook);
  });

  test('that is nested a hundred thousand levels deep is shown as text', async () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await openPreview(fileOf(text), 'deep.json')).toMatchObject({ kind: 'text', text });
  });
});

describe('a picture', () => {
  /** The beginning of a PNG file of 30,000 × 30,000 pixels. */
  const bomb = `\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0`;

  test('of 30,000 × 30,000 pixels is not unpacked: its size is read, and told', async () => {
    expect(await openPreview(fileOf(bomb.padEnd(2000, '\0')), 'bomb.png')).toEqual({
      kind: 'none',
      message: 'The picture has 30,000 × 30,000 pixels: showing it would take 3.6 GB of memory.',
    });
  });

  test('that is broken says so', async () => {
    await expect(openPreview(fileOf('\xff\xd8\xff\xe0 and then nothing'), 'broken.jpg')).rejects.toThrow('This is no picture');
  });
});
