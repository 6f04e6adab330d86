import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { build, transform, type BuildOptions, type Metafile, type OutputFile, type Plugin, type TransformOptions } from 'esbuild';

/** Texts of ES modules by their absolute file names. */
type Modules = ReadonlyMap<string, string>;

/**
 * Writes what was split into ES modules (only these can be split) as CommonJS, which loads at once: while the host awaits an ES module other
 * extensions have their turn, and VS Code counts that as ours. `import()` becomes a `require` that runs later. What is loaded with the module of
 * one of the sources `whole`, and with none before it, is one file: each file more costs as much as ten kilobytes of code. So is what parts share of our own
 * code: it comes with the first of them.
 */
export const requiredParts = (whole: readonly string[]): Plugin => ({
  name: 'required parts',
  setup: ({ initialOptions: { minify = false, sourcemap = false, target = [] }, onEnd }) => {
    const options = {
      format: 'cjs',
      platform: 'node',
      target,
      minify,
      sourcemap: sourcemap !== false && 'inline',
      supported: { 'dynamic-import': false },
    } as const;
    onEnd(async ({ outputFiles, metafile }) => {
      if (outputFiles === undefined || metafile === undefined) return;
      const { merged, others } = divide(outputFiles, metafile, whole);
      const translated = [...others].map(async ([path, text]) => [path, await translate(text, options)] as const);
      const written = await Promise.all([...translated, ...merged.map(async (modules) => await merge(modules, options))]);
      await Promise.all(written.map(async ([path, code]) => await write(path, redirect(path, code, merged))));
    });
  },
});

/** The module of its source comes first in each that is merged. The entry does not wait for them: what that needs itself is left out. */
const divide = (
  files: readonly OutputFile[],
  metafile: Metafile,
  whole: readonly string[],
): { readonly merged: readonly Modules[]; readonly others: Modules } => {
  const outputs = Object.keys(metafile.outputs);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const taken = new Set(outputs.filter((path) => !path.includes('/parts/')).flatMap((path) => loadedWith(path, metafile)));
  const merged = whole.map((source): Modules => {
    const together = outputs.filter((path) => metafile.outputs[path]?.entryPoint === source).flatMap((path) => loadedWith(path, metafile));
    const order = together.filter((path) => !taken.has(path));
    for (const path of order) taken.add(path);
    return new Map(order.map((path) => [resolve(path), texts.get(resolve(path)) ?? '']));
  });
  const isOurs = (path: string): boolean => {
    const { entryPoint, inputs = {} } = metafile.outputs[path] ?? {};
    return entryPoint === undefined && !Object.keys(inputs).some((input) => input.startsWith('node_modules/'));
  };
  const shared = outputs.filter((path) => !taken.has(path) && loadedWith(path, metafile).every((each) => taken.has(each) || isOurs(each)));
  merged.push(new Map(shared.map((path) => [resolve(path), texts.get(resolve(path)) ?? ''])));
  return { merged, others: new Map([...texts].filter(([path]) => !merged.some((modules) => modules.has(path)))) };
};

const loadedWith = (first: string, { outputs }: Metafile): readonly string[] => {
  const paths = [first];
  for (const path of paths) {
    const imports = outputs[path]?.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true) ?? [];
    paths.push(...imports.map((each) => each.path).filter((each) => !paths.includes(each)));
  }
  return paths;
};

const translate = async (text: string, options: TransformOptions): Promise<string> => (await transform(text, options)).code;

/** One file in the place of the first, with a namespace for each. */
const merge = async (modules: Modules, options: BuildOptions): Promise<readonly [string, string]> => {
  const [first = ''] = modules.keys();
  const contents = [...modules.keys()].map((path) => `export * as ${nameOf(path)} from ${JSON.stringify(path)};`).join('\n');
  const stdin = { contents, resolveDir: dirname(first) };
  const { outputFiles } = await build({ ...options, stdin, bundle: true, write: false, outfile: first, logLevel: 'warning', plugins: [inMemory(modules)] });
  return [first, outputFiles?.[0]?.text ?? ''];
};

const inMemory = (modules: Modules): Plugin => ({
  name: 'in memory',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      const file = resolve(importer === '' ? '' : dirname(importer), path);
      return kind === 'import-statement' && modules.has(file) ? { path: file, namespace: 'module' } : { path, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'module' }, ({ path }) => ({ contents: modules.get(path) ?? '' }));
  },
});

/** Whoever needs a module that was merged finds it in the file that has it. */
const redirect = (path: string, code: string, merged: readonly Modules[]): string =>
  code.replaceAll(/\brequire\("(\.[^"]+)"\)/g, (text, specifier: string) => {
    const file = resolve(dirname(path), specifier);
    const [first] = merged.find((modules) => modules.has(file))?.keys() ?? [];
    return first !== undefined ? `require("./${relative(dirname(path), first).replaceAll(sep, '/')}").${nameOf(file)}` : text;
  });

const nameOf = (path: string): string => (path.split(sep).at(-1) ?? '').replaceAll(/\W/g, '_');

const write = async (path: string, code: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
};
