import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { logOutput } from '../../extension/projects/output-artifact.ts';
import { RunFolder } from '../../extension/projects/run-folder.ts';
import { userEnvironment } from '../../extension/shared/process.ts';
import { outputOf, recordedEnd } from '../support/run-site.ts';
import { runsForFile } from '../support/runs-for-file.ts';

const site = runsForFile();

describe('output as an artifact', () => {
  test('is what was printed, and only on demand', async () => {
    const run = await site.start({ ...site.runs.request('echo kept'), logsOutput: true });
    await recordedEnd(run);
    const file = join(run.plan.artifactUri.replace(/^file:\/\//, ''), 'stdout.log');
    expect(await readFile(file, 'utf8')).toBe(await outputOf(run));
    const plain = await site.submit('echo not kept');
    await recordedEnd(plain);
    expect(existsSync(join(plain.plan.artifactUri.replace(/^file:\/\//, ''), 'stdout.log'))).toBe(false);
  });

  test('goes through mlflow where artifacts are no files', async () => {
    const folder = new RunFolder(join(site.runs.folder, 'remote'));
    const interpreter = join(site.runs.folder, 'python');
    writeFileSync(interpreter, `#!/bin/sh\nprintf '%s\\n' "$MLFLOW_RUN_ID" "$@" > '${site.runs.folder}/called'\ncat "$6" >> '${site.runs.folder}/called'\n`, {
      mode: 0o755,
    });
    const { plan } = await site.submit('true');
    const remote = { ...plan, artifactUri: 's3://bucket/artifacts', environment: { manager: 'local', interpreter } } as const;
    await folder.create(remote);
    writeFileSync(folder.outputFile, 'said\n');
    await logOutput(remote, folder, userEnvironment());
    expect((await readFile(join(site.runs.folder, 'called'), 'utf8')).split('\n')).toEqual([
      plan.runId,
      '-m',
      'mlflow',
      'artifacts',
      'log-artifact',
      '--local-file',
      join(folder.path, 'stdout.log'),
      '--run-id',
      plan.runId,
      'said',
      '',
    ]);
  });
});
