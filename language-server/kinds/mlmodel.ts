import schema from '../../schemas/mlmodel.schema.json' with { type: 'json' };
import { matchesPath } from '../path.ts';
import { SchemaWalker } from '../schema.ts';
import type { FileKind } from './kind.ts';
import { completers } from './mlmodel/completers.ts';
import { references, symbolKind, symbolsBelow, tokens } from './mlmodel/decorations.ts';
import { checkAge, checkFileName, checkFlavors, checkIds, checkKeys, checkNotes } from './mlmodel/field-checks.ts';
import { checkFiles } from './mlmodel/file-checks.ts';
import { hovers } from './mlmodel/hovers.ts';
import { checkReading, checkSignature } from './mlmodel/reading-check.ts';
import { isForeign } from './mlmodel/tree.ts';
import { checkAgainstInstalled, checkPythonVersion, checkPythonVersionText } from './mlmodel/version-checks.ts';
import { checkTypes } from './schema-types.ts';
import { checkDuplicateKeys, checkSize } from './yaml-checks.ts';

export const mlmodel: FileKind = {
  name: 'MLmodel',
  schema: new SchemaWalker(schema),
  checks: [
    checkFileName,
    checkSize,
    checkReading,
    checkDuplicateKeys,
    checkKeys,
    checkFlavors,
    (document) => (isForeign(document) ? [] : checkTypes(document, isCheckedElsewhere)),
    checkSignature,
    checkAge,
    checkIds,
    checkFiles,
    checkPythonVersion,
    checkPythonVersionText,
    checkAgainstInstalled,
    checkNotes,
  ],
  completers,
  hovers,
  tokens,
  references,
  symbolKind,
  symbolsBelow,
};

/** A time may be a timestamp of YAML, since MLflow makes a text of it; flavors, signatures and variables have rules of their own. */
const isCheckedElsewhere: Parameters<typeof checkTypes>[1] = (path) =>
  path[0] === 'utc_time_created' ||
  path[0] === 'env_vars' ||
  (path[0] === 'signature' && path.length > 1) ||
  path[0] === 'time_created' ||
  matchesPath(['flavors', 'python_function', 'python_version'], path) ||
  matchesPath(['flavors', '*'], path);
