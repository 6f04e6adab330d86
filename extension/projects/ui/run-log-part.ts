import type { LogSource, LogText, RunLogProtocol } from '../../../schemas/run-log-protocol.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import type { CreateRunPart, RunOnPage } from '../../host/run-part.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { followFile } from '../../shared/follow-file.ts';
import { LogTail } from '../../models/log-tail.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../../tracking/store-connection.ts';
import { listLogs, readLogArtifact } from '../logged-logs.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import type { LogDocuments } from './log-documents.ts';
import { openPrinted } from './printed-places.ts';

export interface RunLogOptions {
  readonly stores: StoreConnections;
  readonly runs: SubmittedRuns;
  readonly documents: LogDocuments;
}

/** Characters of a log that a page shows; an editor shows more. */
const longest = 200_000;
/** ms between two tellings of a log that grows. */
const interval = 250;

const output: LogSource = { kind: 'output', name: 'output' };

/** Answers the tab *Log*: what the process prints, if it was started from here, and texts that were logged. */
export const createRunLog =
  ({ stores, runs, documents }: RunLogOptions): CreateRunPart<RunLogProtocol> =>
  ({ run, send }) => {
    const own = (): SubmittedRun | undefined => ownRun(runs, run);
    const followed = new FollowedLog((text) => send('logText', text));
    return {
      requests: {
        logSources: async (_, signal) => {
          const logged = await listLogs(storeOf(stores, run).artifacts, run.runId, signal);
          return [...(own() === undefined ? [] : [output]), ...logged.map((name): LogSource => ({ kind: 'artifact', name }))];
        },
        followLog: async (source) => {
          followed.stop();
          if (source?.kind === 'output') followed.followOutput(requireOwn(own()));
          if (source?.kind === 'artifact') await followed.showArtifact(String(source.name), { store: storeOf(stores, run), run });
          return null;
        },
        openLog: async ({ kind, name }) => {
          if (kind === 'output') await documents.open(requireOwn(own()));
          else await executeCommand('mlflow.artifacts.open', { run, path: String(name) });
          return null;
        },
        openPlace: async ({ file, line }) => (await openPrinted({ file: String(file), line: Number(line) }, own()?.plan.directory), null),
      },
      dispose: () => followed.stop(),
    };
  };

const ownRun = (runs: SubmittedRuns, { runId, storeId }: RunReference): SubmittedRun | undefined => {
  const run = runs.byId(runId);
  return run !== undefined && addressText(run.plan.store) === storeId ? run : undefined;
};

const requireOwn = (run: SubmittedRun | undefined): SubmittedRun => {
  if (run === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'This run was not started from this workspace, or what it printed is no longer kept');
  return run;
};

const storeOf = (stores: StoreConnections, { storeId }: RunReference): StoreConnection => {
  const store = stores.byId(storeId);
  if (store === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is no longer open in this window`);
  return store;
};

/** The one log that a page shows. */
class FollowedLog {
  readonly #tell: (text: LogText) => void;
  #following: Disposable | undefined;

  constructor(tell: (text: LogText) => void) {
    this.#tell = tell;
  }

  followOutput({ folder }: SubmittedRun): void {
    const owned = new Disposables();
    const tail = new LogTail(longest);
    const told = owned.own(createBatcher<void>(interval, async () => this.#tellOf(output.name, tail)));
    const onSkipped = (): void => tail.add(Buffer.from('\n[…]\n'));
    owned.own(
      followFile(folder.outputFile, {
        onData: (chunk) => {
          tail.add(chunk);
          told.add();
        },
        onSkipped,
      }),
    );
    told.add();
    this.#following = owned;
  }

  async showArtifact(path: string, { store, run }: { readonly store: StoreConnection; readonly run: RunOnPage<RunLogProtocol>['run'] }): Promise<void> {
    const tail = new LogTail(longest);
    await readLogArtifact(store.artifacts, run.runId, { path, tail });
    this.#tellOf(path, tail);
  }

  stop(): void {
    this.#following?.dispose();
    this.#following = undefined;
  }

  #tellOf(source: string, tail: LogTail): void {
    this.#tell({ source, text: tail.text, isCut: tail.isCut });
  }
}
