import type { RunDetails } from '../../schemas/webview-protocol.ts';
import { packagesOf } from '../../schemas/environment-difference.ts';
import { asRunId } from '../../schemas/ids.ts';
import type { ArtifactRepository, FileInfo } from '../artifacts/artifact-repository.ts';

/** Enough to tell two runs apart, and little enough to read while somebody waits. */
const mostFiles = 500;
const mostFolders = 50;
const largestText = 200_000;

type Files = Pick<ArtifactRepository, 'listArtifacts' | 'downloadArtifact'>;

/** What is in a run's artifacts: the files themselves, and the environment that they name. */
export const readRunDetails = async (artifacts: Files, runId: string, signal: AbortSignal): Promise<RunDetails> => {
  const { files, isWhole } = await listAll(artifacts, runId, signal);
  const read = async (name: string): Promise<string | undefined> => {
    const found = nearestRoot(files, name);
    return found === undefined ? undefined : await readText(artifacts, runId, found.path, signal);
  };
  const [requirements, conda, pythonEnv] = await Promise.all([read('requirements.txt'), read('conda.yaml'), read('python_env.yaml')]);
  // Where pip's requirements are whole, conda's file only says the same in other words.
  const all = packagesOf({ requirements, pythonEnv, ...(requirements === undefined && { conda }) });
  const version = all.get('python')?.replace(/^==/, '');
  return {
    runId,
    files: files.map(({ path, size }) => ({ path, ...(size !== undefined && { size }) })),
    isWhole,
    packages: [...all].filter(([name]) => name !== 'python').map(([name, specifier]) => ({ name, version: specifier.replace(/^==(?!=)/, '') })),
    ...(version !== undefined && { python: version }),
  };
};

const listAll = async (artifacts: Files, runId: string, signal: AbortSignal) => {
  const files: FileInfo[] = [];
  const folders: (string | undefined)[] = [undefined];
  for (let at = 0; at < folders.length && at < mostFolders && files.length < mostFiles; at++) {
    const children = await artifacts.listArtifacts(asRunId(runId), folders[at], signal);
    for (const child of children) if (child.isDirectory) folders.push(child.path);
    files.push(...children.filter(({ isDirectory }) => !isDirectory));
  }
  return { files: files.slice(0, mostFiles), isWhole: files.length <= mostFiles && folders.length <= mostFolders };
};

const nearestRoot = (files: readonly FileInfo[], name: string): FileInfo | undefined =>
  files.filter(({ path, size = 0 }) => path.split('/').at(-1) === name && size <= largestText).sort((left, right) => left.path.length - right.path.length)[0];

const readText = async (artifacts: Files, runId: string, path: string, signal: AbortSignal): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of await artifacts.downloadArtifact(asRunId(runId), path, signal)) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > largestText) break;
  }
  return Buffer.concat(chunks).toString('utf8');
};
