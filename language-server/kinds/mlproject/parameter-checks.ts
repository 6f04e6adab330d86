import { pythonTypeOfNode } from '../../../schemas/python-value.ts';
import { asMapping, asScalar, isNull, spanOf, target, type YamlEntry, type YamlNode, type YamlScalar } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Finding } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, resolvePath } from '../../project-path.ts';
import type { Workspace } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { surprisingValue } from '../yaml-values.ts';
import { changeType, collectionFixes, pathFixes, renameFixes, typeFix } from './parameter-fixes.ts';
import { entryPoints, placeholderUses, type EntryPointTree, type ParameterTree } from './tree.ts';

export const checkParameters: Check = async (document, workspace) => {
  const found = entryPoints(document).flatMap((entryPoint) =>
    entryPoint.declared.map((parameter) => checkParameter(document, workspace, entryPoint, parameter)),
  );
  return (await Promise.all(found)).flat();
};

const checkParameter = async (document: Document, workspace: Workspace, entryPoint: EntryPointTree, parameter: ParameterTree): Promise<readonly Finding[]> => [
  ...checkName(document, entryPoint, parameter),
  ...checkUse(document, entryPoint, parameter),
  ...checkType(document, parameter),
  ...checkDefault(document, parameter),
  ...(await checkPath(document, workspace, parameter)),
];

/** `mlflow/utils/validation.py`: what a param may be called. */
const loggableName = /^[/\w.\- :]*$/u;
const maxNameLength = 250;

/** In Python's format syntax these end a name, and digits alone are a position. */
const fitsIntoBraces = (name: string): boolean => !/[.[\]:!{}]|^\d+$/.test(name);

const checkName = (document: Document, entryPoint: EntryPointTree, { name, entry }: ParameterTree): readonly Finding[] => {
  const span = spanOf(entry.key);
  const surprises = surprisingKey(document, entry);
  if (surprises.length > 0) return surprises;
  if (!fitsIntoBraces(name)) {
    const message = `Python's format syntax cannot name '${name}' in braces, so no command can use this parameter.`;
    return [{ code: 'parameter-name', ...span, message, fixes: renameFixes(document, entryPoint, name, entry) }];
  }
  const isPathLike = name.startsWith('/') || name.split('/').some((step) => step === '..' || step === '.' || step === '');
  if (loggableName.test(name) && name.length <= maxNameLength && !isPathLike) return [];
  const mlflow = isPathLike
    ? `Invalid value "${name}" for parameter 'params[0].key' supplied: Names may be treated as files in certain cases`
    : `Invalid value "${name}" for parameter 'params[0].key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`;
  const message = `MLflow cannot log a param named '${name}': every run fails after it was created.`;
  return [{ code: 'parameter-name-refused', ...span, message, mlflow, fixes: renameFixes(document, entryPoint, name, entry) }];
};

/** `on` and `012` are no names: the command would have to say `{True}` and `{10}`. */
const surprisingKey = (document: Document, { key }: YamlEntry): readonly Finding[] => {
  const scalar = asScalar(key);
  return scalar === undefined || scalar.value.type === 'str' || key.kind === 'alias' ? [] : surprisingValue(document, scalar, false);
};

const checkUse = (document: Document, entryPoint: EntryPointTree, { name, entry }: ParameterTree): readonly Finding[] => {
  const { commandText: command, parametersEntry } = entryPoint;
  if (command === undefined || command.template.problem !== undefined || !fitsIntoBraces(name) || placeholderUses(command, name).length > 0) return [];
  const parameters = asMapping(parametersEntry?.value);
  const isOwn = parameters?.entries.includes(entry) ?? false;
  const use = localFix(
    document,
    `Add \`--${name} {${name}}\` to the command`,
    document.edit(appendix(command.spanOf({ start: command.text.trimEnd().length, end: command.text.trimEnd().length })), ` --${name} {${name}}`),
  );
  const remove = parameters !== undefined && isOwn ? [localFix(document, `Remove the parameter '${name}'`, removeEntry(document, parameters, entry))] : [];
  return [
    {
      code: 'parameter-unused',
      ...spanOf(entry.key),
      message: `The command does not use '${name}': its value reaches nothing.`,
      tag: 'unnecessary',
      fixes: [...(/^[A-Za-z_][\w-]*$/.test(name) ? [use] : []), ...remove],
    },
  ];
};

const appendix = ({ start }: { start: number }) => ({ start, end: start });

/** MLflow acts on `path` and `uri`; the others are what people write for "as it is". */
const understoodTypes = new Set(['string', 'float', 'path', 'uri', 'int', 'integer', 'str', 'bool', 'boolean', 'number', 'double', 'long']);

const checkType = (document: Document, { type, typeNode }: ParameterTree): readonly Finding[] => {
  if (typeNode === undefined || isNull(typeNode) || understoodTypes.has(type)) return [];
  const span = spanOf(typeNode);
  if (asScalar(typeNode)?.value.type !== 'str') {
    const message = `A type is a word such as float or path; MLflow ignores ${describe(typeNode)}.`;
    return [{ code: 'parameter-type', ...span, message, fixes: [typeFix(document, typeNode, 'string')] }];
  }
  const suggestion = nearest(type.toLowerCase(), ['string', 'float', 'path', 'uri', 'int', 'bool']) ?? aliases.get(type.toLowerCase());
  if (suggestion === undefined) {
    const message = `MLflow does not know the type '${type}' and passes the value as it is.`;
    return [{ code: 'parameter-type-unknown', ...span, message, fixes: [typeFix(document, typeNode, 'string')] }];
  }
  return [
    {
      code: 'parameter-type',
      ...span,
      message: `MLflow does not know the type '${type}'; did you mean '${suggestion}'?`,
      fixes: [{ ...typeFix(document, typeNode, suggestion), isPreferred: true }],
    },
  ];
};

