import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServingManager } from '../../schemas/serve-page.ts';
import { isSystemError } from '../shared/errors.ts';
import { readJsonFile, writeJsonFile } from '../shared/json-file.ts';
import type { GraceTimes, ProcessIdentity } from '../shared/process-tree.ts';
import type { ModelReference } from './model-reference.ts';

/** What a window asks for. */
export interface ServingRequest {
  readonly model: ModelReference;
  /** For people: the model's name or folder. */
  readonly label: string;
  /** What `--model-uri` gets. */
  readonly modelUri: string;
  /** Its mlflow serves the model. */
  readonly interpreter: string;
  readonly manager: ServingManager;
  /** fsPath of the window that it belongs to. */
  readonly workspaceFolder: string;
  /** Names of the environment variables that the model asks for. */
  readonly variables: readonly string[];
}

/** What a supervisor is told: written before it starts, never changed. It holds no secrets: those come in its environment. */
export interface ServingPlan {
  readonly id: string;
  readonly request: ServingRequest;
  /** Tried first; another is taken when somebody has it. */
  readonly port: number;
  /** Socket or named pipe on which the supervisor listens. */
  readonly control: string;
  readonly limits: ServingLimits;
  /** ms since the epoch. */
  readonly startTime: number;
  /** It goes on without a window. */
  readonly isKept: boolean;
}

/** All in ms. */
export interface ServingLimits {
  /** From the start to the first answer to `/ping`. */
  readonly start: number;
  /** It goes on so long after its last window has gone: a window that is reloaded comes back. */
  readonly lease: number;
  readonly grace: GraceTimes;
}

export type ServingPhase =
  | { readonly phase: 'starting'; readonly port: number; readonly process?: ProcessIdentity }
  /** `since` is ms since the epoch. */
  | { readonly phase: 'ready'; readonly port: number; readonly since: number; readonly process: ProcessIdentity }
  | { readonly phase: 'stopping' }
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly failure: ServingFailure };

export interface ServingFailure {
  /** A sentence, with what helps. */
  readonly message: string;
  /** A package for pip that would help. */
  readonly missingPackage?: string;
}

export type ServingState = ServingPhase & { readonly isKept: boolean };

export const hasEnded = ({ phase }: ServingPhase): boolean => phase === 'stopped' || phase === 'failed';

/** The files of one scoring server, by which its supervisor and the windows of the editor know of each other. */
export class ServingFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Everything that the server prints. */
  get outputFile(): string {
    return join(this.path, 'output.log');
  }

  /** What the supervisor itself has to say, when it fails. */
  get supervisorLog(): string {
    return join(this.path, 'supervisor.log');
  }

  async create(plan: ServingPlan): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(this.outputFile, '');
    await writeJsonFile(join(this.path, 'plan.json'), plan);
  }

  async readPlan(): Promise<ServingPlan | undefined> {
    return await readJsonFile<ServingPlan>(join(this.path, 'plan.json'));
  }

  async writeState(state: ServingState): Promise<void> {
    await writeJsonFile(join(this.path, 'state.json'), state);
  }

  /** Undefined until the supervisor has begun. */
  async readState(): Promise<ServingState | undefined> {
    return await readJsonFile<ServingState>(join(this.path, 'state.json'));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

export const listServingFolders = async (root: string): Promise<readonly ServingFolder[]> => {
  const names = await readdir(root).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  });
  return names.map((name) => new ServingFolder(join(root, name)));
};
