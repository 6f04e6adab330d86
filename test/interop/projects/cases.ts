export interface ProjectCase {
  readonly name: string;
  /** Text of the MLproject file; absent: a folder without one. */
  readonly mlproject?: string;
  /** Besides `dump.py`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly entryPoint?: string;
  readonly values?: Readonly<Record<string, string>>;
  /** MLflow refuses it before there is a run; ours gives the same reason. */
  readonly refused?: RegExp;
  /** MLflow leaves the run RUNNING; ours is FAILED with this reason. */
  readonly failedStart?: RegExp;
  readonly runName?: string;
  readonly experiment?: string;
  /** The files lie in a repository of git: on the branches `main` and, once more, `feature`, at the tag `v1`. */
  readonly git?: { readonly below?: string; readonly version?: string };
}

const main = (command: string, parameters = ''): string =>
  `name: p\nentry_points:\n  main:\n${parameters === '' ? '' : `    parameters: ${parameters}\n`}    command: ${JSON.stringify(command)}\n`;

const one = main('python dump.py --s {s}', '{s: string}');

const traps: readonly (readonly [name: string, value: string])[] = [
  ['spaces', 'a  b '],
  ['quotes of both kinds', `it's "quoted"`],
  ['a variable', '$HOME ${PATH}'],
  ['a command substitution', '$(id) `id`'],
  ['separators', 'a; b && c | d > e & f'],
  ['globs and a tilde', '* ? [a-z] ~ ~/x'],
  ['a newline', 'first\nsecond'],
  ['CRLF and a tab', 'first\r\nsecond\tthird'],
  ['a newline at the end', 'text\n'],
  ['backslashes', String.raw`\ \\ \n \'`],
  ['braces', '{s} {{s}} {0} {'],
  ['what looks like an option', '--flag'],
  ['a dash', '-'],
  ['nothing', ''],
  ['unicode', 'héllo 世界 🎉 ‮'],
  ['JSON', '{"a": [1, 2.5, "x y"], "b": null}'],
  ['percent and caret', '%PATH% ^ 100%'],
  ['a history mark and a hash', '!! !x # comment'],
  ['seven thousand characters', 'x y '.repeat(1750)],
];

