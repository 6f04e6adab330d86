import type { DockerVariable, EntryPoint, Mlproject, MlprojectProblem, MlprojectProblemCode, Parameter, ProjectEnvironment, SparkJob } from './mlproject.ts';
import { pythonText, pythonTextOfNode, pythonTypeOfNode, qualifiedTypeOfNode } from './python-value.ts';
import {
  asMapping,
  asScalar,
  asSequence,
  asText,
  effectiveEntries,
  entryNamed,
  isNull,
  isTruthy,
  spanOf,
  valueOf,
  type Span,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
} from './yaml-tree.ts';

const environmentKeys = ['docker_env', 'python_env', 'conda_env'] as const;

const docsWordOfEnvironment = { docker_env: 'docker', python_env: 'python', conda_env: 'conda' } as const;

/** Follows `mlflow/projects/_project_spec.py: load_project` check by check, but goes on where MLflow raises. */
export class MlprojectReader {
  readonly problems: MlprojectProblem[] = [];

  read(root: YamlNode | undefined, textLength: number): Mlproject {
    const mapping = asMapping(root);
    if (mapping === undefined) {
      this.#refuseRoot(root, textLength);
      return { environment: { kind: 'default' }, entryPoints: [] };
    }
    const name = valueOf(mapping, 'name');
    this.#checkSingleEnvironment(mapping);
    const entryPoints = this.#readEntryPoints(mapping);
    const sparkJob = this.#readSparkJob(mapping, entryPoints);
    const environment = this.#readEnvironment(mapping);
    return { ...(isNull(name) ? {} : { name: pythonTextOfNode(name) }), environment, entryPoints, ...(sparkJob && { sparkJob }) };
  }

