import { readCondaEnv, type CondaEnv } from '../../../schemas/conda-env.ts';
import { readMlproject } from '../../../schemas/mlproject.ts';
import type { Document } from '../../document.ts';
import type { Fix } from '../../finding.ts';
import { folderOf, nameOf } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import type { RangeRequest, Refactoring } from '../kind.ts';
import { referrerOf } from './referrers.ts';

/** A python_env.yaml with what MLflow would take from a conda.yaml; what only conda installs is kept as a comment. */
export const pythonEnvText = ({ environment, leftOut }: CondaEnv): string => {
  const { python, buildDependencies, dependencies } = environment;
  const list = (key: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${key}:\n${lines.map((line) => `  - ${yamlText(line)}\n`).join('')}`;
  const builds = buildDependencies.length === 0 ? ['pip'] : buildDependencies.map(({ text }) => text);
  const comment = leftOut.length === 0 ? '' : `# Installed by conda only: ${leftOut.map(({ text }) => text).join(', ')}\n`;
  return `${comment}${python === undefined ? '' : `python: "${python}"\n`}${list('build_dependencies', builds)}${list(
    'dependencies',
    dependencies.map(({ text }) => text),
  )}`;
};

/** Quoted where YAML would read it otherwise; a line that starts with a dash and a letter is a text. */
const yamlText = (text: string): string =>
  /^[A-Za-z\d][\w.[\]<>=!~,*+-]*$|^-[A-Za-z] [\w./-]+$/.test(text) && !/^[\d.]+$/.test(text) ? text : JSON.stringify(text);

/** In the conda file itself. */
export const convertCondaFile = async ({ document, workspace }: RangeRequest): Promise<readonly Refactoring[]> => {
  const fix = await convertFix(document.uri, document.text, workspace.files);
  return fix === undefined ? [] : [{ kind: 'refactor.rewrite', fix }];
};

/** A new file beside the conda file; the project that names the conda file names the new one then. */
export const convertFix = async (uri: string, text: string, files: FileSystem, project?: Document): Promise<Fix | undefined> => {
  const { value, problems } = readCondaEnv(text);
  const target = `${folderOf(uri)}/python_env.yaml`;
  if (problems.length > 0 || (await files.kindOf(target)) !== undefined) return undefined;
  const start = { line: 0, character: 0 };
  const lost = value.leftOut.length;
  return {
    title: `Convert ${nameOf(uri)} to python_env.yaml${lost === 0 ? '' : `, without ${lost} ${lost === 1 ? 'package' : 'packages'} of conda`}`,
    createFile: target,
    edits: { [target]: [{ range: { start, end: start }, newText: pythonEnvText(value) }], ...(await projectEdits(uri, files, project)) },
  };
};

/** `conda_env: conda.yaml` becomes `python_env: python_env.yaml`. */
const projectEdits = async (uri: string, files: FileSystem, project: Document | undefined): Promise<Fix['edits']> => {
  const referrer = await referrerOf(uri, files);
  const projectUri = project?.uri ?? (referrer?.kind === 'project' ? referrer.uri : undefined);
  const text = project?.text ?? (projectUri === undefined ? undefined : await files.read(projectUri));
  const { environment } = readMlproject(text ?? '').value;
  if (projectUri === undefined || text === undefined || environment.kind !== 'conda') return {};
  const key = text.lastIndexOf('conda_env', environment.span.start);
  const newPath = environment.file.replace(/[^/]*$/, 'python_env.yaml');
  const range = (from: number, to: number) => ({ start: positionAt(text, from), end: positionAt(text, to) });
  const edits = [
    { range: range(key, key + 'conda_env'.length), newText: 'python_env' },
    { range: range(environment.span.start, environment.span.end), newText: newPath },
  ];
  return { [projectUri]: edits };
};

const positionAt = (text: string, offset: number) => {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
};
