/** Metrics of one prefix up to the last `/`, as a collapsible section of cards. */
export interface Section {
  /** The prefix; empty for metrics without one. */
  readonly name: string;
  readonly keys: readonly string[];
}

/** MLflow logs the machine's own figures under this prefix: many, and seldom what a comparison is about. */
export const systemPrefix = 'system';
export const isSystemSection = (name: string): boolean => name === systemPrefix || name.startsWith(`${systemPrefix}/`);

const prefixOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('/')));
const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Sections in order of name; those without a prefix first, the machine's last. */
export const toSections = (keys: readonly string[]): readonly Section[] => {
  const byPrefix = Map.groupBy([...keys].sort(naturally.compare), prefixOf);
  return [...byPrefix]
    .map(([name, sectionKeys]): Section => ({ name, keys: sectionKeys }))
    .sort((left, right) => Number(isSystemSection(left.name)) - Number(isSystemSection(right.name)) || naturally.compare(left.name, right.name));
};

/** Every word of the filter is somewhere in the key, in any letter case. */
export const matchesFilter = (key: string, filter: string): boolean => {
  const lowered = key.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lowered.includes(word));
};
