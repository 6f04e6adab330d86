import type { ModelSignature } from './model-signature.ts';
import type { PackageCheck } from './requirement-check.ts';
import type { PageProtocol } from './webview-protocol.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface ShownFlavor {
  readonly name: string;
  /** What loads it, in Python. */
  readonly loader?: string;
  readonly values: readonly NamedValue[];
}

export interface ShownFile {
  /** Relative to the model. */
  readonly path: string;
  /** Bytes. */
  readonly size?: number;
}

/** Which Python the packages were compared with, or why they were not. */
export type EnvironmentCheck =
  | { readonly kind: 'checked'; readonly interpreter: string; readonly python: PythonCheck; readonly packages: readonly PackageCheck[] }
  | { readonly kind: 'unchecked'; readonly reason: string };

export interface PythonCheck {
  readonly required?: string;
  readonly installed: string;
}

export interface ShownVersion {
  readonly name: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly stage?: string;
}

/** Everything that an MLmodel file knows, and what the store knows of it. */
export interface ModelPage {
  readonly label: string;
  readonly modelUri: string;
  /** The store that it is of; empty for a folder. */
  readonly source: string;
  readonly facts: readonly NamedValue[];
  /** What MLflow would refuse of the file, in sentences. */
  readonly problems: readonly string[];
  readonly flavors: readonly ShownFlavor[];
  readonly signature?: ModelSignature;
  /** The saved example, as JSON. */
  readonly example?: string;
  /** Names of the files that describe its environment. */
  readonly environmentFiles: readonly string[];
  readonly variables: readonly string[];
  /** `metadata`, `resources`, `auth_policy` and keys that MLflow does not know, as JSON. */
  readonly more: readonly NamedValue[];
  /** Absent where a store does not list them. */
  readonly files?: readonly ShownFile[];
  readonly canServe: boolean;
}

/** What the registry says of a version. */
export interface RegisteredVersion {
  readonly name: string;
  readonly version: number;
  readonly status: string;
  /** Why it is pending or has failed; empty when nothing is said. */
  readonly statusMessage: string;
  /** Absent where there are no stages. */
  readonly stage?: string;
  readonly aliases: readonly string[];
  /** Markdown. */
  readonly description: string;
  readonly source: string;
  /** Absent when it was made by none. */
  readonly run?: { readonly runId: string; readonly name: string; readonly state: 'active' | 'deleted' | 'gone' };
  readonly creator: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly NamedValue[];
}

/** A value before and after, in words: JSON has no NaN. */
export interface ShownChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface ShownMetricChange extends ShownChange {
  /** Empty where there is nothing to compare. */
  readonly delta: string;
  readonly verdict: 'better' | 'worse' | 'none';
}

export interface ShownSignatureChange {
  readonly text: string;
  readonly breaks: boolean;
}

/** What has changed since the version before. */
export interface VersionChanges {
  /** Its number; absent for the first version. */
  readonly previous?: number;
  /** All of them: equal ones say something, too. */
  readonly metrics: readonly ShownMetricChange[];
  readonly params: readonly ShownChange[];
  readonly signature: readonly ShownSignatureChange[];
  readonly packages: readonly ShownChange[];
  readonly data: readonly ShownChange[];
  readonly commit?: ShownChange;
  /** What could not be read, in sentences. */
  readonly notes: readonly string[];
}

/** What takes longer to find out. */
export interface ModelSurroundings {
  readonly environment: EnvironmentCheck;
  readonly run?: { readonly runId: string; readonly name: string; readonly datasets: readonly string[] };
  readonly versions: readonly ShownVersion[];
}

export interface ModelProtocol extends PageProtocol {
  readonly requests: {
    readonly serve: { readonly params: { readonly chooses: boolean }; readonly result: null };
    /** Opens a file of the model in an editor. */
    readonly openFile: { readonly params: { readonly path: string }; readonly result: null };
    readonly openVersion: { readonly params: { readonly name: string; readonly version: number }; readonly result: null };
    readonly openRun: { readonly params: { readonly runId: string }; readonly result: null };
    readonly copySnippet: { readonly params: null; readonly result: null };
    readonly copy: { readonly params: { readonly text: string }; readonly result: null };
  };
  readonly events: {
    readonly model: ModelPage;
    readonly surroundings: ModelSurroundings;
    /** Of a registered version only; again whenever it changes. */
    readonly version: RegisteredVersion;
    readonly changes: VersionChanges;
    readonly failed: { readonly message: string };
  };
}
