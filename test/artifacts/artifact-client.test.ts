import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { documentUri, readDocumentUri, storeKey } from '../../extension/artifacts/artifact-document.ts';
import type { ArtifactRepository } from '../../extension/artifacts/artifact-repository.ts';
import { downloadFile, downloadFolder, listFiles } from '../../extension/artifacts/download.ts';
import { createRestArtifactRepository } from '../../extension/artifacts/rest-artifact-repository.ts';
import { explainUnreadable } from '../../extension/artifacts/unreadable.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { asRunId, asStoreId, type RunId } from '../../schemas/ids.ts';
import { canMount, runMounted } from '../support/mounted.ts';
import { newTempFolder } from '../support/store-database.ts';
import { startTcpServer } from '../support/tcp-server.ts';

interface Site {
  readonly repository: ArtifactRepository;
  readonly runId: RunId;
  /** Of the run's artifacts. */
  readonly folder: string;
}

/** A run with these files, behind our own server on a port. */
const newSite = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<Site> => {
  const { port, artifacts } = await startTcpServer();
  const http = fetchClient(`http://127.0.0.1:${port}`);
  const reply = (await http.json({ method: 'POST', path: '/api/2.0/mlflow/runs/create', json: { experiment_id: '0' } })) as {
    run: { info: { run_id: string } };
  };
  const runId = asRunId(reply.run.info.run_id);
  const folder = join(artifacts, '0', runId, 'artifacts');
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { repository: createRestArtifactRepository(http), runId, folder };
};

/** A server that sends every file as a whole and lists what it likes. */
const startForeignServer = async (content: Uint8Array, listed: readonly string[]): Promise<ArtifactRepository> => {
  const server = createServer((request, response) => {
    const isList = request.url?.includes('/artifacts/list') === true;
    response.setHeader('content-type', isList ? 'application/json' : 'application/octet-stream');
    response.end(isList ? JSON.stringify({ files: listed.map((path) => ({ path, is_dir: false, file_size: content.length })) }) : content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return createRestArtifactRepository(fetchClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
};

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);
const run = asRunId('r');

describe('a part of an artifact', () => {
  test('any range of a file has just its bytes, and tells the size of the whole', async () => {
    const content = bytesOf(1000);
    const { repository, runId } = await newSite({ 'a/b.bin': content });
    const ranges = fc.tuple(fc.nat({ max: 999 }), fc.integer({ min: 1, max: 1500 }));
    await fc.assert(
      fc.asyncProperty(ranges, async ([start, length]) => {
        const { bytes, size } = await repository.readArtifact(runId, 'a/b.bin', { start, end: start + length });
        expect([...new Uint8Array(bytes)]).toEqual([...content.subarray(start, start + length)]);
        expect(size).toBe(1000);
      }),
      { numRuns: 40 },
    );
  });

  test('the same comes of a server that knows no ranges; the size as far as it is known', async () => {
    const repository = await startForeignServer(bytesOf(1000), []);
    const middle = await repository.readArtifact(run, 'x', { start: 100, end: 200 });
    expect([...new Uint8Array(middle.bytes)]).toEqual([...bytesOf(1000).subarray(100, 200)]);
    expect(middle.size).toBeUndefined();
    const rest = await repository.readArtifact(run, 'x', { start: 900, end: 2000 });
    expect(rest.bytes.byteLength).toBe(100);
    expect(rest.size).toBe(1000);
  });

  test('of a sparse file of 5 GB its last bytes come at once', async () => {
    const { repository, runId, folder } = await newSite({ 'huge.bin': '' });
    truncateSync(join(folder, 'huge.bin'), 5e9);
    const { bytes, size } = await repository.readArtifact(runId, 'huge.bin', { start: 5e9 - 8, end: 5e9 });
    expect([bytes.byteLength, size]).toEqual([8, 5e9]);
  });

  test('far into a file of a server that knows no ranges nothing is read', async () => {
    const repository = await startForeignServer(bytesOf(10), []);
    await expect(repository.readArtifact(run, 'x', { start: 1e9, end: 1e9 + 1 })).rejects.toThrow("The server sends 'x' only as a whole");
  });
});

test('what a server lists outside of the folder that was asked for is not taken', async () => {
  const repository = await startForeignServer(bytesOf(1), ['models/ok', '../x', 'models/../x', '/etc/passwd', 'models/', 'models/..', 'other/y', 'models/a/b']);
  expect((await repository.listArtifacts(run, 'models')).map(({ path }) => path)).toEqual(['models/ok']);
});

describe('a document', () => {
  const store = asStoreId('sqlite:////home/me/mlflow.db');

  test('its URI leads back to the artifact, whatever its name', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[/\\\0-\x1f\x7f%:]|^\.{1,2}$/.test(text) && Buffer.byteLength(text) < 255);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (parts) => {
        const { path, store: key, runId } = readDocumentUri(documentUri(store, asRunId('8f3a'), parts.join('/')));
        expect([key, runId, path]).toEqual([storeKey(store), '8f3a', parts]);
      }),
    );
  });

  test('its authority is a short host name that does not tell where the store is', () => {
    expect(storeKey(store)).toMatch(/^[\da-f]{16}$/);
  });

  test.for(['/r/../x', '/r/%2e%2e/x', '/r/a//b', '/r/C:/x', '/r/a\\..\\b', '/'])('%s is none', (path) => {
    expect(() => readDocumentUri({ authority: 'a', path })).toThrow(MlflowError);
  });
});

