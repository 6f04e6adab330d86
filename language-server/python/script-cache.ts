import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-types';

import type { Span } from '../../schemas/yaml-tree.ts';
import type { FileSystem } from '../workspace.ts';
import { readScript, type ScriptInterface } from '../../schemas/python/script-options.ts';

/** A script of the project, as its source tells. */
export interface Script {
  readonly uri: string;
  readonly text: string;
  readonly interface: ScriptInterface;
  readonly rangeOf: (span: Span) => Range;
}

/** Scripts that commands call, read again only when their text has changed. */
export class ScriptCache {
  readonly #scripts = new Map<string, { readonly text: string; readonly script: Script | undefined }>();

  /** Undefined when the file is absent or takes its arguments in no way that is understood. */
  async read(uri: string, files: FileSystem): Promise<Script | undefined> {
    const text = await files.read(uri);
    if (text === undefined) return undefined;
    const known = this.#scripts.get(uri);
    if (known?.text === text) return known.script;
    const script = scriptOf(uri, text);
    this.#scripts.set(uri, { text, script });
    return script;
  }
}

const scriptOf = (uri: string, text: string): Script | undefined => {
  const found = readScript(text);
  const lines = TextDocument.create(uri, 'python', 0, text);
  return found && { uri, text, interface: found, rangeOf: ({ start, end }) => ({ start: lines.positionAt(start), end: lines.positionAt(end) }) };
};
