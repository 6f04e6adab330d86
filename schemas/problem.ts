import type { Span } from './yaml-tree.ts';

/** Something that MLflow refuses, found in a text; offsets are UTF-16 units of that text. */
export interface Problem<Code extends string = string> extends Span {
  readonly code: Code;
  /** A plain sentence for people. */
  readonly message: string;
  /** What MLflow or Python prints when it meets this. */
  readonly mlflow: string;
}
