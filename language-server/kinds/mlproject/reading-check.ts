import type { MlprojectProblem, MlprojectProblemCode } from '../../../schemas/mlproject.ts';
import { asScalar, isNull, keyText, type YamlEntry, type YamlMapping, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { allEntries } from '../../path.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { projectMapping, reading } from './tree.ts';

/** What `load_project` refuses, each with its way out. */
export const checkReading: Check = (document) => reading(document).problems.map((problem) => ({ ...problem, fixes: fixesOf(document, problem) }));

const fixesOf = (document: Document, problem: MlprojectProblem): readonly Fix[] => {
  const builder = builders[problem.code];
  if (builder === undefined) return yamlFixes(document, problem);
  const found = allEntries(document.yaml.root).find(({ entry }) => isAt(entry.key, problem) || isAt(entry.value, problem));
  return found === undefined ? [] : builder({ document, ...found });
};

const isAt = (node: YamlNode, { start, end }: MlprojectProblem): boolean => node.start === start && node.end === end;

interface Place {
  readonly document: Document;
  readonly mapping: YamlMapping;
  readonly entry: YamlEntry;
}

type FixBuilder = (place: Place) => readonly Fix[];

const removeKey: FixBuilder = ({ document, mapping, entry }) => [localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, mapping, entry))];

/** Replaces a value that stands on one line by what `write` makes of it. */
const rewrite =
  (title: string, write: (text: string) => string): FixBuilder =>
  ({ document, entry }) => {
    const text = document.text.slice(entry.value.start, entry.value.end);
    if (asScalar(entry.value) === undefined || isNull(entry.value) || text.includes('\n')) return [];
    return [{ ...localFix(document, title, document.edit(entry.value, write(text))), isPreferred: true }];
  };

const keepOne: FixBuilder = ({ document, entry }) => {
  const project = projectMapping(document);
  if (project === undefined) return [];
  const others = project.entries.filter((other) => other !== entry && ['python_env', 'conda_env', 'docker_env'].includes(keyText(other)));
  return [localFix(document, `Keep only '${keyText(entry)}'`, ...others.map((other) => removeEntry(document, project, other)))];
};

const variablesAsList: FixBuilder = ({ document, entry }) => {
  const pairs = entry.value.kind === 'mapping' ? entry.value.entries : [];
  if (pairs.length === 0 || pairs.some(({ value }) => asScalar(value) === undefined || isNull(value))) return [];
  const list = pairs.map((pair) => `[${keyText(pair)}, ${quotedText(asScalar(pair.value)?.text ?? '')}]`).join(', ');
  return [
    { ...localFix(document, 'Change to a list of pairs', document.edit({ start: entry.key.end, end: entry.value.end }, `: [${list}]`)), isPreferred: true },
  ];
};

const addImage: FixBuilder = ({ document, mapping }) => {
  const image = mapping.entries.find((entry) => keyText(entry) === 'image');
  const edit =
    image === undefined
      ? insertEntry(document, mapping, 'image', exampleImage, 'first')
      : document.edit({ start: image.key.end, end: Math.max(image.value.end, document.text.indexOf(':', image.key.end) + 1) }, `: ${exampleImage}`);
  return [localFix(document, 'Add an image', edit)];
};

const exampleImage = 'python:3.12-slim';

const stringParameter: FixBuilder = (place) => {
  const { document, entry } = place;
  if (!isNull(entry.value)) return rewrite('Make it the default', (text) => `{default: ${text}}`)(place);
  const colon = document.text.indexOf(':', entry.key.end);
  const end = colon < 0 ? entry.key.end : colon + 1;
  return [localFix(document, 'Declare it as a string', document.edit({ start: entry.key.end, end: Math.max(end, entry.value.end) }, ': string'))];
};

const builders: Partial<Record<MlprojectProblemCode, FixBuilder>> = {
  'multiple-environments': keepOne,
  'entry-point-not-mapping': rewrite('Move it below `command`', (text) => `{command: ${/^["']/.test(text) ? text : quotedText(text)}}`),
  'parameters-not-mapping': (place) => (isNull(place.entry.value) ? removeKey(place) : []),
  'parameter-not-mapping': stringParameter,
  'docker-not-mapping': rewrite('Move it below `image`', (text) => `{image: ${text}}`),
  'docker-image-missing': addImage,
  'docker-volumes': rewrite('Make it a list', (text) => `[${text}]`),
  'docker-environment': variablesAsList,
  'spark-job-environment': removeKey,
  'spark-job-not-mapping': rewrite('Move it below `python_file`', (text) => `{python_file: ${text}}`),
};
