import schema from '../../schemas/conda-env.schema.json' with { type: 'json' };
import type { Document } from '../document.ts';
import { SchemaWalker } from '../schema.ts';
import { condaEnvCompleters } from './environment/completers.ts';
import { checkDependencies, checkPackages, checkPython, checkReading, reading } from './environment/conda-env-checks.ts';
import { convertCondaFile } from './environment/convert.ts';
import { fileReferences, requirementHovers, requirementTokens } from './environment/decorations.ts';
import { referrerOf } from './environment/referrers.ts';
import type { FileKind } from './kind.ts';
import { checkDuplicateKeys, checkKeys, checkSize } from './yaml-checks.ts';

const linesOf = (document: Document) => reading(document).value.environment.dependencies;

export const condaEnv: FileKind = {
  name: 'conda.yaml',
  schema: new SchemaWalker(schema),
  isOurs: async (uri, files) => (await referrerOf(uri, files)) !== undefined,
  checks: [checkSize, checkReading, checkDuplicateKeys, checkKeys, checkPython, checkPackages, checkDependencies],
  completers: condaEnvCompleters,
  hovers: requirementHovers([['dependencies', '*', 'pip', '*']], linesOf),
  tokens: (document) => requirementTokens(document, linesOf(document)),
  references: (document) => fileReferences(document, linesOf(document)),
  refactorings: convertCondaFile,
};
