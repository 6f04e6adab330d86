/** What the extension costs a window that needs it, in a real extension host. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { openEditor, type Editor } from '../../test/support/code-server.ts';
import { setup } from '../../test/support/provide-editor.ts';
import { launchBrowser, newContext, openWorkbench, type Workbench } from '../../test/support/workbench.ts';

export interface Activation {
  /** ms of loading the code and of `activate()`, as VS Code itself measures that and shows it among the running extensions. */
  readonly times: readonly number[];
  /** ms of the longest time in which the host did nothing else, while all of the extension was loaded and made. */
  readonly blocks: readonly number[];
}

/** In each of so many windows, one after the other. */
export const measureActivation = async (windows: number): Promise<Activation> => {
  const tearDown = await setup();
  const [editor, browser] = await Promise.all([openEditor({ addExtensions: writeMeter }), launchBrowser()]);
  const [times, blocks]: [number[], number[]] = [[], []];
  try {
    for (let window = 0; window < windows; window++) {
      times.push(await inWindow(browser, await folderOf(editor, `time-${window}`, true), readActivationTime));
      blocks.push(await inWindow(browser, await folderOf(editor, `block-${window}`, false), readLongestBlock));
    }
    return { times, blocks };
  } finally {
    await browser.close();
    await editor.close();
    await tearDown();
  }
};

interface Place {
  readonly folder: string;
  readonly url: string;
}

/** With a project in it, for which VS Code activates the extension by itself. */
const folderOf = async (editor: Editor, name: string, withProject: boolean): Promise<Place> => {
  const folder = await editor.newFolder(name);
  if (withProject) await writeFile(join(folder, 'MLproject'), 'name: bench\n');
  return { folder, url: editor.server.windowUrl(folder) };
};

const inWindow = async (browser: Browser, { folder, url }: Place, measure: (workbench: Workbench, folder: string) => Promise<number>): Promise<number> => {
  const context = await newContext(browser);
  try {
    return await measure(await openWorkbench(context, url), folder);
  } finally {
    await context.close();
  }
};

const readActivationTime = async (workbench: Workbench): Promise<number> => {
  // The slowest stand first, and only those that are seen are in the document.
  await workbench.page.setViewportSize({ width: 1280, height: 2400 });
  const time = workbench.page.locator('.extension', { hasText: /mlflow[ -]workbench/i }).locator('.activation-time', { hasText: /\d+ms/ });
  await workbench.runCommand('Developer: Show Running Extensions', time);
  return Number.parseInt((await time.innerText()).replace(/^\D+/, ''), 10);
};

const measured = 'longest-block.json';

/** In a folder without a project, where the extension is not active before it is asked for. */
const readLongestBlock = async (workbench: Workbench, folder: string): Promise<number> => {
  await workbench.runCommand(`Bench: ${manifest.contributes.commands[0].title}`, workbench.page.locator('.notification-toast', { hasText: 'is measured' }));
  return JSON.parse(await readFile(join(folder, measured), 'utf8')) as number;
};

const manifest = {
  name: 'block-meter',
  publisher: 'bench',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  main: './extension.cjs',
  contributes: { commands: [{ command: 'bench.measureBlock', category: 'Bench', title: 'Measure the Longest Block' }] },
} as const;

/** Activates the extension, once, in a host that does nothing else, and goes on until what that began has been over for a while. */
const program = `const vscode = require('vscode');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: delay } = require('node:timers/promises');
const measure = async () => {
  const extension = vscode.extensions.getExtension('mlflow-workbench.mlflow-workbench');
  if (extension.isActive) throw new Error('It is active already');
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await delay(500);
  delays.reset();
  await extension.activate();
  await delay(1_000);
  delays.disable();
  writeFileSync(join(vscode.workspace.workspaceFolders[0].uri.fsPath, '${measured}'), JSON.stringify(delays.max / 1e6));
};
let once;
exports.activate = ({ subscriptions }) =>
  subscriptions.push(
    vscode.commands.registerCommand('bench.measureBlock', async () => {
      await (once ??= measure());
      vscode.window.showInformationMessage('The longest block is measured');
    }),
  );
`;

const writeMeter = async (extensions: string): Promise<void> => {
  const folder = join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.cjs'), program);
};
