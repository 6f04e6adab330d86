import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ModelInput, ScoringRequest } from '../../../schemas/serve-page.ts';
import type { Mode, View } from '../view.ts';
import { checkRaw } from './check-raw.ts';
import { noShape, shapeOf, type FormShape } from './fields.ts';
import type { FileRows } from './file-rows.ts';
import { blankForm, fillForm, rowsForColumns } from './fill.ts';
import { emptyForm, readForm, type RequestProblem, type TypedForm } from './form.ts';
import { bodyOf, contentTypeOf, defaultFormat, pretty, type Format } from './formats.ts';

/** The request that would be sent now: typed into a form, or written as a text. */
export interface Draft {
  readonly input: ReadonlySignal<ModelInput | undefined>;
  readonly shape: ReadonlySignal<FormShape>;
  readonly mode: ReadonlySignal<Mode>;
  readonly typed: ReadonlySignal<TypedForm>;
  readonly format: ReadonlySignal<Format>;
  readonly raw: ReadonlySignal<string>;
  readonly problems: ReadonlySignal<readonly RequestProblem[]>;
  readonly request: ReadonlySignal<ScoringRequest>;
  /** With what the model wants; `view` is what was kept of an earlier page. */
  begin(input: ModelInput, view: View | undefined): void;
  setMode(mode: Mode): void;
  setFormat(format: Format): void;
  setRaw(text: string): void;
  change(change: Partial<TypedForm>): void;
  useExample(): void;
  clear(): void;
  /** Makes an earlier request the current one. */
  recall(sent: ScoringRequest): void;
  /** Puts the rows of a file into the form, and says how many; -1 when it has none of the columns. */
  fillRows(file: FileRows): number;
}

interface Fields {
  readonly input: Signal<ModelInput | undefined>;
  readonly mode: Signal<Mode>;
  readonly typed: Signal<TypedForm>;
  readonly format: Signal<Format>;
  readonly raw: Signal<string>;
  readonly shape: ReadonlySignal<FormShape>;
  readonly reading: ReadonlySignal<ReturnType<typeof readForm>>;
}

const createFields = (): Fields => {
  const input = signal<ModelInput>();
  const typed = signal<TypedForm>(emptyForm);
  const shape = computed(() => (input.value === undefined ? noShape : shapeOf(input.value.signature, input.value.isFromTypeHints)));
  return {
    input,
    mode: signal<Mode>('form'),
    typed,
    format: signal<Format>('dataframe_split'),
    raw: signal(''),
    shape,
    reading: computed(() => readForm(shape.value, typed.value)),
  };
};

export const createDraft = (): Draft => {
  const fields = createFields();
  const { typed, raw } = fields;
  return {
    ...fields,
    request: computed(() => requestOf(fields)),
    problems: computed(() => problemsOf(fields)),
    begin: (input, view) => batch(() => begin(fields, input, view)),
    setMode: (mode) => batch(() => changeMode(fields, mode)),
    setFormat: (format) => batch(() => changeFormat(fields, format)),
    setRaw: (text) => (raw.value = text),
    change: (change) => (typed.value = { ...typed.value, ...change }),
    useExample: () => batch(() => useExample(fields)),
    clear: () => (typed.value = blankForm(fields.shape.value)),
    recall: (sent) => batch(() => recall(fields, sent)),
    fillRows: (file) => fillRows(fields, file),
  };
};

const formBody = ({ reading, shape }: Fields, as: Format): string | undefined => {
  const read = reading.value;
  return read && bodyOf(read.data, read.params, as, shape.value.isFromTypeHints);
};

const requestOf = (fields: Fields): ScoringRequest => {
  const isRaw = fields.mode.value === 'raw';
  const as = isRaw ? fields.format.value : defaultFormat(fields.shape.value);
  return { contentType: contentTypeOf(as), body: isRaw ? fields.raw.value : (formBody(fields, as) ?? '') };
};

const problemsOf = ({ mode, raw, format, shape, reading }: Fields): readonly RequestProblem[] => {
  if (mode.value === 'form') return reading.value?.problems ?? [];
  return checkRaw(raw.value, format.value, shape.value).map((message) => ({ place: { kind: 'request' }, message }));
};

const begin = (fields: Fields, input: ModelInput, view: View | undefined): void => {
  const { shape, typed, format, raw, mode } = fields;
  fields.input.value = input;
  typed.value = view?.typed ?? (input.example === undefined ? undefined : fillForm(shape.value, input.example)) ?? blankForm(shape.value);
  format.value = view?.format ?? defaultFormat(shape.value);
  raw.value = view?.raw ?? input.example ?? formBody(fields, format.value) ?? '{"inputs": []}';
  mode.value = shape.value.data.kind === 'free' ? 'raw' : (view?.mode ?? 'form');
};

/** What was typed on one side is on the other one too, as far as it can be read. */
const changeMode = (fields: Fields, wanted: Mode): void => {
  const { shape, typed, format, raw, mode } = fields;
  const known = readForm(shape.value, typed.value);
  if (wanted === 'raw' && known !== undefined && known.problems.length === 0) raw.value = pretty(formBody(fields, format.value) ?? '', format.value);
  if (wanted === 'form' && format.value !== 'csv') typed.value = fillForm(shape.value, raw.value) ?? typed.value;
  mode.value = wanted;
};

const changeFormat = (fields: Fields, wanted: Format): void => {
  const { shape, typed, format, raw } = fields;
  if (format.value !== 'csv') typed.value = fillForm(shape.value, raw.value) ?? typed.value;
  format.value = wanted;
  raw.value = pretty(formBody(fields, wanted) ?? raw.value, wanted);
};

const useExample = ({ input, shape, typed, format, raw }: Fields): void => {
  const example = input.value?.example;
  if (example === undefined) return;
  typed.value = fillForm(shape.value, example) ?? typed.value;
  raw.value = example;
  if (format.value === 'csv') format.value = defaultFormat(shape.value);
};

const recall = ({ shape, typed, format, raw, mode }: Fields, { contentType, body }: ScoringRequest): void => {
  raw.value = body;
  const isCsv = contentType === 'text/csv';
  const filled = isCsv ? undefined : fillForm(shape.value, body);
  if (filled !== undefined) typed.value = filled;
  if (isCsv) format.value = 'csv';
  if (filled === undefined) mode.value = 'raw';
};

const fillRows = ({ shape, typed }: Fields, file: FileRows): number => {
  const { data } = shape.value;
  const rows = data.kind === 'table' ? rowsForColumns(data.columns, file) : undefined;
  if (rows === undefined) return -1;
  typed.value = { ...typed.value, rows };
  return rows.length;
};
