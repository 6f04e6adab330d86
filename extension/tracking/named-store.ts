import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Bytes; a file of variables is short. */
const largestFile = 1_000_000;

export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of a folder's `.env`, as python-dotenv and the Python extension read it; none when there is no such file. */
export const readDotEnv = async (folder: string): Promise<Variables> => {
  const path = join(folder, '.env');
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > largestFile) return {};
  return parseEnv(await readFile(path, 'utf8').catch(() => ''));
};

/** The store that variables name by MLflow's rules, as text that `readStoreAddress` takes. */
export const storeNamedBy = ({ MLFLOW_TRACKING_URI: uri = '', MLFLOW_WORKSPACE: workspace = '' }: Variables): string | undefined => {
  const text = uri.trim();
  if (text === '') return undefined;
  const isInWorkspace = workspace !== '' && /^https?:/i.test(text) && URL.parse(text)?.searchParams.has('workspace') === false;
  return isInWorkspace ? `${text}${text.includes('?') ? '&' : '?'}workspace=${encodeURIComponent(workspace)}` : text;
};
