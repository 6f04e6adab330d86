import type { Replay } from '../../support/replay.ts';

/** Texts that are too long, or meant for somebody else than their reader. */
export const hostileTexts = async (client: Replay): Promise<void> => {
  for (const name of [
    'n'.repeat(1_000_000),
    '\u0000',
    'a\u0000b',
    '\u202ermal',
    '<script>alert(1)</script>',
    "'; DROP TABLE experiments; --",
    '\ud83d',
    'x'.repeat(499) + '😀',
  ])
    await client.post('/experiments/create', { name });
  const search = (filter: string): Promise<unknown> => client.post('/runs/search', { experiment_ids: [client.experimentId], filter, max_results: 5 });
  const many = (count: number): string => Array.from({ length: count }, (_, index) => `params.p${index} = 'x'`).join(' AND ');
  for (const filter of [
    "params.p = '",
    'params.p = "',
    'params.`p = 1',
    "params.p = ''; DROP TABLE runs; --'",
    `params.p = '${'x'.repeat(100_000)}'`,
    `params.p LIKE '${'%a'.repeat(200)}'`,
    many(20),
    `${'('.repeat(50)}params.p = 'x'${')'.repeat(50)}`,
    "params.p = 'x' AND".repeat(2),
    'params.p\u0000 = 1',
  ])
    await search(filter);
  for (const page_token of [
    'x'.repeat(100_000),
    Buffer.from('{"offset": 1e400}').toString('base64'),
    Buffer.from('{"offset": 9223372036854775808}').toString('base64'),
  ])
    await client.post('/runs/search', { experiment_ids: [client.experimentId], page_token });
};
