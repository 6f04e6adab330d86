import { isObject } from './json.ts';

/** A notebook as text and pictures: nothing of it runs. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly notes: readonly string[];
}

export interface NotebookCell {
  readonly kind: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly outputs: readonly NotebookOutput[];
}

export type NotebookOutput =
  | { readonly kind: 'text'; readonly text: string; readonly isError: boolean }
  | { readonly kind: 'image'; readonly mediaType: 'image/png' | 'image/jpeg'; readonly base64: string }
  /** What is there and not shown, in a sentence. */
  | { readonly kind: 'note'; readonly text: string };

const mostCells = 500;
const mostText = 20_000;

/** Rejects, in words, what is no notebook. */
export const readNotebook = (json: unknown): Notebook => {
  const cells = isObject(json) ? json['cells'] : undefined;
  if (!Array.isArray(cells)) throw new Error('This is no notebook of Jupyter 4 or later: it has no cells.');
  const notes = cells.length > mostCells ? [`The first ${mostCells} of ${cells.length} cells are shown.`] : [];
  return { cells: cells.slice(0, mostCells).filter(isObject).map(toCell), notes };
};

type Json = Readonly<Record<string, unknown>>;

const toCell = ({ cell_type: type, source, outputs }: Json): NotebookCell => ({
  kind: type === 'code' || type === 'markdown' ? type : 'raw',
  source: cut(textOf(source)),
  outputs: Array.isArray(outputs) ? outputs.filter(isObject).map(toOutput) : [],
});

/** A text, or a list of its lines. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('') : '';
};

const cut = (text: string): string => (text.length > mostText ? `${text.slice(0, mostText)}\n… (${text.length - mostText} more characters)` : text);

/** Colours of a terminal mean nothing here. */
const withoutColors = (text: string): string => text.replaceAll(/\u001b\[[\d;]*m/g, '');

const toOutput = (output: Json): NotebookOutput => {
  if (output['output_type'] === 'stream') return { kind: 'text', text: cut(withoutColors(textOf(output['text']))), isError: output['name'] === 'stderr' };
  if (output['output_type'] === 'error') {
    const traceback = textOf(Array.isArray(output['traceback']) ? output['traceback'].map((line) => `${String(line)}\n`) : '');
    return { kind: 'text', text: cut(withoutColors(traceback || `${textOf(output['ename'])}: ${textOf(output['evalue'])}`)), isError: true };
  }
  return fromBundle(isObject(output['data']) ? output['data'] : {});
};

/** The best form that cannot do anything. */
const fromBundle = (data: Json): NotebookOutput => {
  for (const mediaType of ['image/png', 'image/jpeg'] as const) {
    const base64 = textOf(data[mediaType]).replaceAll(/\s/g, '');
    if (base64 !== '') return { kind: 'image', mediaType, base64 };
  }
  const text = textOf(data['text/plain']);
  if (text !== '') return { kind: 'text', text: cut(withoutColors(text)), isError: false };
  const kinds = Object.keys(data).slice(0, 5).join(', ');
  return { kind: 'note', text: `An output that is not shown here${kinds === '' ? '' : `: ${kinds}`}` };
};
