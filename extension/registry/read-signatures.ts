import type { PageSignature } from '../../schemas/registered-model-page.ts';
import { signatureText } from '../../schemas/signature-difference.ts';
import { readVersionSignature } from './version-snapshot.ts';
import type { FilesOf } from './version-files.ts';

/** A page asks for what is on its screen; whoever asks for more gets these. */
const mostAtOnce = 100;
/** Files that are read at the same time. */
const width = 8;

/** What the models of these versions take and give, from their MLmodel files. */
export const readSignatures = async (store: FilesOf, name: string, versions: readonly number[], signal?: AbortSignal): Promise<readonly PageSignature[]> => {
  const found: PageSignature[] = [];
  const wanted = versions.slice(0, mostAtOnce);
  for (let first = 0; first < wanted.length; first += width) {
    found.push(...(await Promise.all(wanted.slice(first, first + width).map((version) => readOne(store, { name, version }, signal)))));
  }
  return found;
};

const readOne = async (store: FilesOf, version: { readonly name: string; readonly version: number }, signal?: AbortSignal): Promise<PageSignature> => {
  const { signature, notes } = await readVersionSignature(store, version, signal);
  return { version: version.version, text: signatureText(signature), problem: signature === undefined ? notes.join(' ') : '' };
};
