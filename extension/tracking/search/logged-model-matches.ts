import { compareInt64 } from '../../shared/int64.ts';
import type { DatasetFilter, LoggedModelOrder } from '../logged-model-store.ts';
import { loggedModelStatuses, type LoggedModel, type LoggedModelMetric } from '../logged-model.ts';
import { conditionHolds, numberConditionHolds } from './condition-holds.ts';
import { readLoggedModelOrder, type LoggedModelAttribute, type LoggedModelComparison } from './logged-models-filter.ts';
import { compareNumbers, compareTexts } from './text-match.ts';

/** The comparisons that become SQL elsewhere, evaluated on a model. Without a comparison of metrics the datasets choose models that have any on them. */
export const loggedModelMatches = (model: LoggedModel, comparisons: readonly LoggedModelComparison[], datasets: readonly DatasetFilter[]): boolean => {
  const isOn = (metric: LoggedModelMetric): boolean => datasets.length === 0 || datasets.some((dataset) => isOnDataset(metric, dataset));
  const metrics = model.metrics.filter(isOn);
  if (datasets.length > 0 && metrics.length === 0 && !comparisons.some(({ entity }) => entity === 'metrics')) return false;
  return comparisons.every((comparison) => holds({ ...model, metrics }, comparison));
};

const isOnDataset = (metric: LoggedModelMetric, { name = '', digest = '' }: Partial<DatasetFilter>): boolean =>
  (name === '' || metric.datasetName === name) && (digest === '' || metric.datasetDigest === digest);

const holds = (model: LoggedModel, comparison: LoggedModelComparison): boolean => {
  switch (comparison.entity) {
    case 'attributes': {
      const value = attributeOf(model, comparison.key);
      return value !== undefined && conditionHolds(value, comparison);
    }
    case 'metrics':
      return model.metrics.some(({ key, value }) => key === comparison.key && numberConditionHolds(value, comparison));
    case 'params':
      return model.params.some(({ key, value }) => key === comparison.key && conditionHolds(value, comparison));
    case 'tags':
      return model.tags.some(({ key, value }) => key === comparison.key && conditionHolds(value, comparison));
    default:
      return comparison satisfies never;
  }
};

/** A status is its number, which the filter writes as text. */
const attributeOf = (model: LoggedModel, key: LoggedModelAttribute): string | number | undefined => {
  switch (key) {
    case 'model_id':
      return model.modelId;
    case 'experiment_id':
      return model.experimentId;
    case 'name':
      return model.name;
    case 'artifact_location':
      return model.artifactLocation;
    case 'creation_timestamp_ms':
      return model.creationTimestamp;
    case 'last_updated_timestamp_ms':
      return model.lastUpdatedTimestamp;
    case 'status':
      return String(loggedModelStatuses.indexOf(model.status));
    case 'lifecycle_stage':
      return 'active';
    case 'model_type':
      return model.modelType;
    case 'source_run_id':
      return model.sourceRunId;
    case 'status_message':
      return model.statusMessage;
    default:
      return key satisfies never;
  }
};

/** What a model lacks comes last, in either direction; then the newest first. */
export const compareLoggedModels = (orderBy: readonly LoggedModelOrder[]): ((a: LoggedModel, b: LoggedModel) => number) => {
  const orders = orderBy.map((order) => ({ order, field: readLoggedModelOrder(order) }));
  const tieBreakers = [
    { order: { fieldName: 'creation_timestamp_ms', ascending: false }, field: { attribute: 'creation_timestamp_ms' } as const },
    { order: { fieldName: 'model_id' }, field: { attribute: 'model_id' } as const },
  ];
  return (a, b) => {
    for (const { order, field } of [...orders, ...tieBreakers]) {
      const [left, right] = [a, b].map((model) => ('attribute' in field ? attributeOf(model, field.attribute) : latestValue(model, field.metric, order)));
      const difference = compareValues(left, right, order.ascending !== false);
      if (difference !== 0) return difference;
    }
    return 0;
  };
};

const compareValues = (a: string | number | undefined, b: string | number | undefined, ascending: boolean): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const difference = typeof a === 'number' && typeof b === 'number' ? compareNumbers(a, b) : compareTexts(String(a), String(b));
  return ascending ? difference : -difference;
};

const latestValue = (model: LoggedModel, key: string, { datasetName, datasetDigest }: LoggedModelOrder): number | undefined => {
  const dataset = { ...(datasetName !== undefined && { name: datasetName }), ...(datasetDigest !== undefined && { digest: datasetDigest }) };
  const values = model.metrics.filter((metric) => metric.key === key && isOnDataset(metric, dataset));
  return values.toSorted((a, b) => compareInt64(b.timestamp, a.timestamp) || compareInt64(b.step, a.step) || compareTexts(a.runId, b.runId))[0]?.value;
};
