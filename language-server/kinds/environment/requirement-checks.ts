import type { RequirementLine } from '../../../schemas/python-env.ts';
import { normalizedName, readRequirement, readRequirementLines, type Requirement } from '../../../schemas/requirement.ts';
import { decodeScalar, spanInSource } from '../../../schemas/scalar-source.ts';
import { allNodes, spanOf, type Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import { removeItem } from './edits.ts';
import { baseFolder } from './referrers.ts';

/** A line of pip together with its place; a path's span is that of the path alone. */
export interface PlacedRequirement {
  readonly line: RequirementLine;
  readonly requirement: Requirement;
}

export const placed = (lines: readonly RequirementLine[]): readonly PlacedRequirement[] =>
  lines.map((line) => ({ line, requirement: readRequirement(line.text) }));

/** What pip would refuse when the environment is made. */
export const checkRequirements = async (document: Document, files: FileSystem, lines: readonly RequirementLine[]): Promise<readonly Finding[]> => {
  const requirements = placed(lines);
  const missing = await Promise.all(requirements.map(async (found) => checkFile(document, files, found)));
  return [...requirements.flatMap((found) => checkSyntax(document, found)), ...duplicates(document, requirements), ...missing.flat()];
};

const checkSyntax = (document: Document, { line, requirement }: PlacedRequirement): readonly Finding[] => {
  if (requirement.kind !== 'invalid') return [];
  const { reason, meant } = requirement;
  const fixes =
    meant === undefined ? [] : [{ ...localFix(document, `Change to '${meant}'`, replaceText(document, line, line.text, meant)), isPreferred: true }];
  return [
    {
      code: 'requirement-invalid',
      ...spanOf(line),
      message: `pip refuses '${line.text}': ${reason}.`,
      mlflow: `ERROR: Invalid requirement: '${line.text}'`,
      fixes,
    },
  ];
};

/** Changes a part of the text and keeps the quotes around it. */
export const replaceText = (document: Document, line: Span, text: string, replacement: string) => {
  const start = document.text.indexOf(text, line.start);
  const isWritten = start >= line.start && start + text.length <= line.end;
  return document.edit(isWritten ? { start, end: start + text.length } : line, isWritten ? replacement : JSON.stringify(replacement));
};

const duplicates = (document: Document, requirements: readonly PlacedRequirement[]): readonly Finding[] => {
  const seen = new Map<string, PlacedRequirement>();
  return requirements.flatMap((found): readonly Finding[] => {
    const { line, requirement } = found;
    if (requirement.kind !== 'package' || line.text.includes(';')) return [];
    const name = normalizedName(requirement.name);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, found);
    if (first === undefined || first.line.start === line.start) return [];
    const number = document.positionAt(first.line.start).line + 1;
    return [
      {
        code: 'requirement-duplicate',
        ...spanOf(line),
        message: `'${requirement.name}' is required in line ${number} already.`,
        mlflow: `ERROR: Double requirement given: ${line.text} (already in ${first.line.text})`,
        related: [{ start: first.line.start, end: first.line.end, message: 'Here.' }],
        fixes: removeItem(document, line, 'Remove this one'),
      },
    ];
  });
};

const checkFile = async (document: Document, files: FileSystem, { line, requirement }: PlacedRequirement): Promise<readonly Finding[]> => {
  if (requirement.kind !== 'file' || isAddress(requirement.path)) return [];
  const folder = await baseFolder(document.uri, files);
  const uri = uriInside(folder, requirement.path);
  if (uri === undefined || (await files.kindOf(uri)) === 'file') return [];
  return [
    {
      code: 'requirement-file-missing',
      ...pathSpan(document, line, requirement),
      message: `There is no file '${requirement.path}' in ${folder === folderOf(document.uri) ? 'this folder' : "the project's folder"}.`,
      mlflow: `ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${requirement.path}'`,
      fixes: await fileFixes(document, files, folder, line, requirement.path),
    },
  ];
};

const isAddress = (path: string): boolean => /^[a-z][a-z\d+.-]+:/i.test(path);

/** The path inside its scalar. */
export const pathSpan = (document: Document, line: RequirementLine, { start, end }: Span): Span => {
  const scalar = [...allNodes(document.yaml.root)].find((node) => node.kind === 'scalar' && node.start === line.start && node.end === line.end);
  return scalar?.kind === 'scalar' ? spanInSource(scalar, decodeScalar(document.text, scalar), start, end) : spanOf(line);
};

const fileFixes = async (document: Document, files: FileSystem, folder: string, line: RequirementLine, path: string): Promise<readonly Fix[]> => {
  const names = (await files.list(folder)).filter(({ name }) => name.endsWith('.txt')).map(({ name }) => name);
  const suggestion = nearest(path, names);
  const uri = uriInside(folder, path);
  const create: readonly Fix[] =
    uri === undefined || (await files.kindOf(uri)) !== undefined
      ? []
      : [{ title: `Create '${path}'`, createFile: uri, edits: { [uri]: [{ range: document.rangeOf({ start: 0, end: 0 }), newText: 'mlflow\n' }] } }];
  const change = suggestion === undefined ? [] : [localFix(document, `Change to '${suggestion}'`, replaceText(document, line, path, suggestion))];
  return [...change, ...create];
};

/** Names of mlflow on PyPI that bring the module. */
const mlflowNames = new Set(['mlflow', 'mlflow-skinny']);

/** Whether mlflow is installed; undefined where that cannot be told, as behind an address. */
export const installsMlflow = async (document: Document, files: FileSystem, lines: readonly RequirementLine[]): Promise<boolean | undefined> => {
  const all = await expand(
    placed(lines).map(({ requirement }) => requirement),
    await baseFolder(document.uri, files),
    files,
    0,
  );
  if (all.some((requirement) => requirement.kind === 'package' && mlflowNames.has(normalizedName(requirement.name)))) return true;
  return all.some(isOpaque) ? undefined : false;
};

/** A file that could not be read, a path or an address may bring anything. */
const isOpaque = ({ kind }: Requirement): boolean => kind === 'other' || kind === 'file';

/** More levels are a loop. */
const maxLevels = 5;

const expand = async (requirements: readonly Requirement[], folder: string, files: FileSystem, level: number): Promise<readonly Requirement[]> => {
  const expanded = requirements.map(async (requirement): Promise<readonly Requirement[]> => {
    const uri = requirement.kind === 'file' && !requirement.isConstraint ? uriInside(folder, requirement.path) : undefined;
    const text = uri === undefined || level >= maxLevels ? undefined : await files.read(uri);
    return uri === undefined || text === undefined ? [requirement] : expand(readRequirementLines(text), folderOf(uri), files, level + 1);
  });
  const all = (await Promise.all(expanded)).flat();
  return all.filter((requirement) => requirement.kind !== 'file' || !requirement.isConstraint);
};
