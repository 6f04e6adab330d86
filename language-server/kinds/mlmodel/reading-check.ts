import { memberOf, type JsonNode } from '../../../schemas/json-reader.ts';
import type { MlmodelProblem } from '../../../schemas/mlmodel.ts';
import { asMapping, asSequence, isNull, keyText } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { isJson, signatureFixes } from './signature-fixes.ts';
import { itemsOf, nameOfItem, signatureTexts, writtenIn, type SignatureText } from './signature-text.ts';
import { entryOf, isForeign, isOlder, modelMapping, reading, versionOf } from './tree.ts';

/** What `Model.load` refuses, each with its way out. */
export const checkReading: Check = (document) =>
  isForeign(document) ? [foreign(document)] : reading(document).problems.map((problem) => ({ ...problem, fixes: fixesOf(document, problem) }));

const foreign = (document: Document): Finding => ({
  code: 'model-foreign',
  start: 0,
  end: Math.max(0, document.text.search(/\r|\n|$/)),
  message: 'This is Python, and no description of an MLflow model: it is not checked.',
});

const fixesOf = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  const replace = (title: string, text: string): Fix => ({ ...localFix(document, title, document.edit(problem, text)), isPreferred: true });
  switch (problem.code) {
    case 'model-not-mapping':
      return source.trim() === '' || isNull(document.yaml.root) ? [addFlavors(document)] : [];
    case 'env-vars':
      return variableFixes(document, problem);
    case 'signature-none':
      return removeSignature(document);
    case 'signature-not-text':
      return isJson(source) ? [replace('Put it in single quotes', `'${source.replaceAll("'", "''")}'`)] : [];
    case 'model-key':
      return source === '' ? [] : [replace('Quote it', quotedText(source))];
    default:
      return [...signatureFixes(document, problem), ...yamlFixes(document, problem)];
  }
};

const exampleFlavors = 'flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n';

/** In a file that says nothing yet. */
const addFlavors = (document: Document): Fix => {
  const { root } = document.yaml;
  const end = document.text.length;
  const isWritten = root !== undefined && root.end > root.start;
  const lead = isWritten || end === 0 || document.text.endsWith('\n') ? '' : '\n';
  return localFix(document, 'Add `python_function`', document.edit(isWritten ? root : { start: end, end }, `${lead}${exampleFlavors}`));
};

/** The names of a mapping, a text alone, a number in the list. */
const variableFixes = (document: Document, { start, end }: MlmodelProblem): readonly Fix[] => {
  const source = document.text.slice(start, end);
  const node = entryOf(modelMapping(document), 'env_vars')?.value;
  if (node === undefined) return [];
  const names = asMapping(node)?.entries.map(keyText) ?? [];
  if (names.length > 0) return [localFix(document, 'Keep the names only', document.edit(node, `[${names.join(', ')}]`))];
  const [title, text] = asSequence(node) === undefined ? ['Make it a list', `[${source}]`] : ['Quote it', quotedText(source)];
  return source.includes('\n') ? [] : [localFix(document, title, document.edit({ start, end }, text))];
};

const removeSignature = (document: Document): readonly Fix[] => {
  const model = modelMapping(document);
  const entry = entryOf(model, 'signature');
  return model === undefined || entry === undefined ? [] : [localFix(document, "Remove 'signature'", removeEntry(document, model, entry))];
};

/** What loads, and is hardly meant. */
export const checkSignature: Check = (document) =>
  signatureTexts(document).flatMap((text) => [...(text.part === 'params' ? [] : duplicateNames(document, text)), ...newerTypes(document, text)]);

const duplicateNames = (document: Document, text: SignatureText): readonly Finding[] => {
  const seen = new Set<string>();
  return itemsOf(text).flatMap((item): readonly Finding[] => {
    const name = nameOfItem(item);
    const isKnown = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    const place = memberOf(item, 'name')?.value;
    if (!isKnown || place === undefined) return [];
    const span = text.spanOf(place);
    const fixes = [localFix(document, `Change to '${name}_2'`, document.edit(span, writtenIn(text.scalar, JSON.stringify(`${name}_2`))))];
    return [{ code: 'schema-duplicate', ...span, message: `'${name}' is the name of a column before it.`, fixes }];
  });
};

const typesSince: ReadonlyMap<string, string> = new Map(Object.entries({ array: '2.10', object: '2.10', map: '2.12', sparkml_vector: '2.15', any: '2.18' }));

const newerTypes = (document: Document, text: SignatureText): readonly Finding[] => {
  const { mlflowVersion } = reading(document).value;
  return typeNodes(text.json).flatMap((node): readonly Finding[] => {
    const since = node.kind === 'string' ? typesSince.get(node.value) : undefined;
    if (node.kind !== 'string' || !isOlder(versionOf(mlflowVersion), versionOf(since))) return [];
    const message = `MLflow knows '${node.value}' since ${since}, and this file says that ${mlflowVersion} wrote it.`;
    return [{ code: 'schema-newer', ...text.spanOf(node), message }];
  });
};

const typeNodes = (node: JsonNode | undefined): readonly JsonNode[] => {
  if (node?.kind === 'array') return node.items.flatMap(typeNodes);
  if (node?.kind !== 'object') return [];
  return node.members.flatMap(({ key, value }) => (key.value === 'type' && value.kind === 'string' ? [value] : typeNodes(value)));
};
