import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { experimentSearch } from '../interop/scenarios/experiments.ts';
import { loggedModelSearch } from '../interop/scenarios/logged-models.ts';
import { versionSearch } from '../interop/scenarios/version-searches.ts';
import { modelSearch } from '../interop/scenarios/registered-models.ts';
import { searchLanguage, searchRequests } from '../interop/scenarios/searches.ts';
import { Replay, type Exchange } from './replay.ts';

/** Searches of every kind, in the order in which one server answers them. */
const scenarios = { experimentSearch, searchLanguage, searchRequests, modelSearch, versionSearch, loggedModelSearch };

const file = join(import.meta.dirname, '..', 'golden', 'searches.jsonl');

/** Lists of what is found are told by the names of it: the rest of each item is not the search's business. */
const nameOf: Readonly<Record<string, (item: Fields) => string>> = {
  runs: ({ info }) => String((info as Fields)['run_name']),
  experiments: ({ name }) => String(name),
  registered_models: ({ name }) => String(name),
  model_versions: ({ name, version }) => `${String(name)} ${String(version)}`,
  models: ({ info }) => String((info as Fields)['name']),
};

type Fields = Readonly<Record<string, unknown>>;

const outcomeOf = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => [
      field,
      Array.isArray(value) ? value.map((item) => nameOf[field]?.(item as Fields) ?? item) : (value as unknown),
    ]),
  );
};

/** What a server answers to all searches. */
export const replaySearches = async (url: string): Promise<readonly Exchange[]> => {
  const exchanges: Exchange[] = [];
  for (const [title, scenario] of Object.entries(scenarios)) {
    const client = await Replay.start(url, title);
    await scenario(client).finally(() => client.close());
    exchanges.push(...client.exchanges.map(({ body, ...exchange }) => ({ ...exchange, body: outcomeOf(body) })));
  }
  return exchanges;
};

/** One line for each request. */
export const writeGoldenSearches = (exchanges: readonly Exchange[]): void =>
  writeFileSync(file, exchanges.map((exchange) => `${JSON.stringify([exchange.title, exchange.status, exchange.body])}\n`).join(''));

export const readGoldenSearches = (): readonly Exchange[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [title, status, body] = JSON.parse(line) as [string, number, unknown];
      return { title, status, body };
    });
