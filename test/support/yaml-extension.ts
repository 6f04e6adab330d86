import { build } from 'esbuild';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repository } from '../../scripts/tools.ts';

const source = join(import.meta.dirname, 'yaml-extension');

/** Writes an extension that starts npm's yaml-language-server for `yaml` documents, as extensions for YAML do. */
export const writeYamlExtension = async (extensions: string): Promise<void> => {
  const folder = join(extensions, 'test.yaml-server-0.0.1');
  await build({
    entryPoints: [join(source, 'extension.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    define: { yamlServer: JSON.stringify(join(repository, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server')) },
    outfile: join(folder, 'extension.cjs'),
  });
  await copyFile(join(source, 'package.json'), join(folder, 'package.json'));
};
