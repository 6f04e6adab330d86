/** A string that only its own parser makes, so that one kind of id never stands in for another. */
export type Id<Brand extends string> = string & { readonly __id: Brand };

export type ExperimentId = Id<'ExperimentId'>;
export type RunId = Id<'RunId'>;
/** MLflow 3's logged model: `m-` and 32 hex digits. */
export type ModelId = Id<'ModelId'>;
/** A store in a window: the text of its address, so that it is the same after a restart of its server. */
export type StoreId = Id<'StoreId'>;

export const asExperimentId = (text: string): ExperimentId => text as ExperimentId;
export const asRunId = (text: string): RunId => text as RunId;
export const asModelId = (text: string): ModelId => text as ModelId;
export const asStoreId = (text: string): StoreId => text as StoreId;
