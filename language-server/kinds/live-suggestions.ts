import { CompletionItemKind } from 'vscode-languageserver-types';

import type { ModelNames, StoreNames } from '../../schemas/lsp-protocol.ts';
import type { Span } from '../../schemas/yaml-tree.ts';
import type { Completer, CompletionRequest, Suggestion } from './kind.ts';
import { inline } from './markdown.ts';

/** More than a list that someone reads through. */
const maxSuggestions = 200;

/** Names that can stand in a plain YAML text and a shell word as they are; others are not offered. */
const isPlain = (name: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u.test(name);

/** Completes `models:/…` and `runs:/…`, of which `typed` is the beginning, from the store. */
export const suggestModelUris = async ({ document, workspace }: CompletionRequest, typed: string, span: Span): Promise<readonly Suggestion[]> => {
  const names = await workspace.live.names(document.uri);
  if (names === undefined) return [];
  return [...modelUris(names, typed), ...runUris(names)].filter(({ label }) => label.startsWith(typed)).map((suggestion) => ({ ...suggestion, span }));
};

/** Of a model that is named already every version; of the others what people use. */
const modelUris = ({ models, store }: StoreNames, typed: string): readonly Suggestion[] =>
  models
    .filter(({ name }) => isPlain(name))
    .flatMap((model) => urisOf(model, /^models:\/[^/@]+[/@]/.test(typed), store))
    .slice(0, maxSuggestions);

const urisOf = ({ name, versions, aliases }: ModelNames, hasName: boolean, store: string): readonly Suggestion[] => {
  const [newest] = versions;
  const byAlias = aliases
    .filter(({ alias }) => isPlain(alias))
    .map(({ alias, version }) => ({ label: `models:/${name}@${alias}`, detail: `version ${version}` }));
  const latest = newest === undefined ? [] : [{ label: `models:/${name}/latest`, detail: `version ${newest}` }];
  const byNumber = (hasName ? versions : versions.slice(0, 1)).map((version) => ({ label: `models:/${name}/${version}`, detail: '' }));
  return [...byAlias, ...latest, ...byNumber].map(({ label, detail }) => ({ label, kind: CompletionItemKind.Reference, detail: detail || `in ${store}` }));
};

const runUris = ({ runs }: StoreNames): readonly Suggestion[] =>
  runs.map(({ runId, name, experiment }) => ({
    label: `runs:/${runId}/`,
    kind: CompletionItemKind.Reference,
    detail: name,
    documentation: `Run ${inline(name)} of ${inline(experiment)}`,
  }));

export const suggestExperiments = async ({ document, workspace }: CompletionRequest, span: Span): Promise<readonly Suggestion[]> => {
  const names = await workspace.live.names(document.uri);
  return (names?.experiments ?? [])
    .filter((name) => name.split('/').every(isPlain))
    .slice(0, maxSuggestions)
    .map((label) => ({ label, kind: CompletionItemKind.Value, detail: `experiment in ${names?.store ?? ''}`, span }));
};

/** Whether an option or a parameter of this name takes an experiment's name. */
export const namesExperiment = (name: string): boolean => /^-*experiment(?:[-_]?name)?$/.test(name);

/** Packages of the folder's Python, with the version that is installed. */
export const packageCompleter = (at: Completer['at']): Completer => ({
  at,
  role: 'item',
  suggest: async ({ document, workspace }) => {
    const packages = await workspace.live.packages(document.uri);
    return packages.map(({ name, version }) => ({ label: name, snippet: `${name}==${version}`, kind: CompletionItemKind.Module, detail: version }));
  },
});
