import type { Placeholder } from '../../../schemas/command-template.ts';
import { asScalar, isNull, type Span } from '../../../schemas/yaml-tree.ts';
import { pythonTypeOfNode, qualifiedTypeOfNode } from '../../../schemas/python-value.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, quotedText } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import type { Check } from '../kind.ts';
import { lineBreakFixes } from './command-fixes.ts';
import { declareParameter } from './edits.ts';
import { entryPoints, nameSpan, type CommandText, type EntryPointTree } from './tree.ts';

export const checkCommands: Check = (document) => entryPoints(document).flatMap((entryPoint) => checkCommand(document, entryPoint));

const checkCommand = (document: Document, entryPoint: EntryPointTree): readonly Finding[] => {
  const { commandText: command } = entryPoint;
  if (command === undefined) return [notText(document, entryPoint)];
  if (command.text.trim() === '') return [emptyCommand(document, command)];
  return [
    ...placeholderFindings(document, entryPoint, command),
    ...templateProblem(document, command),
    ...quotedPlaceholders(document, entryPoint, command),
    ...lineFindings(document, command),
  ];
};

const notText = (document: Document, { name, entry, mapping, commandEntry }: EntryPointTree): Finding => {
  if (commandEntry === undefined || isNull(commandEntry.value)) {
    const insert =
      commandEntry === undefined
        ? insertEntry(document, mapping, 'command', '"python train.py"')
        : document.edit({ start: commandEntry.key.end, end: commandEntry.value.end }, ': "python train.py"');
    return {
      code: 'command-missing',
      ...spanOfKey(commandEntry?.key ?? entry.key),
      message: `Entry point '${name}' has no command: it cannot be run.`,
      mlflow: "AttributeError: 'NoneType' object has no attribute 'format'",
      fixes: [localFix(document, 'Add a command', insert)],
    };
  }
  const { value } = commandEntry;
  const scalar = asScalar(value);
  return {
    code: 'command-not-text',
    ...spanOfKey(value),
    message:
      scalar === undefined
        ? 'The command is a text; one that starts with a brace or bracket needs quotes.'
        : `MLflow's YAML reader takes \`${scalar.text}\` for ${withArticle(pythonTypeOfNode(value))}; the command is a text.`,
    mlflow: `AttributeError: '${qualifiedTypeOfNode(value)}' object has no attribute 'format'`,
    fixes: isOnOneLine(document, value)
      ? [localFix(document, 'Quote the command', document.edit(value, quotedText(document.text.slice(value.start, value.end))))]
      : [],
  };
};

const withArticle = (word: string): string => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;

const isOnOneLine = (document: Document, { start, end }: Span): boolean => !document.text.slice(start, end).includes('\n');

const spanOfKey = ({ start, end }: Span): Span => ({ start, end });

const emptyCommand = (document: Document, { node }: CommandText): Finding => ({
  code: 'command-empty',
  ...spanOfKey(node),
  message: 'The command is empty: nothing runs, and with an environment the shell fails.',
  fixes: isOnOneLine(document, node) ? [localFix(document, 'Write a command', document.edit(node, '"python train.py"'))] : [],
});

const placeholderFindings = (document: Document, entryPoint: EntryPointTree, command: CommandText): readonly Finding[] =>
  command.placeholders.flatMap((placeholder) => {
    const span = command.spanOf(placeholder);
    if (placeholder.name === '' || /^\d+$/.test(placeholder.name)) return [positional(document, command, placeholder)];
    const isDeclared = entryPoint.declared.some(({ name }) => name === placeholder.name);
    if (!isDeclared) return [undefinedPlaceholder(document, entryPoint, command, placeholder)];
    if (placeholder.modifier === '' || placeholder.modifier === '!s') return [];
    const plain = localFix(document, `Change to {${placeholder.name}}`, document.edit(span, `{${placeholder.name}}`));
    return [
      {
        code: 'placeholder-modifier',
        ...span,
        message: `Python would evaluate \`${placeholder.modifier}\` on the quoted value; write {${placeholder.name}}.`,
        fixes: [plain],
      },
    ];
  });

const positional = (document: Document, command: CommandText, placeholder: Placeholder): Finding => {
  const span = command.spanOf(placeholder);
  return {
    code: 'placeholder-positional',
    ...span,
    message: 'A placeholder names a parameter; braces that are meant as text are doubled.',
    mlflow: 'IndexError: Replacement index 0 out of range for positional args tuple',
    fixes: [escapeBraces(document, command, placeholder)],
  };
};

const escapeBraces = (document: Document, command: CommandText, { start, end }: Span): Fix => {
  const inner = command.text.slice(start, end);
  return localFix(document, 'Double the braces, so that they are text', document.edit(command.spanOf({ start, end }), `{${inner}}`));
};

