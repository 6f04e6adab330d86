import { findProgram } from './interpreter.ts';

/** `docker`, or `podman` where only that is on PATH; undefined without either. */
export const findContainerEngine = (variables: Readonly<Record<string, string>>): string | undefined =>
  ['docker', 'podman'].find((name) => findProgram(name, variables) !== undefined);
