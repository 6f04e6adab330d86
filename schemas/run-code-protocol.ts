import type { PackageChange } from './environment-difference.ts';

/** What the run's artifacts say of its code and its environment. */
export interface RunCode {
  /** Artifacts that hold changes which were not committed. */
  readonly patches: readonly string[];
  readonly environment?: {
    /** Of which model; absent: of the run itself. */
    readonly model?: string;
    /** `version` as written there: `==2.1.0`, or empty. */
    readonly packages: readonly { readonly name: string; readonly version: string }[];
  };
}

/** The run's environment before, another after. */
export interface EnvironmentComparison {
  /** What it was compared with, for people. */
  readonly other: string;
  readonly changes: readonly PackageChange[];
}

interface Act<Params> {
  readonly params: Params;
  readonly result: null;
}

export interface RunCodeProtocol {
  readonly requests: {
    readonly readCode: { readonly params: null; readonly result: RunCode };
    readonly openSourceAtCommit: Act<null>;
    /** Of the source file alone. */
    readonly diffSource: Act<null>;
    readonly diffWorkingTree: Act<null>;
    /** With the commit of a run that the user chooses. */
    readonly diffWithRun: Act<null>;
    readonly openPatch: Act<{ readonly path: string }>;
    /** Null: given up. */
    readonly compareEnvironment: { readonly params: { readonly with: 'interpreter' | 'run' }; readonly result: EnvironmentComparison | null };
    readonly applyParams: Act<null>;
  };
}
