import type { Span } from '../yaml-tree.ts';
import { readArgparse } from './argparse-options.ts';
import { readClick } from './click-options.ts';
import { readPython, type PythonLiteral } from './python-tree.ts';
import { readTyper } from './typer-options.ts';

/** What a Python script takes on its command line, as far as its source tells without being run. */
export interface ScriptInterface {
  readonly framework: 'argparse' | 'click' | 'typer';
  readonly options: readonly ScriptOption[];
  readonly positionals: readonly ScriptPositional[];
  /** Every option is known: one that is not listed is an error. */
  readonly isComplete: boolean;
  /** `--epo` is taken for `--epochs`. */
  readonly takesAbbreviations: boolean;
}

export interface ScriptOption {
  /** `--alpha`, `-a`, `--no-alpha`. */
  readonly names: readonly string[];
  readonly isRequired: boolean;
  /** How many words follow; undefined when that is not known. */
  readonly values: 0 | 1 | undefined;
  readonly type?: ValueType;
  readonly choices?: readonly string[];
  /** The default that a run by hand gets; undefined when there is none, or none that can be read. */
  readonly defaultValue?: string;
  readonly help?: string;
  /** Where the long name stands in the script, its quotes left out. */
  readonly span: Span;
}

export interface ScriptPositional {
  readonly name: string;
  readonly isRequired: boolean;
  readonly span: Span;
}

export type ValueType = 'int' | 'float' | 'str' | 'bool';

/** Undefined when the script takes its arguments in no way that is understood. */
export const readScript = (text: string): ScriptInterface | undefined => {
  const source = readPython(text);
  return readArgparse(source) ?? readClick(source) ?? readTyper(source);
};

/** `str()` of a default, for comparison with what a project passes. */
export const literalText = (value: PythonLiteral | undefined): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : undefined;
};

export const literalTexts = (value: PythonLiteral | undefined): readonly string[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(literalText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
};

export const longName = (names: readonly string[]): string => names.find((name) => name.startsWith('--')) ?? names[0] ?? '';
