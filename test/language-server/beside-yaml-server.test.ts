import { fileURLToPath } from 'node:url';
import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver-types';
import { expect, onTestFinished, test } from 'vitest';

import { goldenCases } from './golden.ts';
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

/** What npm's server says of each document with one of our schemas, as any tool for YAML may use it. */
const saidWithSchema = async (schema: string, texts: readonly string[]): Promise<readonly (readonly string[])[]> => {
  const client = await connect(yamlServer, {});
  const said = new Map(texts.map((_, index) => [`file:///project/${index}.yaml`, Promise.withResolvers<readonly string[]>()]));
  client.connection.onNotification('textDocument/publishDiagnostics', ({ uri: own, diagnostics }: PublishDiagnosticsParams) =>
    said.get(own)?.resolve(diagnostics.map(({ message }) => (typeof message === 'string' ? message : message.value))),
  );
  const settings = { yaml: { validate: true, yamlVersion: '1.1', schemaStore: { enable: false } } };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
  const firstLine = `# yaml-language-server: $schema=${new URL(`../../schemas/${schema}`, import.meta.url).href}\n`;
  for (const [index, own] of [...said.keys()].entries()) await client.open(own, firstLine + (texts[index] ?? ''), 'yaml');
  return Promise.all([...said.values()].map(async ({ promise }) => promise));
};

/** PyYAML reads it; npm's parser does not, whatever the schema. */
const unreadable = 'valid/double-quoted-at-the-margin';

test.each([
  ['mlproject.schema.json', 'MLproject', 'entry_point: {main: {command: ls}}\n'],
  ['mlmodel.schema.json', 'MLmodel', 'flavors: text\n'],
  ['python-env.schema.json', 'python_env.yaml', 'pythn: "3.12"\n'],
  ['conda-env.schema.json', 'conda.yaml', 'dependencies: text\n'],
] as const)('%s serves other tools: what is right is let through, what is wrong is told', async (schema, kind, wrong) => {
  const valid = goldenCases(kind).filter(({ name }) => name.startsWith('valid/') && name !== unreadable);
  const [ofWrong, ...ofValid] = await saidWithSchema(schema, [wrong, ...valid.map(({ text }) => text)]);
  expect(ofWrong).not.toEqual([]);
  expect(Object.fromEntries(valid.map(({ name }, index) => [name, ofValid[index]]).filter(([, messages]) => messages?.length !== 0))).toEqual({});
});
