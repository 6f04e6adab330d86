import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MlflowError } from '../shared/errors.ts';

/** Where a project lies, read from what `mlflow run` is given: text with `#subfolder`. */
export type ProjectAddress =
  /** `directory` is absolute and there. */
  { readonly kind: 'folder'; readonly directory: string } | { readonly kind: 'git'; readonly url: string; readonly below: string };

/** What exists is a folder, everything else git's, as in MLflow. Throws INVALID_PARAMETER_VALUE with the reason. */
export const readProjectAddress = (uri: string, from: string): ProjectAddress => {
  const [place = '', below = ''] = splitAtFirst(uri.replaceAll(/^["']+|["']+$/g, ''), '#');
  if (below.includes('.')) throw refused("'.' is not allowed in project subdirectory paths.");
  if (place.endsWith('.zip')) throw refused(`${place} is a zip file: unpack it and run the folder`);
  const folder = folderOf(place, from);
  if (folder === undefined) return { kind: 'git', url: checkedUrl(place), below };
  const directory = join(folder, below);
  if (!existsSync(directory)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find subdirectory ${below} of ${folder}`);
  return { kind: 'folder', directory };
};

const splitAtFirst = (text: string, separator: string): readonly string[] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
};

const folderOf = (place: string, from: string): string | undefined => {
  const path = /^file:\/\/\//i.test(place) ? fileURLToPath(place) : resolve(from, place);
  return existsSync(path) ? path : undefined;
};

/** Git would run a program for `ext::…`, and take what begins with a dash for an option. */
const checkedUrl = (url: string): string => {
  if (url === '' || url.startsWith('-') || /^[a-z\d+.-]+::/i.test(url)) throw refused(`'${url}' is neither a folder nor the address of a git repository`);
  const looksLikePath = !url.includes(':');
  if (looksLikePath) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no folder ${url}`);
  return url;
};

const refused = (reason: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', reason);
