import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ArtifactRepository } from '../../extension/artifacts/artifact-repository.ts';
import { createRestArtifactRepository } from '../../extension/artifacts/rest-artifact-repository.ts';
import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { asRunId, type RunId } from '../../schemas/ids.ts';
import { createByteSource, type ByteSource } from '../../webviews/shared/readers/byte-source.ts';
import { findImageSeries } from '../../webviews/run/artifacts/readers/image-steps.ts';
import { openNpy } from '../../webviews/run/artifacts/readers/npy.ts';
import { openPreview, type Preview } from '../../webviews/run/artifacts/readers/preview.ts';
import type { Cell, Table } from '../../webviews/shared/readers/table.ts';
import { startMlflowServer, type MlflowServer } from '../support/mlflow-server.ts';
import { pythonPath } from '../support/python.ts';

/** What Python says that is in each file. */
interface Expected {
  readonly runId: string;
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly columns: readonly string[];
        readonly rows?: readonly (readonly unknown[])[];
        readonly count?: number;
        readonly starts?: Readonly<Record<string, readonly (readonly unknown[])[]>>;
      }
    >
  >;
  readonly arrays: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[]; readonly first: readonly (readonly unknown[])[] }>>;
  readonly images: Readonly<Record<string, readonly [number, number]>>;
  readonly texts: Readonly<Record<string, string | null>>;
  /** The kind of each one's preview. */
  readonly documents: Readonly<Record<string, Preview['kind']>>;
}

const folder = mkdtempSync(join(tmpdir(), 'previews-'));
let mlflow: MlflowServer;
let ours: TcpServer;
let expected: Expected;
const repositories = new Map<string, ArtifactRepository>();

beforeAll(async () => {
  mlflow = await startMlflowServer(folder);
  const env = { ...process.env, MLFLOW_TRACKING_URI: mlflow.url };
  const output = execFileSync(pythonPath(), ['test/support/log_previews.py'], { env, encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });
  // Before it mlflow says where the runs can be viewed.
  expected = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Expected;
  const destination = join(folder, 'mlartifacts');
  ours = await TcpServer.start({
    path: join(folder, 'mlflow.db'),
    artifactRoot: 'mlflow-artifacts:/',
    artifactsDestination: destination,
    token: undefined,
    host: '127.0.0.1',
    port: 0,
    log: silentLogger,
  });
  repositories.set("MLflow's server", createRestArtifactRepository(fetchClient(mlflow.url)));
  repositories.set('our server', createRestArtifactRepository(fetchClient(ours.url)));
});

