import type { PageProtocol } from './webview-protocol.ts';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What `mlflow models predict` wrote, and what it was given. */
export interface PredictionFiles {
  readonly output: TextFile;
  /** Of CSV: its rows stand beside the predictions. */
  readonly input?: TextFile;
}

export interface PredictionsProtocol extends PageProtocol {
  readonly requests: {
    readonly openAsText: { readonly params: null; readonly result: null };
    readonly copy: { readonly params: { readonly text: string }; readonly result: null };
  };
  readonly events: {
    readonly files: PredictionFiles;
    /** The files cannot be read any more: why. */
    readonly failed: { readonly message: string };
  };
}
