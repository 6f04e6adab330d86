import { resolvePlainScalar } from '../../../schemas/yaml-scalar.ts';
import { asMapping } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, quotedText } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import type { EntryPointTree } from './tree.ts';

/** A name as a key: quoted where YAML 1.1 would read another value. */
export const asKey = (name: string): string => (resolvePlainScalar(name).type === 'str' ? name : quotedText(name));

/** Adds a parameter to an entry point, with `parameters` itself where it is not there yet. */
export const declareParameter = (document: Document, entryPoint: EntryPointTree, name: string, value = 'string'): Fix => {
  const title = `Declare the parameter '${name}'`;
  const { parametersEntry, mapping } = entryPoint;
  const parameters = asMapping(parametersEntry?.value);
  if (parameters !== undefined && parameters.entries.length > 0) return localFix(document, title, insertEntry(document, parameters, asKey(name), value));
  if (parametersEntry !== undefined)
    return localFix(document, title, document.edit({ start: parametersEntry.key.end, end: parametersEntry.value.end }, `: {${asKey(name)}: ${value}}`));
  return localFix(document, title, insertEntry(document, mapping, 'parameters', `{${asKey(name)}: ${value}}`, 'first'));
};
