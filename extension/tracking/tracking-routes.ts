import type { Endpoint } from '../shared/endpoint.ts';
import { experimentEndpoints } from './experiment-routes.ts';
import { metricEndpoints } from './metric-routes.ts';
import { runEndpoints } from './run-routes.ts';
import type { ServedTrackingStore } from './tracking-store.ts';

/** MLflow's endpoints of experiments and runs. */
export const trackingEndpoints = (store: ServedTrackingStore): readonly Endpoint[] => [
  ...experimentEndpoints(store),
  ...runEndpoints(store),
  ...metricEndpoints(store),
];
