/** Fields that several endpoints declare alike. */

export const tagsField = { type: 'message', repeated: true, fields: { key: { type: 'string' }, value: { type: 'string' } } } as const;

export const viewTypeField = { type: 'enum', names: { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 } } as const;

export const requiredString = { type: 'string', required: true } as const;

export const toTag = ({
  key = '',
  value = '',
}: {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}): { readonly key: string; readonly value: string } => ({
  key,
  value,
});

/** Leaves out what was not sent, so that it is absent and not undefined. */
export const present = <T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
