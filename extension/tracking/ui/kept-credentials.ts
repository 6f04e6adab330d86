import type * as vscode from 'vscode';

import { Emitter } from '../../shared/emitter.ts';
import { readCredentials, type Credentials, type CredentialStore } from '../credentials.ts';

const keyOf = (origin: string): string => `mlflow.credentials:${origin}`;

/** Credentials in VS Code's secret storage, by the origin of their server. */
export class KeptCredentials implements CredentialStore {
  readonly #secrets: vscode.SecretStorage;
  readonly #changed = new Emitter<string>();

  /** The origin. */
  readonly onDidChange = this.#changed.event;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async of(origin: string): Promise<Credentials | undefined> {
    return readCredentials(await this.#secrets.get(keyOf(origin)));
  }

  async keep(origin: string, credentials: Credentials | undefined): Promise<void> {
    if (credentials === undefined) await this.#secrets.delete(keyOf(origin));
    else await this.#secrets.store(keyOf(origin), JSON.stringify(credentials));
    this.#changed.fire(origin);
  }
}
