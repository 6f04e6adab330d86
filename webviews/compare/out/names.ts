import type { CardSpec } from '../../../schemas/compare-layout.ts';

const longestName = 80;

/** A file name that every system takes, from a metric of any name. */
export const fileName = (title: string): string => {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}.-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, longestName) || 'card';
};

/** CSS pixels; wide cards give wide pictures. */
export const pictureSize = ({ width, height }: CardSpec) => ({ width: 640 + 320 * (Math.min(width, 3) - 1), height: 300 + 120 * (height - 1) });
