import { spawn, type ChildProcess } from 'node:child_process';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ProtocolConnection } from 'vscode-languageserver/node';
import type { ClientCapabilities, InitializeResult, TextEdit } from 'vscode-languageserver/node';

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  /** Workspace folder. */
  readonly rootUri?: string;
  readonly initializationOptions?: unknown;
}

/** A language server in a process of its own, spoken to over stdio as an editor does. */
export class LanguageClient {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly #versions = new Map<string, number>();

  private constructor(server: ChildProcess, connection: ProtocolConnection) {
    this.process = server;
    this.connection = connection;
  }

  static start(program: string, args: readonly string[]): LanguageClient {
    const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (server.stdout === null || server.stdin === null) throw new Error('The server has no pipes');
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    return new LanguageClient(server, connection);
  }

  async initialize({ capabilities = {}, rootUri, initializationOptions }: ClientOptions = {}): Promise<InitializeResult> {
    this.connection.listen();
    const workspaceFolders = rootUri === undefined ? null : [{ uri: rootUri, name: 'project' }];
    const result: InitializeResult = await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: rootUri ?? null,
      workspaceFolders,
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async request(method: string, parameters: unknown): Promise<unknown> {
    return this.connection.sendRequest(method, parameters);
  }

  async open(uri: string, text: string, languageId = 'mlproject'): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  async change(uri: string, { range, newText }: TextEdit): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: newText }] });
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.connection.dispose();
  }
}
