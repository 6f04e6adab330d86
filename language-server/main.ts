import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

import { nodeFiles } from './node-files.ts';
import { newMessageInput } from './node-input.ts';
import { serve } from './server.ts';

// Each edit of a large file leaves megabytes of garbage behind: collected early, and given back, it does not become the size of the process.
for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size', '--heap-growing-percent=150']) setFlagsFromString(flag);

const giveUp = (error: unknown): never => {
  console.error(`The language server is not whole: ${error instanceof Error ? error.message : 'unknown error'}. Install MLflow Workbench again.`);
  process.exit(1);
};

serve((options) => createConnection(ProposedFeatures.all, process.stdin.pipe(newMessageInput()), process.stdout, options), { files: nodeFiles, giveUp });
