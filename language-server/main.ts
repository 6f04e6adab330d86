import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

import { nodeFiles } from './node-files.ts';
import { serve } from './server.ts';

serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), nodeFiles);
