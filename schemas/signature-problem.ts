import type { Problem } from './problem.ts';
import type { Span } from './yaml-tree.ts';

export type SignatureProblemCode =
  | 'signature-json'
  | 'schema-not-list'
  | 'schema-empty'
  | 'schema-mixed'
  | 'schema-names'
  | 'column-not-object'
  | 'column-type'
  | 'column-key'
  | 'column-shape'
  | 'tensor-shape'
  | 'param-shape'
  | 'param-type'
  | 'param-default'
  | 'param-duplicate';

export type SignatureProblem = Problem<SignatureProblemCode>;

/** Reports and goes on; what is understood in part counts as not understood. */
export class SignatureProblems {
  readonly all: SignatureProblem[] = [];

  add(code: SignatureProblemCode, span: Span, message: string, mlflow: string): undefined {
    this.all.push({ code, message, mlflow, start: span.start, end: span.end });
  }
}
