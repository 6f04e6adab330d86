import { describe, expect, test } from 'vitest';

import { scaffoldProject, type SourceFile } from '../../extension/projects/scaffold.ts';
import { readMlproject } from '../../schemas/mlproject.ts';

const train: SourceFile = {
  name: 'train.py',
  text: `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--alpha", type=float, default=0.5)
parser.add_argument("--max-depth", type=int, default=6)
parser.add_argument("--label", default="yes")
parser.add_argument("--out", required=True)
parser.add_argument("--seed", type=int)
parser.add_argument("--verbose", action="store_true")
args = parser.parse_args()
`,
};

const evaluate: SourceFile = {
  name: 'evaluate.py',
  text: 'import click\n\n@click.command()\n@click.option("--metric", default="1e-4", help="x")\ndef main(metric): ...\n\nif __name__ == "__main__":\n    main()\n',
};

const helpers: SourceFile = { name: 'helpers.py', text: 'def load(path): ...\n' };

const scaffold = (scripts: readonly SourceFile[], ...files: readonly string[]) => scaffoldProject({ name: 'wine', files, scripts });

describe('Create MLproject', () => {
  test('makes an entry point of each program, with the options whose value is known or needed', () => {
    expect(scaffold([evaluate, helpers, train]).get('MLproject')).toBe(`name: wine
entry_points:
  main:
    parameters:
      data:
        type: string
      alpha:
        type: float
        default: 0.5
      max-depth:
        type: float
        default: 6
      label:
        type: string
        default: "yes"
      out:
        type: string
    command: python train.py {data} --alpha {alpha} --max-depth {max-depth} --label {label} --out {out}
  evaluate:
    parameters:
      metric:
        type: string
        default: "1e-4"
    command: python evaluate.py --metric {metric}
`);
  });

  test('what it writes has no problems, and the defaults that the scripts have', () => {
    const { value, problems } = readMlproject(scaffold([train, evaluate]).get('MLproject') ?? '');
    expect(problems).toEqual([]);
    const defaults = value.entryPoints.flatMap(({ parameters }) => parameters.map(({ name, defaultValue }) => [name, defaultValue]));
    expect(Object.fromEntries(defaults)).toMatchObject({ alpha: '0.5', 'max-depth': '6', label: 'yes', metric: '1e-4' });
  });

  test('of a folder without programs makes a beginning', () => {
    expect(scaffold([helpers]).get('MLproject')).toBe('name: wine\nentry_points:\n  main:\n    command: python main.py\n');
  });

  test.each([
    [['python_env.yaml', 'requirements.txt'], 'python_env: python_env.yaml', undefined],
    [['environment.yml', 'requirements.txt'], 'conda_env: environment.yml', undefined],
    [['requirements.txt'], 'python_env: python_env.yaml', 'dependencies:\n  - -r requirements.txt\n'],
    [[], 'name: wine\nentry_points', undefined],
  ])('with %j takes the environment from there', (files, line, written) => {
    const made = scaffold([train], ...files);
    expect(made.get('MLproject')).toContain(line);
    expect(made.get('python_env.yaml')).toBe(written);
  });

  test('names that only a shell would misread are quoted, and tests are no programs', () => {
    const spaced = { name: 'my train.py', text: train.text };
    const tests = { name: 'test_train.py', text: train.text };
    const text = scaffold([spaced, tests]).get('MLproject') ?? '';
    expect(text).toContain("python 'my train.py'");
    expect(readMlproject(text).value.entryPoints.map(({ name }) => name)).toEqual(['main']);
  });
});
