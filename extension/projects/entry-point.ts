/** What running needs of a declared parameter: `schemas/mlproject.ts` without positions. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly defaultValue?: string;
}

/** Declared in an MLproject file, or a script that stands for itself. */
export interface EntryPoint {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly command?: string;
}
