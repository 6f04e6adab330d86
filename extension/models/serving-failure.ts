import { withoutSecrets } from '../shared/without-secrets.ts';
import type { ServingFailure } from './serving-folder.ts';

export interface FailureContext {
  readonly interpreter: string;
  /** The program's exit code or signal. */
  readonly ending: string;
}

/** Modules that are not called as the package that brings them. */
const packageOfModule: Readonly<Record<string, string>> = {
  PIL: 'pillow',
  cv2: 'opencv-python',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
};

interface Known {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray, context: FailureContext) => ServingFailure;
}

const known: readonly Known[] = [
  {
    pattern: /ModuleNotFoundError: No module named '([\w.]+)'/,
    explain: ([, module = ''], { interpreter }) => {
      const name = module.split('.')[0] ?? module;
      const missingPackage = packageOfModule[name] ?? name.replaceAll('_', '-');
      return { message: `The model needs the Python module ${module}, which ${interpreter} does not have.`, missingPackage };
    },
  },
  {
    pattern: /uvicorn: (?:command )?not found|exec: uvicorn|'uvicorn' is not recognized/,
    explain: (_, { interpreter }) => ({ message: `Serving needs uvicorn, which is not beside ${interpreter}.`, missingPackage: 'uvicorn' }),
  },
  {
    pattern: /No such file or directory: '(None|pyenv|uv|conda)'|Could not find the (pyenv) binary|Could not find (Conda) executable/,
    explain: ([, file, pyenv, conda]) => {
      const program = (file === 'None' ? 'pyenv' : (file ?? pyenv ?? conda ?? '')).toLowerCase();
      return { message: `The environment of the model is made by ${program}, which is not on PATH. Install it, or serve with another environment.` };
    },
  },
  {
    pattern: /does not have the "python_function" flavor|No suitable flavor backend was found/,
    explain: () => ({ message: 'MLflow cannot serve this model: it has no python_function flavor. Save it with a flavor that has one.' }),
  },
  {
    pattern: /artifacts are external and are not stored/,
    explain: () => ({ message: "MLflow cannot serve this model: its files are elsewhere (its metadata say 'mlflow.model.isExternal')." }),
  },
  {
    pattern: /(.*MLFLOW_ALLOW_PICKLE_DESERIALIZATION.*)/,
    explain: ([text = '']) => ({ message: `mlflow refuses to load the model's pickle: ${text.trim()}` }),
  },
  {
    pattern: /API request to (\S+) failed with exception/,
    explain: ([, url = '']) => ({ message: `The model's store does not answer at ${url}. See that it runs, then restart.` }),
  },
];

/** Why a server has ended, of what it printed: the newest cause that is known, or the last thing that an exception said. */
export const explainFailure = (output: string, context: FailureContext): ServingFailure => {
  const text = withoutSecrets(output);
  for (const { pattern, explain } of known) {
    const match = pattern.exec(text);
    if (match !== null) return explain(match, context);
  }
  return { message: lastException(text) ?? `The server ended with ${context.ending}${lastLineText(text)}` };
};

/** What the shell says of its child is no cause. */
const lastException = (text: string): string | undefined =>
  text
    .split(/\r?\n/)
    .filter((line) => /^(?:[\w.]*(?:Error|Exception)|ERROR): ?\S/.test(line) && !/returned non zero return code/.test(line))
    .at(-1)
    ?.slice(0, 1_000);

const lastLineText = (text: string): string => {
  const line = text.trimEnd().split(/\r?\n/).at(-1)?.trim() ?? '';
  return line === '' ? '.' : `: ${line.slice(0, 500)}`;
};

/** Between the look for a free port and the server's own start somebody else may have taken it. */
export const isPortTaken = (output: string): boolean => /address already in use|Only one usage of each socket address/i.test(output);
