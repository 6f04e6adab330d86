import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver-types';

import { languageServerFlags } from '../../extension/shared/language-server-flags.ts';
import { LanguageClient } from '../../test/support/language-client.ts';
import { repository } from '../tools.ts';

export const servers = ['ours', 'yaml-language-server'] as const;
export type ServerName = (typeof servers)[number];

/** Each as an editor starts it. */
const commands: Readonly<Record<ServerName, readonly string[]>> = {
  ours: [...languageServerFlags, join(repository, 'dist', 'language-server.cjs'), '--stdio'],
  'yaml-language-server': [join(repository, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server'), '--stdio'],
};

export const uri = 'file:///bench/MLproject';

/** The same schema for both; the other server is told of it by its settings. */
const settings = {
  yaml: { validate: true, completion: true, hover: true, schemas: { [pathToFileURL(join(repository, 'schemas', 'mlproject.schema.json')).href]: 'MLproject' } },
};

/** Both push their diagnostics, so that both are measured from the edit to the message. */
export class MeasuredServer {
  readonly name: ServerName;
  readonly client: LanguageClient;
  #onDiagnostics: (diagnostics: readonly Diagnostic[]) => void = () => undefined;
  #line = 0;
  #isBroken = false;

  private constructor(name: ServerName) {
    this.name = name;
    this.client = LanguageClient.start(process.execPath, commands[name]);
    const { connection } = this.client;
    connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
      items.map(({ section }) => (section === 'yaml' ? settings.yaml : null)),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onNotification('textDocument/publishDiagnostics', (report: { uri: string; diagnostics: readonly Diagnostic[] }) => {
      if (report.uri === uri) this.#onDiagnostics(report.diagnostics);
    });
  }

  static async start(name: ServerName): Promise<MeasuredServer> {
    const server = new MeasuredServer(name);
    await server.client.initialize({ capabilities: { workspace: { configuration: true }, textDocument: { publishDiagnostics: {}, completion: {} } } });
    return server;
  }

  /** Resolves when the file has been checked for the first time. `line` is one with a key to misspell: `    command: …`. */
  async open(text: string, line: number): Promise<void> {
    await this.client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    this.#line = line;
    this.#isBroken = false;
    const checked = this.#diagnosed();
    await this.client.open(uri, text, 'yaml');
    await checked;
    // The first schema is read from disk: an edit that is seen tells that it is there.
    await this.edit();
    await this.edit();
  }

  /** Misspells a key or mends it; ms until the problem is told or gone. */
  async edit(): Promise<number> {
    this.#isBroken = !this.#isBroken;
    const [from, to] = this.#isBroken ? ['command', 'comand'] : ['comand', 'command'];
    const range = { start: { line: this.#line, character: 4 }, end: { line: this.#line, character: 4 + from.length } };
    const expected = this.#isBroken;
    const start = performance.now();
    const told = this.#diagnosed((diagnostics) => diagnostics.some(({ range: { start: at } }) => at.line === this.#line && at.character === 4) === expected);
    await this.client.change(uri, { range, newText: to });
    await told;
    return performance.now() - start;
  }

  /** ms until keys are offered in an empty line. */
  async complete(line: number): Promise<number> {
    const start = performance.now();
    const reply = await this.client.request('textDocument/completion', { textDocument: { uri }, position: { line, character: 4 } });
    const time = performance.now() - start;
    if (!JSON.stringify(reply).includes('command')) throw new Error(`${this.name} offers no keys`);
    return time;
  }

  async stop(): Promise<void> {
    await this.client.stop();
  }

  async #diagnosed(isIt: (diagnostics: readonly Diagnostic[]) => boolean = () => true): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onDiagnostics = (diagnostics) => {
        if (isIt(diagnostics)) resolve();
      };
    });
  }
}
