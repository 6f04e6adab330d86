import { memberOf, readJson, type JsonMember, type JsonNode, type JsonObject } from '../../../schemas/json-reader.ts';
import { decodeScalar, spanInSource, type DecodedScalar } from '../../../schemas/scalar-source.ts';
import { asMapping, asScalar, asText, contains, type Span, type YamlScalar } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { entryOf, modelMapping } from './tree.ts';

export type SignaturePart = 'inputs' | 'outputs' | 'params';

/** One of the three JSON texts, with the way back to where each character is written. */
export interface SignatureText {
  readonly part: SignaturePart;
  readonly scalar: YamlScalar;
  readonly decoded: DecodedScalar | undefined;
  readonly json: JsonNode | undefined;
  /** Where a part of the JSON stands in the file. */
  readonly spanOf: (span: Span) => Span;
}

export const signatureTexts = (document: Document): readonly SignatureText[] => document.derive(readTexts);

export const signatureTextAt = (document: Document, offset: number): SignatureText | undefined =>
  signatureTexts(document).find(({ scalar }) => contains(scalar, offset));

const readTexts = (document: Document): readonly SignatureText[] => {
  const signature = asMapping(entryOf(modelMapping(document), 'signature')?.value);
  return (['inputs', 'outputs', 'params'] as const).flatMap((part) => {
    const node = entryOf(signature, part)?.value;
    const scalar = asScalar(node);
    return scalar === undefined || asText(node) === undefined ? [] : [readText(document, part, scalar)];
  });
};

const readText = (document: Document, part: SignaturePart, scalar: YamlScalar): SignatureText => {
  const decoded = decodeScalar(document.text, scalar);
  return { part, scalar, decoded, json: readJson(scalar.text).root, spanOf: ({ start, end }) => spanInSource(scalar, decoded, start, end) };
};

/** The columns, tensors or params. */
export const itemsOf = ({ json }: SignatureText): readonly JsonObject[] =>
  json?.kind === 'array' ? json.items.filter((item): item is JsonObject => item.kind === 'object') : [];

export const nameOfItem = (item: JsonObject): string | undefined => {
  const name = memberOf(item, 'name')?.value;
  return name?.kind === 'string' || name?.kind === 'number' ? String(name.value) : undefined;
};

/** A column, tensor or param, or a key of one, found by the place in the file where it starts. */
export type SignaturePlace =
  | { readonly kind: 'item'; readonly text: SignatureText; readonly item: JsonObject }
  | { readonly kind: 'member'; readonly text: SignatureText; readonly item: JsonObject; readonly member: JsonMember };

export const signaturePlaces = (document: Document): ReadonlyMap<number, SignaturePlace> => document.derive(findPlaces);

const findPlaces = (document: Document): ReadonlyMap<number, SignaturePlace> =>
  new Map(signatureTexts(document).flatMap((text) => itemsOf(text).flatMap((item) => placesOf(text, item))));

const placesOf = (text: SignatureText, item: JsonObject): readonly (readonly [number, SignaturePlace])[] => [
  [text.spanOf(item).start, { kind: 'item', text, item }],
  ...item.members.map((member) => [text.spanOf(member).start, { kind: 'member', text, item, member }] as const),
];

/** How many characters of the JSON stand before an offset of the file. */
export const offsetInJson = ({ decoded, scalar }: SignatureText, offset: number): number => {
  if (decoded === undefined) return Math.max(0, offset - scalar.start);
  const index = decoded.starts.findIndex((start) => start >= offset);
  return index < 0 ? decoded.text.length : index;
};

/** JSON as it must be written inside the scalar. */
export const writtenIn = ({ style }: YamlScalar, json: string): string => {
  if (style === 'double-quoted') return json.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return style === 'single-quoted' ? json.replaceAll("'", "''") : json;
};
