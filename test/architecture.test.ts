import { build } from 'esbuild';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

import { contributedCommands, contributedEditors, contributedPages, contributedSettings, contributedViews } from '../extension/host/manifest.ts';
import { everyWindow, hostBundles, languageServerBundles } from '../scripts/build.ts';
import manifest from '../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');

/** A part may import itself and what stands in its list; the first pattern that fits a file is its part. */
const parts: readonly { readonly part: string; readonly pattern: RegExp; readonly imports: readonly string[] }[] = [
  { part: 'schemas', pattern: /^schemas\//, imports: [] },
  { part: 'shared', pattern: /^extension\/shared\//, imports: ['schemas'] },
  { part: 'host', pattern: /^extension\/host\//, imports: ['schemas', 'shared'] },
  { part: 'ui', pattern: /^extension\/\w+\/ui\//, imports: ['schemas', 'shared', 'host', 'artifacts', 'tracking', 'registry', 'models', 'projects'] },
  { part: 'artifacts', pattern: /^extension\/artifacts\//, imports: ['schemas', 'shared'] },
  { part: 'tracking', pattern: /^extension\/tracking\//, imports: ['schemas', 'shared', 'artifacts'] },
  { part: 'registry', pattern: /^extension\/registry\//, imports: ['schemas', 'shared', 'artifacts', 'tracking'] },
  { part: 'models', pattern: /^extension\/models\//, imports: ['schemas', 'shared', 'artifacts', 'tracking', 'registry'] },
  { part: 'projects', pattern: /^extension\/projects\//, imports: ['schemas', 'shared', 'artifacts', 'tracking', 'registry', 'models'] },
  { part: 'server', pattern: /^extension\/server\//, imports: ['schemas', 'shared', 'artifacts', 'tracking', 'registry', 'models', 'projects'] },
  { part: 'cli', pattern: /^extension\/cli\//, imports: ['schemas', 'shared', 'artifacts', 'tracking', 'registry', 'models', 'projects', 'server'] },
  {
    part: 'activate',
    pattern: /^extension\/(extension|workbench)\.ts$/,
    imports: ['schemas', 'shared', 'host', 'ui', 'artifacts', 'tracking', 'registry', 'models', 'projects', 'server'],
  },
  { part: 'language-server', pattern: /^language-server\//, imports: ['schemas'] },
  { part: 'webviews', pattern: /^webviews\//, imports: ['schemas'] },
];

/** Modules that only these files may import. */
const reserved: readonly { readonly module: RegExp; readonly files: RegExp }[] = [
  { module: /^vscode$/, files: /^extension\/(host\/|\w+\/ui\/|(extension|workbench)\.ts$)/ },
  { module: /^better-sqlite3$/, files: /^extension\/server\// },
  { module: /^node:child_process$/, files: /^extension\/shared\/process\.ts$/ },
  { module: /^node:/, files: /^(extension\/|language-server\/(main|node-[\w-]+)\.ts$)/ },
];

const sources = globSync('{schemas,extension,language-server,webviews}/**/*.{ts,tsx}', { cwd: root }).map((file) => file.split(sep).join('/'));
const partOf = (file: string) => parts.find(({ pattern }) => pattern.test(file));

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  );

const resolveImport = (file: string, specifier: string): string =>
  normalize(join(dirname(file), specifier))
    .split(sep)
    .join('/');

const isAllowed = (file: string, target: string): boolean => {
  const [from, to] = [partOf(file), partOf(target)];
  if (to === undefined || from === undefined) return false;
  // A component's `ui/` is nobody's business but its own and the constructor of the world's.
  if (from.part === 'ui' && to.part === 'ui') return file.split('/')[1] === target.split('/')[1];
  return from.part === to.part || from.imports.includes(to.part);
};

describe('architecture', () => {
  test('every source file belongs to a part', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((file) => partOf(file) === undefined)).toEqual([]);
  });

  test('a file imports only what its part may import', () => {
    const strays = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.') && /\.tsx?$/.test(specifier))
        .map((specifier) => resolveImport(file, specifier))
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${file} → ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test('reserved modules are imported only where they belong', () => {
    const strays = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => reserved.some(({ module, files }) => module.test(specifier) && !files.test(file)))
        .map((specifier) => `${file} → ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  test('fetch is called only by clients of REST and artifacts', () => {
    const callers = sources.filter((file) => /(?<![\w.])fetch\(/.test(readFileSync(join(root, file), 'utf8')));
    expect(callers.filter((file) => !/\/rest-[\w-]+\.ts$|^extension\/artifacts\//.test(file))).toEqual([]);
  });

  test('messages are shown by one file, which makes no links of the names in them', () => {
    const showing = sources.filter((file) => /show(?:Information|Warning|Error)Message/.test(readFileSync(join(root, file), 'utf8')));
    expect(showing).toEqual(['extension/host/messages.ts']);
  });
});

const keys = (table: object): readonly string[] => Object.keys(table).toSorted();
const namesOf = <Kind extends string>(table: Readonly<Record<string, Kind>>, kind: Kind): readonly string[] =>
  keys(table).filter((name) => table[name] === kind);

/** Builds, which takes its time on a busy machine. */
describe('what the extension host loads', { timeout: 60_000 }, async () => {
  const { metafile } = await build({ ...hostBundles, minify: true, sourcemap: false, absWorkingDir: root, metafile: true });
  type Output = (typeof metafile.outputs)[string];
  const outputs = Object.entries(metafile.outputs);

  /** The part that begins with a source, and all that is loaded with it. */
  const loadedWith = (source: string): readonly Output[] => {
    const wanted = outputs.filter(([, { entryPoint }]) => entryPoint === source).map(([path]) => path);
    for (const path of wanted) {
      const imported = metafile.outputs[path]?.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true) ?? [];
      wanted.push(...imported.map((each) => each.path).filter((each) => !wanted.includes(each)));
    }
    return wanted.flatMap((path) => metafile.outputs[path] ?? []);
  };
  const bytesOf = (some: readonly Output[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
  const inputsOf = (some: readonly Output[]): readonly string[] => some.flatMap(({ inputs }) => Object.keys(inputs));

  /** What each brings that none before it has. */
  const pieces = everyWindow.map((source, index) => {
    const before = new Set(everyWindow.slice(0, index).flatMap(loadedWith));
    return loadedWith(source).filter((output) => !before.has(output));
  });

  test('before the editor goes on is the entry alone', () => {
    const loaded = loadedWith('extension/extension.ts');
    expect(loaded).not.toEqual([]);
    expect(bytesOf(loaded)).toBeLessThan(10_000);
  });

  test('in every window is no library and no page', () => {
    const loaded = pieces.flat();
    expect(inputsOf(loaded)).toContain('extension/tracking/ui/experiments-tree.ts');
    expect(inputsOf(loaded).filter((file) => /^node_modules\/|-page\.ts$|^extension\/host\/page\.ts$/.test(file))).toEqual([]);
    expect(bytesOf(loaded)).toBeLessThan(260_000);
  });

  test('in every window comes in pieces, each of which holds nobody up for long', () => {
    for (const piece of pieces) expect(piece).not.toEqual([]);
    expect(Math.max(...pieces.map(bytesOf))).toBeLessThan(80_000);
  });

  test('with the first file of our languages is the client of their server', () => {
    const client = inputsOf(loadedWith('extension/host/language-client.ts'));
    expect(client.some((file) => file.startsWith('node_modules/vscode-languageclient/'))).toBe(true);
  });

  test('is there once: no module is in two parts', () => {
    const all = inputsOf(outputs.map(([, output]) => output)).filter((file) => file !== '<runtime>');
    expect(all.filter((file, index) => all.indexOf(file) !== index)).toEqual([]);
  });

  test('later is named: a command whose code is no part of every window is in a list of those that load it, and no other', () => {
    const loaded = new Set(inputsOf(pieces.flat()));
    const registered = sources.flatMap((file) => textsIn(file, /\b(?:register|on)\(\s*'(mlflow\.[\w.]+)'/g).map((id) => ({ id, isLater: !loaded.has(file) })));
    const named = sources.filter((file) => loaded.has(file) && readFileSync(join(root, file), 'utf8').includes('registerOnDemand(')).flatMap(commandsNamedIn);
    expect(registered.map(({ id }) => id).toSorted()).toEqual(keys(contributedCommands));
    expect(named.toSorted()).toEqual(registered.flatMap(({ id, isLater }) => (isLater ? [id] : [])).toSorted());
  });
});

const textsIn = (file: string, pattern: RegExp): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map((match) => match[1] ?? '');

/** Those that stand in a list. */
const commandsNamedIn = (file: string): readonly string[] => {
  const ids = new Set(keys(contributedCommands));
  return textsIn(file, /(?<!\b(?:register|on|executeCommand)\(\s*)'(mlflow\.[\w.]+)'/g).filter((id) => ids.has(id));
};

test('a client is answered before what knows of files is loaded, which has no second copy of the connection', async () => {
  const { metafile } = await build({ ...languageServerBundles, absWorkingDir: root, metafile: true, write: false });
  const inputsOf = (output: string): readonly string[] => Object.keys(metafile.outputs[output]?.inputs ?? {});
  const isOfFiles = (file: string): boolean => /^(?:schemas\/|node_modules\/yaml\/|language-server\/kinds\/mlproject)/.test(file);
  const isOfConnection = (file: string): boolean => /^node_modules\/vscode-(?:jsonrpc|languageserver|languageserver-protocol)\//.test(file);
  expect(inputsOf('dist/language-server.cjs').filter(isOfFiles)).toEqual([]);
  expect(inputsOf('dist/language-server.cjs').some(isOfConnection)).toBe(true);
  expect(inputsOf('dist/language-files.cjs').filter(isOfConnection)).toEqual([]);
  expect(inputsOf('dist/language-files.cjs').some(isOfFiles)).toBe(true);
}, 60_000);

describe('package.json and the typed tables of the host name the same', () => {
  const { commands, configuration, menus, views } = manifest.contributes;

  test('commands', () => {
    expect(commands.map(({ command }) => command).toSorted()).toEqual(keys(contributedCommands));
  });

  test('commands that need a tree item, which the palette hides', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    expect(hidden.toSorted()).toEqual(namesOf(contributedCommands, 'item'));
  });

  test('settings', () => {
    expect(keys(configuration.properties)).toEqual(keys(contributedSettings));
  });

  test('settings that an untrusted workspace cannot set', () => {
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted()).toEqual(namesOf(contributedSettings, 'restricted'));
  });

  test('views', () => {
    expect(
      Object.values(views)
        .flat()
        .map(({ id }) => id),
    ).toEqual([...contributedViews]);
  });

  test('pages that come back after a restart', () => {
    const restored = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    expect(restored).toEqual(contributedPages.map((page) => `onWebviewPanel:${page}`));
  });

  test('editors of files', () => {
    expect(manifest.contributes.customEditors.map(({ viewType }) => viewType)).toEqual([...contributedEditors]);
  });

  test('schemas of files, which are packed', () => {
    const { jsonValidation, yamlValidation } = manifest.contributes;
    const packed = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
    for (const { url } of [...jsonValidation, ...yamlValidation]) expect(packed).toContain(url.replace('./', '!'));
  });

  test('every text of the manifest has its words in package.nls.json', () => {
    const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1]);
    expect(keys(texts)).toEqual([...new Set(used)].toSorted());
  });
});
