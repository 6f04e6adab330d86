import type { MlprojectProblem } from '../../../schemas/mlproject.ts';
import { allNodes, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import type { Finding, Fix } from '../../finding.ts';
import { allEntries } from '../../path.ts';
import type { FileSystem } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { entryFixes, itemFixes, moveToFile, rootFixes } from './reading-fixes.ts';
import { reading } from './tree.ts';

/** What `load_project` refuses, each with its way out. */
export const checkReading: Check = async (document, { files }) =>
  Promise.all(reading(document).problems.map(async (problem): Promise<Finding> => ({ ...problem, fixes: await fixesOf(document, files, problem) })));

const fixesOf = async (document: Document, files: FileSystem, problem: MlprojectProblem): Promise<readonly Fix[]> => {
  if (problem.code === 'root-not-mapping') return rootFixes(document);
  const ofEntry = entryFixes[problem.code];
  const ofItem = itemFixes[problem.code];
  if (ofEntry === undefined) return yamlFixes(document, problem);
  const found = allEntries(document.yaml.root, problem).find(({ entry }) => isAt(entry.key, problem) || isAt(entry.value, problem));
  if (found !== undefined) {
    const place = { document, ...found };
    return [...ofEntry(place), ...(problem.code === 'environment-not-path' ? await moveToFile(place, files) : [])];
  }
  const item = ofItem === undefined ? undefined : [...allNodes(document.yaml.root)].find((node) => isAt(node, problem));
  return item === undefined || ofItem === undefined ? [] : ofItem(document, item);
};

const isAt = (node: YamlNode, { start, end }: MlprojectProblem): boolean => node.start === start && node.end === end;
