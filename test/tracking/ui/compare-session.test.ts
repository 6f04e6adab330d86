import { expect, onTestFinished, test } from 'vitest';

import type { Page } from '../../../extension/host/page.ts';
import { silentLogger } from '../../../extension/shared/logger.ts';
import { CompareSession, type PageActions } from '../../../extension/tracking/ui/compare-session.ts';
import type { CompareProtocol, CompareSnapshot } from '../../../schemas/webview-protocol.ts';
import { newOpenStore, windowOf } from '../../support/open-store.ts';

/** The extension's own session of a page that only listens. */
const openSession = (store: Awaited<ReturnType<typeof newOpenStore>>, runId: string) => {
  const snapshots: CompareSnapshot[] = [];
  let onViewState: (change: { webviewPanel: { visible: boolean } }) => void = () => {};
  const nobody = { dispose: () => {} };
  const panel = { title: '', onDidDispose: () => nobody, onDidChangeViewState: (listener: typeof onViewState) => ((onViewState = listener), nobody) };
  const page = {
    panel,
    keep: () => {},
    send: (name: string, payload: unknown) => void (name === 'snapshot' && snapshots.push(payload as CompareSnapshot)),
  };
  const session = new CompareSession({
    page: page as unknown as Page<CompareProtocol>,
    stores: windowOf(store),
    actions: {} as PageActions,
    log: silentLogger,
    runs: { runs: [{ store: store.id, runId }] },
  });
  onTestFinished(() => session.dispose());
  return { snapshots, start: () => session.behaviour.onReady(undefined), hide: () => onViewState({ webviewPanel: { visible: false } }) };
};

test('a page that is shown again is told at once what it was told before, and nothing twice', async () => {
  const store = await newOpenStore();
  const { runId } = (await store.tracking.createRun({ experimentId: await store.tracking.createExperiment({ name: 'wine' }), startTime: 5, tags: [] })).info;
  const { snapshots, start, hide } = openSession(store, runId);
  start();
  await expect.poll(() => snapshots.length).toBe(1);
  hide();
  start();
  expect(snapshots).toEqual([snapshots[0], snapshots[0]]);
  await store.tracking.logBatch({ runId, metrics: [{ key: 'loss', value: 0.5, timestamp: 1, step: 0 }], params: [] });
  await expect.poll(() => snapshots.length).toBe(3);
  expect(snapshots[2]?.metricKeys).toEqual(['loss']);
});
