/** Bundles every process into dist/. `--watch` rebuilds on change, `--production` minifies. */
import { build, context, type BuildOptions } from 'esbuild';

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

/** Only the extension host may import `vscode`: everywhere else a stray import fails the build. */
const bundles: readonly BuildOptions[] = [
  { ...node, entryPoints: { extension: 'extension/extension.ts' }, external: ['vscode'] },
  {
    ...node,
    entryPoints: {
      server: 'extension/server/main.ts',
      reader: 'extension/server/reader.ts',
      supervisor: 'extension/projects/supervisor.ts',
      cli: 'extension/cli/main.ts',
    },
    external: ['better-sqlite3'],
  },
  { ...node, entryPoints: { 'language-server': 'language-server/main.ts' } },
  {
    ...common,
    platform: 'browser',
    target: 'chrome134',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { 'webviews/compare': 'webviews/compare/main.tsx' },
    loader: { '.ttf': 'file', '.css': 'css' },
    assetNames: 'webviews/[name]',
  },
];

if (watch) {
  // These lines are what the watch task of .vscode/tasks.json waits for.
  console.log('Building …');
  const contexts = await Promise.all(bundles.map((options) => context(options)));
  await Promise.allSettled(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.watch()));
  console.log('Watching for changes …');
} else {
  await Promise.all(bundles.map((options) => build(options)));
}
