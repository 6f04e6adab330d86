import { join } from 'node:path';

import type { RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { pythonRepr } from '../shared/python-text.ts';
import type { FileIndex, FoundRun } from './file-index.ts';
import { makeFolder, makeNewFolder, writeWhole } from './file-io.ts';
import { writeMeta } from './file-meta.ts';
import { statusNumber } from './file-run.ts';
import { runNameTag } from './run-name.ts';
import type { Param, RunInfo, Tag } from './run.ts';
import type { UpdateRun } from './tracking-store.ts';

export const getRun = (index: FileIndex, runId: RunId): FoundRun => {
  const found = index.run(runId);
  if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`);
  return found;
};

export const getActiveRun = (index: FileIndex, runId: RunId): FoundRun => {
  const found = getRun(index, runId);
  const { run } = found;
  if (run.problem !== undefined) throw new MlflowError('INVALID_STATE', `Run '${runId}' cannot be changed: ${run.problem}`);
  if (run.info.lifecycleStage === 'active') return found;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `The run ${runId} must be in the 'active' state. Current state is ${run.info.lifecycleStage}.`);
};

/** With all its folders: MLflow takes a folder that lacks one for something else. The `meta.yaml` comes last, and makes it a run. */
export const createRun = (experimentFolder: string, info: RunInfo, tags: readonly Tag[]): void => {
  const folder = join(experimentFolder, info.runId);
  makeNewFolder(folder);
  for (const name of ['metrics', 'params', 'tags', 'artifacts']) makeFolder(join(folder, name));
  for (const { key, value } of tags) writeWhole(join(folder, 'tags', key), value, folder);
  writeMeta(folder, {
    artifact_uri: info.artifactUri,
    deleted_time: null,
    end_time: null,
    entry_point_name: '',
    experiment_id: info.experimentId,
    lifecycle_stage: info.lifecycleStage,
    run_id: info.runId,
    run_name: info.runName,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: info.startTime ?? null,
    status: statusNumber(info.status),
    tags: [],
    user_id: info.userId,
  });
};

export const updateRun = ({ run }: FoundRun, { status, endTime, runName = '' }: Omit<UpdateRun, 'runId'>): RunInfo => {
  run.meta.update({
    ...(status !== undefined && { status: statusNumber(status) }),
    ...(endTime !== undefined && { end_time: endTime }),
    ...(runName !== '' && { run_name: runName }),
  });
  if (runName !== '') writeTag(run.folder, { key: runNameTag, value: runName });
  run.check(true);
  return run.info;
};

export const setRunStage = ({ run }: FoundRun, deletedTime: number | null): void => {
  run.meta.update({ lifecycle_stage: deletedTime === null ? 'active' : 'deleted', deleted_time: deletedTime });
  run.check(false);
};

const writeTag = (folder: string, { key, value }: Tag): void => writeWhole(join(folder, 'tags', key), value, folder);

export const setRunTag = (found: FoundRun, tag: Tag): void => {
  if (tag.key === runNameTag) updateRun(found, { runName: tag.value });
  else writeTag(found.run.folder, tag);
  found.run.check(true);
};

/** Written once; the error names every param that would have changed, and then none is written. */
export const logParams = ({ run }: FoundRun, params: readonly Param[]): void => {
  if (params.length === 0) return;
  const changed = params.flatMap(({ key, value }) => {
    const old = run.params.get(key);
    return old === undefined || old === value ? [] : [`{'key': ${pythonRepr(key)}, 'old_value': ${pythonRepr(old)}, 'new_value': ${pythonRepr(value)}}`];
  });
  if (changed.length > 0) {
    const message = `Changing param values is not allowed. Params were already logged='[${changed.join(', ')}]' for run ID='${run.runId}'.`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', message);
  }
  for (const { key, value } of params) if (run.params.get(key) === undefined) writeWhole(join(run.folder, 'params', key), value, run.folder);
  run.check(false);
};
