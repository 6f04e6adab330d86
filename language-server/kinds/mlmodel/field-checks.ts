import { asMapping, asScalar, asSequence, asText, isNull, isTruthy, keyText, spanOf, type YamlEntry, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, removeEntry } from '../../edits.ts';
import type { Finding } from '../../finding.ts';
import { misspelled } from '../../nearest.ts';
import { allEntries, matchesPath } from '../../path.ts';
import { folderOf, nameOf } from '../../project-path.ts';
import type { Check } from '../kind.ts';
import { entryOf, flavorEntries, isForeign, isOlder, modelMapping, reading, versionOf } from './tree.ts';

/** On case-sensitive systems MLflow finds this spelling only. */
export const checkFileName: Check = (document) => {
  const name = nameOf(document.uri);
  if (name === 'MLmodel' || isForeign(document)) return [];
  const to = `${folderOf(document.uri)}/MLmodel`;
  return [
    {
      code: 'model-file-name',
      start: 0,
      end: Math.max(0, document.text.search(/\r|\n|$/)),
      message: `MLflow does not read '${name}': the file must be called MLmodel.`,
      mlflow: 'Could not find an "MLmodel" configuration file',
      fixes: [{ title: 'Rename to MLmodel', edits: {}, renameFile: { from: document.uri, to }, isPreferred: true }],
    },
  ];
};

/** MLflow keeps fields that it does not know; only what looks misspelled is told. */
export const checkKeys: Check = (document) => {
  if (isForeign(document)) return [];
  return allEntries(modelMapping(document)).flatMap(({ entry, mapping, path, keys }): readonly Finding[] => {
    const parent = path.slice(0, -1);
    const known = document.kind.schema.keysAt(parent);
    const key = keyText(entry);
    if (path[0] === 'metadata' || known.size === 0 || known.has(key) || key.startsWith('x-') || asText(entry.key) === undefined) return [];
    const present = keys();
    const suggestion = misspelled(
      key,
      [...known].filter(([name, { deprecated }]) => !present.has(name) && deprecated !== true).map(([name]) => name),
    );
    const isFlavor = matchesPath(['flavors'], parent);
    if (suggestion === undefined) return document.kind.schema.isOpenAt(parent) || isNull(entry.value) ? [] : [ignored(document, mapping, entry)];
    if (isFlavor && flavorsOfOthers.has(key)) return [];
    const message = isFlavor
      ? `MLflow has no flavor '${key}'; did you mean '${suggestion}'?`
      : `MLflow does not read the key '${key}'; did you mean '${suggestion}'?`;
    const fix = { ...localFix(document, `Change to '${suggestion}'`, document.edit(entry.key, suggestion)), isPreferred: true };
    return [{ code: isFlavor ? 'flavor-unknown' : 'unknown-key', ...spanOf(entry.key), message, fixes: [fix] }];
  });
};

const ignored = (document: Document, mapping: Parameters<typeof removeEntry>[1], entry: YamlEntry): Finding => ({
  code: 'ignored-key',
  ...spanOf(entry.key),
  message: `MLflow ignores the key '${keyText(entry)}'.`,
  tag: 'unnecessary',
  fixes: [localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, mapping, entry))],
});

/** Names of other libraries that are near to one of MLflow's. */
const flavorsOfOthers = new Set(['keras_core', 'hftransformers', 'hftransformersv2', 'sparkml', 'pytorch_lightning', 'mlflow_sktime', 'sktime']);

export const checkFlavors: Check = (document) => {
  const model = modelMapping(document);
  if (model === undefined || isForeign(document)) return [];
  const flavors = entryOf(model, 'flavors');
  if (flavors === undefined || !isTruthy(flavors.value)) {
    const span = flavors?.key ?? model.entries[0]?.key ?? model;
    const add = insertEntry(document, model, 'flavors', '{python_function: {loader_module: mlflow.pyfunc.model}}', 'first');
    return [
      {
        code: 'flavors-missing',
        ...spanOf(span),
        message: 'There are no flavors: nothing can load this model.',
        mlflow: 'Model does not have the "python_function" flavor',
        fixes: flavors === undefined ? [localFix(document, 'Add `python_function`', add)] : [],
      },
    ];
  }
  return [...missingPythonFunction(document, flavors), ...flavorEntries(document).flatMap((entry) => checkFlavor(document, entry))];
};

const missingPythonFunction = (document: Document, flavors: YamlEntry): readonly Finding[] => {
  const mapping = asMapping(flavors.value);
  const names = mapping?.entries.map(keyText) ?? [];
  if (names.length === 0 || names.includes('python_function') || names.includes('crate')) return [];
  const message = 'Without `python_function` the model can be neither served nor loaded by `mlflow.pyfunc`.';
  const [only] = names.length === 1 ? names : [];
  const loader = `{loader_module: mlflow.${only ?? ''}}`;
  const fixes =
    mapping === undefined || only === undefined ? [] : [localFix(document, 'Add `python_function`', insertEntry(document, mapping, 'python_function', loader))];
  return [{ code: 'python-function-missing', ...spanOf(flavors.key), message, mlflow: 'Model does not have the "python_function" flavor', fixes }];
};

