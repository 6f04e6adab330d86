import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import * as vscode from 'vscode';

import { ownDebugType } from '../../host/manifest.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { PythonDebugger } from './debuggers.ts';
import type { Interpreters } from './interpreters.ts';

/** A session whose adapter waits for the program to connect. */
export interface WaitingSession extends Disposable {
  /** `host:port` for the program. */
  readonly address: string;
  /** The user has ended the session; not called when the program has ended by itself. */
  readonly onStopped: vscode.Event<void>;
  stop(): void;
}

interface SessionOptions {
  readonly debugger: PythonDebugger;
  readonly interpreter: string;
  readonly name: string;
  readonly workspaceFolder: vscode.WorkspaceFolder;
}

/** In a session's configuration, by which it is known again. */
const idKey = 'mlflowSession';

/** Starts a session that waits; rejects when the debugger does not come up. */
export const startWaitingSession = async (options: SessionOptions): Promise<WaitingSession> => {
  const id = randomUUID();
  const owned = new Disposables();
  const stopped = owned.own(new vscode.EventEmitter<void>());
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly session: vscode.DebugSession; readonly address: string }>();
  const isOurs = (session: vscode.DebugSession): boolean => session.configuration[idKey] === id;
  owned.own(
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session, body }) => {
      if (event === 'debugpyWaitingForServer' && isOurs(session)) resolve({ session, address: `${String(body.host)}:${String(body.port)}` });
    }),
  );
  owned.own(
    vscode.debug.registerDebugAdapterTrackerFactory(options.debugger.type, {
      createDebugAdapterTracker: (session) => (isOurs(session) ? trackEnd(stopped) : undefined),
    }),
  );
  const failed = (): void => reject(new MlflowError('INTERNAL_ERROR', 'The debugger did not start: see the Debug Console'));
  owned.own(vscode.debug.onDidTerminateDebugSession((session) => isOurs(session) && failed()));
  vscode.debug.startDebugging(options.workspaceFolder, configurationOf(id, options)).then((isStarted) => !isStarted && failed(), reject);
  try {
    const { session, address } = await promise;
    return { address, onStopped: stopped.event, stop: () => void vscode.debug.stopDebugging(session), dispose: () => owned.dispose() };
  } catch (error) {
    owned.dispose();
    throw error;
  }
};

const configurationOf = (id: string, { debugger: { type, followsProcesses }, interpreter, name }: SessionOptions): vscode.DebugConfiguration => ({
  type,
  request: 'attach',
  name,
  listen: { host: '127.0.0.1', port: 0 },
  python: interpreter,
  subProcess: followsProcesses,
  justMyCode: true,
  // What is printed is in the run's terminal.
  internalConsoleOptions: 'neverOpen',
  [idKey]: id,
});

/** The editor says `disconnect` at every end; it is the user's when the program has not said `terminated` before. */
const trackEnd = (stopped: vscode.EventEmitter<void>): vscode.DebugAdapterTracker => {
  let hasEnded = false;
  return {
    onDidSendMessage: (message: unknown) => {
      if (isMessage(message) && (message.event === 'terminated' || message.event === 'exited')) hasEnded = true;
    },
    onWillReceiveMessage: (message: unknown) => {
      if (!hasEnded && isMessage(message) && (message.command === 'disconnect' || message.command === 'terminate')) stopped.fire();
    },
  };
};

const isMessage = (message: unknown): message is { readonly event?: unknown; readonly command?: unknown } => typeof message === 'object' && message !== null;

/** Our own debugger: PyPI's debugpy, in the interpreter that the configuration names, or else in that of entry points. */
export const registerOwnDebugger = (interpreters: Interpreters): Disposable => {
  const owned = new Disposables();
  owned.own(
    vscode.debug.registerDebugConfigurationProvider(ownDebugType, {
      resolveDebugConfigurationWithSubstitutedVariables: async (folder, configuration) => {
        if (configuration['python'] !== undefined) return configuration;
        const directory = folder?.uri.fsPath ?? dirname(String(configuration['program']));
        const interpreter = await interpreters.findRunning(directory);
        return interpreter === undefined ? undefined : { ...configuration, python: interpreter.path };
      },
    }),
  );
  owned.own(
    vscode.debug.registerDebugAdapterDescriptorFactory(ownDebugType, {
      createDebugAdapterDescriptor: ({ configuration }) => new vscode.DebugAdapterExecutable(String(configuration['python']), ['-m', 'debugpy.adapter']),
    }),
  );
  return owned;
};
