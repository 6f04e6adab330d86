import * as vscode from 'vscode';

import { executeCommand, type RunReference } from '../../host/commands.ts';
import { sayInformation } from '../../host/messages.ts';
import type { Disposable } from '../../shared/disposables.ts';
import type { ExperimentId, RunId, StoreId } from '../../../schemas/ids.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { printedLinks, type PrintedTarget } from '../terminal-links.ts';
import { readyStores } from './tree-selection.ts';

interface TerminalLinkOptions {
  readonly stores: StoreConnections;
  readonly revealExperiment: (storeId: StoreId, experimentId: ExperimentId) => Promise<void>;
  readonly reportError: (error: unknown) => void;
}

interface PrintedTerminalLink extends vscode.TerminalLink {
  readonly target: PrintedTarget;
}

const tooltips: Readonly<Record<PrintedTarget['kind'], string>> = { run: 'Open Run', experiment: 'Show Experiment' };

/** Makes links of what mlflow prints of runs and experiments. */
export const registerTerminalLinks = ({ stores, revealExperiment, reportError }: TerminalLinkOptions): Disposable => {
  const provider: vscode.TerminalLinkProvider<PrintedTerminalLink> = {
    provideTerminalLinks: ({ line }) =>
      printedLinks(line).map(({ start, length, target }) => ({ startIndex: start, length, tooltip: tooltips[target.kind], target })),
    handleTerminalLink: async ({ target }) => {
      try {
        await (target.kind === 'run' ? openRun(target, stores) : openExperiment(target, stores, revealExperiment));
      } catch (error) {
        reportError(error);
      }
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
};

const openRun = async ({ runId, url }: Extract<PrintedTarget, { kind: 'run' }>, stores: StoreConnections): Promise<void> => {
  const run = await findRun(runId, stores);
  if (run === undefined) await offerBrowser(`No store of this window has the run ${runId}.`, url);
  else await executeCommand('mlflow.tracking.openRun', { run });
};

/** Ids of runs are unique, so that whoever has one has the right one. */
const findRun = async (runId: RunId, stores: StoreConnections): Promise<RunReference | undefined> => {
  const asked = readyStores(stores).map(async ({ id, tracking }) => {
    await tracking.getRun(runId);
    return { storeId: id, runId };
  });
  return await Promise.any(asked).catch(() => undefined);
};

type ExperimentTarget = Extract<PrintedTarget, { kind: 'experiment' }>;

/** Every store has an experiment 0: only that of the named server is meant. */
const openExperiment = async (target: ExperimentTarget, stores: StoreConnections, reveal: TerminalLinkOptions['revealExperiment']): Promise<void> => {
  const store = readyStores(stores).find((connection) => isServer(connection, target.server));
  if (store === undefined) await offerBrowser(`${target.server} is none of the stores of this window.`, target.url);
  else await reveal(store.id, target.experimentId);
};

const isServer = ({ address }: StoreConnection, server: string): boolean => address.kind === 'server' && address.url === server;

const inBrowser = 'Open in Browser';

const offerBrowser = async (message: string, url: string | undefined): Promise<void> => {
  const answer = await sayInformation(message, ...(url === undefined ? [] : [inBrowser]));
  if (answer === inBrowser && url !== undefined) await vscode.env.openExternal(vscode.Uri.parse(url, true));
};
