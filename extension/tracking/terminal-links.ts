import { asExperimentId, asRunId, type ExperimentId, type RunId } from '../../schemas/ids.ts';

/** A place in a line that a program has printed, and what it names. */
export interface PrintedLink {
  readonly start: number;
  readonly length: number;
  readonly target: PrintedTarget;
}

export type PrintedTarget =
  /** The address is where MLflow's own page shows it. */
  | { readonly kind: 'run'; readonly runId: RunId; readonly url?: string }
  | { readonly kind: 'experiment'; readonly experimentId: ExperimentId; /** Of the server, without the page. */ readonly server: string; readonly url: string };

/** `🏃 View run bold-cat-1 at: https://host/#/experiments/3/runs/<id>`, which clients of a server print at a run's end. */
const viewRun = /\bView run\b[^\n]{0,600}?\bat: (https?:\/\/\S+?\/experiments\/[^/\s]+\/runs\/([\da-f]{32})(?![\da-z])\S*)/gi;
/** `🧪 View experiment at: https://host/#/experiments/3` */
const viewExperiment = /\bView experiment at: ((https?:\/\/\S+?)\/(?:#|ml)\/experiments\/(\d+)(?![\w/])\S*)/gi;
/** `Run ID: <id>`, `run_id=<id>`, `"run_id": "<id>"` and mlflow's own `=== Run (ID '<id>') succeeded ===` */
const runId = /\b(?:run[ _-]?id["']?\s{0,3}[:=]?\s{0,3}|run \(ID )["']?([\da-f]{32})(?![\da-z])/gi;

/** Lines are cut: no program prints these words further right. */
const longest = 4_000;

/** What a line names for MLflow; the places do not overlap. */
export const printedLinks = (line: string): readonly PrintedLink[] => {
  const text = line.slice(0, longest);
  const whole = [...linksTo(text, viewRun, runAt), ...linksTo(text, viewExperiment, experimentAt)];
  const ids = linksTo(text, runId, (_, id = '') => ({ kind: 'run', runId: asRunId(id.toLowerCase()) }));
  return [...whole, ...ids.filter((link) => !whole.some((other) => overlap(link, other)))].toSorted((a, b) => a.start - b.start);
};

const linksTo = (text: string, pattern: RegExp, toTarget: (...groups: readonly (string | undefined)[]) => PrintedTarget): readonly PrintedLink[] =>
  [...text.matchAll(pattern)].map((found) => ({ start: found.index, length: found[0].length, target: toTarget(...found) }));

const runAt = (_: string | undefined, url = '', id = ''): PrintedTarget => ({ kind: 'run', runId: asRunId(id.toLowerCase()), url });

const experimentAt = (_: string | undefined, url = '', server = '', id = ''): PrintedTarget => ({
  kind: 'experiment',
  experimentId: asExperimentId(id),
  server,
  url,
});

const overlap = (a: PrintedLink, b: PrintedLink): boolean => a.start < b.start + b.length && b.start < a.start + a.length;
