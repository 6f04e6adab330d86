import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

import { nodeFiles } from './node-files.ts';
import { newMessageInput } from './node-input.ts';
import { serve } from './server.ts';

// Each edit of a large file leaves megabytes of garbage behind: collected early, it does not become the size of the process.
for (const flag of ['--semi-space-growth-factor=1', '--max-semi-space-size=4', '--heap-growing-percent=100']) setFlagsFromString(flag);

serve(createConnection(ProposedFeatures.all, process.stdin.pipe(newMessageInput()), process.stdout), nodeFiles);
