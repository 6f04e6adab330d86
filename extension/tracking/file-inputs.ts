import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { asModelId, type ModelId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import type { YamlFields } from '../../schemas/yaml-value.ts';
import { exists, listFolder, makeFolder } from './file-io.ts';
import { metaFile } from './file-layout.ts';
import { fieldsOf, integerOf, readMeta, textOf, writeMeta } from './file-meta.ts';
import type { DatasetInput, Run, Tag } from './run.ts';

/** Edges of a run: `inputs/<md5>/meta.yaml` to datasets of its experiment and to models, `outputs/<model>/meta.yaml`. */
export interface RunInputs {
  readonly datasets: readonly DatasetInput[];
  readonly models: Run['modelInputs'];
  readonly outputs: Run['modelOutputs'];
}

const md5 = (...parts: readonly string[]): string => createHash('md5').update(parts.join('')).digest('hex');

const metasIn = (folder: string): readonly YamlFields[] =>
  listFolder(folder).flatMap((entry) => {
    const reading = entry.isDirectory() ? readMeta(join(folder, entry.name)) : { problem: '' };
    return 'fields' in reading ? [reading.fields] : [];
  });

export const readRunInputs = (runFolder: string, experimentFolder: string): RunInputs => {
  const inputs = metasIn(join(runFolder, 'inputs'));
  const sourcesOf = (type: string): readonly YamlFields[] => inputs.filter((fields) => fields['source_type'] === type);
  return {
    datasets: sourcesOf('DATASET').flatMap((fields) => readDatasetInput(fields, experimentFolder)),
    models: sourcesOf('MODEL').map((fields) => ({ modelId: asModelId(textOf(fields['source_id']) ?? '') })),
    outputs: metasIn(join(runFolder, 'outputs')).map((fields) => ({
      modelId: asModelId(textOf(fields['source_id']) ?? ''),
      step: integerOf(fields['step']) ?? 0,
    })),
  };
};

const readDatasetInput = (fields: YamlFields, experimentFolder: string): readonly DatasetInput[] => {
  const id = textOf(fields['source_id']) ?? '';
  const reading = /^[\w-]+$/.test(id) ? readMeta(join(experimentFolder, 'datasets', id)) : { problem: '' };
  if ('problem' in reading) return [];
  return [{ tags: tagsOf(fieldsOf(fields['tags'])), dataset: toDataset(reading.fields) }];
};

const tagsOf = (fields: YamlFields): readonly Tag[] => Object.entries(fields).map(([key, value]) => ({ key, value: textOf(value) ?? '' }));

const toDataset = (fields: YamlFields): DatasetInput['dataset'] => {
  const [schema = '', profile = ''] = [textOf(fields['schema']), textOf(fields['profile'])];
  return {
    name: textOf(fields['name']) ?? '',
    digest: textOf(fields['digest']) ?? '',
    sourceType: textOf(fields['source_type']) ?? '',
    source: textOf(fields['source']) ?? '',
    ...(schema !== '' && { schema }),
    ...(profile !== '' && { profile }),
  };
};

interface Places {
  readonly runId: string;
  readonly runFolder: string;
  readonly experimentFolder: string;
}

/** Datasets are known by name and digest, and what was first stored under it stays. */
export const writeDatasetInput = ({ runId, runFolder, experimentFolder }: Places, { dataset, tags }: DatasetInput): void => {
  const id = md5(dataset.name, dataset.digest);
  writeOnce(join(experimentFolder, 'datasets', id), {
    digest: dataset.digest,
    name: dataset.name,
    profile: dataset.profile ?? null,
    schema: dataset.schema ?? null,
    source: dataset.source,
    source_type: dataset.sourceType,
  });
  writeOnce(join(runFolder, 'inputs', md5(id, runId)), edge('DATASET', id, 'RUN', Object.fromEntries(tags.map(({ key, value }) => [key, value]))));
};

export const writeModelInput = ({ runId, runFolder }: Places, modelId: ModelId): void => {
  writeOnce(join(runFolder, 'inputs', md5(modelId, runId)), edge('MODEL', modelId, 'RUN', {}));
};

/** False when it is an output already. */
export const writeModelOutput = ({ runFolder }: Places, modelId: ModelId, step: Int64): boolean =>
  writeOnce(join(runFolder, 'outputs', modelId), { ...edge('RUN_OUTPUT', modelId, 'MODEL_OUTPUT', {}), step });

/** MLflow writes the id of the source as destination too. */
const edge = (sourceType: string, id: string, destinationType: string, tags: YamlFields): YamlFields => ({
  source_type: sourceType,
  source_id: id,
  destination_type: destinationType,
  destination_id: id,
  tags,
});

const writeOnce = (folder: string, fields: YamlFields): boolean => {
  if (exists(join(folder, metaFile))) return false;
  makeFolder(folder);
  writeMeta(folder, fields);
  return true;
};
