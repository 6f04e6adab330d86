/** What our own client tells the server when it starts it. */
export interface InitializationOptions {
  /** It answers the requests below, which the server makes of its host beyond the protocol. */
  readonly answersHostRequests?: boolean;
  /** Another server reads `yaml` documents: what any YAML tool says is left to it. */
  readonly hasYamlServer?: boolean;
}

export interface LspRequest<Parameters, Result> {
  readonly method: string;
  /** Never there: they only carry the types. */
  readonly types?: (parameters: Parameters) => Result;
}

/** Uri of the file that asks: its folder decides which store and which Python are meant. */
export interface OfDocument {
  readonly document: string;
}

/** What a store holds, as far as files name it; the newest first, and no more than people choose from. */
export interface StoreNames {
  /** Short, for people. */
  readonly store: string;
  readonly experiments: readonly string[];
  readonly models: readonly ModelNames[];
  readonly runs: readonly RunName[];
}

export interface ModelNames {
  readonly name: string;
  /** Descending. */
  readonly versions: readonly number[];
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
}

export interface RunName {
  readonly runId: string;
  readonly name: string;
  readonly experiment: string;
}

/** What `models:/name@alias` and its like mean now. */
export interface ModelMeaning {
  readonly store: string;
  readonly name: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly stage?: string;
  readonly description?: string;
  /** The run that it was made by, with its latest metrics. */
  readonly run?: { readonly name: string; readonly metrics: readonly { readonly key: string; readonly value: number }[] };
}

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

/** Null: there is no store. */
export const storeNamesRequest: LspRequest<OfDocument, StoreNames | null> = { method: 'mlflow/storeNames' };
/** Null: the store knows no such model, version or alias. */
export const modelMeaningRequest: LspRequest<OfDocument & { readonly uri: string }, ModelMeaning | null> = { method: 'mlflow/modelMeaning' };
/** Of the Python that the folder's entry points run with. */
export const installedPackagesRequest: LspRequest<OfDocument, readonly InstalledPackage[]> = { method: 'mlflow/installedPackages' };

/** From the host: what it has answered may no longer hold. */
export const storeChangedNotification = { method: 'mlflow/storeChanged' } as const;
