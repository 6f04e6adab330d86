import { basename, join } from 'node:path';

import { asRunId } from '../../schemas/ids.ts';
import type { YamlFields } from '../../schemas/yaml-value.ts';
import { exists, isFolder, listFolder } from '../tracking/file-io.ts';
import type { KeyFiles } from '../tracking/file-keys.ts';
import { metaFile, registryFolder } from '../tracking/file-layout.ts';
import { MetaFile, textOf, timeOf } from '../tracking/file-meta.ts';
import { textFiles } from '../tracking/file-run.ts';
import type { Tag } from '../tracking/run.ts';
import type { Alias } from './alias.ts';
import { isModelVersionStatus, type ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import { isStage } from './stage.ts';

const deletedStage = 'Deleted_Internal';

const pairs = (files: KeyFiles<string>): readonly Tag[] => [...files.values].map(([key, value]) => ({ key, value }));

/** `models/<name>/version-<n>/` */
export class VersionFolder {
  readonly folder: string;
  readonly version: number;
  readonly meta: MetaFile;

  constructor(folder: string) {
    this.folder = folder;
    this.version = Number(basename(folder).replace('version-', ''));
    this.meta = new MetaFile(folder);
  }

  /** Of a deleted version the folder stays, so that its number is not used again. */
  get isLive(): boolean {
    const { reading } = this.meta;
    return 'fields' in reading && reading.fields['current_stage'] !== deletedStage;
  }

  get fields(): YamlFields {
    const { reading } = this.meta;
    return 'fields' in reading ? reading.fields : {};
  }

  get tags(): readonly Tag[] {
    return pairs(textFiles(join(this.folder, 'tags')));
  }

  /** Where the files are. */
  get location(): string {
    return textOf(this.fields['storage_location']) || (textOf(this.fields['source']) ?? '');
  }

  toVersion(name: string, aliases: readonly string[]): ModelVersion {
    const { fields } = this;
    const text = (key: string): string | undefined => textOf(fields[key]);
    const [description, userId, stage, runId, runLink, status, statusMessage] = [
      text('description'),
      text('user_id'),
      text('current_stage') ?? 'None',
      text('run_id'),
      text('run_link'),
      text('status'),
      text('status_message'),
    ];
    const created = timeOf(fields['creation_timestamp']) ?? 0;
    return {
      name,
      version: this.version,
      creationTimestamp: created,
      lastUpdatedTimestamp: timeOf(fields['last_updated_timestamp']) ?? created,
      ...(description !== undefined && { description }),
      ...(userId !== undefined && { userId }),
      ...(isStage(stage) && { currentStage: stage }),
      source: text('source') ?? '',
      ...(runId !== undefined && { runId: asRunId(runId) }),
      ...(runLink !== undefined && { runLink }),
      status: status !== undefined && isModelVersionStatus(status) ? status : 'READY',
      ...(statusMessage !== undefined && { statusMessage }),
      tags: this.tags,
      aliases,
    };
  }
}

/** `models/<name>/` */
export class RegisteredModelFolder {
  readonly folder: string;
  readonly name: string;
  readonly meta: MetaFile;

  constructor(folder: string) {
    this.folder = folder;
    this.name = basename(folder);
    this.meta = new MetaFile(folder);
  }

  get tags(): readonly Tag[] {
    return pairs(textFiles(join(this.folder, 'tags')));
  }

  /** The files are the truth; what `meta.yaml` says of aliases is a copy. */
  get aliases(): readonly Alias[] {
    return [...textFiles(join(this.folder, 'aliases')).values]
      .map(([alias, version]) => ({ alias, version: Number(version.trim()) }))
      .filter(({ version }) => Number.isSafeInteger(version));
  }

  /** Deleted ones too. */
  get allVersions(): readonly VersionFolder[] {
    return listFolder(this.folder)
      .filter((entry) => /^version-\d+$/.test(entry.name) && isFolder(this.folder, entry))
      .map(({ name }) => new VersionFolder(join(this.folder, name)));
  }

  get versions(): readonly VersionFolder[] {
    return this.allVersions.filter(({ isLive }) => isLive).toSorted((a, b) => a.version - b.version);
  }

  /** The highest version of each stage, the stage with the lowest version first. */
  latestVersions(withAliases: boolean): readonly ModelVersion[] {
    const aliases = withAliases ? this.aliases : [];
    const groups = Map.groupBy(this.versions, ({ fields }) => textOf(fields['current_stage']) ?? 'None');
    return [...groups.values()].flatMap((group) => {
      const highest = group.at(-1);
      return highest === undefined ? [] : [highest.toVersion(this.name, aliasesOf(aliases, highest.version))];
    });
  }

  toModel(): RegisteredModel {
    const { reading } = this.meta;
    const fields = 'fields' in reading ? reading.fields : {};
    const description = textOf(fields['description']);
    const created = timeOf(fields['creation_timestamp']) ?? 0;
    return {
      name: this.name,
      creationTimestamp: created,
      lastUpdatedTimestamp: timeOf(fields['last_updated_timestamp']) ?? created,
      ...(description !== undefined && { description }),
      latestVersions: this.latestVersions(false),
      tags: this.tags,
      aliases: this.aliases,
    };
  }
}

export const aliasesOf = (aliases: readonly Alias[], version: number): readonly string[] =>
  aliases.filter((alias) => alias.version === version).map(({ alias }) => alias);

/** Names of models are names of folders. */
export const modelFolder = (root: string, name: string): string => join(root, registryFolder, name);

export const listModels = (root: string): readonly RegisteredModelFolder[] => {
  const parent = join(root, registryFolder);
  return listFolder(parent)
    .filter((entry) => isFolder(parent, entry) && exists(join(parent, entry.name, metaFile)))
    .map(({ name }) => new RegisteredModelFolder(join(parent, name)));
};

export const findModel = (root: string, name: string): RegisteredModelFolder | undefined => {
  const folder = modelFolder(root, name);
  return exists(join(folder, metaFile)) ? new RegisteredModelFolder(folder) : undefined;
};
