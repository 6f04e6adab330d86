import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import type { LoggedModelOrder, LoggedModelStore, SearchLoggedModels } from '../../extension/tracking/logged-model-store.ts';
import type { LoggedModel } from '../../extension/tracking/logged-model.ts';
import type { Metric } from '../../extension/tracking/run.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { asExperimentId, asModelId, asRunId, type ExperimentId, type ModelId, type RunId } from '../../schemas/ids.ts';

export interface StoresUnderTest {
  readonly tracking: TrackingStore;
  readonly loggedModels: LoggedModelStore;
  readonly registry: RegistryStore;
}

const failure = (code: string, message: string | RegExp): object => ({ code, message: typeof message === 'string' ? message : expect.stringMatching(message) });
const missing = (message: string): object => failure('RESOURCE_DOES_NOT_EXIST', message);
const invalid = (message: string | RegExp): object => failure('INVALID_PARAMETER_VALUE', message);

/** What every store of logged models does, whoever implements it; each test works in an experiment of its own. */
export const describeLoggedModelStore = (name: string, newStores: () => Promise<StoresUnderTest> | StoresUnderTest): void => {
  describe(`the logged models ${name}`, () => {
    let stores: StoresUnderTest;
    let experimentId: ExperimentId;
    let runId: RunId;

    beforeEach(async () => {
      stores = await newStores();
      experimentId = await stores.tracking.createExperiment({ name: `models ${crypto.randomUUID()}` });
      runId = (await stores.tracking.createRun({ experimentId, startTime: 1, tags: [] })).info.runId;
    });

    const create = (model: Omit<Parameters<LoggedModelStore['createLoggedModel']>[0], 'experimentId'>): Promise<LoggedModel> =>
      stores.loggedModels.createLoggedModel({ experimentId, ...model });

    describe('one model', () => {
      test('a new model has what it was given and is pending', async () => {
        const given = { name: 'wine', modelType: 'agent', sourceRunId: runId, params: [{ key: 'lr', value: '0.1' }], tags: [{ key: 'team', value: 'a' }] };
        const created = await create(given);
        expect(created).toMatchObject({ ...given, experimentId, status: 'PENDING', metrics: [] });
        expect(created.modelId).toMatch(/^m-[0-9a-f]{32}$/);
        expect(created.artifactLocation).toMatch(new RegExp(`/models/${created.modelId}/artifacts$`));
        expect(await stores.loggedModels.getLoggedModel(created.modelId)).toEqual(created);
      });

      test('a model without a name gets one', async () => {
        expect((await create({})).name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
      });

      test.each(['a/b', 'a:b', 'a.b', 'a%', 'a"', "a'"])('%j is no name', async (bad) => {
        await expect(create({ name: bad })).rejects.toMatchObject(
          invalid(
            /^Invalid model name \(.*\) provided\. Model name must be a non-empty string and cannot contain the following characters: \('\/', ':', '\.', '%', '"', "'"\)$/,
          ),
        );
      });

      test('the experiment must be there and active', async () => {
        await expect(stores.loggedModels.createLoggedModel({ experimentId: asExperimentId('999999') })).rejects.toMatchObject(
          missing('No Experiment with id=999999 exists'),
        );
        await stores.tracking.deleteExperiment(experimentId);
        await expect(create({})).rejects.toMatchObject(invalid(`The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`));
      });

      test.each(['READY', 'UPLOAD_FAILED'] as const)('finalizing as %s is kept', async (status) => {
        const { modelId } = await create({});
        expect(await stores.loggedModels.finalizeLoggedModel(modelId, status)).toMatchObject({ modelId, status });
        expect((await stores.loggedModels.getLoggedModel(modelId)).status).toBe(status);
      });

      test('a deleted model is found by those who ask for it only', async () => {
        const { modelId } = await create({ name: 'gone' });
        await stores.loggedModels.deleteLoggedModel(modelId);
        await expect(stores.loggedModels.getLoggedModel(modelId)).rejects.toMatchObject(missing(`Logged model with ID '${modelId}' not found.`));
        expect(await stores.loggedModels.getLoggedModel(modelId, { allowDeleted: true })).toMatchObject({ name: 'gone' });
        expect((await stores.loggedModels.searchLoggedModels({ experimentIds: [experimentId], maxResults: 10 })).items).toEqual([]);
      });

      test('a model that is not there is missing everywhere', async () => {
        const id = asModelId('m-none');
        const absent = missing("Logged model with ID 'm-none' not found.");
        await expect(stores.loggedModels.getLoggedModel(id)).rejects.toMatchObject(absent);
        await expect(stores.loggedModels.finalizeLoggedModel(id, 'READY')).rejects.toMatchObject(absent);
        await expect(stores.loggedModels.deleteLoggedModel(id)).rejects.toMatchObject(absent);
        await expect(stores.loggedModels.setLoggedModelTags(id, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(absent);
        await expect(stores.loggedModels.deleteLoggedModelTag(id, 'k')).rejects.toMatchObject(absent);
        await expect(stores.loggedModels.logLoggedModelParams(id, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(absent);
      });

      test('tags are set, replaced and removed', async () => {
        const { modelId } = await create({ tags: [{ key: 'a', value: '1' }] });
        await stores.loggedModels.setLoggedModelTags(modelId, [
          { key: 'a', value: '2' },
          { key: 'b', value: '' },
          { key: 'b', value: 'é' },
        ]);
        expect((await stores.loggedModels.getLoggedModel(modelId)).tags).toEqual([
          { key: 'a', value: '2' },
          { key: 'b', value: 'é' },
        ]);
        await stores.loggedModels.deleteLoggedModelTag(modelId, 'a');
        await expect(stores.loggedModels.deleteLoggedModelTag(modelId, 'a')).rejects.toMatchObject(
          missing(`No tag with key 'a' found for model with ID '${modelId}'.`),
        );
      });

      test('a param is written once', async () => {
        const { modelId } = await create({ params: [{ key: 'a', value: '1' }] });
        await stores.loggedModels.logLoggedModelParams(modelId, [{ key: 'b', value: '' }]);
        await expect(
          stores.loggedModels.logLoggedModelParams(modelId, [
            { key: 'c', value: '' },
            { key: 'b', value: '' },
          ]),
        ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
        expect((await stores.loggedModels.getLoggedModel(modelId)).params).toEqual([
          { key: 'a', value: '1' },
          { key: 'b', value: '' },
        ]);
      });

      test('metrics come from runs, with the dataset they were measured on', async () => {
        const { modelId } = await create({});
        const metric = { key: 'acc', value: 0.5, timestamp: 10, step: 1, modelId, datasetName: 'd', datasetDigest: '1' };
        await stores.tracking.logMetric(runId, metric);
        await stores.tracking.logBatch({ runId, metrics: [{ key: 'loss', value: 2, timestamp: 11, step: 0, modelId }] });
        expect((await stores.loggedModels.getLoggedModel(modelId)).metrics).toEqual([
          { ...metric, runId },
          { key: 'loss', value: 2, timestamp: 11, step: 0, modelId, runId },
        ]);
      });
    });

    describe('search', () => {
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

    describe('and the registry', () => {
      const newName = (): string => `model ${crypto.randomUUID()}`;

      test('a version made of a logged model is where the model is, of its run, and told to it', async () => {
        const { modelId, artifactLocation } = await create({ sourceRunId: runId });
        const registered = newName();
        await stores.registry.createRegisteredModel({ name: registered });
        const source = `models:/${modelId}`;
        expect(await stores.registry.createModelVersion({ name: registered, source, modelId })).toMatchObject({ version: 1, source, runId });
        await stores.registry.createModelVersion({ name: registered, source, modelId, runId: asRunId('other') });
        expect(await stores.registry.getModelVersionDownloadUri(registered, 1)).toBe(artifactLocation);
        const tag = (await stores.loggedModels.getLoggedModel(modelId)).tags.find(({ key }) => key === 'mlflow.modelVersions');
        expect(JSON.parse(tag?.value ?? '')).toEqual([
          { name: registered, version: 1 },
          { name: registered, version: 2 },
        ]);
      });

      test('the files of a run or a logged model can be registered by it alone', async () => {
        const registered = newName();
        await stores.registry.createRegisteredModel({ name: registered });
        const { modelId, artifactLocation } = await create({});
        const { artifactUri } = (await stores.tracking.getRun(runId)).info;
        const register = (source: string, owner: { readonly runId?: RunId; readonly modelId?: ModelId }) =>
          stores.registry.createModelVersion({ name: registered, source, ...owner });
        expect(await register(`${artifactUri}/model`, { runId })).toMatchObject({ source: `${artifactUri}/model`, runId });
        expect(await register(artifactLocation, { modelId })).toMatchObject({ source: artifactLocation });
        await expect(register(artifactLocation, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
        await expect(register(`${artifactUri}x/model`, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
        await expect(register(`${artifactUri}/../..`, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
        await expect(register(`${artifactUri}/model`, {})).rejects.toMatchObject(invalid(/^Invalid model version source/));
        await expect(register(`${artifactUri}/model`, { runId: asRunId('none') })).rejects.toMatchObject(invalid(/^Invalid model version source/));
        await expect(register(`models:/${modelId}`, {})).rejects.toMatchObject(invalid(/The model_id request parameter must identify/));
      });
    });
  });
};

/** What is changed from now on is newer than what was. */
const nextMillisecond = async (): Promise<void> => {
  for (const start = Date.now(); Date.now() === start;) await nextTurn();
};
