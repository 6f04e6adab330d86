import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

import { ownDebugType } from '../../host/manifest.ts';
import { sayError } from '../../host/messages.ts';
import { run } from '../../shared/process.ts';
import { installPackages } from './install-package.ts';

/** A debugger for Python that can wait for a program. */
export interface PythonDebugger {
  /** Of a debug configuration. */
  readonly type: string;
  /** Folder of the package debugpy that belongs to it. */
  readonly debugpy: string;
  /** Whether it follows processes that the program starts. */
  readonly followsProcesses: boolean;
}

const install = 'Install debugpy';

/** Microsoft's where it is installed, else ours with the interpreter's debugpy; undefined when there is none, which the user was told. */
export const findDebugger = async (interpreter: string, directory: string): Promise<PythonDebugger | undefined> => {
  const microsofts = vscode.extensions.getExtension('ms-python.debugpy');
  const bundled = microsofts === undefined ? undefined : join(microsofts.extensionPath, 'bundled', 'libs', 'debugpy');
  if (bundled !== undefined && existsSync(bundled)) return { type: 'debugpy', debugpy: bundled, followsProcesses: true };
  const own = (await findPackage(interpreter)) ?? (await offerPackage(interpreter, directory));
  return own === undefined ? undefined : { type: ownDebugType, debugpy: own, followsProcesses: false };
};

const offerPackage = async (interpreter: string, directory: string): Promise<string | undefined> => {
  const answer = await sayError(`Python at ${interpreter} has no debugpy, which debugging needs.`, install);
  const isInstalled = answer === install && (await installPackages(['debugpy'], interpreter, directory));
  return isInstalled ? await findPackage(interpreter) : undefined;
};

const findPackage = async (interpreter: string): Promise<string | undefined> => {
  const script = 'import importlib.util as u; s = u.find_spec("debugpy"); print(s.submodule_search_locations[0] if s else "")';
  const { stdout } = await run({ file: interpreter, args: ['-c', script] });
  const folder = stdout.trim();
  return folder === '' ? undefined : folder;
};
