import { URI, Utils } from 'vscode-uri';

/** Where a path that a file names lies, seen from that file's folder. */
export type ProjectPath =
  | { readonly kind: 'inside'; readonly uri: string }
  /** Above the folder, or absolute: it is not looked at. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'url' };

export const folderOf = (uri: string): string => Utils.dirname(URI.parse(uri)).toString();

export const childOf = (folder: string, name: string): string => Utils.joinPath(URI.parse(folder), name).toString();

export const resolvePath = (folder: string, path: string): ProjectPath => {
  if (/^[a-z][a-z\d+.-]+:/i.test(path)) return { kind: 'url' };
  if (path.startsWith('/') || path.startsWith('~') || /^[a-z]:|\\/i.test(path)) return { kind: 'outside' };
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..' && steps.pop() === undefined) return { kind: 'outside' };
    if (step !== '' && step !== '.' && step !== '..') steps.push(step);
  }
  return { kind: 'inside', uri: Utils.joinPath(URI.parse(folder), ...steps).toString() };
};

/** The uri of a path inside the folder; undefined for any other. */
export const uriInside = (folder: string, path: string): string | undefined => {
  const resolved = resolvePath(folder, path);
  return resolved.kind === 'inside' ? resolved.uri : undefined;
};

export const nameOf = (uri: string): string => Utils.basename(URI.parse(uri));
