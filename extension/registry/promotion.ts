import { moveAlias, takeBackMove } from './alias-changes.ts';
import { targetText, type Target } from './champion.ts';
import type { RegistryStore } from './registry-store.ts';
import { takeBackTag } from './tag-changes.ts';
import { takeBackTransition, transition, type StagedVersion } from './transition.ts';

export interface Promotion {
  readonly name: string;
  readonly version: number;
  readonly target: Target;
  /** Where the target was when the user decided; undefined when it was nowhere. */
  readonly champion: number | undefined;
  readonly gate: 'passed' | 'overridden' | 'none';
  /** In the user's words. */
  readonly reason: string;
}

/** A promotion that was made, with what was before. */
export interface Promoted extends Promotion {
  readonly tagBefore: string | undefined;
  /** Of a promotion to a stage. */
  readonly moved: readonly StagedVersion[];
}

/** Says on the version itself why it is where it is. */
export const promotionTag = 'mlflow-workbench.promotion';

const gateWords: Readonly<Record<Promotion['gate'], string>> = { passed: 'gate passed', overridden: 'gate overridden', none: 'no gate' };

/** `2026-11-25T18:00:00.000Z to @champion after version 1, gate passed: rmse is better` */
export const promotionText = ({ target, champion, gate, reason }: Promotion, now: number): string => {
  const after = champion === undefined ? '' : ` after version ${champion}`;
  return `${new Date(now).toISOString()} to ${targetText(target)}${after}, ${gateWords[gate]}${reason === '' ? '' : `: ${reason}`}`;
};

/** The tag with the reason first: when the move fails, the tag is taken back, so that nothing is half done. */
export const promote = async (registry: RegistryStore, promotion: Promotion, now: number): Promise<Promoted> => {
  const { name, version } = promotion;
  const tagBefore = (await registry.getModelVersion(name, version)).tags.find(({ key }) => key === promotionTag)?.value;
  await registry.setModelVersionTag(name, version, { key: promotionTag, value: promotionText(promotion, now) });
  try {
    return { ...promotion, tagBefore, moved: await moveTo(registry, promotion) };
  } catch (error) {
    await takeBackTag(registry, { name, version, key: promotionTag, before: tagBefore });
    throw error;
  }
};

const moveTo = async (registry: RegistryStore, { name, version, target, champion }: Promotion): Promise<readonly StagedVersion[]> => {
  if (target.kind === 'stage') {
    const archiveExistingVersions = target.stage === 'Production' || target.stage === 'Staging';
    return await transition(registry, { name, version, stage: target.stage, archiveExistingVersions });
  }
  if (champion !== version) await moveAlias(registry, { name, alias: target.alias, version, seenAt: champion });
  return [];
};

export const takeBackPromotion = async (registry: RegistryStore, { name, version, target, champion, tagBefore, moved }: Promoted): Promise<void> => {
  if (target.kind === 'alias' && champion !== version) await takeBackMove(registry, { name, alias: target.alias, version, seenAt: champion });
  for (const one of moved) await takeBackTransition(registry, one);
  await takeBackTag(registry, { name, version, key: promotionTag, before: tagBefore });
};
