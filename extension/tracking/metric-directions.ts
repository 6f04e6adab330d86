import { isMetricDirection, metricDirectionTag, metricOfDirectionTag, type MetricDirection, type SaidDirections } from '../../schemas/metric-direction.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Experiment } from './experiment.ts';
import type { TrackingStore } from './tracking-store.ts';

/** What people have said of metrics, in the tags of these experiments; the first experiment that says it counts. */
export const saidDirections = (experiments: readonly Pick<Experiment, 'tags'>[]): SaidDirections => {
  const tags = experiments.flatMap((experiment) => experiment.tags).toReversed();
  return Object.fromEntries(
    tags.flatMap(({ key, value }) => {
      const metric = metricOfDirectionTag(key);
      return metric !== undefined && isMetricDirection(value) ? [[metric, value]] : [];
    }),
  );
};

/** Says it for each of the experiments. */
export const sayDirection = async (
  store: TrackingStore,
  experimentIds: readonly Experiment['experimentId'][],
  { key, direction }: { readonly key: string; readonly direction: MetricDirection },
): Promise<void> => {
  if (!isMetricDirection(direction)) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${String(direction)}' is no direction of a metric`);
  await Promise.all(experimentIds.map((experimentId) => store.setExperimentTag(experimentId, { key: metricDirectionTag(key), value: direction })));
};
