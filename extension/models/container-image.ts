import { randomUUID } from 'node:crypto';

import { MlflowError } from '../shared/errors.ts';
import { userEnvironment } from '../shared/process.ts';
import { dockerfileArgs, runMlflow, runToEnd, type MlflowRun } from './mlflow-command.ts';
import { markerOf } from './serving-environment.ts';

export interface ImageBuild {
  /** `docker` or `podman`. */
  readonly engine: string;
  /** `name` or `name:tag`. */
  readonly image: string;
  /** An empty folder, which gets the Dockerfile and the model. */
  readonly folder: string;
}

/** Names of images are lower case: `wine@champion` becomes `wine-champion`. */
export const imageNameFor = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'model';

const imageName = /^(?:[a-z0-9][\w.-]*(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?$/i;

/** Undefined when an engine takes it. */
export const whyNoImageName = (text: string): string | undefined =>
  imageName.test(text) && !/[A-Z]/.test(text.replace(/:[^:/]*$/, '')) ? undefined : 'An image is named in lower case, with a tag if you like: wine:1.0';

/** What `mlflow models build-docker` does, with podman too: mlflow writes the Dockerfile, the engine builds it. */
export const buildImage = async (run: Omit<MlflowRun, 'args'>, { engine, image, folder }: ImageBuild, signal: AbortSignal): Promise<void> => {
  await runMlflow({ ...run, args: dockerfileArgs(run.request.modelUri, folder) }, signal);
  const id = randomUUID();
  // The engine is the user's own program, and finds its daemon and its registries by the user's variables.
  const command = { file: engine, args: ['build', '--tag', image, folder], cwd: folder, env: { ...userEnvironment(), ...markerOf(id) } };
  const { output, ending } = await runToEnd(command, { id, onLine: run.onLine }, signal);
  if (ending === 0) return;
  throw new MlflowError('INVALID_STATE', `${engine} has not built ${image} (it ended with ${ending}): ${output.trim().split('\n').at(-1) ?? ''}`);
};

/** Images of models listen at 8080. */
export const runImageText = (engine: string, image: string): string => `${engine} run --rm --publish 127.0.0.1:5001:8080 ${image}`;
