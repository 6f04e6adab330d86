import type { EnvironmentManager, RunChoices } from './run-choices.ts';
import type { PageProtocol } from './webview-protocol.ts';

export interface FormParameter {
  readonly name: string;
  readonly type: string;
  /** Absent: a value is needed. */
  readonly defaultValue?: string;
}

/** Everything that the form of an entry point shows, except what is typed into it. */
export interface RunForm {
  readonly entryPoint: string;
  /** Its project, for people. */
  readonly project: string;
  readonly parameters: readonly FormParameter[];
  /** Earlier starts, the newest first. */
  readonly history: readonly RunChoices[];
  readonly managers: readonly { readonly manager: EnvironmentManager; readonly note: string }[];
  /** It runs in a container. */
  readonly isDocker: boolean;
  /** Names, for completion. */
  readonly experiments: readonly string[];
}

export interface FormProblem {
  readonly field: FormField;
  /** An `error` would fail; a `warning` is passed on as it is. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export type FormField = `parameter:${string}` | `variable:${string}` | `option:${string}`;

/** What a start would be. */
export interface RunPreview {
  /** What the shell gets; absent while a problem is in the way. */
  readonly command?: string;
  /** The same start for a terminal. */
  readonly mlflowRun: string;
  /** Where the command runs. */
  readonly directory: string;
  readonly problems: readonly FormProblem[];
  /** Of the entry point itself: why it has no command. */
  readonly problem?: string;
}

interface OfChoices<Result> {
  readonly params: { readonly choices: RunChoices };
  readonly result: Result;
}

export interface RunFormProtocol extends PageProtocol {
  readonly requests: {
    readonly preview: OfChoices<RunPreview>;
    /** The run's name; null when it was given up. */
    readonly run: OfChoices<string | null>;
    readonly copyCommand: OfChoices<null>;
    readonly saveTask: OfChoices<null>;
    /** Lets the user choose a file or a folder; null when given up. */
    readonly browse: { readonly params: { readonly parameter: string }; readonly result: string | null };
  };
  readonly events: {
    readonly form: RunForm;
    /** What is typed: once, after the first form, when there is something to begin with. */
    readonly fill: RunChoices;
  };
}
