import type { RegistryStore } from './registry-store.ts';
import { isStage, type Stage } from './stage.ts';

/** What a version is promoted to. */
export type Target = { readonly kind: 'alias'; readonly alias: string } | { readonly kind: 'stage'; readonly stage: Stage };

/** What a candidate is compared with. */
export type Against = Target | { readonly kind: 'version'; readonly version: number };

/** `champion` or `@champion`, `Production`, or the number of a version. */
export const parseAgainst = (text: string): Against => {
  if (/^\d+$/.test(text)) return { kind: 'version', version: Number(text) };
  if (isStage(text)) return { kind: 'stage', stage: text };
  return { kind: 'alias', alias: text.replace(/^@/, '') };
};

export const targetText = (target: Target): string => (target.kind === 'alias' ? `@${target.alias}` : target.stage);

/** Its number; undefined when nothing is there yet. */
export const findChampion = async (registry: RegistryStore, name: string, against: Against): Promise<number | undefined> => {
  switch (against.kind) {
    case 'version':
      return (await registry.getModelVersion(name, against.version)).version;
    case 'stage':
      return (await registry.getLatestVersions(name, [against.stage]))[0]?.version;
    case 'alias':
      return (await registry.getRegisteredModel(name)).aliases.find(({ alias }) => alias === against.alias)?.version;
    default:
      return against satisfies never;
  }
};
