/**
 * The command of an entry point is a Python format string: `{name}` stands for a parameter, `{{` and `}}`
 * for braces. This reads it as CPython's `str.format` does, so that what fails there is found here.
 */
export type CommandPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'placeholder';
      /** The parameter: what stands before the first `.` or `[`. */
      readonly name: string;
      /** `.upper`, `[0]`, `!r`, `:>5`: Python would evaluate it on the quoted value. */
      readonly modifier: string;
      /** Offsets of `{` and after `}`. */
      readonly start: number;
      readonly end: number;
    };

export type Placeholder = Extract<CommandPart, { kind: 'placeholder' }>;

export interface CommandTemplateProblem {
  /** In Python's own words. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface CommandTemplate {
  readonly parts: readonly CommandPart[];
  /** At most one: Python stops at the first. `parts` holds what came before it. */
  readonly problem?: CommandTemplateProblem;
}

export const readCommandTemplate = (text: string): CommandTemplate => {
  const parts: CommandPart[] = [];
  let at = 0;
  while (at < text.length) {
    const brace = nextBrace(text, at);
    const isEscape = text[brace] === text[brace + 1];
    const literal = text.slice(at, isEscape ? brace + 1 : brace);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    if (brace >= text.length || isEscape) {
      at = brace + 2;
      continue;
    }
    const field = readField(text, brace);
    if ('message' in field) return { parts, problem: field };
    parts.push(field);
    at = field.end;
  }
  return { parts };
};

export const placeholders = (template: CommandTemplate): readonly Placeholder[] => template.parts.filter((part) => part.kind === 'placeholder');

const nextBrace = (text: string, from: number): number => {
  const offset = text.slice(from).search(/[{}]/);
  return offset < 0 ? text.length : from + offset;
};

const readField = (text: string, start: number): Placeholder | CommandTemplateProblem => {
  if (text[start] === '}') return { message: "Single '}' encountered in format string", start, end: start + 1 };
  if (start + 1 === text.length) return { message: "Single '{' encountered in format string", start, end: start + 1 };
  const nameEnd = endOfFieldName(text, start + 1);
  const terminator = text[nameEnd];
  if (terminator === undefined) return { message: "expected '}' before end of string", start, end: text.length };
  if (terminator === '{') return { message: "unexpected '{' in field name", start, end: nameEnd + 1 };
  const end = terminator === '}' ? nameEnd + 1 : endOfModifier(text, nameEnd);
  if (end === undefined) return { message: "unmatched '{' in format spec", start, end: text.length };
  const [name = ''] = text.slice(start + 1, nameEnd).split(/[.[]/, 1);
  return { kind: 'placeholder', name, modifier: text.slice(start + 1 + name.length, end - 1), start, end };
};

/** The index of what ends a field's name: `}`, `:`, `!` or a stray `{`, all of which are text between brackets. */
const endOfFieldName = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && !'{}:!'.includes(text.charAt(at))) {
    if (text[at] === '[') at = indexOrEnd(text, ']', at);
    else at += 1;
  }
  return at;
};

const indexOrEnd = (text: string, search: string, from: number): number => {
  const index = text.indexOf(search, from);
  return index < 0 ? text.length : index;
};

/** After the `}` that closes the field; fields inside a format spec nest. */
const endOfModifier = (text: string, from: number): number | undefined => {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
};
