import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import type { ServerAddress } from './store-connection.ts';

interface Shown {
  readonly experimentId?: ExperimentId;
  readonly runId?: RunId;
}

/** Where MLflow's own pages show what a server has: they are all one, and what is shown stands behind its `#`. */
export const mlflowPage = ({ url, workspace }: ServerAddress, { experimentId, runId }: Shown): string => {
  const steps = [...(experimentId === undefined ? [] : ['experiments', experimentId]), ...(runId === undefined ? [] : ['runs', runId])];
  const query = workspace === undefined ? '' : `?workspace=${encodeURIComponent(workspace)}`;
  return `${url}/#/${steps.map(encodeURIComponent).join('/')}${query}`;
};
