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

export const createForm = (host: HostClient<RunFormProtocol>): Form => {
  const announcer = createAnnouncer();
  const shown = signal<RunForm>();
  const typed = signal(emptyTyped);
  const preview = signal<RunPreview>();
  const failure = signal<string>();
  const busy = signal(false);
  const touched = signal<ReadonlySet<FormField> | 'all'>(new Set<FormField>());
  const choices = computed(() => toChoices(shown.value?.parameters ?? [], typed.value));

  host.on('form', (form) => {
    batch(() => {
      // Fields that have come get their defaults; what is typed stays.
      typed.value = shown.peek() === undefined ? toTyped(form.parameters, plainChoices) : toTyped(form.parameters, choices.peek());
      shown.value = form;
    });
  });
  host.on('fill', (given) => (typed.value = toTyped(shown.peek()?.parameters ?? [], given)));

  const attempt = async (work: () => Promise<void>): Promise<void> => {
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

  const isTold = (field: FormField): boolean => touched.value === 'all' || touched.value.has(field);

  return {
    host,
    announcer,
    shown,
    typed,
    preview,
    failure,
    busy,
    problemOf: (field) => {
      const problem = preview.value?.problems.find((each) => each.field === field);
      return problem !== undefined && isTold(field) ? problem : undefined;
    },
    touch: (field) => {
      if (touched.value !== 'all') touched.value = new Set([...touched.value, field]);
    },
    change: (change) => (typed.value = { ...typed.value, ...change }),
    fill: (given) => {
      typed.value = toTyped(shown.value?.parameters ?? [], given ?? plainChoices);
      announcer.say(given === undefined ? 'Filled with the defaults' : 'Filled with an earlier start');
    },
    run: async () => {
      touched.value = 'all';
      const given = choices.value;
      await attempt(async () => {
        const { problems } = await host.request('preview', { choices: given });
        const wrong = problems.filter(({ severity }) => severity === 'error');
        if (wrong.length > 0) return announcer.say(`Not started: ${wrong.map(({ message }) => message).join('. ')}`);
        const name = await host.request('run', { choices: given });
        if (name !== null) announcer.say(`Started ${name}`);
      });
    },
    copyCommand: async () =>
      await attempt(async () => {
        await host.request('copyCommand', { choices: choices.value });
        announcer.say('Copied');
      }),
    saveTask: async () => await attempt(async () => void (await host.request('saveTask', { choices: choices.value }))),
    browse: async (parameter) =>
      await attempt(async () => {
        const path = await host.request('browse', { parameter });
        if (path !== null) typed.value = { ...typed.value, parameters: new Map([...typed.value.parameters, [parameter, path]]) };
      }),
  };
};

export const FormContext = createContext<Form | undefined>(undefined);

export const useForm = (): Form => {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('A part of the form was used outside of it');
  return form;
};
