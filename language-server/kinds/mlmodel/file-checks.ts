import { asText, spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { allEntries } from '../../path.ts';
import { folderOf, resolvePath, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import type { Check, FileReference } from '../kind.ts';
import { entryOf, isForeign, modelMapping } from './tree.ts';

/** A path that the model names; `use` says what is lost without the file. */
export interface ModelFile extends FileReference {
  readonly use: 'data' | 'side' | 'code' | 'prefix';
}

export const modelFiles = (document: Document): readonly ModelFile[] => document.derive(findModelFiles);

const findModelFiles = (document: Document): readonly ModelFile[] =>
  isForeign(document)
    ? []
    : [...allEntries(modelMapping(document))].flatMap(({ entry, path }): readonly ModelFile[] => {
        const text = asText(entry.value);
        const use = document.kind.schema.alternativesAt(path).find((schema) => schema['x-mlflow-file'] !== undefined)?.['x-mlflow-file'];
        if (text === undefined || text === '' || !isUse(use)) return [];
        // MLflow takes the name of the script and looks for it beside the MLmodel file.
        const target = use === 'code' ? text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1) : text;
        return [{ ...spanOf(entry.value), path: target, use }];
      });

const isUse = (word: string | undefined): word is ModelFile['use'] => word === 'data' || word === 'side' || word === 'code' || word === 'prefix';

export const checkFiles: Check = async (document, { files }) => {
  const found = await Promise.all(modelFiles(document).map(async (file) => ({ file, state: await stateOf(document, files, file) })));
  const missing = found.filter(({ state }) => state === 'missing').map(({ file }) => file);
  const outside = found.filter(({ state }) => state === 'outside').map(({ file }): Finding => outsideFinding(file));
  const isAlone = missing.length > 0 && !found.some(({ state }) => state === 'there') && (await isAloneInFolder(document, files));
  if (isAlone) return [...outside, aloneFinding(document)];
  return [...outside, ...(await Promise.all(missing.map(async (file) => missingFinding(document, files, file))))];
};

const stateOf = async (document: Document, files: FileSystem, { path, use }: ModelFile): Promise<'there' | 'missing' | 'outside'> => {
  const resolved = resolvePath(folderOf(document.uri), path);
  if (resolved.kind !== 'inside') return 'outside';
  if (use === 'prefix') return (await hasPrefix(document, files, path)) ? 'there' : 'missing';
  return (await files.kindOf(resolved.uri)) === undefined ? 'missing' : 'there';
};

/** PaddlePaddle writes `model.pdmodel` and `model.pdiparams` for `model`. */
const hasPrefix = async (document: Document, files: FileSystem, path: string): Promise<boolean> => {
  const folder = uriInside(folderOf(document.uri), path.slice(0, path.lastIndexOf('/') + 1) || '.');
  const name = path.slice(path.lastIndexOf('/') + 1);
  return folder !== undefined && (await files.list(folder)).some((entry) => entry.name.startsWith(name));
};

const isAloneInFolder = async (document: Document, files: FileSystem): Promise<boolean> =>
  (await files.list(folderOf(document.uri))).every(({ name }) => /^(?:mlmodel|readme|\.)/i.test(name));

const aloneFinding = (document: Document): Finding => {
  const span = entryOf(modelMapping(document), 'flavors')?.key ?? { start: 0, end: 0 };
  return { code: 'model-files-absent', ...spanOf(span), message: 'None of the files of this model is beside it: they are not checked.' };
};

const outsideFinding = ({ start, end, path }: ModelFile): Finding => ({
  code: 'model-path-outside',
  start,
  end,
  message: `'${path}' is outside the model's folder: it is not checked, and a copy of the model lacks it.`,
});

const missingFinding = async (document: Document, files: FileSystem, file: ModelFile): Promise<Finding> => {
  const { path, use, start, end } = file;
  const isSide = use === 'side';
  return {
    code: isSide ? 'model-side-file-missing' : 'model-file-missing',
    start,
    end,
    message: `There is no '${path}' in the model's folder.`,
    ...(isSide ? {} : { mlflow: `FileNotFoundError: [Errno 2] No such file or directory: '${path}'` }),
    fixes: await fixesOf(document, files, file),
  };
};

const fixesOf = async (document: Document, files: FileSystem, { path, use, start, end }: ModelFile): Promise<readonly Fix[]> => {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const uri = uriInside(folderOf(document.uri), folder === '' ? '.' : folder);
  const names = uri === undefined ? [] : (await files.list(uri)).map(({ name }) => name);
  const suggestion = nearest(path.slice(folder.length), names) ?? (use === 'data' ? sameEnding(path, names) : undefined);
  return suggestion === undefined ? [] : [localFix(document, `Change to '${folder}${suggestion}'`, document.edit({ start, end }, `${folder}${suggestion}`))];
};

/** `model.pkl` for `sk.pkl` where it is the only one of its kind. */
const sameEnding = (path: string, names: readonly string[]): string | undefined => {
  const ending = /\.\w+$/.exec(path)?.[0];
  const candidates = ending === undefined ? [] : names.filter((name) => name.endsWith(ending));
  return candidates.length === 1 ? candidates[0] : undefined;
};
