import { asMapping, contains, isNull, keyText } from '../../../schemas/yaml-tree.ts';
import { insertEntry } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import { convertFix } from '../environment/convert.ts';
import type { RangeRequest, Refactoring } from '../kind.ts';
import { environmentTemplate } from './environment-checks.ts';
import { entryOf, projectMapping, reading } from './tree.ts';

/** On the line of `conda_env`, and on the keys of a project that has no environment. */
export const environmentRefactorings = async (request: RangeRequest): Promise<readonly Refactoring[]> => {
  const { document, span } = request;
  const project = projectMapping(document);
  const key = project?.entries.find((entry) => contains(entry.key, span.start) || (contains(entry, span.start) && asMapping(entry.value) === undefined));
  const { environment } = reading(document).value;
  const fix = environment.kind === 'conda' && key !== undefined && keyText(key) === 'conda_env' ? await convert(request, environment.file) : undefined;
  const added = environment.kind === 'default' && key !== undefined ? await addEnvironment(request) : undefined;
  return [fix, added].filter((found) => found !== undefined).map((found) => ({ kind: 'refactor.rewrite', fix: found }));
};

const convert = async ({ document, workspace }: RangeRequest, file: string): Promise<Fix | undefined> => {
  const uri = uriInside(folderOf(document.uri), file);
  const text = uri === undefined ? undefined : await workspace.files.read(uri);
  return uri === undefined || text === undefined ? undefined : convertFix(uri, text, workspace.files, document);
};

/** Without one, MLflow runs the project in an empty environment, which lacks mlflow. */
const addEnvironment = async ({ document, workspace }: RangeRequest): Promise<Fix | undefined> => {
  const project = projectMapping(document);
  const folder = folderOf(document.uri);
  const uri = `${folder}/python_env.yaml`;
  const names = (await workspace.files.list(folder)).map(({ name }) => name);
  const isNamed = ['python_env', 'conda_env', 'docker_env', 'databricks_spark_job'].some((name) => {
    const entry = entryOf(project, name);
    return entry !== undefined && !(name === 'databricks_spark_job' && isNull(entry.value));
  });
  if (project === undefined || isNamed || names.includes('python_env.yaml') || names.includes('conda.yaml')) return undefined;
  return {
    title: 'Add a python_env.yaml',
    createFile: uri,
    edits: {
      [uri]: [{ range: document.rangeOf({ start: 0, end: 0 }), newText: environmentTemplate.python }],
      [document.uri]: [insertEntry(document, project, 'python_env', 'python_env.yaml', 'first')],
    },
  };
};