const checkFlavor = (document: Document, entry: YamlEntry): readonly Finding[] => {
  const name = keyText(entry);
  const config = asMapping(entry.value);
  if (config === undefined) {
    return [{ code: 'flavor-not-mapping', ...spanOf(entry.key), message: `The keys that load '${name}' belong below its name.` }];
  }
  if (document.kind.schema.at(['flavors', name])?.deprecated === true) {
    const since = /in (\S+):/.exec(document.kind.schema.at(['flavors', name])?.description ?? '')?.[1] ?? '';
    return [{ code: 'flavor-removed', ...spanOf(entry.key), message: `MLflow removed the flavor '${name}' in ${since}.`, tag: 'deprecated' }];
  }
  if (name !== 'python_function' || isTruthy(entryOf(config, 'loader_module')?.value)) return [];
  const others = flavorEntries(document)
    .map(keyText)
    .filter((other) => other !== name);
  const loader = others.length === 1 ? `mlflow.${others[0] ?? ''}` : 'mlflow.pyfunc.model';
  const given = entryOf(config, 'loader_module');
  const edit =
    given === undefined
      ? insertEntry(document, config, 'loader_module', loader, 'first')
      : document.edit({ start: given.key.end, end: Math.max(given.value.end, document.text.indexOf(':', given.key.end) + 1) }, `: ${loader}`);
  const fixes = [localFix(document, `Add \`loader_module: ${loader}\``, edit)];
  return [
    {
      code: 'loader-missing',
      ...spanOf(entry.key),
      message: '`python_function` needs `loader_module`: MLflow imports it to load the model.',
      mlflow: "KeyError: 'loader_module'",
      fixes,
    },
  ];
};

/** Fields that the mlflow which wrote the file did not know. */
export const checkAge: Check = (document) => {
  const { mlflowVersion } = reading(document).value;
  const written = versionOf(mlflowVersion);
  if (written === undefined) return [];
  return [...allEntries(modelMapping(document))].flatMap(({ entry, path }): readonly Finding[] => {
    const since = document.kind.schema.at(path)?.['x-mlflow-since'];
    if (since === undefined || !isOlder(written, versionOf(since)) || isNull(entry.value)) return [];
    return [
      {
        code: 'field-newer',
        ...spanOf(entry.key),
        message: `MLflow writes '${keyText(entry)}' since ${since}, and this file says that ${mlflowVersion} wrote it.`,
      },
    ];
  });
};

export const checkIds: Check = (document) => {
  const model = modelMapping(document);
  const check = (key: string, isRight: (text: string) => boolean, message: string): readonly Finding[] => {
    const node = entryOf(model, key)?.value;
    const text = asText(node);
    if (node === undefined || text === undefined || isRight(text)) return [];
    const meant = [`m-${text}`, /^runs:\/+([^/]+)/.exec(text)?.[1] ?? '', text.trim().replaceAll(/[\s/\\]+/g, '_')].find((id) => id !== '' && isRight(id));
    return [
      {
        code: 'id-shape',
        ...spanOf(node),
        message,
        fixes: meant === undefined ? [] : [localFix(document, `Change to '${meant}'`, document.edit(node, meant))],
      },
    ];
  };
  return [
    ...check('model_id', (text) => /^m-[\da-f]{32}$/.test(text), 'The id of a logged model is `m-` and 32 hexadecimal digits.'),
    ...check(
      'model_uuid',
      (text) => /^(?:m-)?[\da-f]{32}$|^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
      'The uuid of a model is 32 hexadecimal digits, or its `model_id`.',
    ),
    ...check('run_id', (text) => /^[^\s/\\]+$/.test(text), 'The id of a run holds no spaces and slashes.'),
    ...checkPrompts(document, entryOf(model, 'prompts')?.value),
  ];
};

const checkPrompts = (document: Document, node: YamlNode | undefined): readonly Finding[] =>
  (asSequence(node)?.items ?? []).flatMap((item): readonly Finding[] => {
    const text = asScalar(item)?.text ?? '';
    if (/^prompts:\/[^/@]+(?:\/[^/@]+|@[^/@]+)$/.test(text)) return [];
    const message = 'A prompt is named by `prompts:/<name>/<version>` or `prompts:/<name>@<alias>`.';
    const name = /^(?:prompts:\/+)?([^\s:/@]+)\/?$/.exec(text)?.[1];
    const fixes = name === undefined ? [] : [localFix(document, `Change to prompts:/${name}/1`, document.edit(item, `prompts:/${name}/1`))];
    return [{ code: 'prompt-uri', ...spanOf(item), message, fixes }];
  });

/** What is right, and worth knowing. */
export const checkNotes: Check = (document) => [...externalModel(document), ...artifactUris(document), ...pickles(document)];

const externalModel = (document: Document): readonly Finding[] => {
  const entry = entryOf(asMapping(entryOf(modelMapping(document), 'metadata')?.value), 'mlflow.model.isExternal');
  if (entry === undefined || !reading(document).value.isExternal) return [];
  const mlflow = "This model's artifacts are external and are not stored in the model directory. This model cannot be loaded with MLflow.";
  return [{ code: 'external-model', ...spanOf(entry.key), message: "The model's files are elsewhere: MLflow refuses to load it.", mlflow }];
};

const artifactUris = (document: Document): readonly Finding[] =>
  [...allEntries(modelMapping(document))].flatMap(({ entry, path }): readonly Finding[] => {
    const text = asText(entry.value) ?? '';
    if (!matchesPath(['flavors', 'python_function', 'artifacts', '*', 'uri'], path) || !/^(?:file:|\/|[A-Za-z]:[\\/])/.test(text)) return [];
    return [{ code: 'artifact-uri-local', ...spanOf(entry.value), message: 'This path of the machine that saved the model is kept for information only.' }];
  });

const pickles = (document: Document): readonly Finding[] =>
  flavorEntries(document).flatMap((flavor): readonly Finding[] => {
    const format = entryOf(asMapping(flavor.value), 'serialization_format')?.value;
    const text = asText(format);
    if (format === undefined || (text !== 'pickle' && text !== 'cloudpickle')) return [];
    return [{ code: 'pickle-format', ...spanOf(format), message: 'Loading this model runs code that is stored in it; trust its maker.' }];
  });
