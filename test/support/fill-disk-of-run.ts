/** A run whose files are on a disk that its output fills; its store is elsewhere. Prints what became of it. */
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { submitRun } from '../../extension/projects/submit-run.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { ServerProcess } from '../../extension/shared/server-process.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { runSite, serverScript, stateOf } from './run-site.ts';

const [disk = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'run-'));
const path = join(folder, 'mlflow.db');
const server = new ServerProcess(serverScript, silentLogger);
const { http } = await server.openStore({ path, create: true });
const tracking = createRestTrackingStore(http);
const request = {
  directory: folder,
  entryPoint: { name: 'main', command: 'head -c 20000000 /dev/zero; touch after; exit 3', parameters: [] },
  values: new Map<string, string>(),
  experimentId: asExperimentId('0'),
  source: { name: folder },
  environment: { manager: 'local' },
} as const;
const run = await submitRun(request, { tracking, address: { kind: 'sqlite', path } }, runSite(disk));
const state = await stateOf(run, ({ phase }) => phase === 'ended');
const { status } = (await tracking.getRun(run.plan.runId)).info;
console.log(JSON.stringify({ state, status, printed: statSync(run.folder.outputFile).size, after: statSync(join(folder, 'after')).isFile() }));
run.dispose();
server.dispose();
