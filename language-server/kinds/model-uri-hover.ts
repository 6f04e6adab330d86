import type { ModelMeaning } from '../../schemas/lsp-protocol.ts';
import { asScalar } from '../../schemas/yaml-tree.ts';
import type { HoverRequest, HoverText } from './kind.ts';
import { cell, inline } from './markdown.ts';

/** More would be a page; those of a run are in its page. */
const maxMetrics = 12;

/** The version that `models:/…` under the cursor stands for, with its metrics. */
export const describeModelUri = async ({ document, location, offset, workspace }: HoverRequest): Promise<HoverText | undefined> => {
  const node = location.entry === undefined ? asScalar(location.node) : undefined;
  if (node === undefined) return undefined;
  const found = [...document.text.slice(node.start, node.end).matchAll(/models:\/[^\s"'{}[\],;|&]+/g)]
    .map(({ 0: uri, index }) => ({ uri, start: node.start + index, end: node.start + index + uri.length }))
    .find(({ start, end }) => start <= offset && offset <= end);
  const meaning = found === undefined ? undefined : await workspace.live.meaning(document.uri, found.uri);
  if (found === undefined || meaning === undefined) return undefined;
  const markdown = meaning === null ? `The store knows nothing that is called ${inline(found.uri)}.` : describe(meaning);
  return { markdown, span: found, isComplete: true };
};

const describe = ({ store, name, version, aliases, stage, description, run }: ModelMeaning): string => {
  const facts = [...aliases.map((alias) => `@${alias}`), ...(stage === undefined || stage === 'None' ? [] : [stage])].map(inline);
  const title = `${inline(name)} version ${version}${facts.length > 0 ? `: ${facts.join(', ')}` : ''} (${inline(store)})`;
  return [title, ...(description === undefined || description === '' ? [] : [inline(description)]), ...(run === undefined ? [] : [describeRun(run)])].join(
    '\n\n',
  );
};

const describeRun = ({ name, metrics }: NonNullable<ModelMeaning['run']>): string => {
  if (metrics.length === 0) return `Made by the run ${inline(name)}, which has no metrics.`;
  const rows = metrics.slice(0, maxMetrics).map(({ key, value }) => `| ${cell(key)} | ${numberText(value)} |`);
  const more = metrics.length > maxMetrics ? `\n\n${metrics.length - maxMetrics} more` : '';
  return [`Made by the run ${inline(name)}\n`, '| metric | |', '|---|---|', ...rows].join('\n') + more;
};

const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5))));
