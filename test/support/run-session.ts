import { onTestFinished } from 'vitest';

import { createRunArtifacts } from '../../extension/artifacts/ui/run-artifacts-part.ts';
import type { RequestHandlers } from '../../extension/host/page-messages.ts';
import type { Page } from '../../extension/host/page.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { PendingEdits } from '../../extension/tracking/pending-edits.ts';
import { createRunMetrics } from '../../extension/tracking/ui/run-metrics-part.ts';
import { createRunOverview } from '../../extension/tracking/ui/run-overview-part.ts';
import { RunSession } from '../../extension/tracking/ui/run-session.ts';
import type { RunProtocol } from '../../schemas/run-protocol.ts';
import { windowOf } from './open-store.ts';

type Events = RunProtocol['events'];
type Told = { readonly [Name in keyof Events]: { readonly name: Name; readonly payload: Events[Name] } }[keyof Events];

export interface OpenSession {
  readonly session: RunSession;
  readonly requests: RequestHandlers<RunProtocol>;
  /** What the page was told, in order. */
  readonly told: readonly Told[];
  /** The last thing of a kind that it was told. */
  last<Name extends keyof Events>(name: Name): Events[Name] | undefined;
  readonly kept: readonly unknown[];
  /** What the editor was asked to do. */
  readonly done: readonly string[];
  readonly panel: { title: string; visible: boolean };
  start(): void;
  hide(): void;
}

/** A part that needs the editor, and is not asked for anything here. */
const unasked = () => ({ requests: {} as never, dispose: () => {} });

/** The extension's own session of a run's page, with a page that only listens. */
export const openSession = (connection: LocalConnection, runId: string, view?: unknown): OpenSession => {
  const [told, kept, done]: [Told[], unknown[], string[]] = [[], [], []];
  let onViewState: (change: { webviewPanel: { visible: boolean } }) => void = () => {};
  const nobody = { dispose: () => {} };
  const panel = {
    title: '',
    visible: true,
    onDidDispose: () => nobody,
    onDidChangeViewState: (listener: typeof onViewState) => ((onViewState = listener), nobody),
  };
  const page = {
    panel,
    send: (name: string, payload: unknown) => told.push({ name, payload } as Told),
    keep: (state: unknown) => kept.push(state),
    dispose: () => {},
  };
  const note =
    (name: string) =>
    async (what: unknown): Promise<void> =>
      void done.push(`${name} ${JSON.stringify(what)}`);
  const stores = windowOf(connection);
  const edits = new PendingEdits();
  const session = new RunSession({
    page: page as unknown as Page<RunProtocol>,
    stores,
    edits,
    log: silentLogger,
    state: { store: connection.id, runId, ...(view !== undefined && { view }) },
    window: { isTrusted: () => true, isFocused: () => true },
    actions: {
      reveal: note('reveal'),
      openRun: note('openRun'),
      openModel: note('openModel'),
      openSource: note('openSource'),
      compare: note('compare'),
      copy: note('copy'),
    },
    parts: {
      overview: createRunOverview({ stores, edits, editNote: note('editNote') }),
      metrics: createRunMetrics({ stores, compareMetric: (run, key) => void done.push(`compareMetric ${run.runId} ${key}`) }),
      code: unasked,
      log: unasked,
      artifacts: createRunArtifacts({ stores, actions: { act: note('artifact'), allowFolders: async () => void done.push('allowFolders') } }),
    },
  });
  onTestFinished(() => session.dispose());
  return {
    session,
    requests: session.behaviour.requests,
    told,
    last: (name) => told.findLast((one) => one.name === name)?.payload as never,
    kept,
    done,
    panel,
    start: () => session.behaviour.onReady(undefined),
    hide: () => ((panel.visible = false), onViewState({ webviewPanel: panel })),
  };
};
