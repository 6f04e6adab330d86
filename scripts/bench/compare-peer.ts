import { startMlflowServer } from '../../test/support/mlflow-server.ts';

/** As MLflow's own page asks: a hundred runs at a time, 320 points of each. */
const runsPerRequest = 100;
const points = 320;

/** ms that the released `mlflow server` needs to hand out the same histories; the store is `mlflow.db` in the folder. */
export const timeOfMlflow = async (folder: string, runIds: readonly string[], metric: string): Promise<number> => {
  const server = await startMlflowServer(folder);
  try {
    const began = performance.now();
    for (let at = 0; at < runIds.length; at += runsPerRequest) {
      const query = new URLSearchParams([
        ...runIds.slice(at, at + runsPerRequest).map((runId) => ['run_ids', runId]),
        ['metric_key', metric],
        ['max_results', String(points)],
      ]);
      const response = await fetch(`${server.url}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}`);
      if (!response.ok) throw new Error(`mlflow server answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
    return performance.now() - began;
  } finally {
    await server.stop();
  }
};
