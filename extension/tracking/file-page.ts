import { pagesOf, type Searched } from './search/page-token.ts';
import type { Page } from './tracking-store.ts';

/** The part of a whole list that a page token asks for. */
export const pageOf = <T>(all: readonly T[], what: Searched, search: { readonly maxResults: number; readonly pageToken?: string }): Page<T> => {
  const { offset, tokenFor } = pagesOf(what, search);
  const end = offset + search.maxResults;
  const items = all.slice(offset, end);
  return end < all.length ? { items, nextPageToken: tokenFor(end) } : { items };
};
