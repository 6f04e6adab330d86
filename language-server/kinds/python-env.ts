import schema from '../../schemas/python-env.schema.json' with { type: 'json' };
import type { Document } from '../document.ts';
import { SchemaWalker } from '../schema.ts';
import { pythonEnvCompleters } from './environment/completers.ts';
import { fileReferences, requirementHovers, requirementTokens } from './environment/decorations.ts';
import { checkDependencies, checkReading, checkVersion, reading } from './environment/python-env-checks.ts';
import type { FileKind } from './kind.ts';
import { checkDuplicateKeys, checkSize } from './yaml-checks.ts';

const linesOf = (document: Document) => {
  const { buildDependencies, dependencies } = reading(document).value;
  return [...buildDependencies, ...dependencies];
};

export const pythonEnv: FileKind = {
  name: 'python_env.yaml',
  schema: new SchemaWalker(schema),
  checks: [checkSize, checkReading, checkDuplicateKeys, checkVersion, checkDependencies],
  completers: pythonEnvCompleters,
  hovers: requirementHovers(
    [
      ['dependencies', '*'],
      ['build_dependencies', '*'],
    ],
    linesOf,
  ),
  tokens: (document) => requirementTokens(document, linesOf(document)),
  references: (document) => fileReferences(document, linesOf(document)),
};
