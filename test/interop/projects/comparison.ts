import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';

import { vi } from 'vitest';

import { resolveExperiment } from '../../../extension/projects/experiment-choice.ts';
import { fetchProject } from '../../../extension/projects/fetch-project.ts';
import { getEntryPoint, loadProject } from '../../../extension/projects/project.ts';
import { submitRun } from '../../../extension/projects/submit-run.ts';
import { errorMessage } from '../../../extension/shared/errors.ts';
import { silentLogger } from '../../../extension/shared/logger.ts';
import { start, userEnvironment } from '../../../extension/shared/process.ts';
import { ServerProcess } from '../../../extension/shared/server-process.ts';
import { createRestTrackingStore } from '../../../extension/tracking/rest-tracking-store.ts';
import type { Run } from '../../../extension/tracking/run.ts';
import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import type { RunId } from '../../../schemas/ids.ts';
import { newBareRepository, type BareRepository } from '../../support/bare-repository.ts';
import { pythonPath } from '../../support/python.ts';
import { recordedEnd, runSite, serverScript } from '../../support/run-site.ts';
import type { ProjectCase } from './cases.ts';

/** What is left of a start, without ids and times. */
export interface Trace {
  /** Of the start that was refused. */
  readonly error?: string;
  /** The outermost run first. */
  readonly runs: readonly RunTrace[];
}

export interface RunTrace {
  readonly experiment: string;
  readonly status: string;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly artifacts: readonly string[];
  /** What each `dump.py` received. */
  readonly seen: readonly unknown[];
}

export interface Comparison {
  theirs(projectCase: ProjectCase): Promise<Trace>;
  ours(projectCase: ProjectCase): Promise<Trace>;
  dispose(): void;
}

interface Side {
  readonly storePath: string;
  readonly tracking: TrackingStore;
}

interface Answer {
  readonly error?: string;
  readonly message?: string;
}

