import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { asModelId, asRunId } from '../../schemas/ids.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import type { Stage } from '../../extension/registry/stage.ts';

const source = 's3://bucket/model';

/** What every registry does, whoever implements it; each test gets an empty one. */
export const describeRegistryStore = (name: string, newStore: () => Promise<RegistryStore> | RegistryStore): void => {
  describe(`the registry store ${name}`, () => {
    let store: RegistryStore;
    beforeEach(async () => {
      store = await newStore();
    });

    describeRegisteredModels(() => store);
    describeVersions(() => store);
    describeStages(() => store);
    describeAliases(() => store);
    describeTags(() => store);
    describeSources(() => store);
    describeModelSearch(() => store);
    describeVersionSearch(() => store);
    describePages(() => store);
  });
};

type GetStore = () => RegistryStore;

const failure = (code: string, message: string | RegExp): object => ({ code, message: typeof message === 'string' ? message : expect.stringMatching(message) });
const missing = (message: string): object => failure('RESOURCE_DOES_NOT_EXIST', message);
const invalid = (message: string | RegExp): object => failure('INVALID_PARAMETER_VALUE', message);

/** What is changed from now on is newer than what was. */
const nextMillisecond = async (): Promise<void> => {
  for (const start = Date.now(); Date.now() === start;) await nextTurn();
};

/** A model with this many versions. */
const createModel = async (store: RegistryStore, name: string, versions = 0): Promise<void> => {
  await store.createRegisteredModel({ name });
  for (let count = 0; count < versions; count += 1) await store.createModelVersion({ name, source });
};

const describeRegisteredModels = (get: GetStore): void => {
  describe('registered models', () => {
    test('a new model has what it was given, and no versions', async () => {
      const tags = [
        { key: 'team', value: 'a' },
        { key: 'team', value: 'b' },
        { key: 'note', value: '' },
      ];
      const created = await get().createRegisteredModel({ name: 'wine é', description: 'red', tags });
      expect(created).toMatchObject({ name: 'wine é', description: 'red', tags: [tags[1], tags[2]], aliases: [], latestVersions: [] });
      expect(created.lastUpdatedTimestamp).toBe(created.creationTimestamp);
      expect(await get().getRegisteredModel('wine é')).toEqual(created);
    });

    test('a name is taken once', async () => {
      await createModel(get(), 'wine');
      await expect(get().createRegisteredModel({ name: 'wine' })).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', 'Registered Model (name=wine) already exists.'),
      );
    });

    test('models and prompts share their names', async () => {
      const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
      await get().createRegisteredModel({ name: 'greet', tags });
      await createModel(get(), 'wine');
      const takenBy = (kind: string, other: string, model: string): object =>
        failure(
          'RESOURCE_ALREADY_EXISTS',
          `Tried to create a ${kind} with name '${model}', but the name is already taken by a ${other}. MLflow does not allow creating a model and a prompt with the same name.`,
        );
      await expect(get().createRegisteredModel({ name: 'greet' })).rejects.toMatchObject(takenBy('registered model', 'prompt', 'greet'));
      await expect(get().createRegisteredModel({ name: 'wine', tags })).rejects.toMatchObject(takenBy('prompt', 'registered model', 'wine'));
      await expect(get().createRegisteredModel({ name: 'greet', tags })).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', 'Prompt (name=greet) already exists.'),
      );
    });

    test.each([
      ['a/b', "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
      ['a:b', "Invalid model name 'a:b'. Names cannot contain '/' or ':'."],
      [' ', "Missing value for required parameter 'name'."],
      ['..', /^Invalid value "\.\." for parameter 'name' supplied: .* This name would resolve to '\.\.'$/],
      ['..a', /This name would resolve to '\.\.a'$/],
    ])('%j is no name', async (name, message) => {
      await expect(get().createRegisteredModel({ name })).rejects.toMatchObject(invalid(message));
    });

    test.each(['<b>"\'', 'a b ', 'x'.repeat(300), '名前', "'; DROP TABLE registered_models; --"])('%j is a name', async (name) => {
      await createModel(get(), name, 1);
      expect(await get().getRegisteredModel(name)).toMatchObject({ name, latestVersions: [{ name, version: 1 }] });
    });

    test('a model that is not there is missing everywhere', async () => {
      const message = 'Registered Model with name=none not found';
      await expect(get().getRegisteredModel('none')).rejects.toMatchObject(missing(message));
      await expect(get().updateRegisteredModel('none', '')).rejects.toMatchObject(missing(message));
      await expect(get().renameRegisteredModel('none', 'other')).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModel('none')).rejects.toMatchObject(missing(message));
      await expect(get().getLatestVersions('none')).rejects.toMatchObject(missing(message));
      await expect(get().setRegisteredModelTag('none', { key: 'k', value: 'v' })).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModelTag('none', 'k')).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModelAlias('none', 'a')).rejects.toMatchObject(missing(message));
      await expect(get().getModelVersionByAlias('none', 'a')).rejects.toMatchObject(missing(message));
      await expect(get().createModelVersion({ name: 'none', source })).rejects.toMatchObject(missing(message));
    });

    test('a description is replaced', async () => {
      await get().createRegisteredModel({ name: 'wine', description: 'red' });
      expect(await get().updateRegisteredModel('wine', 'white')).toMatchObject({ description: 'white' });
      expect((await get().getRegisteredModel('wine')).description).toBe('white');
    });

    test('a new name goes to versions, tags and aliases', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelTag('wine', { key: 'k', value: 'v' });
      await get().setModelVersionTag('wine', 2, { key: 'k', value: 'v' });
      await get().setRegisteredModelAlias('wine', 'champion', 2);
      const renamed = await get().renameRegisteredModel('wine', 'cellar');
      expect(renamed).toMatchObject({ name: 'cellar', tags: [{ key: 'k', value: 'v' }], aliases: [{ alias: 'champion', version: 2 }] });
      expect(await get().getModelVersionByAlias('cellar', 'champion')).toMatchObject({ version: 2, tags: [{ key: 'k', value: 'v' }] });
      await expect(get().getRegisteredModel('wine')).rejects.toMatchObject(missing('Registered Model with name=wine not found'));
    });

    test('a new name must be free and a name', async () => {
      await createModel(get(), 'wine');
      await createModel(get(), 'beer');
      await expect(get().renameRegisteredModel('wine', 'beer')).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', /^Registered Model \(name=beer\) already exists\./),
      );
      await expect(get().renameRegisteredModel('wine', ' ')).rejects.toMatchObject(invalid("Missing value for required parameter 'new_name'."));
      expect(await get().renameRegisteredModel('wine', 'wine')).toMatchObject({ name: 'wine' });
    });

    test('a model goes with all that belongs to it, and its name is free again', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelTag('wine', { key: 'k', value: 'v' });
      await get().setModelVersionTag('wine', 1, { key: 'k', value: 'v' });
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await get().deleteRegisteredModel('wine');
      await createModel(get(), 'wine', 1);
      expect(await get().getRegisteredModel('wine')).toMatchObject({ tags: [], aliases: [], latestVersions: [{ version: 1, tags: [] }] });
    });
  });
};

