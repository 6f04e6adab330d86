import { formatDateTime } from '../../../schemas/format.ts';
import type { RegistryChange, RegistryHistoryReply } from '../../../schemas/workbench-api.ts';
import { markdownText } from '../../host/hostile-text.ts';

const longest = 120;
const longestCell = 40;
const text = (value: string): string => markdownText(value, longest);

/** The history of a model as Markdown, newest first. Every name and value in it is escaped. */
export const historyMarkdown = (model: string, { changes, problem }: RegistryHistoryReply): string => {
  const rows = changes.toSorted((a, b) => b.time - a.time).map((change) => `| ${cellsOf(change).join(' | ')} |`);
  const table = rows.length === 0 ? 'Nothing has changed yet.' : ['| When | What | From | To | By | Known |', '|---|---|---|---|---|---|', ...rows].join('\n');
  return [
    `# History of ${markdownText(model, 300)}`,
    table,
    ...(problem === undefined ? [] : [`*${markdownText(problem, 500)}*`]),
    'exact: noted down when it was changed through this editor or its server. observed: somebody else has changed it, and its result was seen; the time is that of the creation or last update that MLflow keeps, for aliases, tags and descriptions that of the look.',
  ]
    .join('\n\n')
    .concat('\n');
};

/** What a description or a tag was stands beside the sentence, which has everything else. */
const cellsOf = (change: RegistryChange): readonly string[] => {
  const { time, what, from = '', to = '', by = '', kind } = change;
  const texts = what === 'description' || what === 'tag' ? [from, to] : ['', ''];
  return [formatDateTime(time), text(sentenceOf(change)), ...texts.map((value) => markdownText(value, longestCell)), text(by), kind];
};

export const sentenceOf = ({ what, version, key = '', from, to }: RegistryChange): string => {
  const subject = version === undefined ? '' : ` of version ${version}`;
  switch (what) {
    case 'model':
      return from === undefined ? 'model created' : to === undefined ? 'model deleted' : `renamed from ${from} to ${to}`;
    case 'version':
      return to === undefined ? `version ${version ?? ''} deleted` : `version ${version ?? ''} registered from ${to}`;
    case 'alias':
      return aliasSentence(key, from, to);
    case 'stage':
      return `version ${version ?? ''} moved from ${from ?? 'None'} to ${to ?? 'None'}`;
    case 'tag':
      return to === undefined ? `tag ${key}${subject} removed` : `tag ${key}${subject} set to ${to}`;
    case 'description':
      return `description${subject} changed`;
    default:
      return what satisfies never;
  }
};

const aliasSentence = (alias: string, from: string | undefined, to: string | undefined): string => {
  if (to === undefined) return `@${alias} removed from version ${from ?? ''}`;
  return from === undefined ? `@${alias} set to version ${to}` : `@${alias} moved from version ${from} to version ${to}`;
};
