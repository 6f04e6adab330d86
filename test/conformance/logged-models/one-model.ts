import { beforeEach, describe, expect, test } from 'vitest';

import type { LoggedModel } from '../../../extension/tracking/logged-model.ts';
import { asExperimentId, asModelId, type ExperimentId, type RunId } from '../../../schemas/ids.ts';
import { invalid, missing } from '../support.ts';
import { createLoggedModel, type NewModel, type SetUp, type StoresUnderTest } from './support.ts';

export const describeOneModel = (setUp: SetUp): void => {
  describe('one model', () => {
    let stores: StoresUnderTest;
    let experimentId: ExperimentId;
    let runId: RunId;
    beforeEach(async () => {
      ({ stores, experimentId, runId } = await setUp());
    });
    const create = (model: NewModel): Promise<LoggedModel> => createLoggedModel({ stores, experimentId }, model);

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
};