export const projectCases: readonly ProjectCase[] = [
  { name: 'a plain command', mlproject: main('python dump.py') },
  ...traps.map(([name, value]): ProjectCase => ({ name: `a declared value with ${name}`, mlproject: one, values: { s: value } })),
  ...traps.map(([name, value]): ProjectCase => ({ name: `an undeclared value with ${name}`, mlproject: main('python dump.py'), values: { extra: value } })),
  { name: 'a value bound to its option', mlproject: main('python dump.py --s={s} x{s}y', '{s: string}'), values: { s: 'a b' } },
  { name: 'a quoted placeholder', mlproject: main(`python dump.py "{s}" '{s}'`, '{s: string}'), values: { s: 'a b' } },
  { name: 'doubled braces', mlproject: main(`python dump.py {{a}} '{{ b }}' {s}`, '{s: string}'), values: { s: '1' } },
  {
    name: 'defaults of every type that YAML has',
    mlproject: main(
      'python dump.py {i} {f} {e} {x} {b} {d} {l} {m} {s} {z} {n}',
      '{i: {default: 0x10}, f: {default: 1.50}, e: {default: 1e-4}, x: {default: 1.0e-4}, b: {default: yes}, d: {default: 2024-01-31}, l: {default: [1, a b]}, m: {default: {a: 1}}, s: {default: ""}, z: {default: 010}, n: {default: None}}',
    ),
  },
  {
    name: 'a value given for a default',
    mlproject: main('python dump.py {a} {b}', '{a: {type: float, default: 0.5}, b: {type: float, default: 2}}'),
    values: { b: 'abc' },
  },
  { name: 'undeclared values in their order', mlproject: main('python dump.py'), values: { zeta: '1', alpha: '2', 'a-b': '3', 'x.y/z:w': '4' } },
  {
    name: 'a command of several lines with undeclared values',
    mlproject: 'entry_points:\n  main:\n    command: |\n      python dump.py one\n      echo two\n',
    values: { k: 'v' },
  },
  { name: 'a command with shell grammar', mlproject: main('X=1 python dump.py $((1+1)) "$X" && python dump.py second | cat') },
  { name: 'a parameter that the command does not use', mlproject: main('python dump.py', '{unused: {default: 1}}') },
  { name: 'an odd type', mlproject: main('python dump.py {a}', '{a: {type: integer, default: 7}}') },
  {
    name: 'names with dashes, blanks and keywords',
    mlproject: main('python dump.py {a-b} {c d} {lambda}', '{a-b: {default: 1}, c d: {default: 2}, lambda: {default: 3}}'),
  },
  { name: 'a path in the project', mlproject: main('python dump.py {p}', '{p: path}'), files: { 'data/x y.txt': 'x' }, values: { p: 'data/x y.txt' } },
  { name: 'a path with dots', mlproject: main('python dump.py {p}', '{p: path}'), files: { 'data/x.txt': 'x' }, values: { p: './data/../data' } },
  { name: 'a path with an escape', mlproject: main('python dump.py {p}', '{p: path}'), files: { 'data/x y.txt': 'x' }, values: { p: 'data/x%20y.txt' } },
  { name: 'a default path', mlproject: main('python dump.py {p}', '{p: {type: path, default: data}}'), files: { 'data/x.txt': 'x' } },
  { name: 'a uri', mlproject: main('python dump.py {u}', '{u: uri}'), values: { u: 'http://host/a b?c=d#e' } },
  { name: 'a run name and an experiment', mlproject: main('python dump.py'), runName: 'named', experiment: 'an experiment' },
  { name: 'a script that fails', mlproject: main('python dump.py; exit 7') },
  { name: 'a script that dies by a signal', mlproject: main('python dump.py; kill -9 $$') },
  { name: 'a command that is not there', mlproject: main('no-such-program-anywhere') },
  { name: 'an empty command', mlproject: main('') },
  { name: 'a Python script without MLproject', entryPoint: 'dump.py', values: { a: '1', b: 'x y' } },
  { name: 'a Python script in a folder below', files: { 'sub/other.py': 'import runpy; runpy.run_path("dump.py")' }, entryPoint: 'sub/other.py' },
  { name: 'a shell script without MLproject', files: { 'go.sh': 'python dump.py "$@"\n' }, entryPoint: 'go.sh', values: { a: '1 2' } },
  { name: 'a script beside declared entry points', mlproject: main('exit 1'), entryPoint: 'dump.py' },
  { name: 'a script that is not there', entryPoint: 'missing.py' },
  { name: 'another entry point', mlproject: `${main('exit 1')}  other one:\n    command: python dump.py other\n`, entryPoint: 'other one' },
  {
    name: 'a script that logs and ends its run',
    mlproject: main('python log.py'),
    files: {
      'log.py':
        'import mlflow\nwith mlflow.start_run():\n    mlflow.log_param("p", 1)\n    mlflow.log_metric("m", 2.5)\n    mlflow.log_text("text", "a.txt")\n',
    },
  },
  {
    name: 'a script that fails inside its run',
    mlproject: main('python log.py'),
    files: { 'log.py': 'import mlflow\nwith mlflow.start_run():\n    raise ValueError("no")\n' },
  },
  {
    name: 'a script that succeeds in its run and fails after it',
    mlproject: main('python log.py'),
    files: { 'log.py': 'import mlflow\nwith mlflow.start_run():\n    pass\nraise SystemExit(3)\n' },
  },
  {
    name: 'a script that fails in its run and succeeds after it',
    mlproject: main('python log.py'),
    files: { 'log.py': 'import mlflow\nmlflow.start_run()\nmlflow.end_run("FAILED")\n' },
  },
  {
    name: 'an entry point that runs another one',
    mlproject: `${main('python nest.py')}  inner:\n    parameters: {a: string}\n    command: python dump.py {a}\n`,
    files: {
      'nest.py': 'import mlflow\nwith mlflow.start_run():\n    mlflow.run(".", "inner", parameters={"a": "x y"}, env_manager="local", experiment_id="0")\n',
    },
  },

  { name: 'a project in git', mlproject: main('python dump.py {a}', '{a: string}'), values: { a: 'x y' }, git: {} },
  { name: 'a project in a folder of git', files: { 'sub/MLproject': main('python ../dump.py below') }, git: { below: 'sub' } },
  { name: 'a branch of git', mlproject: main('python dump.py'), git: { version: 'feature' } },
  { name: 'a tag of git, in a folder', files: { 'sub/MLproject': main('python ../dump.py below') }, git: { version: 'v1', below: 'sub' } },
  { name: 'a script in git', entryPoint: 'dump.py', values: { a: '1' }, git: {} },
  { name: 'a version that git does not have', mlproject: main('echo'), git: { version: 'nope' }, refused: /Unable to checkout version 'nope' of git repo/ },
  { name: 'a folder that git does not have', mlproject: main('echo'), git: { below: 'nope' }, refused: /Could not find subdirectory nope of/ },
  { name: 'a folder of git with a dot', mlproject: main('echo'), git: { below: 'a.b' }, refused: /'\.' is not allowed in project subdirectory paths/ },

  { name: 'missing values', mlproject: main('echo', '{a: string, b: float, c: {default: 1}}'), refused: /No value given for missing parameters: 'a', 'b'/ },
  {
    name: 'an entry point that is not there',
    mlproject: main('echo'),
    entryPoint: 'nope',
    refused: /Could not find nope among entry points \['main'\] or interpret nope as a runnable script/,
  },
  { name: 'a script of a kind that is not run', entryPoint: 'x.ipynb', refused: /Could not find x.ipynb among entry points \[\]/ },
  { name: 'two environments', mlproject: 'python_env: a\nconda_env: b\n', refused: /environment/ },
  {
    name: 'an environment file that is not there',
    mlproject: `python_env: missing.yaml\n${main('echo')}`,
    refused: /Project specified python_env file .*missing.yaml, but no such file was found/,
  },

  { name: 'a uri without scheme', mlproject: main('echo {u}', '{u: uri}'), values: { u: 'a/b' }, failedStart: /Expected URI for parameter u but got a\/b/ },
  {
    name: 'a path that is not there',
    mlproject: main('echo {p}', '{p: path}'),
    values: { p: 'nowhere' },
    failedStart: /Got value nowhere for parameter p, but no such file or directory was found/,
  },
  { name: 'a placeholder that is not declared', mlproject: main('echo {a}'), failedStart: /\{a\} is not one of its parameters/ },
  { name: 'a lone brace', mlproject: main('echo }'), failedStart: /Single '}' encountered in format string/ },
  { name: 'a positional placeholder', mlproject: main('echo {}'), failedStart: /\{\} is not one of its parameters/ },
  { name: 'no command', mlproject: 'entry_points:\n  main:\n    parameters: {}\n', failedStart: /it has none/ },
  { name: 'an undeclared key that needs quotes', mlproject: main('echo'), values: { 'a b': '1' }, failedStart: /'a b'/ },
];
