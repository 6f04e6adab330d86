import schema from '../../schemas/mlproject.schema.json' with { type: 'json' };
import { SchemaWalker } from '../schema.ts';
import type { FileKind } from './kind.ts';
import { checkCommands } from './mlproject/command-checks.ts';
import { completers } from './mlproject/completers.ts';
import { hints, references, symbolKind, tokens } from './mlproject/decorations.ts';
import { checkEnvironment } from './mlproject/environment-checks.ts';
import { hovers } from './mlproject/hovers.ts';
import { entryPointNameAt, parameterNameAt } from './mlproject/names.ts';
import { checkParameters } from './mlproject/parameter-checks.ts';
import { checkEntryPoints, checkFieldTypes, checkFileName, checkSparkJob } from './mlproject/project-checks.ts';
import { checkReading } from './mlproject/reading-check.ts';
import { refactorings } from './mlproject/refactorings.ts';
import { checkScripts } from './mlproject/script-checks.ts';
import { checkDuplicateKeys, checkKeys, checkSize } from './yaml-checks.ts';

export const mlproject: FileKind = {
  name: 'MLproject',
  schema: new SchemaWalker(schema),
  checks: [
    checkFileName,
    checkSize,
    checkReading,
    checkDuplicateKeys,
    checkKeys,
    checkEntryPoints,
    checkCommands,
    checkParameters,
    checkEnvironment,
    checkScripts,
    checkSparkJob,
    checkFieldTypes,
  ],
  completers,
  hovers,
  nameAt: async (request) => (await parameterNameAt(request)) ?? entryPointNameAt(request),
  tokens,
  references,
  hints,
  refactorings,
  symbolKind,
};
