import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import { asRunId } from '../../schemas/ids.ts';
import type { DockerVariable } from '../../schemas/mlproject.ts';
import { isSystemError } from '../shared/errors.ts';
import { readJsonFile, writeJsonFile } from '../shared/json-file.ts';
import type { GraceTimes, ProcessIdentity } from '../shared/process-tree.ts';
import type { Param } from '../tracking/run.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { DebugPlan } from './debug-command.ts';
import type { EntryPoint } from './entry-point.ts';
import type { ProjectEnvironment } from './project.ts';

/** All that running an entry point needs to know. */
export interface ExecutionPlan {
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
  readonly store: StoreAddress;
  /** Where the command runs. */
  readonly directory: string;
  /** Where relative `path` values begin; absent: in the directory. */
  readonly pathsFrom?: string;
  readonly entryPoint: EntryPoint;
  /** In the order in which they were given. */
  readonly values: readonly Param[];
  readonly environment: EnvironmentPlan;
  /** Below it, downloads of `path` values get a folder; absent: the system's temporary folder. */
  readonly storageDirectory?: string;
  readonly artifactUri: string;
  /** Absent: nothing is debugged. */
  readonly debug?: DebugPlan;
  readonly grace: GraceTimes;
}

/** What a supervisor is told: written before it starts, never changed. It holds no secrets: those come in its environment. */
export interface RunPlan extends ExecutionPlan {
  readonly runName: string;
  /** Of the window that started it; absent: the one that its directory is in. */
  readonly workspaceFolder?: string;
  /** Log what it prints as an artifact, too. */
  readonly logsOutput?: boolean;
  /** Socket or named pipe on which the supervisor listens. */
  readonly control: string;
  /** ms since the epoch. */
  readonly startTime: number;
}

export type EnvironmentPlan = LocalPlan | VirtualPlan | CondaPlan | DockerPlan;

/** The interpreter's folder comes first on the PATH; absent, the PATH decides. */
export interface LocalPlan {
  readonly manager: 'local';
  readonly interpreter?: string;
}

/** A virtual environment, made when it is not there. */
export interface VirtualPlan {
  readonly manager: 'virtualenv' | 'uv';
  readonly source: Extract<ProjectEnvironment, { kind: 'python' | 'conda' }>;
  /** Version of the Python that stands in where the project names none. */
  readonly currentPython: string;
  /** Its mlflow downloads `path` values. */
  readonly interpreter?: string;
}

/** A conda environment, made when it is not there. */
export interface CondaPlan {
  readonly manager: 'conda';
  /** Absolute. */
  readonly file: string;
  /** Its mlflow downloads `path` values. */
  readonly interpreter?: string;
}

/** A container of an image, which may be built with the project in it. */
export interface DockerPlan {
  readonly manager: 'docker';
  /** Of the project; MLflow wants one. */
  readonly name?: string;
  readonly image: string;
  /** What is built is called so. */
  readonly imageUri: string;
  readonly buildImage: boolean;
  readonly volumes: readonly string[];
  readonly variables: readonly DockerVariable[];
  /** Of this start, in the supervisor's environment. */
  readonly variableNames: readonly string[];
  /** Options of `docker run`, without dashes; an empty value is a flag. */
  readonly args: readonly Param[];
  /** Its mlflow downloads `path` values. */
  readonly interpreter?: string;
}

export type Outcome =
  | { readonly status: 'FINISHED' }
  /** `reason` is a sentence. `start`: before its command ran, where MLflow would leave it RUNNING; `lost`: nobody saw its end. */
  | { readonly status: 'FAILED'; readonly at: 'start' | 'command' | 'lost'; readonly reason: string }
  | { readonly status: 'KILLED' };

export type RunState =
  | { readonly phase: 'preparing' }
  | { readonly phase: 'running'; readonly process: ProcessIdentity; readonly command: string }
  | { readonly phase: 'stopping' }
  | EndedState;

export interface EndedState {
  readonly phase: 'ended';
  readonly outcome: Outcome;
  /** ms since the epoch. */
  readonly endTime: number;
  /** When somebody asked to stop it. */
  readonly stopTime?: number;
  /** The store knows. */
  readonly recorded: boolean;
}

/** The files of one run, by which its supervisor and the windows of the editor know of each other. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Everything that the run's programs print. */
  get outputFile(): string {
    return join(this.path, 'output.log');
  }

  /** What the supervisor itself has to say, when it fails. */
  get supervisorLog(): string {
    return join(this.path, 'supervisor.log');
  }

  async create(plan: RunPlan): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(this.outputFile, '');
    await writeJsonFile(join(this.path, 'plan.json'), plan);
  }

  async readPlan(): Promise<RunPlan | undefined> {
    return await readJsonFile<RunPlan>(join(this.path, 'plan.json'));
  }

  async writeState(state: RunState): Promise<void> {
    await writeJsonFile(join(this.path, 'state.json'), state);
  }

  /** Undefined until the supervisor has begun. */
  async readState(): Promise<RunState | undefined> {
    return await readJsonFile<RunState>(join(this.path, 'state.json'));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** All runs below a folder, by run id. */
export const listRunFolders = async (root: string): Promise<ReadonlyMap<RunId, RunFolder>> => {
  const names = await readdir(root).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  });
  return new Map(names.map((name) => [asRunId(name), new RunFolder(join(root, name))]));
};
