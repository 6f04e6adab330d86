import { readCondaEnv } from '../../../schemas/conda-env.ts';
import { readPythonEnv } from '../../../schemas/python-env.ts';
import { pythonText, pythonTypeOfNode } from '../../../schemas/python-value.ts';
import { asScalar, asText, isNull, spanOf, type Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText } from '../../edits.ts';
import type { Finding } from '../../finding.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import { installedPackages } from '../environment/installed-packages.ts';
import type { Check } from '../kind.ts';
import { entryOf, flavorMapping, isForeign, isOlder, modelMapping, reading, versionOf } from './tree.ts';

/** `mlflow.pyfunc` splits it at its dots. */
export const checkPythonVersionText: Check = (document) => {
  const node = entryOf(flavorMapping(document, 'python_function'), 'python_version')?.value;
  const scalar = asScalar(node);
  if (node === undefined || node.kind === 'alias' || isNull(node) || asText(node) !== undefined) return [];
  const loss = scalar === undefined || pythonText(scalar.value) === scalar.text ? '' : `, here for ${pythonText(scalar.value)}`;
  return [
    {
      code: 'python-version-not-text',
      ...spanOf(node),
      message: `The version of Python is a text, and MLflow's YAML reader takes this for ${pythonTypeOfNode(node)}${loss}: no \`mlflow.pyfunc\` loads the model.`,
      mlflow: `AttributeError: '${pythonTypeOfNode(node)}' object has no attribute 'split'`,
      fixes:
        scalar === undefined
          ? []
          : [{ ...localFix(document, `Quote it: "${scalar.text}"`, document.edit(scalar, quotedText(scalar.text))), isPreferred: true }],
    },
  ];
};

/** Against the environment that models of this folder are tried in. */
export const checkAgainstInstalled: Check = async (document, { files }) => {
  const node = entryOf(modelMapping(document), 'mlflow_version')?.value;
  const text = asText(node);
  const written = versionOf(text);
  if (node === undefined || written === undefined || isForeign(document)) return [];
  const installed = (await installedPackages(document.uri, files)).find(({ name }) => name === 'mlflow' || name === 'mlflow-skinny')?.version;
  if (!isOlder(versionOf(installed), written)) return [];
  const message = `MLflow ${text} wrote this model, and the environment here has ${installed}: it may not know all of it.`;
  return [{ code: 'model-newer', ...spanOf(node), message }];
};

/** MLflow makes the environment with the Python of its file, whatever `python_version` says. */
export const checkPythonVersion: Check = async (document, { files }) => {
  const node = entryOf(flavorMapping(document, 'python_function'), 'python_version')?.value;
  const text = asText(node);
  const environment = reading(document).value.flavors.find(({ name }) => name === 'python_function')?.environment;
  if (node === undefined || text === undefined || environment === undefined) return [];
  const python = await pythonOf(document, files, environment.virtualenv, (content) => readPythonEnv(content).value.python);
  if (python !== undefined) return compare(text, python, environment.virtualenv ?? '', node);
  const conda = await pythonOf(document, files, environment.conda, (content) => readCondaEnv(content).value.environment.python);
  return conda === undefined ? [] : compare(text, conda, environment.conda ?? '', node);
};

const pythonOf = async (
  document: Document,
  files: FileSystem,
  path: string | undefined,
  read: (text: string) => string | undefined,
): Promise<string | undefined> => {
  const uri = path === undefined ? undefined : uriInside(folderOf(document.uri), path);
  const content = uri === undefined ? undefined : await files.read(uri);
  return content === undefined ? undefined : read(content);
};

const compare = (text: string, python: string, file: string, span: Span): readonly Finding[] => {
  const [own, other] = [versionOf(text), versionOf(python)];
  if (!isOlder(own, other) && !isOlder(other, own)) return [];
  const message = `${file} makes an environment with Python ${python}, and the model was saved with ${text}.`;
  const mlflow = `The version of Python that the model was saved in, \`Python ${text}\`, differs from the version of Python that is currently running, \`Python ${python}\`, and may be incompatible`;
  return [{ code: 'python-version-mismatch', ...spanOf(span), message, mlflow }];
};
