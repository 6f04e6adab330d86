import { createPageToken, readPageToken } from './search/page-token.ts';
import type { Page } from './tracking-store.ts';

/** The part of a whole list that a page token asks for. */
export const pageOf = <T>(all: readonly T[], { maxResults, pageToken }: { readonly maxResults: number; readonly pageToken?: string }): Page<T> => {
  const offset = readPageToken(pageToken);
  const end = offset + maxResults;
  const items = all.slice(offset, end);
  return end < all.length ? { items, nextPageToken: createPageToken(end) } : { items };
};
