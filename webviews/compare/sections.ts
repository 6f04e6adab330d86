import type { CardSpec } from '../../schemas/compare-layout.ts';
import { compareSections, sectionOfMetric } from '../../schemas/metric-sections.ts';

/** Cards under one title: those of metrics with the same prefix up to the last `/`, and those of several fields. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly cards: readonly CardSpec[];
}

/** No prefix of a metric can be this: it would have to end in a slash. */
const overviewId = 'overview/';

const sectionOf = (card: CardSpec): string => (card.type === 'line' || card.type === 'bar' ? sectionOfMetric(card.metric) : overviewId);

const titleOf = (id: string): string => {
  if (id === overviewId) return 'Overview';
  return id === '' ? 'Metrics' : id;
};

const compareIds = (left: string, right: string): number => Number(right === overviewId) - Number(left === overviewId) || compareSections(left, right);

/** Cards of several fields first, then the metrics in order of their prefixes, the machine's last. */
export const toSections = (cards: readonly CardSpec[]): readonly Section[] =>
  [...Map.groupBy(cards, sectionOf)]
    .map(([id, members]): Section => ({ id, title: titleOf(id), cards: members }))
    .sort((left, right) => compareIds(left.id, right.id));

/** Every word of the filter is somewhere in the text, in any letter case. */
export const matchesFilter = (text: string, filter: string): boolean => {
  const lowered = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lowered.includes(word));
};

/** What the filter is held against: everything that a card is about. */
export const cardText = (card: CardSpec): string => {
  switch (card.type) {
    case 'line':
    case 'bar':
    case 'importance':
      return card.metric;
    case 'scatter':
      return `${card.x} ${card.y}`;
    case 'parallel':
      return card.fields.join(' ');
    case 'box':
      return `${card.metric} ${card.by}`;
    case 'heatmap':
      return `${card.metric} ${card.x} ${card.y}`;
    default:
      return card satisfies never;
  }
};
