import type { Span } from '../../../schemas/yaml-tree.ts';
import type { ShellCommand, ShellWord } from '../../shell.ts';
import type { CommandText, EntryPointTree, ParameterTree } from './tree.ts';

/** `python train.py --alpha {alpha}` in a command. */
export interface ScriptCall {
  readonly language: 'python' | 'other';
  /** As it is written, relative to the project's folder. */
  readonly path: string;
  /** In the command's text. */
  readonly span: Span;
  readonly words: readonly ShellWord[];
}

/** Scripts that a command calls. Behind a `cd` their paths mean something else, so those are left out. */
export const scriptCalls = ({ shell }: CommandText): readonly ScriptCall[] => {
  const leaves = shell.commands.findIndex(({ words }) => ['cd', 'pushd'].includes(words[0]?.text ?? ''));
  const commands = leaves < 0 ? shell.commands : shell.commands.slice(0, leaves);
  return commands.map(scriptCall).filter((call) => call !== undefined);
};

const scriptCall = ({ words }: ShellCommand): ScriptCall | undefined => {
  const program = words.findIndex(({ text }) => !/^\w+=/.test(text));
  const first = words[program];
  if (first === undefined || first.isDynamic) return undefined;
  const rest = words.slice(program + 1);
  if (/(?:^|\/)python(?:\d(?:\.\d+)?)?$/.test(first.text)) return pythonCall(rest);
  if (/^(?:bash|sh|zsh|Rscript)$/.test(first.text))
    return callOf(
      'other',
      rest,
      rest.findIndex(({ text }) => !text.startsWith('-')),
    );
  if (/^\.{1,2}\/|\.(?:sh|py)$/.test(first.text)) return callOf(first.text.endsWith('.py') ? 'python' : 'other', words, program);
  return undefined;
};

const pythonCall = (words: readonly ShellWord[]): ScriptCall | undefined => {
  for (const [index, { text }] of words.entries()) {
    if (text === '-m') return moduleCall(words, index + 1);
    if (text === '-c' || text === '-') return undefined;
    const isOptionValue = ['-W', '-X'].includes(words[index - 1]?.text ?? '');
    if (!text.startsWith('-') && !isOptionValue) return callOf('python', words, index);
  }
  return undefined;
};

const callOf = (language: ScriptCall['language'], words: readonly ShellWord[], index: number): ScriptCall | undefined => {
  const script = words[index];
  if (script === undefined || script.isDynamic || /[{}]/.test(script.text) || !/\.\w+$/.test(script.text)) return undefined;
  return { language, path: script.text, span: { start: script.start, end: script.end }, words: words.slice(index + 1) };
};

/** `python -m package.module`: the module's file, if it is one of the project's. */
const moduleCall = (words: readonly ShellWord[], index: number): ScriptCall | undefined => {
  const module = words[index];
  if (module === undefined || !/^[A-Za-z_][\w.]*$/.test(module.text)) return undefined;
  return { language: 'python', path: `${module.text.replaceAll('.', '/')}.py`, span: { start: module.start, end: module.end }, words: words.slice(index + 1) };
};

export const isModule = (call: ScriptCall, { text }: CommandText): boolean =>
  text.slice(call.span.start, call.span.end) !== call.path && !call.path.startsWith('.');

/** One option with its value, as a command passes it. */
export interface PassedOption {
  readonly name: string;
  /** The option's name in the command's text. */
  readonly span: Span;
  readonly value?: PassedValue;
}

export interface PassedValue {
  readonly span: Span;
  /** The whole value is this parameter. */
  readonly parameter?: ParameterTree;
  /** The text that reaches the script, with the parameter's default; undefined when there is none. */
  readonly text?: string;
}

export interface PassedWords {
  readonly options: readonly PassedOption[];
  readonly positionals: readonly ShellWord[];
  /** Some word is known only to the shell, or may hold options: what is not seen may be passed all the same. */
  readonly isUnclear: boolean;
}

/** Splits the words of a call; `valuesOf` tells how many words belong to an option. */
export const readPassedWords = (entryPoint: EntryPointTree, words: readonly ShellWord[], valuesOf: (name: string) => 0 | 1 | undefined): PassedWords => {
  const options: PassedOption[] = [];
  const positionals: ShellWord[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (word.text === '--') {
      positionals.push(...words.slice(at + 1));
      break;
    }
    if (!isOption(word.text)) {
      positionals.push(word);
      continue;
    }
    const [name, joined] = splitOnce(word.text);
    const span = { start: word.start, end: word.start + name.length };
    if (joined !== undefined) {
      options.push({ name, span, value: passedValue(entryPoint, { ...word, start: word.start + name.length + 1, text: joined }) });
      continue;
    }
    const next = words[at + 1];
    const takes = valuesOf(name) ?? (next !== undefined && !isOption(next.text) ? 1 : 0);
    options.push({ name, span, ...(takes === 1 && next !== undefined ? { value: passedValue(entryPoint, next) } : {}) });
    at += takes;
  }
  return {
    options,
    positionals,
    isUnclear:
      words.some(({ isDynamic, text }) => isDynamic || /^-.*\{.*\}(?:$|=)/.test(text)) || positionals.some(({ text }) => mayHoldOptions(entryPoint, text)),
  };
};

const splitOnce = (text: string): readonly [string, string?] => {
  const equals = text.startsWith('--') ? text.indexOf('=') : -1;
  return equals < 0 ? [text] : [text.slice(0, equals), text.slice(equals + 1)];
};

const isOption = (text: string): boolean => /^-{1,2}[A-Za-z]/.test(text);

const mayHoldOptions = (entryPoint: EntryPointTree, text: string): boolean => {
  const name = /^\{([^{}]+)\}$/.exec(text)?.[1];
  return entryPoint.declared.some((parameter) => parameter.name === name && parameter.defaultValue?.startsWith('-') === true);
};

const passedValue = (entryPoint: EntryPointTree, { start, end, text, isDynamic }: ShellWord): PassedValue => {
  const span = { start, end };
  const name = /^\{([^{}]+)\}$/.exec(text)?.[1];
  const parameter = entryPoint.declared.find((candidate) => candidate.name === name);
  if (parameter !== undefined) return { span, parameter, ...(parameter.defaultValue === undefined ? {} : { text: parameter.defaultValue }) };
  return isDynamic || /[{}]/.test(text) ? { span } : { span, text };
};
