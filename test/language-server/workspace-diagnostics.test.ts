import { CancellationTokenSource } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';

import { diagnose } from '../../language-server/verbs/diagnostics.ts';
import { WorkspaceDiagnostics } from '../../language-server/workspace-diagnostics.ts';
import { workspaceOf } from './support.ts';

const folder = 'file:///project';
const bad = 'nmae: wine\n';
const good = 'name: wine\n';

const diagnosticsOf = (files: Record<string, string>, open: ReadonlySet<string> = new Set()) => {
  const workspace = workspaceOf(files);
  const diagnostics = new WorkspaceDiagnostics(
    workspace.files,
    async (document) => diagnose(document, workspace),
    (uri) => open.has(uri),
  );
  diagnostics.setFolders([folder]);
  return diagnostics;
};

const { token } = new CancellationTokenSource();

test('projects of the workspace are reported, artifacts and environments are not', async () => {
  const diagnostics = diagnosticsOf({
    MLproject: bad,
    'sub/MLproject': good,
    'venv/MLproject': bad,
    'node_modules/x/MLproject': bad,
    'mlruns/0/abc/artifacts/MLproject': bad,
    '.git/MLproject': bad,
    'python/pyvenv.cfg': '',
    'python/MLproject': bad,
    'saved/MLmodel': 'flavors: {}\n',
    'saved/MLproject': bad,
    'notes.yaml': bad,
  });
  const reports = await diagnostics.report([], token);
  expect(reports).toMatchObject([
    { uri: `${folder}/MLproject`, kind: 'full', items: [{ code: 'unknown-key' }] },
    { uri: `${folder}/sub/MLproject`, items: [] },
  ]);
});

test('what is open is left to its own request', async () => {
  const uri = `${folder}/MLproject`;
  const diagnostics = diagnosticsOf({ MLproject: bad, 'sub/MLproject': good }, new Set([uri]));
  expect((await diagnostics.report([], token)).map((report) => report.uri)).toEqual([`${folder}/sub/MLproject`]);
});

test('a second request stays open until something is new', async () => {
  const files: Record<string, string> = { MLproject: bad, 'sub/MLproject': good };
  const diagnostics = diagnosticsOf(files);
  const known = (await diagnostics.report([], token)).map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
  const next = diagnostics.report(known, token);
  diagnostics.changed();
  files['MLproject'] = good;
  diagnostics.changed();
  expect(await next).toMatchObject([{ uri: `${folder}/MLproject`, items: [] }]);
});

test('a file that is gone has no diagnostics any more', async () => {
  const diagnostics = diagnosticsOf({ MLproject: good });
  expect(await diagnostics.report([{ uri: `${folder}/old/MLproject`, value: '1' }], token)).toContainEqual(
    expect.objectContaining({ uri: `${folder}/old/MLproject`, items: [] }),
  );
});

test('a cancelled request ends', async () => {
  const diagnostics = diagnosticsOf({ MLproject: good });
  const known = (await diagnostics.report([], token)).map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
  const source = new CancellationTokenSource();
  const waiting = diagnostics.report(known, source.token);
  source.cancel();
  expect(await waiting).toEqual([]);
});
