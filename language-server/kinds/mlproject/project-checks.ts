import { pythonTypeOfNode } from '../../../schemas/python-value.ts';
import { asMapping, asScalar, effectiveEntries, isNull, keyText, spanOf, type YamlEntry } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText } from '../../edits.ts';
import type { Finding } from '../../finding.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import type { Workspace } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { entryOf, entryPoints, projectMapping, reading } from './tree.ts';

/** MLflow looks for a file whose name, in any case, is `mlproject`: one with an extension is never read. */
export const checkFileName: Check = (document) => {
  const name = nameOf(document.uri);
  if (name.toLowerCase() === 'mlproject') return [];
  const to = `${folderOf(document.uri)}/MLproject`;
  return [
    {
      code: 'file-name',
      ...firstLine(document),
      message: `MLflow does not read '${name}': the file must be called MLproject.`,
      mlflow: 'Could not find main among entry points [] or interpret main as a runnable script.',
      fixes: [{ title: 'Rename to MLproject', edits: {}, renameFile: { from: document.uri, to }, isPreferred: true }],
    },
  ];
};

const firstLine = (document: Document) => ({ start: 0, end: Math.max(0, document.text.search(/\r|\n|$/)) });

export const checkEntryPoints: Check = (document) => {
  const entry = entryOf(projectMapping(document), 'entry_points');
  const entries = [...effectiveEntries(asMapping(entry?.value)).values()];
  if (entry === undefined) return [];
  const hasMain = entries.some((candidate) => keyText(candidate) === 'main');
  const isSparkJob = reading(document).value.sparkJob !== undefined;
  const missingMain: readonly Finding[] =
    hasMain || isSparkJob || asMapping(entry.value) === undefined
      ? []
      : [{ code: 'main-missing', ...spanOf(entry.key), message: 'There is no entry point `main`: `mlflow run` needs `-e` with the name of one.' }];
  return [...missingMain, ...entries.flatMap((candidate) => unreachable(document, candidate))];
};

const unreachable = (document: Document, { key }: YamlEntry): readonly Finding[] => {
  const scalar = asScalar(key);
  if (scalar === undefined || scalar.value.type === 'str' || scalar.value.type === 'refused' || scalar.value.type === 'merge') return [];
  const word = pythonTypeOfNode(key);
  return [
    {
      code: 'entry-point-name',
      ...spanOf(key),
      message: `\`${scalar.text}\` is read as ${word}, not as text: no \`-e\` can name this entry point.`,
      fixes: [{ ...localFix(document, 'Quote the name', document.edit(key, quotedText(scalar.text))), isPreferred: true }],
    },
  ];
};

export const checkSparkJob: Check = async (document, workspace) => {
  const entry = entryOf(projectMapping(document), 'databricks_spark_job');
  const job = asMapping(entry?.value);
  if (entry === undefined || job === undefined) return [];
  return [...unusedParameters(entry, document), ...(await missingFile(document, workspace)), ...sparkCommands(document)];
};

const unusedParameters = (job: YamlEntry, document: Document): readonly Finding[] => {
  const parameters = entryOf(asMapping(job.value), 'parameters');
  const hasFile = reading(document).value.sparkJob?.pythonFile !== undefined;
  if (parameters === undefined || hasFile || isNull(parameters.value)) return [];
  return [{ code: 'spark-job-parameters', ...spanOf(parameters.key), message: 'These parameters are used with a `python_file` only.', tag: 'unnecessary' }];
};

const missingFile = async (document: Document, { files }: Workspace): Promise<readonly Finding[]> => {
  const job = asMapping(entryOf(projectMapping(document), 'databricks_spark_job')?.value);
  const node = entryOf(job, 'python_file')?.value;
  const path = asScalar(node)?.text;
  const uri = path === undefined || path === '' ? undefined : uriInside(folderOf(document.uri), path);
  if (node === undefined || uri === undefined || (await files.kindOf(uri)) !== undefined) return [];
  return [{ code: 'script-missing', ...spanOf(node), message: `There is no file '${path}' in the project.` }];
};

/** `mlflow/projects/databricks.py` splits the command at single spaces and wants `python` first. */
const sparkCommands = (document: Document): readonly Finding[] =>
  entryPoints(document).flatMap(({ commandText: command }) => {
    if (command === undefined || /^python (?=\S)/.test(command.text)) return [];
    const first = /^\S*/.exec(command.text)?.[0] ?? '';
    return [
      {
        code: 'spark-job-command',
        ...command.spanOf({ start: 0, end: Math.max(1, first.length) }),
        message: 'A Databricks Spark job runs `python <script>` only; the first word must be `python`.',
        mlflow: "Databricks spark job only supports 'python' command in the entry point configuration.",
      },
    ];
  });
