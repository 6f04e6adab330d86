import { fileURLToPath } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver-types';
import { expect, onTestFinished, test } from 'vitest';

import { LanguageClient } from '../support/language-client.ts';
import { bundleLanguageServer } from '../support/language-server-bundle.ts';

const bundle = await bundleLanguageServer();
const yamlServer = fileURLToPath(new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url));

const uri = 'file:///project/python_env.yaml';

const connect = async (server: string, initializationOptions: unknown): Promise<LanguageClient> => {
  const client = LanguageClient.start(process.execPath, [server, '--stdio']);
  onTestFinished(async () => client.stop());
  await client.initialize({ capabilities: { textDocument: { diagnostic: {} } }, initializationOptions });
  return client;
};

/** What npm's yaml-language-server says of a document: it pushes. */
const saidByYamlServer = async (text: string): Promise<readonly Diagnostic[]> => {
  const client = await connect(yamlServer, {});
  const { promise, resolve } = Promise.withResolvers<readonly Diagnostic[]>();
  client.connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => {
    if (diagnostics.length > 0) resolve(diagnostics);
  });
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml: { validate: true, schemaStore: { enable: false } } } });
  await client.open(uri, text, 'yaml');
  return promise;
};

const saidByOurs = async (text: string, languageId: string, hasYamlServer: boolean): Promise<readonly Diagnostic[]> => {
  const client = await connect(bundle.server, { hasYamlServer });
  await client.open(uri, text, languageId);
  const { items } = (await client.request('textDocument/diagnostic', { textDocument: { uri } })) as { readonly items: readonly Diagnostic[] };
  return items;
};

const placesOf = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ range: { start } }) => `${start.line}:${start.character}`);

test.each([
  ['equal keys', 'python: 3.10\npython: 3.10\ndependencies: [mlflow]\n'],
  ['a bracket that is never closed', 'python: 3.10\ndependencies: [mlflow\n'],
  ['a tab that indents', 'python: 3.10\ndependencies:\n\t- mlflow\n'],
  ['a tag', 'python: !!python/name:os.system 3\nx: 1\n'],
])('nothing is said twice: %s', async (_, text) => {
  const [theirs, ours] = await Promise.all([saidByYamlServer(text), saidByOurs(text, 'yaml', true)]);
  expect(ours.length).toBeGreaterThan(0);
  expect(placesOf(ours).filter((place) => placesOf(theirs).includes(place))).toEqual([]);
});

test('alone, or in a document of our own language, all is said by ours', async () => {
  const text = 'python: 3.10\npython: 3.10\ndependencies: [mlflow]\n';
  const codes = async (languageId: string, hasYamlServer: boolean) => (await saidByOurs(text, languageId, hasYamlServer)).map(({ code }) => code);
  expect(await codes('yaml', false)).toContain('duplicate-key');
  expect(await codes('mlmodel', true)).toContain('duplicate-key');
  expect(await codes('yaml', true)).not.toContain('duplicate-key');
});

test('the outline, which both have, is left to the other', async () => {
  const outlineOf = async (hasYamlServer: boolean): Promise<unknown> => {
    const client = await connect(bundle.server, { hasYamlServer });
    await client.open(uri, 'python: "3.12"\n', 'yaml');
    return client.request('textDocument/documentSymbol', { textDocument: { uri } });
  };
  expect(await outlineOf(true)).toBeNull();
  expect(await outlineOf(false)).toMatchObject([{ name: 'python' }]);
});
