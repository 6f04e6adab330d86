import { MlflowError } from '../shared/errors.ts';
import type { RegistryStore } from './registry-store.ts';

export interface AliasMove {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  /** The version that the user saw it at; undefined when it was nowhere. */
  readonly seenAt: number | undefined;
}

export const versionOfAlias = async (registry: RegistryStore, name: string, alias: string): Promise<number | undefined> =>
  (await registry.getRegisteredModel(name)).aliases.find((one) => one.alias === alias)?.version;

const place = (version: number | undefined): string => (version === undefined ? 'removed' : `moved to version ${version}`);

/**
 * Moves an alias from where it was seen. MLflow has no conditional write: whoever else moved it before is found
 * by looking first, whoever does at the same moment by looking afterwards.
 */
export const moveAlias = async (registry: RegistryStore, { name, alias, version, seenAt }: AliasMove): Promise<void> => {
  const before = await versionOfAlias(registry, name, alias);
  if (before !== seenAt)
    throw new MlflowError('RESOURCE_CONFLICT', `Somebody else has ${place(before)} @${alias} meanwhile: nothing was changed. Look again, then move it`);
  await registry.setRegisteredModelAlias(name, alias, version);
  const after = await versionOfAlias(registry, name, alias);
  if (after !== version)
    throw new MlflowError('RESOURCE_CONFLICT', `Somebody else has ${place(after)} @${alias} at the same time: it is not at version ${version}`);
};

export const removeAlias = async (registry: RegistryStore, { name, alias, seenAt }: Omit<AliasMove, 'version'>): Promise<void> => {
  const before = await versionOfAlias(registry, name, alias);
  if (before !== seenAt)
    throw new MlflowError('RESOURCE_CONFLICT', `Somebody else has ${place(before)} @${alias} meanwhile: nothing was changed. Look again, then remove it`);
  await registry.deleteRegisteredModelAlias(name, alias);
};

/** Back to where it was before a move, unless somebody has moved it on. */
export const takeBackMove = async (registry: RegistryStore, { name, alias, version, seenAt }: AliasMove): Promise<void> => {
  if (seenAt === undefined) await removeAlias(registry, { name, alias, seenAt: version });
  else await moveAlias(registry, { name, alias, version: seenAt, seenAt: version });
};
