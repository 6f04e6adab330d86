import { userInfo } from 'node:os';

import type { Tag } from '../tracking/run.ts';
import type { RunSource } from './source-version.ts';

/** The tags that MLflow creates a project's run with. */
export const projectTags = (entryPoint: string, source: RunSource, user: string): readonly Tag[] => [
  { key: 'mlflow.user', value: user },
  { key: 'mlflow.source.name', value: source.name },
  { key: 'mlflow.source.type', value: 'PROJECT' },
  { key: 'mlflow.project.entryPoint', value: entryPoint },
  ...optionalTag('mlflow.source.git.commit', source.version?.commit),
  ...optionalTag('mlflow.source.git.repoURL', source.version?.repositoryUrl),
  ...optionalTag('mlflow.source.git.branch', source.branch),
];

const optionalTag = (key: string, value: string | undefined): readonly Tag[] => (value === undefined ? [] : [{ key, value }]);

/** Python's `getpass.getuser()`. */
export const userName = (environment: NodeJS.ProcessEnv): string => {
  const names = ['LOGNAME', 'USER', 'LNAME', 'USERNAME'].map((variable) => environment[variable]);
  return names.find((name) => name !== undefined && name !== '') ?? userInfo().username;
};
