/** Where a run's log comes from. */
export interface LogSource {
  /** What the process has printed, since it was started from here; or a text that was logged. */
  readonly kind: 'output' | 'artifact';
  /** Of an artifact, its path; it tells the sources of a run apart. */
  readonly name: string;
}

/** The end of a log, as plain text. */
export interface LogText {
  /** The name of its source. */
  readonly source: string;
  readonly text: string;
  /** There is more before it. */
  readonly isCut: boolean;
}

export interface RunLogProtocol {
  readonly requests: {
    readonly logSources: { readonly params: null; readonly result: readonly LogSource[] };
    /** What is shown is told, and told again when it grows. Null: nothing is shown any more. */
    readonly followLog: { readonly params: LogSource | null; readonly result: null };
    readonly openLog: { readonly params: LogSource; readonly result: null };
    /** A place in a source file, as it was printed. */
    readonly openPlace: { readonly params: { readonly file: string; readonly line: number }; readonly result: null };
  };
  readonly events: {
    readonly logText: LogText;
  };
}