export const createComparison = async (cases: readonly ProjectCase[]): Promise<Comparison> => {
  const root = mkdtempSync(join(tmpdir(), 'projects-'));
  // Both find the same Python first, and the same shell for `.sh` scripts.
  vi.stubEnv('PATH', `${dirname(pythonPath())}${delimiter}${process.env['PATH']}`);
  vi.stubEnv('SHELL', '/bin/bash');
  vi.stubEnv('PYTHONDONTWRITEBYTECODE', '1');
  const server = new ServerProcess(serverScript, silentLogger);
  const openSide = async (name: string): Promise<Side> => {
    const storePath = join(root, name, 'mlflow.db');
    mkdirSync(dirname(storePath));
    const { http } = await server.openStore({ path: storePath, create: true });
    return { storePath, tracking: createRestTrackingStore(http) };
  };
  const [theirSide, ourSide] = [await openSide('theirs'), await openSide('ours')];
  const folders = new Map(cases.map((projectCase, index) => [projectCase, writeProject(join(root, String(index)), projectCase)]));
  const folderOf = (projectCase: ProjectCase): string => folders.get(projectCase) ?? '';
  const addresses = await pushAll(
    cases.filter(({ git }) => git !== undefined),
    folderOf,
  );
  const placeOf = (projectCase: ProjectCase): Place => {
    const folder = folderOf(projectCase);
    const { below, version } = projectCase.git ?? {};
    const address = addresses.get(projectCase);
    if (address === undefined) return { folder, uri: '.', source: folder };
    const uri = below === undefined ? address : `${address}#${below}`;
    return { folder, uri, source: uri, ...(version !== undefined && { version }), environment: { DUMP_FOLDER: folder } };
  };
  const answers = await runTheirs(cases, placeOf, theirSide.storePath);
  return {
    theirs: async (projectCase) => {
      const answer = answers[cases.indexOf(projectCase)] ?? {};
      const runs = await traces(theirSide, placeOf(projectCase), projectCase);
      return { runs, ...(answer.error === undefined ? {} : { error: `${answer.error}: ${answer.message}` }) };
    },
    ours: async (projectCase) => {
      const error = await runOurs(projectCase, placeOf(projectCase), ourSide, root);
      return { runs: await traces(ourSide, placeOf(projectCase), projectCase), ...(error === undefined ? {} : { error }) };
    },
    dispose: () => {
      server.dispose();
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const writeProject = (folder: string, { mlproject, files = {} }: ProjectCase): string => {
  const all = { ...files, ...(mlproject === undefined ? {} : { MLproject: mlproject }) };
  mkdirSync(folder);
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  copyFileSync(join(import.meta.dirname, 'dump.py'), join(folder, 'dump.py'));
  return folder;
};

/** How `mlflow run` is called, and where what it leaves is found. */
interface Place {
  readonly folder: string;
  readonly uri: string;
  readonly version?: string;
  /** `mlflow.source.name` of its runs. */
  readonly source: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Each case gets a repository; git finds all of them by variables in its environment. */
const pushAll = async (cases: readonly ProjectCase[], folderOf: (projectCase: ProjectCase) => string): Promise<ReadonlyMap<ProjectCase, string>> => {
  const repositories = new Map<ProjectCase, BareRepository>();
  for (const [index, projectCase] of cases.entries()) {
    const repository = await newBareRepository(`https://git.example.test/team/${index}.git`);
    await repository.commit('main', filesOf(folderOf(projectCase)));
    await repository.tag('v1');
    await repository.commit('feature', {});
    repositories.set(projectCase, repository);
  }
  for (const [index, { url, variables }] of [...repositories.values()].entries()) {
    vi.stubEnv(`GIT_CONFIG_KEY_${index}`, variables['GIT_CONFIG_KEY_0']);
    vi.stubEnv(`GIT_CONFIG_VALUE_${index}`, url);
  }
  vi.stubEnv('GIT_CONFIG_COUNT', String(repositories.size));
  return new Map([...repositories].map(([projectCase, { url }]) => [projectCase, url]));
};

const filesOf = (folder: string): Readonly<Record<string, string>> => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(entries.map(({ parentPath, name }) => [relative(folder, join(parentPath, name)), readFileSync(join(parentPath, name), 'utf8')]));
};

const runTheirs = async (cases: readonly ProjectCase[], placeOf: (projectCase: ProjectCase) => Place, storePath: string): Promise<readonly Answer[]> => {
  const requests = cases.map((projectCase) => ({
    directory: placeOf(projectCase).folder,
    uri: placeOf(projectCase).uri,
    version: placeOf(projectCase).version,
    environment: placeOf(projectCase).environment,
    entryPoint: projectCase.entryPoint ?? 'main',
    values: Object.entries(projectCase.values ?? {}),
    experiment: projectCase.experiment,
    runName: projectCase.runName,
  }));
  const env = { ...userEnvironment(), MLFLOW_TRACKING_URI: `sqlite:///${storePath}` };
  const driver = await start({ file: pythonPath(), args: [join(import.meta.dirname, 'run_projects.py')], env }, { streams: ['pipe', 'pipe', 'ignore'] });
  driver.stdin?.end(JSON.stringify(requests));
  let output = '';
  for await (const chunk of driver.stdout ?? []) output += String(chunk);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as readonly Answer[];
};

/** The reason when it is refused. */
const runOurs = async (
  { entryPoint = 'main', values = {}, experiment, runName }: ProjectCase,
  { folder, environment = {}, ...place }: Place,
  { tracking, storePath }: Side,
  root: string,
): Promise<string | undefined> => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const tools = { environment: userEnvironment(), signal: new AbortController().signal, onProgress: () => {} };
  try {
    const { directory, source } = await fetchProject(place, { from: folder, cloneRoot: join(root, 'clones'), tools });
    const project = await loadProject(directory);
    const request = {
      directory,
      entryPoint: getEntryPoint(project, entryPoint, { platform: process.platform, shell: '/bin/bash' }),
      values: new Map(Object.entries(values)),
      experimentId: await resolveExperiment(tracking, experiment, {}),
      source,
      environment: { manager: 'local' },
      ...(runName === undefined ? {} : { runName }),
    } as const;
    await recordedEnd(await submitRun(request, { tracking, address: { kind: 'sqlite', path: storePath } }, runSite(root)));
    return undefined;
  } catch (error) {
    return errorMessage(error);
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
};

const traces = async (side: Side, { folder, source }: Place, { runName }: ProjectCase): Promise<readonly RunTrace[]> => {
  const experiments = new Map((await side.tracking.searchExperiments({ maxResults: 100 })).items.map(({ experimentId, name }) => [experimentId, name]));
  const { items } = await side.tracking.searchRuns({ experimentIds: [...experiments.keys()], maxResults: 1000, orderBy: ['attributes.start_time ASC'] });
  const runs = items.filter(({ tags }) => tags.some(({ key, value }) => key === 'mlflow.source.name' && value === source));
  return runs.map((run): RunTrace => ({
    experiment: experiments.get(run.info.experimentId) ?? '',
    status: run.info.status,
    params: record(run.params),
    metrics: record(run.latestMetrics),
    tags: comparableTags(run, runs, runName),
    artifacts: listAll(run.info.artifactUri),
    seen: seenBy(run.info.runId, folder, side.storePath),
  }));
};

const record = <Value>(entries: readonly { readonly key: string; readonly value: Value }[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));

/** A name that was made up differs; a parent is known by its place. */
const comparableTags = (run: Run, runs: readonly Run[], runName: string | undefined): Readonly<Record<string, string>> =>
  record(
    run.tags
      .filter(({ key }) => key !== 'mlflow.runName' || runName !== undefined)
      .map(({ key, value }) => ({ key, value: key === 'mlflow.parentRunId' ? `run ${runs.findIndex(({ info }) => info.runId === value)}` : value })),
  );

/** On the disk: mlflow puts artifacts of new experiments below its own working folder, outside the store's. */
const listAll = (artifactUri: string): readonly string[] => {
  const folder = artifactUri.replace(/^file:\/\//, '');
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
  return files.map((file) => relative(folder, join(file.parentPath, file.name))).toSorted();
};

/** By choice ours has `PYTHONUNBUFFERED` and its marker; ids and stores differ; a shell and mlflow's telemetry add their own. */
const incomparable = new Set([
  'MLFLOW_RUN_ID',
  'MLFLOW_TRACKING_URI',
  'PYTHONUNBUFFERED',
  'MLFLOW_WORKBENCH_RUN',
  'SHLVL',
  'OLDPWD',
  '_',
  '_MLFLOW_TELEMETRY_SESSION_ID',
]);

interface Seen {
  readonly environment: Readonly<Record<string, string>>;
}

const seenBy = (runId: RunId, folder: string, storePath: string): readonly unknown[] => {
  const file = join(folder, 'seen', `${runId}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines.map((line) => {
    const seen = JSON.parse(line) as Seen;
    const environment = Object.fromEntries(Object.entries(seen.environment).filter(([name]) => !incomparable.has(name)));
    const isOfThisStore = seen.environment['MLFLOW_TRACKING_URI'] === `sqlite:///${storePath}` && seen.environment['MLFLOW_RUN_ID'] === runId;
    return { ...seen, environment, isOfThisStore };
  });
};
