import { delimiter } from 'node:path';

/** The environment with a folder in which programs are looked for first. */
export const withPathFirst = (environment: Readonly<Record<string, string>>, folder: string): Record<string, string> => {
  // Windows spells it `Path`, and two spellings of one variable are undefined behaviour there.
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = environment[name];
  return { ...environment, [name]: path === undefined || path === '' ? folder : `${folder}${delimiter}${path}` };
};
