import { pythonTextOfNode } from '../../../schemas/python-value.ts';
import { asMapping, asSequence, asText, isNull, spanOf, type Span, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix } from '../../edits.ts';
import type { Finding } from '../../finding.ts';
import { folderOf, nameOf } from '../../project-path.ts';
import { surprisingValue } from '../yaml-values.ts';
import { wrapInShell } from './command-fixes.ts';
import { entryOf, entryPoints, projectMapping } from './tree.ts';

/** What only fails when a docker project runs. */
export const checkDocker = (document: Document): readonly Finding[] => {
  const project = projectMapping(document);
  const entry = entryOf(project, 'docker_env');
  const name = entryOf(project, 'name');
  if (project === undefined || entry === undefined || asMapping(entry.value) === undefined) return [];
  return [
    ...surprises(document, name?.value),
    ...dockerName(document, name?.value === undefined || isNull(name.value) ? undefined : pythonTextOfNode(name.value), spanOf(name?.value ?? entry.key)),
    ...dockerImage(document, entryOf(asMapping(entry.value), 'image')?.value),
    ...dockerVariables(document),
    ...commandsOnHost(document),
  ];
};

/** `[VERSION, 3.10]` sets 3.1, `[MODE, on]` sets True. */
const surprises = (document: Document, node: YamlNode | undefined): readonly Finding[] =>
  node?.kind === 'scalar' ? surprisingValue(document, node, false).filter(({ code }) => code !== 'yaml-number-as-text') : [];

const dockerImage = (document: Document, node: YamlNode | undefined): readonly Finding[] => {
  const text = asText(node);
  if (node === undefined || text === undefined || /^[\w.:/@-]*$/.test(text)) return [];
  const [name] = /^[\w.:/@-]+(?=\s)/.exec(text) ?? [];
  const fixes = name === undefined ? [] : [localFix(document, `Change to ${name}`, document.edit(node, name))];
  return [{ code: 'docker-image', ...spanOf(node), message: `The shell of the host would take '${text}' apart: an image is one word.`, fixes }];
};

/** Docker's own rule for a repository name. */
const imageName = /^[a-z\d]+(?:(?:[._]|__|-+|\/)[a-z\d]+)*$/;

const dockerName = (document: Document, name: string | undefined, span: Span): readonly Finding[] => {
  const project = projectMapping(document);
  if (name === undefined || name === '') {
    const fixes =
      project === undefined || entryOf(project, 'name') !== undefined
        ? []
        : [localFix(document, 'Add a name', insertEntry(document, project, 'name', imageNameOf(nameOf(folderOf(document.uri))), 'first'))];
    return [
      {
        code: 'docker-name-missing',
        ...span,
        message: 'A docker project needs a `name`: it becomes the tag of the image.',
        mlflow: 'Project name in MLProject must be specified when using docker for image tagging.',
        fixes,
      },
    ];
  }
  if (imageName.test(name)) return [];
  const suggestion = imageNameOf(name);
  return [
    {
      code: 'docker-name',
      ...span,
      message: `'${name}' cannot be the tag of an image: docker takes lower-case letters, digits and single separators.`,
      fixes: [localFix(document, `Change to '${suggestion}'`, document.edit(span, suggestion))],
    },
  ];
};

const imageNameOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'project';

const dockerVariables = (document: Document): readonly Finding[] => {
  const docker = asMapping(entryOf(projectMapping(document), 'docker_env')?.value);
  const items = asSequence(entryOf(docker, 'environment')?.value)?.items ?? [];
  return items.flatMap((item): readonly Finding[] => {
    const pair = asSequence(item)?.items;
    if (pair === undefined || pair.length === 2) return (pair ?? []).flatMap((part) => surprises(document, part));
    if (pair.length > 2) return [longPair(document, item, pair)];
    const [name] = pair;
    return [
      {
        code: 'docker-variable-pair',
        ...spanOf(item),
        message: 'A variable is a name and a value: `[NAME, value]`.',
        mlflow: 'IndexError: list index out of range',
        fixes: name === undefined ? [] : [localFix(document, 'Copy it from the host', document.edit(item, document.text.slice(name.start, name.end)))],
      },
    ];
  });
};

const longPair = (document: Document, item: YamlNode, [, second, third]: readonly YamlNode[]): Finding => ({
  code: 'docker-variable',
  ...spanOf(item),
  message: 'Only the first two of these are used: a name and its value.',
  fixes:
    second === undefined || third === undefined || !document.text.startsWith('[', item.start)
      ? []
      : [localFix(document, 'Remove the others', document.edit({ start: second.end, end: item.end - 1 }, ''))],
});

/** The words of `docker run` are joined and handed to the shell of the host. */
const commandsOnHost = (document: Document): readonly Finding[] =>
  entryPoints(document).flatMap(({ commandText: command }) => {
    const first = command?.shell.commands[0];
    const next = command?.shell.commands[1]?.words[0];
    if (command === undefined || first?.terminator === undefined || next === undefined) return [];
    return [
      {
        code: 'docker-host-command',
        ...command.spanOf({ start: next.start, end: command.text.trimEnd().length }),
        message: `What follows \`${first.terminator.trim() || 'a line break'}\` runs on the host, not in the container; wrap the whole in \`sh -c\`.`,
        fixes: wrapInShell(document, command),
      },
    ];
  });
