/** Prints what an MLproject in the folder named by its argument is told before and after its script may no longer be read. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';

import { Document } from '../../language-server/document.ts';
import { mlproject } from '../../language-server/kinds/mlproject.ts';
import { LiveStore } from '../../language-server/live-store.ts';
import { nodeFiles } from '../../language-server/node-files.ts';
import { ScriptCache } from '../../language-server/python/script-cache.ts';
import { diagnose } from '../../language-server/verbs/diagnostics.ts';

const [folder = ''] = process.argv.slice(2);
const uri = pathToFileURL(join(folder, 'MLproject')).href;
const text = 'entry_points:\n  main:\n    command: python train.py --nope 1\n';
const workspace = { files: nodeFiles, scripts: new ScriptCache(), live: new LiveStore() };
const codes = async (): Promise<readonly unknown[]> =>
  (await diagnose(new Document(TextDocument.create(uri, 'mlproject', 1, text), mlproject), workspace)).map(({ code }) => code);

const before = await codes();
chmodSync(join(folder, 'train.py'), 0);
if (process.getuid?.() === 0) process.setuid?.(65_534);
console.log(JSON.stringify({ before, after: await codes() }));
