import { conditionHolds } from '../../tracking/search/condition-holds.ts';
import { compareNumbers, compareTexts } from '../../tracking/search/text-match.ts';
import type { Tag } from '../../tracking/run.ts';
import type { ModelVersion } from '../model-version.ts';
import { isPromptTag, type RegisteredModel } from '../registered-model.ts';
import type { ModelVersionAttribute, ModelVersionComparison, ModelVersionOrderKey } from './model-versions-filter.ts';
import type { RegisteredModelComparison, RegisteredModelOrderKey } from './registered-models-filter.ts';
import { asksForPrompts, withoutPromptTag, type OrderTerm } from './registry-filter.ts';

/** The searches that become SQL elsewhere, in memory. */

const tagOf = (tags: readonly Tag[], key: string): string | undefined => tags.find((tag) => tag.key === key)?.value;
const isPromptOnly = (tags: readonly Tag[]): boolean => tagOf(tags, isPromptTag) === 'true';

export const findModels = (models: readonly RegisteredModel[], comparisons: readonly RegisteredModelComparison[]): readonly RegisteredModel[] => {
  const wantsPrompts = asksForPrompts(comparisons);
  const wanted = wantsPrompts ? comparisons : withoutPromptTag(comparisons);
  return models.filter(
    (model) =>
      (wantsPrompts || !isPromptOnly(model.tags)) &&
      wanted.every((comparison) => conditionHolds(comparison.entity === 'tag' ? tagOf(model.tags, comparison.key) : model.name, comparison)),
  );
};

/** A model with one prompt version is no model. */
export const findVersions = (versions: readonly ModelVersion[], comparisons: readonly ModelVersionComparison[]): readonly ModelVersion[] => {
  const wantsPrompts = asksForPrompts(comparisons);
  const wanted = wantsPrompts ? comparisons : withoutPromptTag(comparisons);
  const prompts = new Set(versions.filter(({ tags }) => isPromptOnly(tags)).map(({ name }) => name));
  return versions.filter(
    (version) =>
      (wantsPrompts || !prompts.has(version.name)) &&
      wanted.every((comparison) =>
        conditionHolds(comparison.entity === 'tag' ? tagOf(version.tags, comparison.key) : attributeOf(version, comparison.key), comparison),
      ),
  );
};

const attributeOf = (version: ModelVersion, key: ModelVersionAttribute): string | number | undefined => {
  switch (key) {
    case 'name':
      return version.name;
    case 'version_number':
      return version.version;
    case 'run_id':
      return version.runId;
    case 'source_path':
      return version.source;
    default:
      return key satisfies never;
  }
};

export const compareModels =
  (terms: readonly OrderTerm<RegisteredModelOrderKey>[]) =>
  (a: RegisteredModel, b: RegisteredModel): number => {
    for (const { key, ascending } of terms) {
      const difference = key === 'name' ? compareTexts(a.name, b.name) : compareNumbers(a.lastUpdatedTimestamp, b.lastUpdatedTimestamp);
      if (difference !== 0) return ascending ? difference : -difference;
    }
    return 0;
  };

export const compareVersions =
  (terms: readonly OrderTerm<ModelVersionOrderKey>[]) =>
  (a: ModelVersion, b: ModelVersion): number => {
    for (const { key, ascending } of terms) {
      const difference = differenceIn(key, a, b);
      if (difference !== 0) return ascending ? difference : -difference;
    }
    return 0;
  };

const differenceIn = (key: ModelVersionOrderKey, a: ModelVersion, b: ModelVersion): number => {
  switch (key) {
    case 'name':
      return compareTexts(a.name, b.name);
    case 'version_number':
      return compareNumbers(a.version, b.version);
    case 'creation_timestamp':
      return compareNumbers(a.creationTimestamp, b.creationTimestamp);
    case 'last_updated_timestamp':
      return compareNumbers(a.lastUpdatedTimestamp, b.lastUpdatedTimestamp);
    default:
      return key satisfies never;
  }
};
