import { packageDifference, presentPackages, unmetPackages } from '../../../schemas/environment-difference.ts';
import type { EnvironmentComparison, RunCode, RunCodeProtocol } from '../../../schemas/run-code-protocol.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import { diffWithWorkingTree, findCommit, openAtCommit, openChangesSince, openCommitDiff, type FoundCommit } from '../../host/git-repositories.ts';
import type { CreateRunPart } from '../../host/run-part.ts';
import { readRunEnvironment, type RunEnvironment } from '../../models/run-environment.ts';
import { MlflowError } from '../../shared/errors.ts';
import { installedPackages } from '../../shared/installed-packages.ts';
import { run as runProgram } from '../../shared/process.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { sourcePathIn, type SourceTags } from '../source-file.ts';
import type { Interpreters } from './interpreters.ts';
import { pickWorkspaceFolder } from './open-place.ts';
import { workspacePaths } from './workspace-projects.ts';

export interface RunCodeOptions {
  readonly stores: StoreConnections;
  readonly interpreters: Interpreters;
  readonly chooseRun: (title: string) => Promise<RunReference | undefined>;
}

/** Answers the tab *Code & environment*; code is shown by VS Code and its git extension. */
export const createRunCode =
  (options: RunCodeOptions): CreateRunPart<RunCodeProtocol> =>
  ({ run }) => {
    const done = async (work: Promise<unknown>): Promise<null> => (await work, null);
    const withSource = async (show: (commit: FoundCommit, path: string) => Promise<void>): Promise<null> => done(showSource(options, run, show));
    return {
      requests: {
        readCode: async (_, signal) => await readCode(storeOf(options, run), run, signal),
        openSourceAtCommit: async () => await withSource(openAtCommit),
        diffSource: async () => await withSource(diffWithWorkingTree),
        diffWorkingTree: async () => await done(findCommit(await commitOf(options, run)).then(openChangesSince)),
        diffWithRun: async () => await done(diffWithRun(options, run)),
        openPatch: async ({ path }) => await done(executeCommand('mlflow.artifacts.open', { run, path: String(path) })),
        compareEnvironment: async (params, signal) =>
          params.with === 'run' ? await compareWithRun(options, run, signal) : await compareWithInterpreter(options, run, signal),
        applyParams: async () => await done(executeCommand('mlflow.projects.applyParams', { run })),
      },
      dispose: () => {},
    };
  };

const storeOf = ({ stores }: Pick<RunCodeOptions, 'stores'>, { storeId }: RunReference): StoreConnection => {
  const store = stores.byId(storeId);
  if (store === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is no longer open in this window`);
  return store;
};

const readCode = async (store: StoreConnection, { runId }: RunReference, signal?: AbortSignal): Promise<RunCode> => {
  const [root, environment] = await Promise.all([store.artifacts.listArtifacts(runId, undefined, signal), readRunEnvironment(store, runId, signal)]);
  return {
    patches: root.filter(({ path, isDirectory }) => !isDirectory && /\.(?:patch|diff)$/i.test(path)).map(({ path }) => path),
    ...(environment && { environment: toShown(environment) }),
  };
};

const toShown = ({ model, packages }: RunEnvironment): NonNullable<RunCode['environment']> => ({
  ...(model !== undefined && { model }),
  packages: [...packages].map(([name, version]) => ({ name, version })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
});

const tagsOf = async (options: RunCodeOptions, run: RunReference): Promise<ReadonlyMap<string, string>> => {
  const { tags } = await storeOf(options, run).tracking.getRun(run.runId);
  return new Map(tags.map(({ key, value }) => [key, value]));
};

const commitOf = async (options: RunCodeOptions, run: RunReference): Promise<string> => requireCommit(await tagsOf(options, run), 'This run');

/** A tag may hold anything, and git would take what begins with a dash for an option. */
const requireCommit = (tags: ReadonlyMap<string, string>, who: string): string => {
  const commit = tags.get('mlflow.source.git.commit') ?? '';
  if (/^[\da-f]{7,64}$/i.test(commit)) return commit;
  throw new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `${who} names no commit: MLflow logs one where the script is in a git repository and GitPython is installed`,
  );
};

const showSource = async (options: RunCodeOptions, run: RunReference, show: (commit: FoundCommit, path: string) => Promise<void>): Promise<void> => {
  const tags = await tagsOf(options, run);
  const commit = await findCommit(requireCommit(tags, 'This run'));
  const source: SourceTags = {
    name: tags.get('mlflow.source.name') ?? '',
    type: tags.get('mlflow.source.type'),
    entryPoint: tags.get('mlflow.project.entryPoint'),
  };
  const path = sourcePathIn(source, { root: commit.root.fsPath, files: await filesAt(commit), folders: workspacePaths() });
  if (path === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The commit ${commit.commit.slice(0, 8)} has no file that '${source.name}' could be`);
  await show(commit, path);
};

const filesAt = async ({ program, root, commit }: FoundCommit): Promise<readonly string[]> => {
  const { code, stdout, stderr } = await runProgram({ file: program, args: ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], cwd: root.fsPath });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `git ls-tree failed: ${stderr.trim()}`);
  return stdout.split('\0');
};

const diffWithRun = async (options: RunCodeOptions, run: RunReference): Promise<void> => {
  const commit = await commitOf(options, run);
  const other = await options.chooseRun('Compare Code with That of Run');
  if (other !== undefined) await openCommitDiff(commit, requireCommit(await tagsOf(options, other), 'That run'));
};

const requireEnvironment = async (options: RunCodeOptions, run: RunReference, signal?: AbortSignal): Promise<RunEnvironment> => {
  const environment = await readRunEnvironment(storeOf(options, run), run.runId, signal);
  if (environment === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'That run names no environment: it has neither requirements.txt nor conda.yaml');
  return environment;
};

const compareWithRun = async (options: RunCodeOptions, run: RunReference, signal?: AbortSignal): Promise<EnvironmentComparison | null> => {
  const own = await requireEnvironment(options, run, signal);
  const other = await options.chooseRun('Compare Environment with That of Run');
  if (other === undefined) return null;
  const [{ info }, { packages }] = await Promise.all([
    storeOf(options, other).tracking.getRun(other.runId, signal),
    requireEnvironment(options, other, signal),
  ]);
  return { other: info.runName, changes: packageDifference(own.packages, packages) };
};

const compareWithInterpreter = async (options: RunCodeOptions, run: RunReference, signal?: AbortSignal): Promise<EnvironmentComparison | null> => {
  const own = await requireEnvironment(options, run, signal);
  const folder = storeOf(options, run).folder ?? (await pickWorkspaceFolder())?.uri.fsPath;
  const interpreter = folder === undefined ? undefined : await options.interpreters.findRunning(folder);
  if (interpreter === undefined) return null;
  const present = presentPackages(await installedPackages(interpreter.path, signal), interpreter.version);
  return { other: interpreter.path, changes: unmetPackages(own.packages, present) };
};
