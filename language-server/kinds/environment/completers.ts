import { CompletionItemKind } from 'vscode-languageserver-types';

import { normalizedName, readRequirement } from '../../../schemas/requirement.ts';
import { allNodes, type Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { folderOf } from '../../project-path.ts';
import type { Completer, CompletionRequest, Suggestion } from '../kind.ts';
import { pathSuggestions } from '../path-suggestions.ts';
import { installedPackages } from './installed-packages.ts';
import { baseFolder } from './referrers.ts';

/** What is asked for in nearly every environment, for where there is none to look into. */
const common = ['mlflow', 'mlflow-skinny', 'numpy', 'pandas', 'scikit-learn', 'scipy', 'matplotlib', 'torch', 'xgboost', 'lightgbm', 'transformers', 'pyarrow'];

/** Requirement files after `-r`, else packages: those of the workspace's environment with their versions. */
const suggestRequirements = async (request: CompletionRequest): Promise<readonly Suggestion[]> => {
  const { document, cursor, offset, workspace } = request;
  const typed = document.text.slice(cursor.word.start, offset);
  const option = /^["']?(?:-r|-c|--requirement|--constraint)\s+(\S*)$/.exec(typed);
  if (option !== null) return suggestFiles(request, option[1] ?? '');
  if (/[=<>!~;\s]/.test(typed.trimStart())) return [];
  const installed = await installedPackages(document.uri, workspace.files);
  const known = new Set(installed.map(({ name }) => name));
  const present = presentPackages(document, cursor.word);
  const pinned = installed.map(({ name, version }): Suggestion => ({
    label: name,
    kind: CompletionItemKind.Module,
    detail: `${version} installed`,
    snippet: `${name}==${version}`,
  }));
  const others = common.filter((name) => !known.has(name)).map((name): Suggestion => ({ label: name, kind: CompletionItemKind.Module }));
  const requirements: Suggestion = {
    label: '-r requirements.txt',
    kind: CompletionItemKind.Snippet,
    detail: 'a file of requirements',
    snippet: '-r ${1:requirements.txt}',
  };
  return [...[...pinned, ...others].filter(({ label }) => !present.has(normalizedName(label))), requirements];
};

const presentPackages = (document: Document, word: Span): ReadonlySet<string> =>
  new Set(
    [...allNodes(document.yaml.root)].flatMap((node) => {
      if (node.kind !== 'scalar' || (node.start <= word.end && word.start <= node.end)) return [];
      const requirement = readRequirement(node.text);
      return requirement.kind === 'package' ? [normalizedName(requirement.name)] : [];
    }),
  );

const suggestFiles = async ({ document, offset, workspace }: CompletionRequest, typed: string): Promise<readonly Suggestion[]> => {
  const folder = await baseFolder(document.uri, workspace.files);
  const span = { start: offset - typed.length, end: offset };
  return pathSuggestions(`${folder}/${folder === folderOf(document.uri) ? 'python_env.yaml' : 'MLproject'}`, typed, span, workspace.files, /\.txt$/);
};

const pythons = ['"3.13"', '"3.12"', '"3.11"', '"3.10"'];

const suggestPython = (): readonly Suggestion[] => pythons.map((label) => ({ label, kind: CompletionItemKind.Value, detail: 'the newest of this version' }));

export const pythonEnvCompleters: readonly Completer[] = [
  { at: ['python'], role: 'value', suggest: suggestPython },
  { at: ['dependencies', '*'], role: 'item', suggest: suggestRequirements },
  { at: ['build_dependencies', '*'], role: 'item', suggest: suggestRequirements },
];

const suggestCondaPackages = ({ cursor }: CompletionRequest): readonly Suggestion[] => [
  ...pythons.map((text): Suggestion => ({ label: `python=${text.replaceAll('"', '')}`, kind: CompletionItemKind.Module })),
  { label: 'pip', kind: CompletionItemKind.Module },
  { label: 'pip:', kind: CompletionItemKind.Snippet, detail: 'a list for pip', snippet: cursor.isFlow ? 'pip: [${1:mlflow}]' : 'pip:\n    - ${1:mlflow}' },
];

export const condaEnvCompleters: readonly Completer[] = [
  { at: ['dependencies', '*'], role: 'item', suggest: suggestCondaPackages },
  { at: ['dependencies', '*', 'pip', '*'], role: 'item', suggest: suggestRequirements },
];
