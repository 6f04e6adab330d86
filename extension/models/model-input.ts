import { readMlmodel, type InputExample, type Mlmodel } from '../../schemas/mlmodel.ts';
import type { ModelInput } from '../../schemas/serve-page.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { ModelFiles } from './model-files.ts';

/** Of a model's MLmodel file; RESOURCE_DOES_NOT_EXIST when there is none. */
export const readModel = async (files: ModelFiles, signal?: AbortSignal): Promise<Mlmodel> => {
  const text = await files.read('MLmodel', signal);
  if (text !== undefined) return readMlmodel(text).value;
  throw new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `There is no MLmodel file${files.folder === undefined ? '' : ` in ${files.folder}`}: this is no model of MLflow.`,
  );
};

/** What a request to the model can be built from. What cannot be read is said, and keeps nobody from trying. */
export const readModelInput = async (files: ModelFiles, signal?: AbortSignal): Promise<ModelInput> => {
  try {
    const text = await files.read('MLmodel', signal);
    if (text === undefined) return { isFromTypeHints: false, notes: ['The MLmodel file of the model was not found: nothing is known of its input.'] };
    return await describe(text, files, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return { isFromTypeHints: false, notes: [`Nothing is known of the model's input: ${errorMessage(error)}`] };
  }
};

const describe = async (text: string, files: ModelFiles, signal?: AbortSignal): Promise<ModelInput> => {
  const { value, problems } = readMlmodel(text);
  const { signature } = value;
  const problem = problems.find(
    ({ code }) => code.startsWith('signature') || code.startsWith('schema') || code.startsWith('column') || code.startsWith('param'),
  );
  const { example, note } = await readExample(value, files, signal);
  return {
    ...(signature !== undefined && { signature }),
    ...(example !== undefined && { example }),
    isFromTypeHints: value.isSignatureFromTypeHint,
    notes: [...(problem === undefined ? [] : [`The model's signature is broken: ${problem.message}`]), ...(note === undefined ? [] : [note])],
  };
};

interface Example {
  readonly example?: string;
  readonly note?: string;
}

const readExample = async ({ inputExample }: Mlmodel, files: ModelFiles, signal?: AbortSignal): Promise<Example> => {
  if (inputExample === undefined) return {};
  const { servingInputPath, artifactPath } = inputExample;
  try {
    const ready = servingInputPath === undefined ? undefined : await files.read(servingInputPath, signal);
    if (ready !== undefined) return { example: ready };
    const saved = await files.read(artifactPath, signal);
    if (saved === undefined) return { note: `The input example ${artifactPath} is not there.` };
    return { example: toRequest(saved, inputExample) };
  } catch (error) {
    signal?.throwIfAborted();
    return { note: `The input example cannot be read: ${errorMessage(error)}` };
  }
};

/** Before 2.15 only the data were saved, without the key that a request needs. */
const toRequest = (text: string, { type, hasParams }: Pick<InputExample, 'type' | 'hasParams'>): string => {
  const saved: unknown = JSON.parse(text);
  const isWrapped = hasParams && typeof saved === 'object' && saved !== null && 'inputs' in saved;
  const data = isWrapped ? saved.inputs : saved;
  const params = isWrapped && 'params' in saved ? { params: saved.params } : {};
  const key = type === 'dataframe' ? 'dataframe_split' : 'inputs';
  const content = type === 'dataframe' && Array.isArray(data) ? { data } : data;
  return JSON.stringify({ [key]: content, ...params });
};
