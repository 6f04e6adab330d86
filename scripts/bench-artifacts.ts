/**
 * `npm run bench:artifacts`: how soon the first rows of a CSV and of a parquet file of 1 GB are read through our
 * server, how many bytes that takes, and what memory a download of 5 GB needs. `--scale 0.1` makes them smaller.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';

import { downloadFile } from '../extension/artifacts/download.ts';
import type { ArtifactRepository } from '../extension/artifacts/artifact-repository.ts';
import { createRestArtifactRepository } from '../extension/artifacts/rest-artifact-repository.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { createRestTrackingStore } from '../extension/tracking/rest-tracking-store.ts';
import { formatBytes } from '../schemas/format.ts';
import { asExperimentId, type RunId } from '../schemas/ids.ts';
import { createByteSource } from '../webviews/shared/readers/byte-source.ts';
import { openPreview } from '../webviews/run/artifacts/readers/preview.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

const { values } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
const scale = Number(values.scale);

/** ms. */
const limit = 300;
/** Bytes that a download may take of the memory, however large the file. */
const mostMemory = 200e6;

const parquetScript = `
import os, sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
path, size, codec, version, kind = sys.argv[1], float(sys.argv[2]), *sys.argv[3:]
rng, rows = np.random.default_rng(1), 1_000_000 if kind == "numbers" else 250_000
numbers = lambda: {f"x{i}": rng.normal(size=rows) for i in range(14)}
lists = lambda: {f"x{i}": pa.FixedSizeListArray.from_arrays(pa.array(rng.normal(size=4 * rows)), 4).cast(pa.list_(pa.float64())) for i in range(14)}
table = pa.table({"id": np.arange(rows), "text": pa.array([f"row {i % 5000}" for i in range(rows)]), **(numbers if kind == "numbers" else lists)()})
with pq.ParquetWriter(path, table.schema, compression=codec, data_page_version=version) as writer:
    while os.path.getsize(path) < size:
        writer.write_table(table)
`;

/** As pandas writes it; and what is written less often, in smaller files: of all of them the first rows are the beginning. */
const parquetFiles: Readonly<Record<string, { readonly size: number; readonly form: readonly string[] }>> = {
  'rows.parquet': { size: 1e9, form: ['snappy', '1.0', 'numbers'] },
  'gzip-v2.parquet': { size: 0.2e9, form: ['gzip', '2.0', 'numbers'] },
  'lists.parquet': { size: 0.2e9, form: ['snappy', '1.0', 'lists'] },
};

async function* csvRows(size: number): AsyncGenerator<string> {
  const row = '123456,"a text, quoted",0.123456789,another text without quotes,987654.321\n';
  const block = row.repeat(10_000);
  yield 'id,quoted,real,text,more\n';
  for (let written = 0; written < size; written += block.length) yield block;
}

interface Site {
  readonly repository: ArtifactRepository;
  readonly runId: RunId;
}

const preview = async ({ repository: artifacts, runId }: Site, name: string, size: number): Promise<boolean> => {
  let bytes = 0;
  const source = createByteSource(async (range) => {
    const part = await artifacts.readArtifact(runId, name, range);
    bytes += part.bytes.byteLength;
    return part;
  }, size);
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    bytes = 0;
    const start = performance.now();
    const opened = await openPreview(source, name);
    const rows = opened.kind === 'table' ? await opened.table.rows(0, 100) : [];
    if (rows.length !== 100) throw new Error(`${name}: ${rows.length} rows`);
    times.push(performance.now() - start);
  }
  const [first = 0, ...others] = times;
  const usual = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
  console.log(
    `${name} of ${formatBytes(size)}: the first 100 rows after ${first.toFixed(0)} ms the first time, ${usual.toFixed(0)} ms then; ${formatBytes(bytes)} read`,
  );
  return first < limit;
};

const download = async ({ repository: artifacts, runId }: Site, name: string, target: string): Promise<boolean> => {
  let highest = 0;
  const before = process.memoryUsage.rss();
  const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20);
  const start = performance.now();
  await downloadFile({ repository: artifacts, runId, onBytes: () => {}, signal: new AbortController().signal }, name, target);
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  const { size } = await stat(target);
  const more = Math.max(0, highest - before);
  console.log(
    `${name} of ${formatBytes(size)} downloaded in ${seconds.toFixed(1)} s (${formatBytes(size / seconds)}/s); at most ${formatBytes(more)} of memory more than before`,
  );
  return more < mostMemory;
};

const folder = await mkdtemp(join(tmpdir(), 'bench-artifacts-'));
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
try {
  const { http } = await server.openStore({ path: join(folder, 'mlflow.db'), create: true });
  const { info } = await createRestTrackingStore(http).createRun({ experimentId: asExperimentId('0'), startTime: Date.now(), tags: [] });
  const place = info.artifactUri;
  await mkdir(place, { recursive: true });
  await pipeline(Readable.from(csvRows(1e9 * scale)), createWriteStream(join(place, 'rows.csv')));
  const python = pythonOf(await pythonEnvironment());
  for (const [name, { size, form }] of Object.entries(parquetFiles)) {
    await runQuietly(python, ['-c', parquetScript, join(place, name), String(size * scale), ...form], { cwd: folder });
  }
  await writeFile(join(place, 'huge.bin'), '');
  await truncate(join(place, 'huge.bin'), 5e9 * scale);
  const site = { repository: createRestArtifactRepository(http), runId: info.runId };
  const results: boolean[] = [];
  for (const name of ['rows.csv', ...Object.keys(parquetFiles)]) results.push(await preview(site, name, (await stat(join(place, name))).size));
  results.push(await download(site, 'huge.bin', join(folder, 'huge.copy')));
  if (results.includes(false)) {
    console.error(`A figure is beyond its limit: ${limit} ms for rows, ${formatBytes(mostMemory)} for a download.`);
    process.exitCode = 1;
  }
} finally {
  server.dispose();
  await rm(folder, { recursive: true, force: true });
}
