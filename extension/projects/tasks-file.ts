import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';

import type { RunTask } from '../../schemas/run-task.ts';
import { MlflowError } from '../shared/errors.ts';

export interface AddedTask {
  /** Of the whole file; comments stay. */
  readonly text: string;
  readonly label: string;
}

const formatting = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };

/** Appends a task to the text of a tasks.json; an empty text is a new file. */
export const addTask = (text: string, name: string, task: RunTask): AddedTask => {
  const base = text.trim() === '' ? '{\n  "version": "2.0.0",\n  "tasks": []\n}\n' : text;
  const errors: ParseError[] = [];
  const content: unknown = parse(base, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new MlflowError('INVALID_PARAMETER_VALUE', 'tasks.json has errors in it: mend them first');
  const labels = labelsOf(content);
  const label = labels === undefined || !labels.includes(name) ? name : freeName(name, labels);
  const path = labels === undefined ? ['tasks'] : ['tasks', labels.length];
  const value = labels === undefined ? [{ label, ...task }] : { label, ...task };
  return { text: applyEdits(base, modify(base, path, value, { ...formatting, isArrayInsertion: labels !== undefined })), label };
};

/** Undefined when the file has no list of tasks. */
const labelsOf = (content: unknown): readonly unknown[] | undefined => {
  const tasks = isRecord(content) ? content['tasks'] : undefined;
  return Array.isArray(tasks) ? tasks.map((task: unknown) => (isRecord(task) ? task['label'] : undefined)) : undefined;
};

const freeName = (name: string, taken: readonly unknown[]): string => {
  let number = 2;
  while (taken.includes(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
