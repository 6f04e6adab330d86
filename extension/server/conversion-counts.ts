import type { ImportedModel, ImportedRun } from '../tracking/sqlite-import.ts';

export const countedTables = [
  'experiments',
  'experiment_tags',
  'runs',
  'params',
  'tags',
  'metrics',
  'latest_metrics',
  'datasets',
  'inputs',
  'input_tags',
  'logged_models',
  'logged_model_params',
  'logged_model_tags',
  'logged_model_metrics',
  'registered_models',
  'registered_model_tags',
  'registered_model_aliases',
  'model_versions',
  'model_version_tags',
] as const;

type Table = (typeof countedTables)[number];

/** Rows that each table must have, counted from what was read. */
export class ConversionCounts {
  readonly #counts = new Map<Table, number>();
  readonly #datasets = new Set<string>();

  of(table: Table): number {
    return table === 'datasets' ? this.#datasets.size : (this.#counts.get(table) ?? 0);
  }

  add(table: Table, count: number): void {
    this.#counts.set(table, this.of(table) + count);
  }

  addRun({ run, histories }: ImportedRun): void {
    this.add('runs', 1);
    this.add('params', run.params.length);
    this.add('tags', run.tags.length);
    this.add('latest_metrics', histories.size);
    for (const points of histories.values()) this.add('metrics', points.length);
    this.add('inputs', run.datasetInputs.length + run.modelInputs.length + run.modelOutputs.length);
    for (const { dataset, tags } of run.datasetInputs) {
      this.#datasets.add(JSON.stringify([run.info.experimentId, dataset.name, dataset.digest]));
      this.add('input_tags', tags.length);
    }
  }

  addModel({ model, metrics }: ImportedModel): void {
    this.add('logged_models', 1);
    this.add('logged_model_params', model.params.length);
    this.add('logged_model_tags', model.tags.length);
    this.add('logged_model_metrics', metrics.length);
  }
}
