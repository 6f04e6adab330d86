/** In which order a compare page shows metrics: its host reads the first of them before it is asked. */

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** MLflow logs the machine's own figures under this prefix: many, and seldom what a comparison is about. */
const systemPrefix = 'system';

export const isSystemSection = (section: string): boolean => section === systemPrefix || section.startsWith(`${systemPrefix}/`);

/** Up to the last `/`; empty without one. */
export const sectionOfMetric = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('/')));

/** The machine's own come last. */
export const compareSections = (left: string, right: string): number =>
  Number(isSystemSection(left)) - Number(isSystemSection(right)) || naturally.compare(left, right);

export const sortedNaturally = (keys: readonly string[]): readonly string[] => [...keys].sort(naturally.compare);

/** The one whose card is at the top; undefined without any. */
export const firstMetric = (keys: readonly string[]): string | undefined => {
  const isBefore = (left: string, right: string): boolean =>
    (compareSections(sectionOfMetric(left), sectionOfMetric(right)) || naturally.compare(left, right)) < 0;
  return keys.reduce<string | undefined>((first, key) => (first === undefined || isBefore(key, first) ? key : first), undefined);
};
