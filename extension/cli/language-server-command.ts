import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';

/** The language server is a bundle of its own, which serves as soon as it is loaded; this one only finds it. */
export const languageServerCommand = (): Command =>
  new Command('language-server')
    .description('Language server for MLproject, MLmodel and their environment files, for any editor that speaks LSP')
    .requiredOption('--stdio', 'speak over standard input and output')
    // Editors name their process, which the server itself also learns from `initialize`.
    .option('--clientProcessId <id>', 'process of the editor')
    .exitOverride()
    .action(async () => {
      await import(pathToFileURL(join(import.meta.dirname, 'language-server.cjs')).href);
    });
