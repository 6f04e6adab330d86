import { expect, test } from 'vitest';

import type { ArtifactRepository } from '../../extension/artifacts/artifact-repository.ts';
import { LogTail } from '../../extension/models/log-tail.ts';
import { listLogs, readLogArtifact } from '../../extension/projects/logged-logs.ts';
import { asRunId } from '../../schemas/ids.ts';

const runId = asRunId('r');

/** Artifacts by their paths; a folder ends with a slash. */
const artifactsWith = (paths: readonly string[], chunks: readonly string[] = []): ArtifactRepository => ({
  listArtifacts: async (_, folder) => {
    const prefix = folder === undefined ? '' : `${folder}/`;
    const below = paths.filter((path) => path.startsWith(prefix) && path.slice(prefix.length).replace(/\/$/, '').split('/').length === 1 && path !== prefix);
    return below.map((path) => ({ path: path.replace(/\/$/, ''), isDirectory: path.endsWith('/') }));
  },
  readArtifact: () => Promise.reject(new Error('A log is read as it comes')),
  downloadRest: () => Promise.reject(new Error('Nothing breaks off')),
  downloadArtifact: async () =>
    (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })(),
});

test('texts that look like logs are found, the usual one first, and none that says something else', async () => {
  const paths = [
    'notes.txt',
    'z.log',
    'stdout.log',
    'requirements.txt',
    'README.txt',
    'plot.png',
    'a.err',
    'logs/',
    'logs/inner.out',
    'model/',
    'model/x.log',
    'odd.log/',
  ];
  expect(await listLogs(artifactsWith(paths), runId)).toEqual(['stdout.log', 'a.err', 'logs/inner.out', 'z.log', 'notes.txt']);
});

test('a log is read to its end, of which a part is kept as plain text', async () => {
  const tail = new LogTail(20);
  await readLogArtifact(artifactsWith([], ['first line\n', '\u001B[31msecond\u001B[0m line\n', 'third\n']), runId, { path: 'x.log', tail });
  expect([tail.text, tail.isCut]).toEqual(['third\n', true]);
});

test('a short log is whole', async () => {
  const tail = new LogTail();
  await readLogArtifact(artifactsWith([], ['one\r\n', 'two']), runId, { path: 'x.log', tail });
  expect([tail.text, tail.isCut]).toEqual(['one\ntwo', false]);
});
