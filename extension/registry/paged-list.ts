import type { Page } from '../tracking/tracking-store.ts';

export interface PageRequest {
  readonly maxResults: number;
  readonly pageToken?: string;
}

type ReadPage<Item> = (request: PageRequest) => Promise<Page<Item>>;

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

interface PageSizes {
  /** Items that each *Show more* adds. */
  readonly step: number;
  /** The most that a server hands out at once. */
  readonly most: number;
}

/** As much of a long list as somebody has asked for; read again, it has as many items as before, in as few requests as can be. */
export class PagedList<Item> {
  readonly #read: ReadPage<Item>;
  readonly #sizes: PageSizes;
  #wanted: number;
  #nextPageToken: string | undefined;
  #listed: Promise<Listed<Item>> | undefined;

  constructor(read: ReadPage<Item>, sizes: PageSizes) {
    this.#read = read;
    this.#sizes = sizes;
    this.#wanted = sizes.step;
  }

  get(): Promise<Listed<Item>> {
    this.#listed ??= this.#keepUnlessFailed(this.#load([], undefined));
    return this.#listed;
  }

  /** Makes it longer. */
  more(count = this.#sizes.step): void {
    const before = this.#listed;
    this.#wanted += count;
    if (before === undefined) return;
    this.#listed = this.#keepUnlessFailed(before.then((listed) => (listed.hasMore ? this.#load(listed.items, this.#nextPageToken) : listed)));
  }

  /** The next `get` reads everything again. */
  forget(): void {
    this.#listed = undefined;
  }

  async #load(before: readonly Item[], token: string | undefined): Promise<Listed<Item>> {
    const items = [...before];
    let pageToken = token;
    do {
      const maxResults = Math.min(this.#sizes.most, this.#wanted - items.length);
      const page = await this.#read({ maxResults, ...(pageToken !== undefined && { pageToken }) });
      items.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && items.length < this.#wanted);
    this.#nextPageToken = pageToken;
    return { items, hasMore: pageToken !== undefined };
  }

  #keepUnlessFailed(loading: Promise<Listed<Item>>): Promise<Listed<Item>> {
    loading.catch(() => {
      if (this.#listed === loading) this.#listed = undefined;
    });
    return loading;
  }
}
