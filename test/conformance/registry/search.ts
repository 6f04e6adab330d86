import { beforeEach, describe, expect, test } from 'vitest';

import { asRunId } from '../../../schemas/ids.ts';
import { invalid, nextMillisecond } from '../support.ts';
import { createModel, type GetStore } from './support.ts';

export const describeModelSearch = (get: GetStore): void => {
  describe('search for models', () => {
    const search = async (filter: string, orderBy: readonly string[] = []): Promise<readonly string[]> =>
      (await get().searchRegisteredModels({ filter, orderBy, maxResults: 100 })).items.map(({ name }) => name);

    beforeEach(async () => {
      await get().createRegisteredModel({
        name: 'Wine',
        tags: [
          { key: 'team', value: 'red' },
          { key: 'a b', value: '1' },
        ],
      });
      await get().createRegisteredModel({ name: 'beer', tags: [{ key: 'team', value: 'Red' }] });
      await get().createRegisteredModel({ name: 'cider' });
      await get().createRegisteredModel({ name: 'greet', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
    });

    test.each([
      ['', ['Wine', 'beer', 'cider']],
      ["name = 'beer'", ['beer']],
      ["name != 'beer'", ['Wine', 'cider']],
      ["name LIKE 'w%'", []],
      ["name ilike 'w%'", ['Wine']],
      ["name LIKE '%e%' AND name != 'Wine'", ['beer', 'cider']],
      ["name IN ('Wine', 'cider', 'none')", ['Wine', 'cider']],
      ["name NOT IN ('Wine')", ['beer', 'cider']],
      ['name = "beer"', ['beer']],
      ["attribute.name = 'beer'", ['beer']],
      ["tags.team = 'red'", ['Wine']],
      ["tag.team != 'red'", ['beer']],
      ["tags.team ILIKE 'R%'", ['Wine', 'beer']],
      ["tags.team ILIKE 'r%' AND tags.team LIKE 'R%'", ['beer']],
      ["tags.`a b` = '1' AND tags.team = 'red'", ['Wine']],
      ['tags."a b" = \'1\'', ['Wine']],
      ["tags.`mlflow.prompt.is_prompt` = 'true'", ['greet']],
      ["tags.`mlflow.prompt.is_prompt` != 'false'", ['greet']],
      ["tags.`mlflow.prompt.is_prompt` != 'true'", ['Wine', 'beer', 'cider']],
      ["tags.`mlflow.prompt.is_prompt` = 'false' AND tags.team = 'red'", ['Wine']],
    ])('%s', async (filter, names) => {
      expect(await search(filter)).toEqual(names);
    });

    test.each([
      ['name = beer', /^Parameter value is either not quoted or unidentified quote types used for string value beer/],
      ["name > 'a'", 'Invalid comparator for attribute: >'],
      ["tags.team IN ('a')", /^Expected a quoted string value for tag \(e\.g\. 'my-value'\)\. Got value \('a'\)$/],
      ['name = 5', 'Expected a quoted string value or a list of quoted string values for attributes. Got value 5'],
      ["description = 'x'", /^Invalid attribute key 'description' specified\. Valid keys are/],
      ["`name` = 'x'", /^Invalid attribute key '`name`' specified/],
      ["attributes.name = 'x'", "Invalid entity type 'attributes'. Valid entity types are ('attribute', 'tag', 'tags')"],
      ['metrics.m > 5', "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')"],
      ["name = 'a' OR name = 'b'", 'Invalid clause(s) in filter string: OR'],
      ['name IN ()', /expected a non-empty list of string values, but got empty list$/],
      ['name IN (1)', /got different type in list/],
      ["name = 'a'; name = 'b'", /^Search filter contained multiple expression/],
    ])('%s is refused', async (filter, message) => {
      await expect(search(filter)).rejects.toMatchObject(invalid(message));
    });

    test('models are in the order that was asked for, then by name', async () => {
      await nextMillisecond();
      await get().updateRegisteredModel('beer', 'changed');
      expect(await search('', ['name DESC'])).toEqual(['cider', 'beer', 'Wine']);
      expect((await search('', ['timestamp DESC'])).at(0)).toBe('beer');
      expect((await search('', ['last_updated_timestamp'])).at(-1)).toBe('beer');
    });

    test.each([
      ['creation_timestamp', /^Invalid order by key 'creation_timestamp' specified\. Valid keys are/],
      ['name foo', "Invalid ordering key in order_by clause 'name foo'."],
      ['name ASC DESC', "Invalid order_by clause 'name ASC DESC'. Could not be parsed."],
      ['name, timestamp', "Invalid order_by clause 'name, timestamp'. Could not be parsed."],
    ])('the order %s is refused', async (order, message) => {
      await expect(search('', [order])).rejects.toMatchObject(invalid(message));
    });
  });
};

export const describeVersionSearch = (get: GetStore): void => {
  describe('search for versions', () => {
    const search = async (filter: string, orderBy: readonly string[] = []): Promise<readonly string[]> => {
      const { items } = await get().searchModelVersions({ filter, orderBy, maxResults: 100 });
      return items.map(({ name, version }) => `${name} ${version}`);
    };

    beforeEach(async () => {
      await createModel(get(), 'wine');
      await createModel(get(), 'beer');
      await get().createModelVersion({ name: 'wine', source: 's3://b/one', runId: asRunId('r1'), tags: [{ key: 'k', value: 'a' }] });
      await nextMillisecond();
      await get().createModelVersion({
        name: 'wine',
        source: 's3://b/two',
        runId: asRunId('r2'),
        tags: [
          { key: 'k', value: 'b' },
          { key: 'l', value: 'b' },
        ],
      });
      await get().createModelVersion({ name: 'beer', source: 's3://b/one', runId: asRunId('r1') });
      await get().createModelVersion({ name: 'wine', source: 's3://b/gone' });
      await get().deleteModelVersion('wine', 3);
    });

    test.each([
      ['', ['beer 1', 'wine 1', 'wine 2']],
      ["name = 'wine'", ['wine 1', 'wine 2']],
      ["name IN ('beer')", ['beer 1']],
      ["run_id = 'r1'", ['beer 1', 'wine 1']],
      ["run_id IN ('r2', 'none')", ['wine 2']],
      ["run_id NOT IN ('r2')", ['beer 1', 'wine 1']],
      ["source_path LIKE '%two'", ['wine 2']],
      ['version_number = 2', ['wine 2']],
      ["version_number >= '2'", ['wine 2']],
      ['version_number != 1', ['wine 2']],
      ["tags.k = 'a'", ['wine 1']],
      ["tags.k != 'a'", ['wine 2']],
      ["tags.k ILIKE 'B' AND tag.l = 'b'", ['wine 2']],
      ["tags.`mlflow.prompt.is_prompt` = 'true'", []],
    ])('%s', async (filter, versions) => {
      expect((await search(filter)).toSorted()).toEqual(versions);
    });

    test.each([
      ['version = 1', /^Invalid clause\(s\) in filter string: /],
      ["stage = 'Staging'", /^Invalid attribute key 'stage' specified\. Valid keys are/],
      ["version_number LIKE '1'", 'Invalid comparator for attribute version_number: LIKE'],
      ['version_number = 1.5', "Invalid value for numeric attribute 'version_number': 1.5"],
      ["version_number = 'x'", "Invalid value for numeric attribute 'version_number': 'x'"],
      ["version_number IN ('1')", "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values."],
      ["source_path IN ('1')", "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values."],
      ['run_id = 5', /^Only the '\{.*\}' attributes support comparison with numeric values\.$/],
      ["run_id > 'a'", 'Invalid comparator for attribute: >'],
    ])('%s is refused', async (filter, message) => {
      await expect(search(filter)).rejects.toMatchObject(invalid(message));
    });

    test('versions are in the order that was asked for, then by name and number', async () => {
      expect(await search('', ['version_number DESC'])).toEqual(['wine 2', 'beer 1', 'wine 1']);
      expect(await search('', ['name'])).toEqual(['beer 1', 'wine 2', 'wine 1']);
      await nextMillisecond();
      await get().updateModelVersion('wine', 1, 'changed');
      expect((await search('')).at(0)).toBe('wine 1');
      expect((await search('', ['creation_timestamp ASC'])).at(0)).toBe('wine 1');
      await expect(search('', ['run_id'])).rejects.toMatchObject(invalid(/^Invalid attribute key 'run_id' specified\. Valid keys are/));
    });
  });
};

export const describePages = (get: GetStore): void => {
  describe('pages', () => {
    test('models and versions come page by page', async () => {
      for (const name of ['a', 'b', 'c']) await createModel(get(), name, 1);
      const first = await get().searchRegisteredModels({ maxResults: 2 });
      expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
      const rest = await get().searchRegisteredModels({ maxResults: 2, pageToken: first.nextPageToken ?? '' });
      expect(rest.items.map(({ name }) => name)).toEqual(['c']);
      expect(rest.nextPageToken).toBeUndefined();
      const versions = await get().searchModelVersions({ maxResults: 1, orderBy: ['name'] });
      const next = await get().searchModelVersions({ maxResults: 1, orderBy: ['name'], pageToken: versions.nextPageToken ?? '' });
      expect([...versions.items, ...next.items].map(({ name }) => name)).toEqual(['a', 'b']);
    });

    test.each(['@@', Buffer.from('{"offset": 0}').toString('base64'), 'x'])('%j is no page token', async (pageToken) => {
      await expect(get().searchRegisteredModels({ maxResults: 2, pageToken })).rejects.toMatchObject(invalid(/^Invalid page token/));
      await expect(get().searchModelVersions({ maxResults: 2, pageToken })).rejects.toMatchObject(invalid(/^Invalid page token/));
    });

    test('a page has its limits', async () => {
      await expect(get().searchRegisteredModels({ maxResults: 1001 })).rejects.toMatchObject(invalid(/1001/));
      await expect(get().searchModelVersions({ maxResults: 200_001 })).rejects.toMatchObject(invalid(/200001/));
      await expect(get().searchModelVersions({ maxResults: 0 })).rejects.toMatchObject(invalid(/positive integer/));
    });
  });
};
