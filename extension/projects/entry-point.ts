export interface Parameter {
  readonly name: string;
  /** MLflow acts on `path` and `uri`; any other text means "as it is". */
  readonly type: string;
  /** As Python's `str()` prints it; a parameter without one is required. */
  readonly defaultValue?: string;
}

export interface EntryPoint {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** A template in the syntax of `schemas/command-template.ts`. */
  readonly command: string;
}
