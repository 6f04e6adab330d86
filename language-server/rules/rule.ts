import type { KindName } from '../kinds/kind.ts';

/**
 * `error`: MLflow fails on it. `warning`: MLflow accepts it and does something that is hardly meant.
 * `information`: worth knowing. `hint`: shown faded or as dots.
 */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One diagnostic code: what the server uses and what its documentation is made from. */
export interface Rule {
  readonly severity: Severity;
  readonly files: readonly KindName[];
  /** For errors: whether MLflow fails when it loads the file, or only when it runs or uses what is in it. */
  readonly failsAt?: 'load' | 'run';
  /** It judges the shape of the file, and so is kept back while the file is not valid YAML. */
  readonly needsValidYaml?: boolean;
  /** Any server of YAML finds it: beside one, ours is silent in `yaml` documents. */
  readonly isPlainYaml?: boolean;
  /** What is found, as a heading. */
  readonly title: string;
  /** Why it matters: what MLflow does. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The smallest document that shows it; for the first of `files`. */
  readonly example: string;
  /** The example's file name, where that is the point. */
  readonly fileName?: string;
  /** Files beside the example, by relative path. */
  readonly beside?: Readonly<Record<string, string>>;
}
