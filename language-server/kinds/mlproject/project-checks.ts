import { pythonTypeOfNode } from '../../../schemas/python-value.ts';
import { asMapping, asScalar, asSequence, effectiveEntries, isNull, keyText, spanOf, type YamlEntry } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import type { FolderEntry, Workspace } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { checkTypes } from '../schema-types.ts';
import { surprisingValue } from '../yaml-values.ts';
import { missingScript } from './missing-script.ts';
import { removeFrom } from './reading-fixes.ts';
import { entryOf, entryPoints, projectMapping, reading, type CommandText } from './tree.ts';

/** MLflow looks for a file whose name, in any case, is `mlproject`: one with an extension is never read. */
export const checkFileName: Check = async (document, { files }) => {
  const name = nameOf(document.uri);
  if (name.toLowerCase() === 'mlproject') return secondFile(document, name, await files.list(folderOf(document.uri)));
  const to = `${folderOf(document.uri)}/MLproject`;
  return [
    {
      code: 'file-name',
      ...firstLine(document),
      message: `MLflow does not read '${name}': the file must be called MLproject.`,
      mlflow: "Could not find main among entry points [] or interpret main as a runnable script. Supported script file extensions: ['.py', '.sh']",
      fixes: [{ title: 'Rename to MLproject', edits: {}, renameFile: { from: document.uri, to }, isPreferred: true }],
    },
  ];
};

/** MLflow takes the first one that the system lists. */
const secondFile = (document: Document, name: string, siblings: readonly FolderEntry[]): readonly Finding[] => {
  const other = siblings.find((entry) => entry.name !== name && entry.name.toLowerCase() === 'mlproject');
  if (other === undefined) return [];
  return [
    { code: 'file-twice', ...firstLine(document), message: `There is a '${other.name}' beside this '${name}': which one MLflow reads is left to chance.` },
  ];
};

const firstLine = (document: Document) => ({ start: 0, end: Math.max(0, document.text.search(/\r|\n|$/)) });

export const checkEntryPoints: Check = (document) => {
  const entry = entryOf(projectMapping(document), 'entry_points');
  const entries = [...effectiveEntries(asMapping(entry?.value)).values()];
  if (entry === undefined) return [];
  return [...missingMain(document, entry, entries), ...entries.flatMap((candidate) => unreachable(document, candidate))];
};

const missingMain = (document: Document, { key, value }: YamlEntry, entries: readonly YamlEntry[]): readonly Finding[] => {
  const { sparkJob } = reading(document).value;
  const names = entries.map(keyText);
  if (names.includes('main') || asMapping(value) === undefined || sparkJob?.pythonFile !== undefined) return [];
  const listed = names.map((name) => `'${name}'`).join(', ');
  const mlflow =
    sparkJob === undefined
      ? `Could not find main among entry points [${listed}] or interpret main as a runnable script. Supported script file extensions: ['.py', '.sh']`
      : "The entry point 'main' is not defined in the Databricks spark job MLproject file.";
  const message = 'There is no entry point `main`: `mlflow run` needs `-e` with the name of one.';
  const [only] = entries.length === 1 ? entries : [];
  const fixes = only === undefined ? [] : [localFix(document, `Rename '${keyText(only)}' to 'main'`, document.edit(only.key, 'main'))];
  return [{ code: 'main-missing', ...spanOf(key), message, mlflow, fixes }];
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
  const words = asSequence(entryOf(job, 'parameters')?.value)?.items ?? [];
  return [
    ...unusedParameters(entry, document),
    ...words.flatMap((word) => (word.kind === 'scalar' ? surprisingValue(document, word, false) : [])),
    ...(await missingFile(document, workspace)),
    ...sparkCommands(document),
  ];
};

const unusedParameters = (job: YamlEntry, document: Document): readonly Finding[] => {
  const mapping = asMapping(job.value);
  const parameters = entryOf(mapping, 'parameters');
  const hasFile = reading(document).value.sparkJob?.pythonFile !== undefined;
  if (mapping === undefined || parameters === undefined || hasFile || isNull(parameters.value)) return [];
  const fixes = [localFix(document, "Remove 'parameters'", removeFrom(document, mapping, parameters))];
  return [
    { code: 'spark-job-parameters', ...spanOf(parameters.key), message: 'These parameters are used with a `python_file` only.', tag: 'unnecessary', fixes },
  ];
};

const missingFile = async (document: Document, { files }: Workspace): Promise<readonly Finding[]> => {
  const job = asMapping(entryOf(projectMapping(document), 'databricks_spark_job')?.value);
  const node = entryOf(job, 'python_file')?.value;
  const path = asScalar(node)?.text;
  const uri = path === undefined || path === '' ? undefined : uriInside(folderOf(document.uri), path);
  if (node === undefined || uri === undefined || (await files.kindOf(uri)) !== undefined) return [];
  return [await missingScript(document, files, path ?? '', spanOf(node))];
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
        fixes: pythonFirst(document, command, first),
      },
    ];
  });

/** `python3 train.py` and `./train.py` are nearly right. */
const pythonFirst = (document: Document, command: CommandText, first: string): readonly Fix[] => {
  const title = 'Start the command with `python`';
  if (/^python[\d.]*$/.test(first) && /^\S+\s+\S/.test(command.text))
    return [localFix(document, title, document.edit(command.spanOf({ start: 0, end: /^\S+\s+/.exec(command.text)?.[0].length ?? 0 }), 'python '))];
  const { start } = command.spanOf({ start: 0, end: 0 });
  return first.endsWith('.py') ? [localFix(document, title, document.edit({ start, end: start }, 'python '))] : [];
};

/** What MLflow takes as it comes, though it needs a list or a text: `python_libraries: pandas` would install p, a, n, d and s. */
export const checkFieldTypes: Check = (document) => {
  const keys = new Set(projectMapping(document)?.entries.map(keyText));
  if (!keys.has('databricks_spark_job') && !keys.has('docker_env')) return [];
  return checkTypes(document, (path) => path.length !== 2 || !(path[0] === 'databricks_spark_job' || path[1] === 'image'));
};
