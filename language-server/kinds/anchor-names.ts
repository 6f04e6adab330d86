import { allNodes, contains, type Span } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import type { Named, NamedPlace, NameRequest } from './kind.ts';

/** YAML's own names: `&anchor` and `*alias`. */
export const anchorAt = ({ document, offset }: NameRequest): Named | undefined => {
  const marks = anchorMarks(document);
  const found = marks.find((mark) => contains(mark, offset));
  if (found === undefined) return undefined;
  const places = marks
    .filter(({ name }) => name === found.name)
    .map(({ start, end, isAnchor }): NamedPlace => ({
      uri: document.uri,
      range: document.rangeOf({ start: start + 1, end }),
      role: isAnchor ? 'declaration' : 'use',
    }));
  return {
    name: found.name,
    places,
    companions: () => [],
    refuseName: (name) => (/^[^\s,[\]{}]+$/.test(name) ? undefined : 'An anchor has no spaces, commas or brackets.'),
  };
};

interface AnchorMark extends Span {
  readonly name: string;
  readonly isAnchor: boolean;
}

const anchorMarks = (document: Document): readonly AnchorMark[] =>
  [...allNodes(document.yaml.root)].flatMap((node): readonly AnchorMark[] => {
    if (node.kind === 'alias') return [{ name: node.name, isAnchor: false, start: node.start, end: node.end }];
    const { anchor, span } = node.properties ?? {};
    if (anchor === undefined || span === undefined) return [];
    const start = document.text.indexOf(`&${anchor}`, span.start);
    return start < 0 || start >= span.end ? [] : [{ name: anchor, isAnchor: true, start, end: start + anchor.length + 1 }];
  });
