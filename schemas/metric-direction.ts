/** Whether a metric is better when it is lower or higher; a guess from its name that the user can change. */
export type MetricDirection = 'lower' | 'higher';

const lowerIsBetter = new Set([
  'loss',
  'error',
  'err',
  'mse',
  'rmse',
  'mae',
  'mape',
  'rmsle',
  'msle',
  'perplexity',
  'ppl',
  'logloss',
  'deviance',
  'brier',
  'wer',
  'cer',
  'fid',
  'latency',
  'time',
  'duration',
  'seconds',
  'ms',
  'cost',
  'regret',
  'divergence',
  'kl',
  'nll',
  'aic',
  'bic',
  'memory',
  'toxicity',
]);

/** `val_log_loss`, `trainLoss` and `eval/RMSE` are all read by their words. */
const wordsOf = (key: string): readonly string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

export const guessMetricDirection = (key: string): MetricDirection => (wordsOf(key).some((word) => lowerIsBetter.has(word)) ? 'lower' : 'higher');

const directionTagStart = 'mlflow-workbench.direction.';

/** The experiment's tag by which its users have said it: `lower` or `higher`. */
export const metricDirectionTag = (key: string): string => directionTagStart + key;

/** The metric that such a tag speaks of. */
export const metricOfDirectionTag = (tag: string): string | undefined => (tag.startsWith(directionTagStart) ? tag.slice(directionTagStart.length) : undefined);

export const isMetricDirection = (text: string): text is MetricDirection => text === 'lower' || text === 'higher';

/** Directions that people have said, by metric. */
export type SaidDirections = Readonly<Record<string, MetricDirection>>;

/** As it was said, else guessed. */
export const directionIn = (said: SaidDirections | undefined, key: string): MetricDirection =>
  (said !== undefined && Object.hasOwn(said, key) ? said[key] : undefined) ?? guessMetricDirection(key);

export type DirectionOf = (key: string) => MetricDirection;

/** By the first of the tags that says it, else guessed. */
export const directionsIn = (tags: readonly { readonly key: string; readonly value: string }[]): DirectionOf => {
  const said = new Map<string, MetricDirection>();
  for (const { key, value } of tags) if (!said.has(key) && (value === 'lower' || value === 'higher')) said.set(key, value);
  return (key) => said.get(metricDirectionTag(key)) ?? guessMetricDirection(key);
};
