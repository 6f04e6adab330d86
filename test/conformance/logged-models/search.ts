import { beforeEach, describe, expect, test } from 'vitest';

import type { LoggedModelOrder, SearchLoggedModels } from '../../../extension/tracking/logged-model-store.ts';
import type { LoggedModel } from '../../../extension/tracking/logged-model.ts';
import type { Metric } from '../../../extension/tracking/run.ts';
import { asExperimentId, type ExperimentId, type ModelId, type RunId } from '../../../schemas/ids.ts';
import { invalid, nextMillisecond } from '../support.ts';
import { createLoggedModel, type NewModel, type SetUp, type StoresUnderTest } from './support.ts';

export const describeModelSearch = (setUp: SetUp): void => {
  describe('search', () => {
    let stores: StoresUnderTest;
    let experimentId: ExperimentId;
    let runId: RunId;
    beforeEach(async () => {
      ({ stores, experimentId, runId } = await setUp());
    });
    const create = (model: NewModel): Promise<LoggedModel> => createLoggedModel({ stores, experimentId }, model);

    let ids: Readonly<Record<string, ModelId>>;

    const log = (modelId: ModelId, key: string, value: number, rest: Partial<Metric> = {}): Promise<void> =>
      stores.tracking.logMetric(runId, { key, value, timestamp: 10, step: 1, modelId, ...rest });

    beforeEach(async () => {
      const a = (await create({ name: 'a', modelType: 't', params: [{ key: 'lr', value: '0.01' }], tags: [{ key: 'team', value: 'x' }] })).modelId;
      await nextMillisecond();
      const b = (
        await create({
          name: 'b',
          modelType: 'u',
          params: [
            { key: 'lr', value: '0.1' },
            { key: 'a b', value: '1' },
          ],
          tags: [{ key: 'team', value: 'X' }],
        })
      ).modelId;
      await nextMillisecond();
      const c = (await create({ name: 'c' })).modelId;
      await log(a, 'acc', 0.5, { datasetName: 'd', datasetDigest: '1' });
      await log(a, 'acc', 0.9, { step: 2 });
      await log(b, 'acc', 0.7, { datasetName: 'd2', datasetDigest: '1' });
      await log(b, 'a/b', 1);
      ids = { a, b, c };
    });

    const search = async (rest: Partial<SearchLoggedModels>): Promise<readonly string[]> => {
      const { items } = await stores.loggedModels.searchLoggedModels({ experimentIds: [experimentId], maxResults: 100, ...rest });
      return items.map(({ name: found }) => found);
    };

    test.each([
      ['', ['c', 'b', 'a']],
      ["name = 'a'", ['a']],
      ['name = a', ['a']],
      ["name = '''a'''", ['a']],
      ['name = "a"', []],
      ["attributes.name != 'a'", ['c', 'b']],
      ["name LIKE 'A'", []],
      ["name ilike 'A'", ['a']],
      ["name in ('a', 'c')", ['c', 'a']],
      ["name NOT IN ('a')", ['c', 'b']],
      ['status = 1', ['c', 'b', 'a']],
      ["status = 'PENDING'", []],
      ["model_type LIKE 't%'", ['a']],
      ['creation_timestamp > 0', ['c', 'b', 'a']],
      ['attributes.creation_timestamp_ms > 0 AND last_updated_timestamp > 0', ['c', 'b', 'a']],
      ['metrics.acc > 0.6', ['b', 'a']],
      ['metrics.acc > 0.6 AND metrics.acc < 0.6', ['a']],
      ['metrics.a/b = 1', ['b']],
      ['metrics.`a/b` = 1', ['b']],
      ['metrics."a/b" = 1', []],
      ['params.lr = 0.01', ['a']],
      ["params.lr = '0.01'", ['a']],
      ["params.`a b` = '1'", ['b']],
      ["tags.team = 'x' AND params.lr = '0.01'", ['a']],
      ["tags.team ILIKE 'x'", ['b', 'a']],
      ["tags.team IN ('x', 'y')", ['a']],
      ["name = 'a' AND", ['a']],
    ])('%s', async (filter, names) => {
      expect(await search({ filter })).toEqual(names);
    });

    test.each([
      ["attribute.name = 'a'", "Invalid entity type: 'attribute'. Expected one of ['attributes', 'metrics', 'params', 'tags']."],
      ["name > 'a'", "Invalid comparison operator for attributes.name: '>'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN')."],
      ["metrics.acc LIKE '1'", "Invalid comparison operator for metrics.acc: 'LIKE'. Expected one of ('<', '<=', '>', '>=', '=', '!=')."],
      ['tags.team IS NULL', /^Invalid comparison: tags\.team\s?IS NULL\. Expected a comparison with 3 tokens\.$/],
      ["name = 'a' OR name = 'b'", /^Invalid filter string: "name = 'a' OR name = 'b'"\. Expected a list of comparisons separated by 'AND' \(e\.g\. /],
      ["name = 'a'; name = 'b'", /Expected a single SQL expression\.$/],
      ['   ', "Invalid filter string: '   '. Expected a single SQL expression."],
    ])('%s is refused', async (filter, message) => {
      await expect(search({ filter })).rejects.toMatchObject(invalid(message));
    });

    test.each<readonly [readonly LoggedModelOrder[], string]>([
      [[{ fieldName: 'name' }], 'abc'],
      [[{ fieldName: 'name', ascending: false }], 'cba'],
      [[{ fieldName: 'metrics.acc' }], 'bac'],
      [[{ fieldName: 'metrics.acc', ascending: false }], 'abc'],
      [[{ fieldName: 'metrics.acc', datasetName: 'd', datasetDigest: '1', ascending: false }], 'acb'],
      [[{ fieldName: 'metrics.a/b' }], 'bca'],
      [[{ fieldName: 'creation_time' }], 'abc'],
      [[{ fieldName: 'model_type', ascending: false }, { fieldName: 'name' }], 'bac'],
    ])('models in the order %j are %s', async (orderBy, names) => {
      const withTypes = await search({ orderBy });
      expect(withTypes.join('')).toBe(names);
    });

    test.each([
      ['params.lr', 'Invalid order by field name: params.lr. Only metrics are supported.'],
      ['bogus', 'Invalid order by field name: bogus'],
    ])('the order %s is refused', async (fieldName, message) => {
      await expect(search({ orderBy: [{ fieldName }] })).rejects.toMatchObject(invalid(message));
    });

    test('datasets restrict metrics, or models when no metric is compared', async () => {
      const one = [{ name: 'd', digest: '1' }];
      expect(await search({ datasets: one })).toEqual(['a']);
      expect(await search({ datasets: [...one, { name: 'd2', digest: '1' }] })).toEqual(['b', 'a']);
      expect(await search({ datasets: one, filter: 'metrics.acc > 0.6' })).toEqual([]);
      expect(await search({ datasets: one, filter: "name = 'a'" })).toEqual(['a']);
      await expect(search({ datasets: [{ name: '', digest: '1' }] })).rejects.toMatchObject(
        invalid('`dataset_name` in the `datasets` clause must be specified.'),
      );
    });

    test('models come page by page, and a page belongs to its search', async () => {
      const request = { experimentIds: [experimentId], filter: "name != 'z'", orderBy: [{ fieldName: 'name' }], maxResults: 2 };
      const first = await stores.loggedModels.searchLoggedModels(request);
      const pageToken = first.nextPageToken ?? '';
      const rest = await stores.loggedModels.searchLoggedModels({ ...request, pageToken });
      expect([...first.items, ...rest.items].map(({ modelId }) => modelId)).toEqual([ids['a'], ids['b'], ids['c']]);
      expect(rest.nextPageToken).toBeUndefined();
      const other = { ...request, pageToken, filter: "name = 'a'" };
      await expect(stores.loggedModels.searchLoggedModels(other)).rejects.toMatchObject(
        invalid("Filter string in the page token does not match the requested filter string. Expected: name = 'a'. Found: name != 'z'"),
      );
      await expect(stores.loggedModels.searchLoggedModels({ ...request, experimentIds: [asExperimentId('0')], pageToken })).rejects.toMatchObject(
        invalid(/^Experiment IDs in the page token do not match the requested experiment IDs\./),
      );
    });
  });
};
