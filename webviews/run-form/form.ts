import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { plainChoices, type RunChoices } from '../../schemas/run-choices.ts';
import type { FormField, FormProblem, RunForm, RunFormProtocol, RunPreview } from '../../schemas/run-form.ts';
import { createAnnouncer, type Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { emptyTyped, toChoices, toTyped, type Typed } from './typed.ts';

/** The state of the page, and what its controls do. */
export interface Form {
  readonly host: HostClient<RunFormProtocol>;
  readonly announcer: Announcer;
  readonly shown: ReadonlySignal<RunForm | undefined>;
  readonly typed: ReadonlySignal<Typed>;
  readonly preview: ReadonlySignal<RunPreview | undefined>;
  /** What the host said when something failed. */
  readonly failure: ReadonlySignal<string | undefined>;
  readonly busy: ReadonlySignal<boolean>;
  /** A problem of a required field is told once the field was left, or *Run* was pressed. */
  problemOf(field: FormField): FormProblem | undefined;
  touch(field: FormField): void;
  change(change: Partial<Typed>): void;
  /** Begins with an earlier start; undefined: with the defaults. */
  fill(choices: RunChoices | undefined): void;
  run(): Promise<void>;
  copyCommand(): Promise<void>;
  saveTask(): Promise<void>;
  browse(parameter: string): Promise<void>;
}

const createState = (host: HostClient<RunFormProtocol>) => {
  const shown = signal<RunForm>();
  const typed = signal(emptyTyped);
  return {
    host,
    announcer: createAnnouncer(),
    shown,
    typed,
    preview: signal<RunPreview>(),
    failure: signal<string>(),
    busy: signal(false),
    touched: signal<ReadonlySet<FormField> | 'all'>(new Set<FormField>()),
    choices: computed(() => toChoices(shown.value?.parameters ?? [], typed.value)),
  };
};

type FormState = ReturnType<typeof createState>;

export const createForm = (host: HostClient<RunFormProtocol>): Form => {
  const state = createState(host);
  listen(state);
  keepPreview(state);
  const { typed, choices, announcer } = state;
  return {
    ...state,
    problemOf: (field) => problemOf(state, field),
    touch: (field) => touch(state, field),
    change: (change) => (typed.value = { ...typed.value, ...change }),
    fill: (given) => fill(state, given),
    run: async () => await start(state),
    copyCommand: async () =>
      await attempt(state, async () => {
        await host.request('copyCommand', { choices: choices.value });
        announcer.say('Copied');
      }),
    saveTask: async () => await attempt(state, async () => void (await host.request('saveTask', { choices: choices.value }))),
    browse: async (parameter) => await attempt(state, async () => await browse(state, parameter)),
  };
};

const listen = ({ host, shown, typed, choices }: FormState): void => {
  host.on('form', (form) => {
    batch(() => {
      // Fields that have come get their defaults; what is typed stays.
      typed.value = toTyped(form.parameters, shown.peek() === undefined ? plainChoices : choices.peek());
      shown.value = form;
    });
  });
  host.on('fill', (given) => (typed.value = toTyped(shown.peek()?.parameters ?? [], given)));
};

/** The host remembers what is typed and says what would be run, at every change. */
const keepPreview = ({ host, shown, choices, preview, failure }: FormState): void => {
  effect(() => {
    if (shown.value === undefined) return undefined;
    const given = choices.value;
    host.saveState(given);
    const controller = new AbortController();
    host.request('preview', { choices: given }, controller.signal).then(
      (result) => (preview.value = result),
      (error: unknown) => {
        if (!controller.signal.aborted) failure.value = String(error);
      },
    );
    return () => controller.abort();
  });
};

const attempt = async ({ busy, failure }: FormState, work: () => Promise<void>): Promise<void> => {
  busy.value = true;
  failure.value = undefined;
  try {
    await work();
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  } finally {
    busy.value = false;
  }
};

const problemOf = ({ preview, touched }: FormState, field: FormField): FormProblem | undefined => {
  const problem = preview.value?.problems.find((each) => each.field === field);
  const isTold = touched.value === 'all' || touched.value.has(field);
  return isTold ? problem : undefined;
};

const touch = ({ touched }: FormState, field: FormField): void => {
  if (touched.value !== 'all') touched.value = new Set([...touched.value, field]);
};

const fill = ({ shown, typed, announcer }: FormState, given: RunChoices | undefined): void => {
  typed.value = toTyped(shown.value?.parameters ?? [], given ?? plainChoices);
  announcer.say(given === undefined ? 'Filled with the defaults' : 'Filled with an earlier start');
};

/** What is wrong now decides, not what the last preview said. */
const start = async (state: FormState): Promise<void> => {
  const { host, announcer, touched } = state;
  touched.value = 'all';
  const choices = state.choices.value;
  await attempt(state, async () => {
    const { problems } = await host.request('preview', { choices });
    const wrong = problems.filter(({ severity }) => severity === 'error');
    if (wrong.length > 0) return announcer.say(`Not started: ${wrong.map(({ message }) => message).join('. ')}`);
    const name = await host.request('run', { choices });
    if (name !== null) announcer.say(`Started ${name}`);
  });
};

const browse = async ({ host, typed }: FormState, parameter: string): Promise<void> => {
  const path = await host.request('browse', { parameter });
  if (path !== null) typed.value = { ...typed.value, parameters: new Map([...typed.value.parameters, [parameter, path]]) };
};

export const FormContext = createContext<Form | undefined>(undefined);

export const useForm = (): Form => {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('A part of the form was used outside of it');
  return form;
};