describe('a download', () => {
  const transferOf = ({ repository, runId }: Pick<Site, 'repository' | 'runId'>, signal = new AbortController().signal) => ({
    repository,
    runId,
    signal,
    onBytes: () => {},
  });

  test('a file has its name once it is whole', async () => {
    const site = await newSite({ 'model.bin': bytesOf(700_000) });
    const target = join(newTempFolder(), 'model.bin');
    await downloadFile(transferOf(site), 'model.bin', target);
    expect(readFileSync(target).equals(bytesOf(700_000))).toBe(true);
    expect(readdirSync(dirname(target))).toEqual(['model.bin']);
  });

  test('one that is given up leaves nothing', async () => {
    const site = await newSite({ 'huge.bin': '' });
    truncateSync(join(site.folder, 'huge.bin'), 5e9);
    const target = join(newTempFolder(), 'huge.bin');
    const given = new AbortController();
    const onBytes = (): void => given.abort();
    await expect(downloadFile({ ...transferOf(site, given.signal), onBytes }, 'huge.bin', target)).rejects.toThrow();
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test('one that is cut off, wherever that is, leaves nothing that looks whole', async () => {
    const content = bytesOf(200_000);
    for (const tenth of Array.from({ length: 10 }, (_, at) => at)) {
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
        response.write(content.subarray(0, (content.length * tenth) / 10), () => response.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const repository = createRestArtifactRepository(fetchClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      const target = join(newTempFolder(), 'model.bin');
      await expect(downloadFile(transferOf({ repository, runId: run }), 'model.bin', target), `cut at ${tenth} tenths`).rejects.toThrow();
      expect(readdirSync(dirname(target))).toEqual([]);
    }
  });

  /** A server whose every connection breaks off after a tenth of the file. */
  const startCuttingServer = async (content: Uint8Array, answerOf: (start: number) => { readonly headers: Record<string, string>; readonly start: number }) => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ headers: { range } }, response) => {
      asked.push(range);
      const { headers, start } = answerOf(Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0));
      response.writeHead('content-range' in headers ? 206 : 200, { 'content-length': content.length - start, ...headers });
      // Far enough for a server that begins at the beginning each time.
      const end = start + (asked.length * content.length) / 10;
      response.write(content.subarray(start, end), () => (end >= content.length ? response.end() : response.destroy()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const repository = createRestArtifactRepository(fetchClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    return { asked, transfer: transferOf({ repository, runId: run }), target: join(newTempFolder(), 'model.bin') };
  };
  const content = bytesOf(200_000);
  const partFrom = (start: number, total = content.length): Record<string, string> => ({ 'content-range': `bytes ${start}-${content.length - 1}/${total}` });

  test('one that is cut off goes on from there', async () => {
    const { asked, transfer, target } = await startCuttingServer(content, (start) => ({ start, headers: start === 0 ? {} : partFrom(start) }));
    await downloadFile(transfer, 'model.bin', target);
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(asked.map((range) => range?.split('-')[0])).toEqual([undefined, 'bytes=20000', 'bytes=60000', 'bytes=120000']);
  });

  test('one that is cut off goes on also with a server that knows no ranges', async () => {
    const { transfer, target } = await startCuttingServer(content, () => ({ start: 0, headers: {} }));
    await downloadFile(transfer, 'model.bin', target);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  test.each<[string, (start: number) => { readonly headers: Record<string, string>; readonly start: number }]>([
    ['whose size has changed', (start) => ({ start, headers: start === 0 ? {} : partFrom(start, content.length + 1) })],
    ['whose entity tag has changed', (start) => ({ start, headers: { etag: `"${start}"`, ...(start > 0 && partFrom(start)) } })],
    ['of which other bytes come', (start) => ({ start, headers: start === 0 ? {} : partFrom(start - 1) })],
  ])('one that is cut off does not go on with a file %s', async (_, answerOf) => {
    const { transfer, target } = await startCuttingServer(content, answerOf);
    await expect(downloadFile(transfer, 'model.bin', target)).rejects.toThrow("'model.bin' has changed while it was downloaded");
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test.runIf(canMount)('a full disk ends it, and nothing is left', () => {
    const script = fileURLToPath(new URL('../support/fill-disk-of-download.ts', import.meta.url));
    const outcome = runMounted('mount -t tmpfs -o size=1m tmpfs "$1"', newTempFolder(), script);
    expect(outcome).toEqual({ reason: expect.stringContaining('ENOSPC'), left: [] });
  });

  test('a folder comes with all that is in it, as a new folder', async () => {
    const site = await newSite({ 'm/MLmodel': 'a', 'm/data/x.bin': 'b', other: 'c' });
    const target = join(newTempFolder(), 'm');
    const files = await listFiles(site.repository, { runId: site.runId, path: 'm' });
    await downloadFolder(transferOf(site), files, { folder: 'm', target });
    expect(readdirSync(target, { recursive: true }).toSorted()).toEqual(['MLmodel', 'data', join('data', 'x.bin')]);
    await expect(downloadFolder(transferOf(site), files, { folder: 'm', target })).rejects.toThrow('is there one already?');
    expect(existsSync(join(target, 'MLmodel'))).toBe(true);
  });

  test('names of a hostile server do not lead out of the folder', async () => {
    const repository = await startForeignServer(bytesOf(1), []);
    const parent = newTempFolder();
    for (const path of ['m/../../x', 'm/..', 'm//etc/passwd', 'm/C:\\x', 'm/a%2f..%2f..%2fx']) {
      const download = downloadFolder(transferOf({ repository, runId: run }), [{ path, isDirectory: false }], { folder: 'm', target: join(parent, 'm') });
      await expect(download).rejects.toThrow('Invalid path');
    }
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('artifacts that cannot be read', () => {
  const failure = new MlflowError('NOT_IMPLEMENTED', 'not here');

  test.for([
    ['s3://bucket/0/r/artifacts', 'Amazon S3', '--artifacts-destination s3://bucket,'],
    ['gs://bucket/0/r/artifacts', 'Google Cloud Storage', '--artifacts-destination gs://bucket,'],
    ['dbfs:/databricks/mlflow/0/r/artifacts', 'the Databricks file system', '--artifacts-destination dbfs:/databricks,'],
  ] as const)('%s: where they are, and what would help', ([artifactUri, place, help]) => {
    const { message, advice } = explainUnreadable({ artifactUri, isLocal: true }, failure);
    expect(message).toContain(`The artifacts are in ${place}, at ${artifactUri}.`);
    expect(advice).toContain(help);
  });

  test('of a server its own reason is told', () => {
    const { message, advice } = explainUnreadable({ artifactUri: 's3://b/x', isLocal: false }, new MlflowError('INTERNAL_ERROR', 'No credentials'));
    expect(message).toMatch(/Amazon S3.*No credentials$/);
    expect(advice).toContain('credentials of that place');
  });

  test('those of another server are read by adding it', () => {
    expect(explainUnreadable({ artifactUri: 'mlflow-artifacts:/0/r/artifacts', isLocal: true }, failure).advice).toContain('Add that server as a store');
  });

  test('anything else is told as it is', () => {
    expect(explainUnreadable({ artifactUri: '/home/me/mlruns', isLocal: true }, failure)).toEqual({ message: 'not here' });
  });
});
