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
