import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Document } from '../../language-server/document.ts';
import { kindOf } from '../../language-server/kinds/kinds.ts';
import { LiveStore } from '../../language-server/live-store.ts';
import { nodeFiles } from '../../language-server/node-files.ts';
import { ScriptCache } from '../../language-server/python/script-cache.ts';
import { findingsOf } from '../../language-server/verbs/diagnostics.ts';
import { pythonPath } from '../support/python.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'written-models-'));
  execFileSync(pythonPath(), ['test/support/save_models.py', root], { stdio: ['ignore', 'ignore', 'pipe'] });
});

afterAll(async () => rm(root, { recursive: true }));

const isKnown = (path: string): boolean => ['MLmodel', 'python_env.yaml', 'conda.yaml'].includes(basename(path));

const codesOf = async (file: string): Promise<readonly string[]> => {
  const uri = pathToFileURL(file).toString();
  const kind = kindOf(uri);
  if (kind === undefined) throw new Error(`'${file}' is of no kind`);
  const document = new Document(TextDocument.create(uri, 'yaml', 1, await readFile(file, 'utf8')), kind);
  const findings = await findingsOf(document, { files: nodeFiles, scripts: new ScriptCache(), live: new LiveStore() });
  return findings.map(({ code, message }) => `${code}: ${message}`);
};

test('of what the installed mlflow writes nothing is wrong but the paths of this machine', async () => {
  const files = (await readdir(root, { recursive: true })).filter(isKnown).map((path) => join(root, path));
  expect(files.filter((file) => basename(file) === 'MLmodel').map((file) => basename(dirname(file)))).toEqual(
    expect.arrayContaining(['sklearn', 'pyfunc', 'from-code', 'types', 'array', 'artifacts']),
  );
  const found = await Promise.all(files.map(async (file) => (await codesOf(file)).map((code) => `${basename(dirname(file))}/${basename(file)} ${code}`)));
  expect(found.flat().filter((line) => !line.includes('artifact-uri-local'))).toEqual([]);
});
