/** Downloads more into this folder than its disk takes, and prints why it failed and what it has left there. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { downloadFile } from '../../extension/artifacts/download.ts';
import { errorMessage } from '../../extension/shared/errors.ts';
import { asRunId } from '../../schemas/ids.ts';

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024);
}

const [folder = ''] = process.argv.slice(2);
const unasked = (): never => {
  throw new Error('A full disk is no connection that breaks off');
};
const repository = { listArtifacts: unasked, readArtifact: unasked, downloadRest: unasked, downloadArtifact: async () => endless() };
const transfer = { repository, runId: asRunId('r'), onBytes: () => {}, signal: new AbortController().signal };
const reason = await downloadFile(transfer, 'model.bin', join(folder, 'model.bin')).then(() => 'none', errorMessage);
process.stdout.write(JSON.stringify({ reason, left: readdirSync(folder) }));
