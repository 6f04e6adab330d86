import { MarkupKind, type Hover, type Position } from 'vscode-languageserver-types';

import { target, type YamlNode } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import type { HoverRequest, HoverText } from '../kinds/kind.ts';
import { inline } from '../kinds/markdown.ts';
import { locate, matchesPath, type Location } from '../path.ts';
import type { JsonSchema } from '../schema.ts';
import type { Workspace } from '../workspace.ts';

export const hover = async (document: Document, position: Position, workspace: Workspace): Promise<Hover | undefined> => {
  const offset = document.offsetAt(position);
  const location = locate(document.yaml.root, offset);
  if (location === undefined || location.path.length === 0) return undefined;
  const special = await fromKind({ document, location, offset, workspace });
  const description = describedBySchema(document, location);
  const parts = special?.isComplete ? [special.markdown] : [special?.markdown, aliasOf(location), description].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n') }, range: document.rangeOf(special?.span ?? location.node) };
};

/** By its name: what it stands for may be a whole project. */
const aliasOf = ({ node }: Location): string | undefined => (node.kind === 'alias' ? `Stands for what is written at ${inline(`&${node.name}`)}.` : undefined);

/** A value is described by the alternative of its schema that it follows, a key by the whole. */
const describedBySchema = ({ kind }: Document, { path, node, entry }: Location): string | undefined => {
  const schema = kind.schema.at(path);
  const whole = schema && withFacts(schema);
  if (entry !== undefined) return whole;
  const alternative = kind.schema.alternativesAt(path).find(({ type }) => [type].flat().includes(schemaTypeOf(node)));
  return alternative === undefined ? whole : (withFacts(alternative) ?? whole);
};

/** Its meaning, its default, and the release that brought it. */
const withFacts = ({ description, default: value, 'x-mlflow-since': since }: JsonSchema): string | undefined => {
  if (description === undefined) return undefined;
  const facts = [
    value === undefined ? undefined : `Default: ${inline(value === null ? 'none' : JSON.stringify(value))}.`,
    since === undefined ? undefined : `Since MLflow ${since}.`,
  ];
  return [description, ...facts.filter((fact) => fact !== undefined)].join('\n\n');
};

const schemaTypeOf = (node: YamlNode): string => {
  const found = target(node);
  if (found?.kind === 'mapping') return 'object';
  return found?.kind === 'sequence' ? 'array' : 'string';
};

const fromKind = async (request: HoverRequest): Promise<HoverText | undefined> => {
  for (const { at, describe } of request.document.kind.hovers) {
    const text = matchesPath(at, request.location.path) ? await describe(request) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
};
