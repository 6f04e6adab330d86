import type { DocumentLink } from 'vscode-languageserver-types';

import { allNodes } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { folderOf, uriInside } from '../project-path.ts';
import type { Workspace } from '../workspace.ts';

/** Files that the document names, where they exist, and addresses of pages; with `opensStoreUris` those of models and runs too. */
export const links = async (document: Document, { files }: Workspace, opensStoreUris = false): Promise<DocumentLink[]> => {
  const references = document.kind.references?.(document) ?? [];
  const toFiles = references.map(async ({ path, start, end }): Promise<DocumentLink[]> => {
    const target = uriInside(folderOf(document.uri), path);
    if (target === undefined || path === '' || (await files.kindOf(target)) !== 'file') return [];
    return [{ range: document.rangeOf({ start, end }), target }];
  });
  return [...(await Promise.all(toFiles)).flat(), ...addresses(document, page), ...(opensStoreUris ? addresses(document, storeUri) : [])];
};

const page = /https?:\/\/[^\s"'<>{}]+/g;

/** `models:/name@alias`, `models:/name/3`, `runs:/id/path`; one that a parameter completes leads nowhere yet. */
const storeUri = /(?<![\w:/.-])(?:models|runs):\/+(?![^\s"']*\{)[^\s"'<>}[\],;|&/]+(?:\/[^\s"'<>}[\],;|&]+)?/g;

const addresses = (document: Document, pattern: RegExp): readonly DocumentLink[] =>
  [...allNodes(document.yaml.root)].flatMap((node) => {
    if (node.kind !== 'scalar') return [];
    const source = document.text.slice(node.start, node.end);
    return [...source.matchAll(pattern)].map(({ 0: target, index }) => ({
      range: document.rangeOf({ start: node.start + index, end: node.start + index + target.length }),
      target,
    }));
  });
