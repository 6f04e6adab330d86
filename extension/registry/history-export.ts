import type { RegistryChange } from '../../schemas/workbench-api.ts';

const columns = ['time', 'by', 'model', 'version', 'what', 'key', 'from', 'to', 'kind'] as const;

/** RFC 4180. Texts that a spreadsheet would take for a formula get an apostrophe: names come from others. */
export const historyCsv = (changes: readonly RegistryChange[]): string =>
  [
    columns.join(','),
    ...changes.map((change) => columns.map((column) => cell(column === 'time' ? new Date(change.time).toISOString() : change[column])).join(',')),
  ]
    .map((line) => `${line}\r\n`)
    .join('');

const cell = (value: string | number | undefined): string => {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const historyJson = (changes: readonly RegistryChange[]): string =>
  `${JSON.stringify(
    changes.map((change) => ({ ...change, time: new Date(change.time).toISOString() })),
    null,
    2,
  )}\n`;
