import type { FileKind } from './kind.ts';
import { mlproject } from './mlproject.ts';

/** The kind of a file by its name, as MLflow looks it up; undefined for files that are none of our business. */
export const kindOf = (uri: string): FileKind | undefined => {
  const name = decodeURIComponentSafely(uri.slice(uri.lastIndexOf('/') + 1));
  return /^mlproject(?:\.(?:ya?ml|txt))?$/i.test(name) ? mlproject : undefined;
};

const decodeURIComponentSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
