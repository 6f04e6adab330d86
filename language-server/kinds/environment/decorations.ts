import type { RequirementLine } from '../../../schemas/python-env.ts';
import { normalizedName } from '../../../schemas/requirement.ts';
import { spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import type { FileReference, HoverPart, HoverRequest, HoverText, Token } from '../kind.ts';
import { inline } from '../markdown.ts';
import { installedPackages } from './installed-packages.ts';
import { pathSpan, placed } from './requirement-checks.ts';

/** The requirement files that lines name. */
export const fileReferences = (document: Document, lines: readonly RequirementLine[]): readonly FileReference[] =>
  placed(lines).flatMap(({ line, requirement }) => (requirement.kind === 'file' ? [{ path: requirement.path, ...pathSpan(document, line, requirement) }] : []));

/** Names of packages, and options. */
export const requirementTokens = (document: Document, lines: readonly RequirementLine[]): readonly Token[] =>
  placed(lines).flatMap(({ line, requirement }): readonly Token[] => {
    if (requirement.kind === 'package') return [{ ...pathSpan(document, line, { start: 0, end: requirement.nameEnd }), type: 'type' }];
    return requirement.kind === 'file' ? [{ ...pathSpan(document, line, { start: 0, end: line.text.search(/\s|$/) }), type: 'property' }] : [];
  });

/** What is installed of a package, in the environment of the workspace. */
const describeRequirement =
  (linesOf: (document: Document) => readonly RequirementLine[]) =>
  async ({ document, location, workspace }: HoverRequest): Promise<HoverText | undefined> => {
    const found = placed(linesOf(document)).find(({ line }) => line.start === location.node.start);
    if (found?.requirement.kind !== 'package') return undefined;
    const { name, specifier } = found.requirement;
    const installed = (await installedPackages(document.uri, workspace.files)).find((candidate) => normalizedName(candidate.name) === normalizedName(name));
    const state = installed === undefined ? '' : ` The environment beside it has ${inline(installed.version)}.`;
    const page = `[pypi.org/project/${normalizedName(name)}](https://pypi.org/project/${normalizedName(name)}/)`;
    return {
      markdown: `${inline(name)}, ${specifier === '' ? 'any version' : inline(specifier)}.${state}\n\n${page}`,
      span: spanOf(found.line),
      isComplete: true,
    };
  };

export const requirementHovers = (paths: readonly HoverPart['at'][], linesOf: (document: Document) => readonly RequirementLine[]): readonly HoverPart[] =>
  paths.map((at) => ({ at, describe: describeRequirement(linesOf) }));