const describeVersions = (get: GetStore): void => {
  describe('versions', () => {
    test('a new version has what it was given', async () => {
      await createModel(get(), 'wine');
      const tags = [{ key: 'k', value: 'v' }];
      const created = await get().createModelVersion({ name: 'wine', source, runId: asRunId('r'), runLink: 'l', description: 'd', tags });
      expect(created).toMatchObject({
        name: 'wine',
        version: 1,
        source,
        runId: 'r',
        runLink: 'l',
        description: 'd',
        tags,
        aliases: [],
        currentStage: 'None',
        status: 'READY',
      });
      expect(await get().getModelVersion('wine', 1)).toEqual(created);
      expect((await get().getRegisteredModel('wine')).lastUpdatedTimestamp).toBeGreaterThanOrEqual(created.creationTimestamp);
    });

    test('numbers of deleted versions are not used again', async () => {
      await createModel(get(), 'wine', 2);
      await get().deleteModelVersion('wine', 2);
      expect(await get().createModelVersion({ name: 'wine', source })).toMatchObject({ version: 3 });
    });

    test('a version that is not there, or no more, is missing everywhere', async () => {
      await createModel(get(), 'wine', 1);
      await get().deleteModelVersion('wine', 1);
      const absent = missing('Model Version (name=wine, version=1) not found');
      await expect(get().getModelVersion('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().updateModelVersion('wine', 1, 'd')).rejects.toMatchObject(absent);
      await expect(get().deleteModelVersion('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().getModelVersionDownloadUri('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().setModelVersionTag('wine', 1, { key: 'k', value: 'v' })).rejects.toMatchObject(absent);
      await expect(get().deleteModelVersionTag('wine', 1, 'k')).rejects.toMatchObject(absent);
      await expect(get().setRegisteredModelAlias('wine', 'a', 1)).rejects.toMatchObject(absent);
      await expect(get().transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Staging' })).rejects.toMatchObject(absent);
      expect(await get().searchModelVersions({ maxResults: 10 })).toEqual({ items: [] });
    });

    test('a description is replaced and removed', async () => {
      await createModel(get(), 'wine', 1);
      expect((await get().updateModelVersion('wine', 1, 'red')).description).toBe('red');
      expect((await get().updateModelVersion('wine', 1)).description).toBeUndefined();
    });

    test('the files of a version are where its source says', async () => {
      await createModel(get(), 'wine', 1);
      expect(await get().getModelVersionDownloadUri('wine', 1)).toBe(source);
    });
  });
};

const describeStages = (get: GetStore): void => {
  describe('stages', () => {
    const move = (version: number, stage: Stage, archiveExistingVersions = false) =>
      get().transitionModelVersionStage({ name: 'wine', version, stage, archiveExistingVersions });
    const stagesOf = async (): Promise<readonly (Stage | undefined)[]> => {
      const { items } = await get().searchModelVersions({ orderBy: ['version_number'], maxResults: 10 });
      return items.map(({ currentStage }) => currentStage);
    };

    test('versions in the stage stay unless they are to be archived', async () => {
      await createModel(get(), 'wine', 3);
      await move(1, 'Production');
      await move(2, 'Production');
      expect(await stagesOf()).toEqual(['Production', 'Production', 'None']);
      expect(await move(3, 'Production', true)).toMatchObject({ version: 3, currentStage: 'Production' });
      expect(await stagesOf()).toEqual(['Archived', 'Archived', 'Production']);
    });

    test('a failed transition archives nothing', async () => {
      await createModel(get(), 'wine', 1);
      await move(1, 'Staging');
      await expect(move(9, 'Staging', true)).rejects.toMatchObject(missing('Model Version (name=wine, version=9) not found'));
      expect(await stagesOf()).toEqual(['Staging']);
    });

    test('only active stages can be emptied', async () => {
      await createModel(get(), 'wine', 1);
      await expect(move(1, 'Archived', true)).rejects.toMatchObject({
        message:
          "Model version transition cannot archive existing model versions because 'Archived' is not an Active stage. Valid stages are ['Staging', 'Production']",
      });
    });

    test('the latest version of a stage is the highest one in it', async () => {
      await createModel(get(), 'wine', 4);
      await move(2, 'Staging');
      await move(3, 'Staging');
      expect((await get().getLatestVersions('wine')).map(({ version }) => version).toSorted()).toEqual([3, 4]);
      expect(await get().getLatestVersions('wine', ['Staging'])).toMatchObject([{ version: 3, currentStage: 'Staging' }]);
      expect(await get().getLatestVersions('wine', ['Production'])).toEqual([]);
      expect((await get().getRegisteredModel('wine')).latestVersions.map(({ version }) => version).toSorted()).toEqual([3, 4]);
    });
  });
};

const describeAliases = (get: GetStore): void => {
  describe('aliases', () => {
    test('an alias stands for one version and can be moved', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await get().setRegisteredModelAlias('wine', 'champion', 2);
      await get().setRegisteredModelAlias('wine', 'b-2_é', 2);
      expect((await get().getModelVersion('wine', 2)).aliases.toSorted()).toEqual(['b-2_é', 'champion']);
      expect((await get().getModelVersion('wine', 1)).aliases).toEqual([]);
      expect(await get().getModelVersionByAlias('wine', 'champion')).toMatchObject({ version: 2 });
      expect(await get().getLatestVersions('wine')).toMatchObject([{ version: 2, aliases: expect.arrayContaining(['champion']) as unknown }]);
    });

    test('an alias is gone when it or its version is', async () => {
      await createModel(get(), 'wine', 1);
      await get().setRegisteredModelAlias('wine', 'a', 1);
      await get().setRegisteredModelAlias('wine', 'b', 1);
      await get().deleteRegisteredModelAlias('wine', 'a');
      await get().deleteRegisteredModelAlias('wine', 'never');
      expect((await get().getRegisteredModel('wine')).aliases).toEqual([{ alias: 'b', version: 1 }]);
      await get().deleteModelVersion('wine', 1);
      await expect(get().getModelVersionByAlias('wine', 'b')).rejects.toMatchObject(invalid('Registered model alias b not found.'));
      expect((await get().getRegisteredModel('wine')).aliases).toEqual([]);
    });

    test('latest is the highest version, in any stage', async () => {
      await createModel(get(), 'wine', 3);
      await get().transitionModelVersionStage({ name: 'wine', version: 3, stage: 'Archived' });
      await get().transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
      expect(await get().getModelVersionByAlias('wine', 'latest')).toMatchObject({ version: 3 });
      await createModel(get(), 'empty');
      await expect(get().getModelVersionByAlias('empty', 'Latest')).rejects.toMatchObject(missing('Latest version not found for model empty.'));
    });

    test.each([
      ['latest', "'latest' alias name (case insensitive) is reserved."],
      ['LATEST', "'latest' alias name (case insensitive) is reserved."],
      ['v1', "Version alias name 'v1' is reserved."],
      ['V20', "Version alias name 'V20' is reserved."],
      ['a b', "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."],
      ['a/b', "Invalid alias name: 'a/b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."],
      ['x'.repeat(256), "'Registered model alias name' exceeds the maximum length of 255 characters"],
    ])('%j is no alias', async (alias, message) => {
      await createModel(get(), 'wine', 1);
      await expect(get().setRegisteredModelAlias('wine', alias, 1)).rejects.toMatchObject(invalid(message));
    });

    test.each(['v1a', 'version1', 'x'.repeat(255), '日本'])('%j is an alias', async (alias) => {
      await createModel(get(), 'wine', 1);
      await get().setRegisteredModelAlias('wine', alias, 1);
      expect(await get().getModelVersionByAlias('wine', alias)).toMatchObject({ version: 1, aliases: [alias] });
    });
  });
};

const describeTags = (get: GetStore): void => {
  describe('tags', () => {
    test('tags of models are set, replaced and removed', async () => {
      await createModel(get(), 'wine');
      await get().setRegisteredModelTag('wine', { key: 'a', value: '1' });
      await get().setRegisteredModelTag('wine', { key: 'a', value: '2' });
      await get().setRegisteredModelTag('wine', { key: 'b/c', value: 'é' });
      await get().deleteRegisteredModelTag('wine', 'never');
      expect((await get().getRegisteredModel('wine')).tags).toEqual([
        { key: 'a', value: '2' },
        { key: 'b/c', value: 'é' },
      ]);
      await get().deleteRegisteredModelTag('wine', 'a');
      expect((await get().getRegisteredModel('wine')).tags).toEqual([{ key: 'b/c', value: 'é' }]);
    });

    test('tags of versions are set, replaced and removed', async () => {
      await createModel(get(), 'wine', 2);
      await get().setModelVersionTag('wine', 1, { key: 'a', value: '1' });
      await get().setModelVersionTag('wine', 1, { key: 'a', value: '5' });
      await get().deleteModelVersionTag('wine', 1, 'never');
      expect((await get().getModelVersion('wine', 1)).tags).toEqual([{ key: 'a', value: '5' }]);
      expect((await get().getModelVersion('wine', 2)).tags).toEqual([]);
      await get().deleteModelVersionTag('wine', 1, 'a');
      expect((await get().getModelVersion('wine', 1)).tags).toEqual([]);
    });

    test.each([
      [{ key: 'k'.repeat(251), value: '' }, "'key' exceeds the maximum length of 250 characters"],
      [{ key: 'k', value: 'v'.repeat(100_001) }, "'value' exceeds the maximum length of 100000 characters"],
      [{ key: 'a*b', value: '' }, /^Invalid value "a\*b" for parameter 'key' supplied: Names may only contain/],
      [{ key: 'a/../b', value: '' }, /This name would resolve to 'b'$/],
    ])('a bad tag is refused', async (tag, message) => {
      await createModel(get(), 'wine', 1);
      await expect(get().setRegisteredModelTag('wine', tag)).rejects.toMatchObject(invalid(message));
      await expect(get().setModelVersionTag('wine', 1, tag)).rejects.toMatchObject(invalid(message));
      await expect(get().createRegisteredModel({ name: 'beer', tags: [tag] })).rejects.toMatchObject(invalid(message));
      await expect(get().createModelVersion({ name: 'wine', source, tags: [tag] })).rejects.toMatchObject(invalid(message));
    });
  });
};

const describeSources = (get: GetStore): void => {
  describe('sources', () => {
    test('a copy has the origin of what it copies', async () => {
      await createModel(get(), 'wine');
      await get().createModelVersion({ name: 'wine', source, runId: asRunId('r') });
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await createModel(get(), 'cellar');
      const copies = ['models:/wine/1', 'models:/wine@champion', 'models:/wine/latest', 'models:/wine/none'];
      for (const copied of copies)
        expect(await get().createModelVersion({ name: 'cellar', source: copied })).toMatchObject({ source: 'models:/wine/1', runId: 'r' });
      expect(await get().getModelVersionDownloadUri('cellar', 2)).toBe(source);
    });

    test('a copy cannot claim another origin', async () => {
      await createModel(get(), 'wine', 1);
      const refusal = invalid(
        "Invalid model version source: 'models:/wine/1'. The run_id and model_id request parameters must match the referenced model version.",
      );
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/wine/1', runId: asRunId('other') })).rejects.toMatchObject(refusal);
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/wine/1', modelId: asModelId('m-other') })).rejects.toMatchObject(refusal);
    });

    const identify = (what: string): RegExp => new RegExp(`The ${what} request parameter must identify the resource that contains the source\\.$`);

    test.each([
      ['models:/wine/9', missing('Model Version (name=wine, version=9) not found')],
      ['models:/none/1', missing('Registered Model with name=none not found')],
      ['models:/wine@none', invalid('Registered model alias none not found.')],
      ['models:/wine/x', invalid('Invalid Model Version stage: x. Value must be one of None, Staging, Production, Archived.')],
      ['models:/a/b/c', invalid(identify('model_id'))],
      ['models:/', invalid(identify('model_id'))],
      ['models://host/wine/1', invalid(/Registered model sources must use the active model registry\.$/)],
      ['models:/m-0123456789abcdef0123456789abcdef', invalid(identify('model_id'))],
      ['runs:/r/model', invalid(identify('run_id'))],
      ['mlflow-artifacts:/0/r/artifacts', invalid(identify('run_id'))],
      ['/etc/passwd', invalid(/To use a local path as a model version source, the run_id request parameter has to be specified/)],
      ['file:///etc/passwd', invalid(/To use a local path as a model version source/)],
      ['relative/path', invalid(/To use a local path as a model version source/)],
      ['http://host/x', invalid(/^'source' cannot use the 'http' scheme/)],
      ['mlflow-artifacts://host/x', invalid(/^'source' cannot use the 'mlflow-artifacts' scheme/)],
      ['s3://bucket/a/../b', invalid(/an absolute path must be provided without relative path references present/)],
      ['s3://bucket/a/%2e%2e/b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/a/%252e%252e/b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/a%00b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/./a', invalid(/an absolute path must be provided/)],
      ['s3://bucket', invalid(/an absolute path must be provided/)],
    ])('%s is refused', async (bad, refusal) => {
      await createModel(get(), 'wine', 1);
      await expect(get().createModelVersion({ name: 'wine', source: bad })).rejects.toMatchObject(refusal);
      expect((await get().searchModelVersions({ maxResults: 10 })).items).toHaveLength(1);
    });

    test.each(['s3://bucket/a//b', 's3://bucket/a b', 'dbfs:/x', 'S3://bucket/x/', 'gs://b/a+b'])('%s is accepted', async (good) => {
      await createModel(get(), 'wine');
      expect(await get().createModelVersion({ name: 'wine', source: good })).toMatchObject({ source: good });
    });

    test('a run may register what it has logged', async () => {
      await createModel(get(), 'wine');
      const created = await get().createModelVersion({ name: 'wine', source: 'runs:/r/model', runId: asRunId('r') });
      expect(created).toMatchObject({ source: 'runs:/r/model', runId: 'r' });
    });

    test('prompts have no files and cannot be copied', async () => {
      const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
      await get().createRegisteredModel({ name: 'greet', tags });
      await expect(get().createModelVersion({ name: 'greet', source, tags })).rejects.toMatchObject(
        invalid("Invalid prompt source: 's3://bucket/model'. Prompt sources must use an MLflow placeholder."),
      );
      await get().createModelVersion({ name: 'greet', source: 'dummy-source', tags });
      await createModel(get(), 'wine');
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/greet/1' })).rejects.toMatchObject(
        invalid("Invalid model version source: 'models:/greet/1'. Prompt versions cannot be used as model version sources."),
      );
    });
  });
};

const describeModelSearch = (get: GetStore): void => {
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

const describeVersionSearch = (get: GetStore): void => {
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

const describePages = (get: GetStore): void => {
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