  #refuse(code: MlprojectProblemCode, span: Span, message: string, mlflow: string): void {
    this.problems.push({ code, message, mlflow, start: span.start, end: span.end });
  }

  /** Where MLflow calls a method of a mapping on something else. */
  #refuseType(code: MlprojectProblemCode, node: YamlNode, message: string, method: 'keys' | 'items' | 'get'): void {
    this.#refuse(code, node, message, `AttributeError: '${qualifiedTypeOfNode(node)}' object has no attribute '${method}'`);
  }

  #refuseRoot(root: YamlNode | undefined, textLength: number): void {
    const span = root ?? { start: 0, end: Math.min(1, textLength) };
    const message = isNull(root)
      ? 'The file is empty; MLflow needs at least a mapping, such as `entry_points:`.'
      : 'An MLproject file is a mapping with keys such as `name` and `entry_points`.';
    const type = root === undefined ? 'NoneType' : qualifiedTypeOfNode(root);
    this.#refuse('root-not-mapping', span, message, `AttributeError: '${type}' object has no attribute 'keys'`);
  }

  #checkSingleEnvironment(mapping: YamlMapping): void {
    const entries = effectiveEntries(mapping);
    const present = environmentKeys.filter((key) => entries.has(key));
    if (present.length < 2) return;
    const names = present.map((key) => `'${key}'`).join(', ');
    for (const key of present) {
      const others = present.filter((other) => other !== key).join(' and ');
      const span = entries.get(key)?.key ?? mapping;
      this.#refuse(
        'multiple-environments',
        span,
        `Only one environment is allowed; ${others} ${present.length > 2 ? 'are' : 'is'} given as well.`,
        `Project cannot contain multiple environment fields: {${names}}`,
      );
    }
  }

  #readEntryPoints(mapping: YamlMapping): readonly EntryPoint[] {
    const entry = entryNamed(mapping, 'entry_points');
    if (entry === undefined) return [];
    const entries = asMapping(entry.value);
    if (entries === undefined) {
      const span = isNull(entry.value) ? entry.key : entry.value;
      this.#refuse('entry-points-not-mapping', span, '`entry_points` maps each name to its `parameters` and `command`.', noAttribute(entry.value, 'items'));
      return [];
    }
    return [...effectiveEntries(entries).values()].map((entry) => this.#readEntryPoint(entry));
  }

  #readEntryPoint(entry: YamlEntry): EntryPoint {
    const name = keyName(entry);
    const mapping = asMapping(entry.value);
    if (mapping === undefined) {
      const span = isNull(entry.value) ? entry.key : entry.value;
      this.#refuse('entry-point-not-mapping', span, `Entry point '${name}' needs a \`command\` key below it.`, noAttribute(entry.value, 'get'));
      return { name, parameters: [], span: spanOf(entry.key) };
    }
    const command = asText(valueOf(mapping, 'command'));
    return { name, parameters: this.#readParameters(mapping), ...(command === undefined ? {} : { command }), span: spanOf(entry.key) };
  }

  #readParameters(entryPoint: YamlMapping): readonly Parameter[] {
    const entry = entryNamed(entryPoint, 'parameters');
    if (entry === undefined) return [];
    const mapping = asMapping(entry.value);
    if (mapping === undefined) {
      const message = isNull(entry.value) ? '`parameters` is empty; leave the key out, or write `{}`.' : '`parameters` maps each name to its type and default.';
      this.#refuse('parameters-not-mapping', isNull(entry.value) ? entry.key : entry.value, message, noAttribute(entry.value, 'items'));
      return [];
    }
    return [...effectiveEntries(mapping).values()].map((parameter) => this.#readParameter(parameter));
  }

  #readParameter(entry: YamlEntry): Parameter {
    const name = keyName(entry);
    const shortForm = asText(entry.value);
    if (shortForm !== undefined) return { name, type: shortForm, span: spanOf(entry.key) };
    const mapping = asMapping(entry.value);
    if (mapping === undefined) {
      const span = isNull(entry.value) ? entry.key : entry.value;
      this.#refuse(
        'parameter-not-mapping',
        span,
        `Parameter '${name}' needs a type, or a mapping of \`type\` and \`default\`.`,
        noAttribute(entry.value, 'get'),
      );
      return { name, type: 'string', span: spanOf(entry.key) };
    }
    const type = valueOf(mapping, 'type');
    const defaultNode = valueOf(mapping, 'default');
    return {
      name,
      type: type === undefined ? 'string' : pythonTextOfNode(type),
      ...(isNull(defaultNode) ? {} : { defaultValue: pythonTextOfNode(defaultNode) }),
      span: spanOf(entry.key),
    };
  }

  #readSparkJob(project: YamlMapping, entryPoints: readonly EntryPoint[]): SparkJob | undefined {
    const entry = entryNamed(project, 'databricks_spark_job');
    if (entry === undefined || isNull(entry.value)) return undefined;
    const job = asMapping(entry.value);
    if (job === undefined) {
      this.#refuseType('spark-job-not-mapping', entry.value, '`databricks_spark_job` is a mapping with keys such as `python_file`.', 'get');
      return undefined;
    }
    const pythonFile = valueOf(job, 'python_file');
    this.#checkSparkJob(entry, !isNull(pythonFile), entryPoints);
    this.#checkSparkEnvironment(project);
    return {
      ...(isNull(pythonFile) ? {} : { pythonFile: pythonTextOfNode(pythonFile) }),
      parameters: (asSequence(valueOf(job, 'parameters'))?.items ?? []).map(pythonTextOfNode),
      pythonLibraries: (asSequence(valueOf(job, 'python_libraries'))?.items ?? []).map(pythonTextOfNode),
    };
  }

  #checkSparkJob({ key }: YamlEntry, hasPythonFile: boolean, entryPoints: readonly EntryPoint[]): void {
    if (!hasPythonFile && entryPoints.length === 0) {
      const mlflow = "Databricks Spark job requires either 'databricks_spark_job.python_file' setting or 'entry_points' setting.";
      this.#refuse('spark-job-empty', key, 'A Databricks Spark job needs a `python_file`, or the project needs `entry_points`.', mlflow);
    }
    if (hasPythonFile && entryPoints.length > 0) {
      const mlflow = "Databricks Spark job does not allow setting both 'databricks_spark_job.python_file' and 'entry_points'.";
      this.#refuse('spark-job-both', key, 'A Databricks Spark job takes a `python_file` or `entry_points`, not both.', mlflow);
    }
    for (const { name, span } of entryPoints.flatMap(({ parameters }) => parameters.filter(({ type }) => type === 'path'))) {
      const mlflow = `Databricks Spark job does not support entry point parameter of 'path' type. '${name}' value type is invalid.`;
      this.#refuse('spark-job-path-parameter', span, `A Databricks Spark job cannot have a parameter of type path, as '${name}' is.`, mlflow);
    }
  }

  #checkSparkEnvironment(project: YamlMapping): void {
    const entries = effectiveEntries(project);
    for (const key of environmentKeys) {
      const entry = entries.get(key);
      if (entry === undefined) continue;
      const word = docsWordOfEnvironment[key];
      this.#refuse(
        'spark-job-environment',
        entry.key,
        `A Databricks Spark job cannot have a ${key}.`,
        `Databricks Spark job does not support setting ${word} environment.`,
      );
    }
  }

  #readEnvironment(project: YamlMapping): ProjectEnvironment {
    const docker = valueOf(project, 'docker_env');
    if (isTruthy(docker)) return this.#readDocker(docker);
    return (
      this.#readEnvironmentFile('python', valueOf(project, 'python_env')) ??
      this.#readEnvironmentFile('conda', valueOf(project, 'conda_env')) ?? { kind: 'default' }
    );
  }

  #readEnvironmentFile(kind: 'python' | 'conda', node: YamlNode | undefined): ProjectEnvironment | undefined {
    if (!isTruthy(node)) return undefined;
    const file = asText(node);
    if (file !== undefined) return { kind, file, span: spanOf(node) };
    const mlflow = `TypeError: join() argument must be str, bytes, or os.PathLike object, not '${pythonTypeOfNode(node)}'`;
    this.#refuse('environment-not-path', node, `\`${kind}_env\` is the path of a file, relative to the project.`, mlflow);
    return undefined;
  }

  #readDocker(node: YamlNode): ProjectEnvironment {
    const docker = asMapping(node);
    if (docker === undefined) {
      this.#refuseType('docker-not-mapping', node, '`docker_env` is a mapping with an `image`.', 'get');
      return { kind: 'docker', image: '', volumes: [], variables: [] };
    }
    const image = valueOf(docker, 'image');
    if (!isTruthy(image))
      this.#refuseDocker('docker-image-missing', image, docker, '`docker_env` needs an `image`.', 'Docker environment specified but no image attribute found.');
    return {
      kind: 'docker',
      image: isTruthy(image) ? pythonTextOfNode(image) : '',
      volumes: this.#readVolumes(docker),
      variables: this.#readVariables(docker),
    };
  }

  #refuseDocker(code: MlprojectProblemCode, node: YamlNode | undefined, docker: YamlMapping, message: string, mlflow: string): void {
    const firstKey = docker.entries[0]?.key ?? docker;
    this.#refuse(
      code,
      node === undefined || node.start === node.end ? firstKey : node,
      message,
      `Project configuration (MLproject file) was invalid: ${mlflow}`,
    );
  }

  #readVolumes(docker: YamlMapping): readonly string[] {
    const node = valueOf(docker, 'volumes');
    if (!isTruthy(node)) return [];
    const items = asSequence(node)?.items;
    for (const wrong of items === undefined ? [node] : items.filter((item) => asText(item) === undefined)) {
      const mlflow = 'Docker volumes must be a list of strings, e.g.: \'["/path1/:/path1", "/path2/:/path2"])';
      this.#refuseDocker('docker-volumes', wrong, docker, '`volumes` is a list of texts such as `/data:/data`.', mlflow);
    }
    return (items ?? []).map(asText).filter((volume) => volume !== undefined);
  }

  #readVariables(docker: YamlMapping): readonly DockerVariable[] {
    const node = valueOf(docker, 'environment');
    if (!isTruthy(node)) return [];
    const items = asSequence(node)?.items;
    for (const wrong of items === undefined ? [node] : items.filter((item) => asText(item) === undefined && asSequence(item) === undefined)) {
      const mlflow =
        'environment must be a list containing either strings (to copy environment variables from host system) or lists of string pairs (to define new environment variables).' +
        'E.g.: \'[["NEW_VAR", "new_value"], "VAR_TO_COPY_FROM_HOST"])';
      this.#refuseDocker('docker-environment', wrong, docker, '`environment` is a list: a name copies a variable, `[NAME, value]` sets one.', mlflow);
    }
    return (items ?? []).map(readVariable).filter((variable) => variable !== undefined);
  }
}

const readVariable = (node: YamlNode): DockerVariable | undefined => {
  const name = asText(node);
  if (name !== undefined) return { name };
  const [first, second] = asSequence(node)?.items ?? [];
  return first === undefined || second === undefined ? undefined : { name: pythonTextOfNode(first), value: pythonTextOfNode(second) };
};

const keyName = (entry: YamlEntry): string => {
  const key = asScalar(entry.key);
  return key === undefined ? '' : pythonText(key.value);
};

const noAttribute = (node: YamlNode, method: string): string => `AttributeError: '${qualifiedTypeOfNode(node)}' object has no attribute '${method}'`;