afterAll(async () => {
  ours?.dispose();
  await mlflow?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A value of Python beside the cell that shows it. */
const same = (cell: Cell | undefined, value: unknown): boolean => {
  if (value === null) return cell === null;
  if (cell === null || cell === undefined) return false;
  if (typeof value === 'number') return Number(cell) === value || Math.fround(Number(cell)) === value;
  if (typeof value === 'boolean') return cell.toLowerCase() === String(value);
  if (typeof value === 'string') return cell === value;
  if (Array.isArray(value) && value.every((part) => typeof part === 'number') && cell.endsWith('j')) return isComplex(cell, value);
  if (typeof value === 'object' && 'float' in value) return { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[String(value.float)] === cell;
  if (typeof value === 'object' && 'time' in value) return Date.parse(cell) === Date.parse(`${String(value.time)}Z`);
  if (typeof value === 'object' && 'bytes' in value) return cell === `0x${String(value.bytes)}` || Buffer.from(cell).toString('hex') === value.bytes;
  return JSON.stringify(JSON.parse(cell)) === JSON.stringify(value);
};

const isComplex = (cell: string, [real, imaginary]: readonly number[]): boolean => {
  const [, first, second] = /^(.+?)([+-](?:[\d.]+(?:e[+-]?\d+)?))j$/.exec(cell) ?? [];
  return Number(first) === real && Number(second) === imaginary;
};

const differences = (rows: readonly (readonly Cell[])[], wanted: readonly (readonly unknown[])[]): readonly string[] => [
  ...(rows.length === wanted.length ? [] : [`${rows.length} rows, not ${wanted.length}`]),
  ...wanted.flatMap((values, row) =>
    values.flatMap((value, column) =>
      same(rows[row]?.[column], value) ? [] : [`${row}/${column}: ${String(rows[row]?.[column])} is not ${JSON.stringify(value)}`],
    ),
  ),
];

const readAll = async (table: Table): Promise<readonly (readonly Cell[])[]> => {
  while (!table.isWhole) await table.rows(table.rowCount, table.rowCount + 1);
  return await table.rows(0, table.rowCount);
};

describe.for(["MLflow's server", 'our server'])('of %s every kind is read as Python reads it:', (server) => {
  const sourceOf = async (path: string): Promise<ByteSource> => {
    const repository = repositories.get(server);
    if (repository === undefined) throw new Error('The servers are there from the first test on');
    const runId: RunId = asRunId(expected.runId);
    const { size } =
      (await repository.listArtifacts(runId, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined)).find((file) => file.path === path) ?? {};
    expect(size).toBeGreaterThan(0);
    return createByteSource(async (range, signal) => repository.readArtifact(runId, path, range, signal), size);
  };
  const previewOf = async <Kind extends Preview['kind']>(path: string, kind: Kind): Promise<Preview & { readonly kind: Kind }> => {
    const preview = await openPreview(await sourceOf(path), path);
    expect([path, preview.kind]).toEqual([path, kind]);
    return preview as Preview & { readonly kind: Kind };
  };

  test('tables', async () => {
    for (const [path, { columns, rows }] of Object.entries(expected.tables)) {
      if (rows === undefined) continue;
      const { table } = await previewOf(path, 'table');
      expect([path, table.columns.map(({ name }) => name)]).toEqual([path, columns]);
      expect([path, differences(await readAll(table), rows)]).toEqual([path, []]);
    }
  });

  test('parquet: each codec and layout, from the beginning, the middle and the end', async () => {
    for (const [path, { columns, count, starts }] of Object.entries(expected.tables)) {
      if (starts === undefined) continue;
      const { table } = await previewOf(path, 'table');
      expect([path, table.rowCount, table.columns.map(({ name }) => name)]).toEqual([path, count, columns]);
      for (const [start, rows] of Object.entries(starts)) {
        expect([path, start, differences(await table.rows(Number(start), Number(start) + 3), rows)]).toEqual([path, start, []]);
      }
    }
  });

  test('arrays of each type', async () => {
    for (const [path, { dtype, shape, first }] of Object.entries(expected.arrays)) {
      const { array } = await previewOf(path, 'array');
      expect([path, array.dtype, array.shape]).toEqual([path, dtype, shape]);
      const table = await openNpy(
        await sourceOf(path),
        array,
        array.shape.slice(0, -2).map(() => 0),
      );
      expect([path, differences(await table.rows(0, Math.max(1, first.length)), first)]).toEqual([path, []]);
    }
  });

  test('pictures, and those of log_image by key and step', async () => {
    for (const [path, [width, height]] of Object.entries(expected.images))
      expect((await previewOf(path, 'image')).size).toContain(`${width} × ${height} pixels`);
    const listed = await repositories.get(server)?.listArtifacts(asRunId(expected.runId), 'images');
    const series = findImageSeries((listed ?? []).map(({ path }) => path));
    expect(series.map(({ key, steps }) => [key, steps.map(({ step }) => step)])).toEqual([
      ['cats', [25]],
      ['eval/dogs', [0, 2, 10]],
    ]);
    for (const { steps } of series) {
      for (const { path, thumbnail } of steps) {
        await previewOf(path, 'image');
        await previewOf(thumbnail ?? '', 'image');
      }
    }
  });

  test('documents, pages, drawings, notebooks, sounds and films', async () => {
    expect(Object.keys(expected.documents)).toHaveLength(7);
    for (const [path, kind] of Object.entries(expected.documents)) await previewOf(path, kind);
  });

  test('texts', async () => {
    for (const [path, text] of Object.entries(expected.texts)) {
      const preview = await previewOf(path, 'text');
      if (text === null) expect(JSON.parse(preview.text)).toEqual({ a: [1, { b: null }], c: 'é' });
      else expect(preview.text).toBe(text);
    }
  });
});
