import { condaEnv } from './conda-env.ts';
import type { FileKind } from './kind.ts';
import { mlmodel } from './mlmodel.ts';
import { mlproject } from './mlproject.ts';
import { pythonEnv } from './python-env.ts';

const patterns: readonly { readonly pattern: RegExp; readonly kind: FileKind }[] = [
  { pattern: /^mlproject(?:\.(?:ya?ml|txt))?$/i, kind: mlproject },
  { pattern: /^mlmodel(?:\.ya?ml)?$/i, kind: mlmodel },
  { pattern: /^python_env[\w-]*\.ya?ml$/, kind: pythonEnv },
  { pattern: /^(?:conda|environment)[\w-]*\.ya?ml$/, kind: condaEnv },
];

/** The kind of a file by its name, as MLflow looks it up; undefined for files that are none of our business. */
export const kindOf = (uri: string): FileKind | undefined => {
  const name = decodeURIComponentSafely(uri.slice(uri.lastIndexOf('/') + 1));
  return patterns.find(({ pattern }) => pattern.test(name))?.kind;
};

const decodeURIComponentSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