const aliases: ReadonlyMap<string, string> = new Map([
  ['file', 'path'],
  ['filepath', 'path'],
  ['dir', 'path'],
  ['directory', 'path'],
  ['folder', 'path'],
  ['url', 'uri'],
  ['text', 'string'],
]);

const describe = (node: YamlNode): string => (asScalar(node) === undefined ? `a ${pythonTypeOfNode(node)}` : `\`${asScalar(node)?.text ?? ''}\``);

const numericTypes = new Set(['float', 'int', 'integer', 'number', 'double', 'long']);
const wholeTypes = new Set(['int', 'integer', 'long']);
const booleanTypes = new Set(['bool', 'boolean']);

const checkDefault = (document: Document, parameter: ParameterTree): readonly Finding[] => {
  const { defaultNode, type } = parameter;
  const found = target(defaultNode);
  if (defaultNode === undefined || found === undefined || isNull(found)) return [];
  const span = spanOf(defaultNode);
  if (found.kind !== 'scalar') {
    return [
      {
        code: 'default-collection',
        ...span,
        message: `The command gets Python's text of this ${found.kind === 'mapping' ? 'mapping' : 'list'}: ${shortened(parameter.defaultValue ?? '')}`,
        fixes: collectionFixes(document, defaultNode, parameter.defaultValue),
      },
    ];
  }
  return type === 'uri' || type === 'path'
    ? checkAddress(document, parameter, found)
    : [...checkNone(document, parameter, found), ...surprisingValue(document, found, numericTypes.has(type)), ...checkValue(document, parameter, found)];
};

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const checkAddress = (document: Document, { name, type, typeNode, defaultValue = '' }: ParameterTree, node: YamlScalar): readonly Finding[] => {
  if (node.value.type !== 'str') {
    const word = pythonTypeOfNode(node);
    return [
      {
        code: 'default-not-text',
        ...spanOf(node),
        message: `The default of a ${type} is a text, and \`${node.text}\` is read as ${word}: quote it.`,
        mlflow: `AttributeError: '${word}' object has no attribute 'decode'`,
        fixes: [{ ...localFix(document, 'Quote it', document.edit(node, quotedText(node.text))), isPreferred: true }],
      },
    ];
  }
  if (type !== 'uri' || /^[a-z][a-z\d+.-]*:/i.test(defaultValue)) return [];
  return [
    {
      code: 'default-uri',
      ...spanOf(node),
      message: 'A uri has a scheme, such as `s3:` or `file:`; MLflow refuses the run.',
      mlflow: `Expected URI for parameter ${name} but got ${defaultValue}`,
      fixes: typeNode === undefined ? [] : [changeType(document, typeNode, 'path')],
    },
  ];
};

const checkNone = (document: Document, { name }: ParameterTree, node: YamlScalar): readonly Finding[] => {
  if (node.style !== 'plain' || node.text !== 'None') return [];
  const fixes = [
    localFix(document, 'Change to null: the parameter is required', document.edit(node, 'null')),
    localFix(document, 'Quote it: the text None is meant', document.edit(node, quotedText('None'))),
  ];
  return [{ code: 'default-none', ...spanOf(node), message: `YAML's null is written \`null\`: without -P ${name}=… the command gets the word None.`, fixes }];
};

const checkValue = (document: Document, { type, typeNode, defaultValue = '' }: ParameterTree, node: YamlScalar): readonly Finding[] => {
  const wrong = (expected: string): readonly Finding[] => [
    {
      code: 'default-type',
      ...spanOf(node),
      message: `'${shortened(defaultValue)}' is not ${expected}; MLflow passes it to the command all the same.`,
      fixes: typeNode === undefined ? [] : [changeType(document, typeNode, isNumber(defaultValue) ? 'float' : 'string')],
    },
  ];
  if (defaultValue === '' || defaultValue === 'None') return [];
  if (numericTypes.has(type) && !isNumber(defaultValue)) return wrong(wholeTypes.has(type) ? 'a whole number' : 'a number');
  if (wholeTypes.has(type) && !/^[-+]?\d+$/.test(defaultValue)) return wrong('a whole number');
  return booleanTypes.has(type) && !/^(?:true|false|0|1|yes|no)$/i.test(defaultValue) ? wrong('true or false') : [];
};

/** What Python's `float()` reads. */
const isNumber = (text: string): boolean => /^\s*[-+]?(?:(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)\s*$/i.test(text);

const checkPath = async (document: Document, { files }: Workspace, parameter: ParameterTree): Promise<readonly Finding[]> => {
  const { name, type, defaultNode, defaultValue } = parameter;
  if (type !== 'path' || defaultNode === undefined || defaultValue === undefined || defaultValue === '' || asScalar(defaultNode)?.value.type !== 'str')
    return [];
  const path = resolvePath(folderOf(document.uri), defaultValue);
  if (path.kind !== 'inside' || (await files.kindOf(path.uri)) !== undefined) return [];
  return [
    {
      code: 'default-path-missing',
      ...spanOf(defaultNode),
      message: `There is no '${defaultValue}' in the project's folder. MLflow looks for it where \`mlflow run\` is called.`,
      mlflow: `Got value ${defaultValue} for parameter ${name}, but no such file or directory was found.`,
      fixes: await pathFixes(document, files, parameter.entry, defaultNode, defaultValue),
    },
  ];
};
