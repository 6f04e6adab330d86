import { nameContains } from './name-filter.ts';
import { parseRegisteredModelsFilter } from './registered-models-filter.ts';

/** A part of a name, or a search in MLflow's language where the text is one: `tags.team = 'a' AND name LIKE 'wine%'`. */
export const modelsFilterOf = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return isFilter(trimmed) ? trimmed : nameContains(trimmed);
};

const isFilter = (text: string): boolean => {
  try {
    return parseRegisteredModelsFilter(text).length > 0;
  } catch {
    return false;
  }
};

export const modelOrders = ['name', 'updated', 'versions'] as const;
export type ModelOrder = (typeof modelOrders)[number];

/** What a server can sort by; it cannot by the number of versions. */
export const orderByOf = (order: ModelOrder): readonly string[] => (order === 'updated' ? ['last_updated_timestamp DESC'] : ['name ASC']);
