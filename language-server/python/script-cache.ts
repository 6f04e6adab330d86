import type { FileSystem } from '../workspace.ts';
import { readScript, type ScriptInterface } from './script-options.ts';

/** Scripts that commands call, read again only when their text has changed. */
export class ScriptCache {
  readonly #scripts = new Map<string, { readonly text: string; readonly script: ScriptInterface | undefined }>();

  /** Undefined when the file is absent or takes its arguments in no way that is understood. */
  async read(uri: string, files: FileSystem): Promise<ScriptInterface | undefined> {
    const text = await files.read(uri);
    if (text === undefined) return undefined;
    const known = this.#scripts.get(uri);
    if (known?.text === text) return known.script;
    const script = readScript(text);
    this.#scripts.set(uri, { text, script });
    return script;
  }
}
