import type { RunMetricsProtocol } from '../../../schemas/run-metrics-protocol.ts';
import type { RunReference } from '../../host/commands.ts';
import type { CreateRunPart } from '../../host/run-part.ts';
import { sayDirection } from '../metric-directions.ts';
import type { StoreConnections } from '../store-connection.ts';
import { storeOf } from './tree-selection.ts';

interface Surroundings {
  readonly stores: StoreConnections;
  /** Opens a page that compares, with the card of one metric. */
  compareMetric(run: RunReference, key: string): Promise<void> | void;
}

/** Answers the tab *Metrics*: histories, all in one reply. */
export const createRunMetrics =
  ({ stores, compareMetric }: Surroundings): CreateRunPart<RunMetricsProtocol> =>
  ({ run, send, changed }) => ({
    requests: {
      histories: async (wanted, signal) => storeOf(stores, run).histories({ ...wanted, runIds: [run.runId] }, signal),
      compareMetric: async ({ key }) => (await compareMetric(run, String(key)), null),
      sayDirection: async (said) => {
        const { tracking } = storeOf(stores, run);
        const { info } = await tracking.getRun(run.runId);
        await sayDirection(tracking, [info.experimentId], said);
        changed();
        return null;
      },
    },
    onChange: (change) => {
      if (change.kind === 'metrics') send('metricsGrown', change.keys);
    },
    dispose: () => {},
  });
