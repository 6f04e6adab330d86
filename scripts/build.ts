/** Bundles every process into dist/. `--watch` rebuilds on change, `--production` minifies. */
import { rm } from 'node:fs/promises';
import { build, context, type BuildOptions, type Plugin } from 'esbuild';

import { requiredParts } from './required-parts.ts';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const common: BuildOptions = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  logLevel: 'warning',
  legalComments: 'none',
  outdir: 'dist',
};

const node: BuildOptions = {
  ...common,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // What the sources say by import.meta is the bundle's own place.
  define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
};

/** What `source` is imported for on demand is a bundle beside the one that needs it. */
const loadedOnDemand = (source: RegExp, bundle: string): Plugin => ({
  name: 'loaded on demand',
  setup: ({ onResolve }) => onResolve({ filter: source }, ({ kind }) => (kind === 'dynamic-import' ? { path: `./${bundle}`, external: true } : undefined)),
});

/** One module stands for VS Code's API in a bundle: each import of its own would copy hundreds of names while the extension is loaded. */
const vscodeOnce: Plugin = {
  name: 'vscode once',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode' },
    );
    onLoad({ filter: /^vscode$/, namespace: 'vscode' }, () => ({ contents: "export * from 'vscode';" }));
  },
};

/** Servers of ours speak HTTP/1.1; hono would load Node's HTTP/2 to ask whether a request is of that, in a tenth of the time that a server takes to start. */
const withoutHttp2: Plugin = {
  name: 'without HTTP/2',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:node:)?http2$/ }, ({ path }) => ({ path, namespace: 'without HTTP/2' }));
    onLoad({ filter: /./, namespace: 'without HTTP/2' }, () => ({ contents: 'export class Http2ServerRequest {}\nexport const constants = {};' }));
  },
};

/** What every window loads, in this order and each in a turn of the event loop of its own. */
export const everyWindow: readonly string[] = [
  'extension/workbench.ts',
  'extension/tracking/ui/register-stores.ts',
  'extension/projects/ui/register-projects.ts',
  'extension/tracking/ui/register-tracking.ts',
  'extension/registry/ui/register-registry.ts',
];

/** The extension host's: only these may import `vscode`, everywhere else a stray import fails the build. */
export const hostBundles = {
  ...node,
  format: 'esm',
  entryPoints: { extension: 'extension/extension.ts' },
  // What is imported by `import()` is a part of its own, loaded when it is needed; what parts share is there once.
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  sourcemap: production ? false : 'inline',
  write: false,
  plugins: [vscodeOnce],
  // Its other build, for `require`, finds its own parts at run time only.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
} satisfies BuildOptions;

/** The connection to a client is there long before the rest is loaded. */
export const languageServerBundles: BuildOptions = {
  ...node,
  entryPoints: { 'language-server': 'language-server/main.ts', 'language-files': 'language-server/files-service.ts' },
  plugins: [loadedOnDemand(/\/files-service\.ts$/, 'language-files.cjs')],
  supported: { 'dynamic-import': false },
};

const pages: BuildOptions = {
  ...common,
  platform: 'browser',
  target: 'chrome134',
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file', '.css': 'css' },
  assetNames: 'webviews/[name]',
};

const bundles: readonly BuildOptions[] = [
  { ...hostBundles, metafile: true, plugins: [vscodeOnce, requiredParts(everyWindow)] },
  {
    ...node,
    entryPoints: {
      server: 'extension/server/main.ts',
      reader: 'extension/server/reader.ts',
      supervisor: 'extension/projects/supervisor.ts',
      'serving-supervisor': 'extension/models/serving-supervisor.ts',
      cli: 'extension/cli/main.ts',
    },
    external: ['better-sqlite3'],
    plugins: [withoutHttp2],
  },
  languageServerBundles,
  {
    ...pages,
    entryPoints: {
      'webviews/compare': 'webviews/compare/main.tsx',
      'webviews/run-form': 'webviews/run-form/main.tsx',
      'webviews/registered-model': 'webviews/registered-model/main.tsx',
      'webviews/serve': 'webviews/serve/main.tsx',
      'webviews/runs': 'webviews/runs/main.tsx',
      'webviews/model': 'webviews/model/main.tsx',
      'webviews/predictions': 'webviews/predictions/main.tsx',
    },
  },
  // What it imports when it is needed is a file of its own.
  { ...pages, entryPoints: { 'webviews/run': 'webviews/run/main.tsx' }, splitting: true, chunkNames: 'webviews/[name]' },
];

const watchAll = async (): Promise<void> => {
  // These lines are what the watch task of .vscode/tasks.json waits for.
  console.log('Building …');
  const contexts = await Promise.all(bundles.map((options) => context(options)));
  await Promise.allSettled(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.watch()));
  console.log('Watching for changes …');
};

const buildAll = async (): Promise<void> => {
  // Names of parts change with what is in them, and all that is there is packed.
  if (production) await rm('dist', { recursive: true, force: true });
  await Promise.all(bundles.map((options) => build(options)));
};

if (import.meta.main) await (watch ? watchAll() : buildAll());
