import { dataTypeText, tensorText, type DataSchema, type JsonValue, type ModelParam, type ModelSignature } from '../../../schemas/model-signature.ts';
import { contains, type Span } from '../../../schemas/yaml-tree.ts';
import type { HoverPart, HoverRequest, HoverText } from '../kind.ts';
import { cell, inline } from '../markdown.ts';
import type { SignaturePart } from './signature-text.ts';
import { reading } from './tree.ts';

/** More would not fit on a screen. */
const maxRows = 30;

interface Row extends Span {
  readonly cells: readonly string[];
}

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

const tableOf = (signature: ModelSignature, part: SignaturePart): Table | undefined => {
  if (part === 'params') return { head: ['param', 'type', 'default'], rows: signature.params.map(paramRow) };
  const schema = signature[part];
  return schema && { head: ['name', 'type', 'required'], rows: rowsOf(schema) };
};

const rowsOf = (schema: DataSchema): readonly Row[] =>
  schema.kind === 'columns'
    ? schema.columns.map((column, index) => ({ ...column, cells: [String(column.name ?? index), dataTypeText(column.type), column.isRequired ? 'yes' : 'no'] }))
    : schema.tensors.map((tensor, index) => ({ ...tensor, cells: [String(tensor.name ?? index), tensorText(tensor), 'yes'] }));

const paramRow = (param: ModelParam): Row => ({
  start: param.start,
  end: param.end,
  cells: [param.name, param.isList ? `array<${dataTypeText(param.type)}>` : dataTypeText(param.type), shortJson(param.defaultValue)],
});

const shortJson = (value: JsonValue): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const markdownOf = ({ head, rows }: Table): string => {
  const shown = rows.slice(0, maxRows).map(({ cells }) => `| ${cells.map(cell).join(' | ')} |`);
  const more = rows.length > maxRows ? [`\n${rows.length - maxRows} more`] : [];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...shown, ...more].join('\n');
};

/** The whole as a table; the column, tensor or param that the pointer is on. */
const describePart =
  (part: SignaturePart) =>
  ({ document, location, offset }: HoverRequest): HoverText | undefined => {
    const { signature } = reading(document).value;
    const table = signature && tableOf(signature, part);
    if (table === undefined || table.rows.length === 0) return undefined;
    const row = location.entry === undefined ? table.rows.find((candidate) => contains(candidate, offset)) : undefined;
    if (row === undefined) return { markdown: markdownOf(table) };
    const facts = row.cells.map((text, index) => `${table.head[index] ?? ''} ${inline(text)}`).join(', ');
    return { markdown: `${facts[0]?.toUpperCase() ?? ''}${facts.slice(1)}`, span: { start: row.start, end: row.end }, isComplete: true };
  };

const describeSignature = ({ document, location }: HoverRequest): HoverText | undefined => {
  const { signature } = reading(document).value;
  if (signature === undefined || location.entry === undefined) return undefined;
  const parts = (['inputs', 'outputs', 'params'] as const).flatMap((part) => {
    const table = tableOf(signature, part);
    return table === undefined || table.rows.length === 0 ? [] : [`**${part}**\n\n${markdownOf(table)}`];
  });
  return { markdown: parts.join('\n\n') };
};

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

const describeSize = ({ document }: HoverRequest): HoverText | undefined => {
  const size = reading(document).value.modelSizeBytes;
  if (size === undefined || size < 1000) return undefined;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  return { markdown: `${Number((size / 1000 ** power).toPrecision(3))} ${units[power] ?? ''}` };
};

const describeFlavor = ({ document, location }: HoverRequest): HoverText | undefined => {
  const flavor = location.entry === undefined ? undefined : reading(document).value.flavors.find(({ name }) => name === location.path[1]);
  const version = flavor === undefined ? undefined : [...flavor.values].find(([key]) => /_version$|^version$/.test(key) && key !== 'python_version');
  return version === undefined
    ? undefined
    : { markdown: `Saved with ${inline(`${version[0].replace(/_?version$/, '').replaceAll('_', '-')} ${version[1]}`.trim())}.` };
};

export const hovers: readonly HoverPart[] = [
  { at: ['signature'], describe: describeSignature },
  { at: ['signature', 'inputs'], describe: describePart('inputs') },
  { at: ['signature', 'outputs'], describe: describePart('outputs') },
  { at: ['signature', 'params'], describe: describePart('params') },
  { at: ['model_size_bytes'], describe: describeSize },
  { at: ['flavors', '*'], describe: describeFlavor },
];
