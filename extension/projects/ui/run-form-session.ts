import * as vscode from 'vscode';

import { environmentManagers, type EnvironmentManager, type RunChoices } from '../../../schemas/run-choices.ts';
import { isRunChoices } from '../../../schemas/run-choices.ts';
import type { RunForm, RunFormProtocol } from '../../../schemas/run-form.ts';
import type { EntryPointReference } from '../../host/commands.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import { userEnvironment } from '../../shared/process.ts';
import type { EntryPoint } from '../entry-point.ts';
import { findProgram } from '../../shared/interpreter.ts';
import { mlflowRunText } from '../mlflow-run-text.ts';
import { loadProject } from '../project.ts';
import { previewStart } from '../run-preview.ts';
import { pickPath } from './ask-values.ts';
import type { RunFormOptions } from './run-form-page.ts';
import { saveTask } from './save-task.ts';
import { entryPointOf, referenceTo, requireTrust, startRun, type ChosenEntryPoint } from './start-run.ts';
import { watchProjects } from './workspace-projects.ts';

/** What VS Code keeps of a form. */
export interface RunFormState {
  readonly reference: EntryPointReference;
  readonly typed: RunChoices;
}

/** Experiments offered; others are typed. */
const offeredExperiments = 1_000;

/** One form: what it shows, and what its buttons do. */
export class RunFormSession implements Disposable {
  readonly #page: Page<RunFormProtocol>;
  readonly #options: RunFormOptions;
  readonly #owned = new Disposables();
  #chosen: ChosenEntryPoint;
  #typed: RunChoices;

  constructor(page: Page<RunFormProtocol>, chosen: ChosenEntryPoint, typed: RunChoices | undefined, options: RunFormOptions) {
    this.#page = page;
    this.#chosen = chosen;
    this.#options = options;
    this.#typed = typed ?? options.memory.choicesOf(referenceTo(chosen));
    this.#owned.own(watchProjects(() => void this.#reread()));
  }

  get behaviour(): PageBehaviour<RunFormProtocol> {
    return {
      requests: {
        preview: async ({ choices }) => previewStart({ ...this.#started, choices }, process.platform),
        run: async ({ choices }) => await this.#run(choices),
        copyCommand: async ({ choices }) => {
          await vscode.env.clipboard.writeText(mlflowRunText({ ...this.#named, choices }, process.platform));
          return null;
        },
        saveTask: async ({ choices }) => {
          await saveTask(this.#chosen, choices);
          return null;
        },
        browse: async () => (await pickPath(this.#chosen.found.project.directory)) ?? null,
      },
      onReady: () => void this.#show(),
      onState: (state) => {
        if (isRunChoices(state)) this.#typed = state;
        this.#page.keep({ reference: referenceTo(this.#chosen), typed: this.#typed } satisfies RunFormState);
      },
    };
  }

  fill(choices: RunChoices): void {
    this.#typed = choices;
    this.#page.send('fill', choices);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #named() {
    return { place: this.#chosen.found.place, entryPoint: this.#chosen.entryPoint.name };
  }

  get #started() {
    const { found, entryPoint } = this.#chosen;
    return { place: found.place, directory: found.project.directory, entryPoint };
  }

  async #run(choices: RunChoices): Promise<string | null> {
    requireTrust();
    await vscode.workspace.saveAll(false);
    const run = await startRun({ ...this.#chosen, choices }, this.#options);
    if (run === undefined) return null;
    this.#options.terminals.show(run);
    void this.#send();
    return run.plan.runName;
  }

  /** The file has changed: fields come and go, what is typed stays. */
  async #reread(): Promise<void> {
    const { found, entryPoint } = this.#chosen;
    try {
      const project = await loadProject(found.project.directory);
      this.#chosen = { ...this.#chosen, found: { ...found, project }, entryPoint: entryPointOf(project, entryPoint.name) };
      await this.#send();
    } catch (error) {
      this.#options.log.info(`The form of ${entryPoint.name} stays as it was: ${errorMessage(error)}`);
    }
  }

  async #show(): Promise<void> {
    await this.#send();
    this.#page.send('fill', this.#typed);
  }

  async #send(): Promise<void> {
    const { found, entryPoint } = this.#chosen;
    const form: RunForm = {
      entryPoint: entryPoint.name,
      project: found.label,
      parameters: parametersOf(entryPoint),
      history: this.#options.memory.historyOf(referenceTo(this.#chosen)),
      managers: environmentManagers.map((manager) => ({ manager, note: noteOn(manager) })),
      isDocker: found.project.environment.kind === 'docker',
      experiments: await this.#experiments(),
    };
    this.#page.send('form', form);
  }

  /** Of a store that is open: looking at a form makes none. */
  async #experiments(): Promise<readonly string[]> {
    const { found, store = this.#options.stores.activeFor(found.workspaceFolder.uri.fsPath) } = this.#chosen;
    if (store?.state.kind !== 'ready') return [];
    const { items } = await store.tracking.searchExperiments({ maxResults: offeredExperiments, orderBy: ['last_update_time DESC'] });
    return items.map(({ name }) => name);
  }
}

const parametersOf = ({ parameters }: EntryPoint): RunForm['parameters'] =>
  parameters.map(({ name, type, defaultValue }) => ({ name, type, ...(defaultValue !== undefined && { defaultValue }) }));

const notes: Readonly<Record<EnvironmentManager, { readonly text: string; readonly program?: 'pyenv' | 'uv' | 'conda' }>> = {
  local: { text: 'the Python of the workspace, as it is' },
  virtualenv: { text: "an environment of the project's own, with pyenv", program: 'pyenv' },
  uv: { text: "an environment of the project's own, made by uv", program: 'uv' },
  conda: { text: "an environment of the project's own, made by conda", program: 'conda' },
};

const noteOn = (manager: EnvironmentManager): string => {
  const { text, program } = notes[manager];
  const isMissing = program !== undefined && !isThere(program, userEnvironment());
  return isMissing ? `${program} is not on PATH` : text;
};

const isThere = (program: 'pyenv' | 'uv' | 'conda', variables: Readonly<Record<string, string>>): boolean => {
  if (program !== 'conda') return findProgram(program, variables) !== undefined;
  if (variables['MLFLOW_CONDA_HOME'] !== undefined || variables['CONDA_EXE'] !== undefined) return true;
  return ['conda', 'mamba', 'micromamba'].some((name) => findProgram(name, variables) !== undefined);
};

/** What VS Code kept may be of an older version, or nothing. */
export const readFormState = (state: unknown): RunFormState | undefined => {
  if (typeof state !== 'object' || state === null || !('reference' in state) || !('typed' in state)) return undefined;
  const { reference, typed } = state;
  return isReference(reference) && isRunChoices(typed) ? { reference, typed } : undefined;
};

const isReference = (value: unknown): value is EntryPointReference =>
  typeof value === 'object' &&
  value !== null &&
  'uri' in value &&
  typeof value.uri === 'string' &&
  'entryPoint' in value &&
  typeof value.entryPoint === 'string';
