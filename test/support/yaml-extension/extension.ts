import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** Where npm's yaml-language-server is; told when this is bundled. */
declare const yamlServer: string;

/** What extensions for YAML do: one server for whatever is a `yaml` document. */
export const activate = async ({ subscriptions }: ExtensionContext): Promise<void> => {
  const run = { module: yamlServer, transport: TransportKind.stdio };
  const client = new LanguageClient('yaml', 'YAML', run, {
    documentSelector: [{ scheme: 'file', language: 'yaml' }],
    initializationOptions: { l10nPath: '' },
    synchronize: { configurationSection: 'yaml' },
  });
  subscriptions.push(client);
  await client.start();
};