const undefinedPlaceholder = (document: Document, entryPoint: EntryPointTree, command: CommandText, placeholder: Placeholder): Finding => {
  const { name, start, modifier } = placeholder;
  const base = { ...command.spanOf(placeholder), mlflow: `KeyError: '${name}'` };
  if (command.text[start - 1] === '$') {
    const span = command.spanOf({ start: start - 1, end: placeholder.end });
    const fixes = [
      localFix(document, `Change to $${name}`, document.edit(span, `$${name}`)),
      localFix(document, `Change to \${{${name}}}`, document.edit(span, `\${{${name}}}`)),
    ];
    return { ...base, ...span, code: 'placeholder-shell', message: `MLflow takes {${name}} for a parameter; write $${name} for the shell's variable.`, fixes };
  }
  const isName = /^[\w-]+$/.test(name.trim()) && modifier === '';
  const suggestion = isName
    ? nearest(
        name.trim(),
        entryPoint.declared.map((parameter) => parameter.name),
      )
    : undefined;
  const fixes = [
    ...(suggestion === undefined
      ? []
      : [{ ...localFix(document, `Change to {${suggestion}}`, document.edit(nameSpan(command, placeholder), suggestion)), isPreferred: true }]),
    ...(isName && name === name.trim() ? [declareParameter(document, entryPoint, name)] : []),
    escapeBraces(document, command, placeholder),
  ];
  const hint = suggestion === undefined ? '' : `; did you mean {${suggestion}}?`;
  return { ...base, code: 'placeholder-undefined', message: `'${name}' is not a parameter of this entry point${hint}`, fixes };
};

const templateProblem = (document: Document, command: CommandText): readonly Finding[] => {
  const { problem } = command.template;
  if (problem === undefined) return [];
  const isSingleBrace = problem.message.startsWith('Single');
  const span = command.spanOf(problem);
  const brace = command.text.slice(problem.start, problem.end);
  return [
    {
      code: 'placeholder-malformed',
      ...span,
      message: isSingleBrace ? `A brace that is meant as text is doubled: ${brace}${brace}.` : `The command is not a valid template: ${problem.message}.`,
      mlflow: `ValueError: ${problem.message}`,
      fixes: isSingleBrace ? [{ ...localFix(document, `Double the brace`, document.edit(span, brace + brace)), isPreferred: true }] : [],
    },
  ];
};

/** MLflow quotes each value for the shell itself. */
const quotedPlaceholders = (document: Document, { declared }: EntryPointTree, command: CommandText): readonly Finding[] =>
  command.shell.quotes.flatMap((quoted) => {
    const inside = command.placeholders.filter(
      ({ name, start, end }) =>
        quoted.start < start &&
        end < quoted.end &&
        declared.some((parameter) => parameter.name === name) &&
        !isInSubstitution(command.text.slice(quoted.start, start)),
    );
    return inside.map((placeholder): Finding => {
      const isAlone = quoted.start + 1 === placeholder.start && placeholder.end === quoted.end - 1;
      const span = command.spanOf(isAlone ? quoted : placeholder);
      const fix = localFix(document, 'Remove the quotes', document.edit(command.spanOf(quoted), command.text.slice(placeholder.start, placeholder.end)));
      const result = quoted.quote === '"' ? 'the script gets quotes as part of the value' : 'the value is split at its spaces';
      return {
        code: 'placeholder-quoted',
        ...span,
        message: `MLflow already quotes the value of {${placeholder.name}}; in quotes of its own ${result}.`,
        fixes: isAlone ? [{ ...fix, isPreferred: true }] : [],
      };
    });
  });

/** Inside `"$( … )"` the shell starts anew. */
const isInSubstitution = (before: string): boolean => (before.match(/\$\(/g)?.length ?? 0) > (before.match(/\)/g)?.length ?? 0);

/** Where the lines of a block scalar become commands of their own. */
const lineFindings = (document: Document, command: CommandText): readonly Finding[] => {
  if (command.node.style !== 'literal' && command.node.style !== 'folded') return [];
  return [...continuationFindings(document, command), ...trailingBreak(document, command)];
};

const continuationFindings = (document: Document, command: CommandText): readonly Finding[] =>
  [...command.text.matchAll(/([^\n]*)\n[ \t]*(?=(-{1,2}[A-Za-z][^\n]*))/g)].flatMap(({ 0: whole, 1: line = '', 2: option = '', index }) => {
    if (/\\$|&&\s*$|\|\s*$/.test(line) || line.trim() === '') return [];
    const start = index + whole.length;
    const isSpaceBehindBackslash = /\\[ \t]+$/.test(line);
    return [
      {
        code: 'command-line-break' as const,
        ...command.spanOf({ start, end: start + option.length }),
        message: isSpaceBehindBackslash
          ? 'The backslash above has a space behind it, so this line is a command of its own.'
          : `The shell runs this line as a command of its own${command.node.style === 'folded' ? ': lines that are indented more keep their line break' : ''}.`,
        fixes: lineBreakFixes(document, command, { start: index + line.length, end: start }),
      },
    ];
  });

const trailingBreak = (document: Document, command: CommandText): readonly Finding[] => {
  if (!command.text.endsWith('\n')) return [];
  const header = /^[|>]\d*\+?/.exec(document.text.slice(command.node.start, command.node.end))?.[0] ?? '';
  const span = { start: command.node.start, end: command.node.start + header.length };
  return [
    {
      code: 'command-ends-in-line-break',
      ...span,
      message: 'The command ends with a line break: a parameter that is given but not declared would become a second command.',
      fixes: [localFix(document, `Change to ${header.replace('+', '')}-`, document.edit(span, `${header.replace('+', '')}-`))],
    },
  ];
};
