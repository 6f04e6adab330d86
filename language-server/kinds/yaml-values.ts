import { pythonText } from '../../schemas/python-value.ts';
import type { YamlScalar } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { localFix, quotedText } from '../edits.ts';
import type { Finding } from '../finding.ts';

/** What a plain scalar means to PyYAML where a person may expect the text that stands there; none when they agree. */
export const surprisingValue = (document: Document, node: YamlScalar, isNumberExpected: boolean): readonly Finding[] => {
  const { value, text, style } = node;
  if (style !== 'plain' || node.properties?.tag !== undefined) return [];
  const span = { start: node.start, end: node.end };
  const quote = { ...localFix(document, `Quote it: "${text}"`, document.edit(node, quotedText(text))), isPreferred: true };
  const read = pythonText(value);
  if (value.type === 'bool' && !/^(?:true|false)$/i.test(text)) {
    return [{ code: 'yaml-boolean', ...span, message: `MLflow's YAML reader takes \`${text}\` for a boolean: it becomes ${read}.`, fixes: [quote] }];
  }
  if (value.type === 'str' && /^[-+]?\d+(?:\.\d*)?e\d+$|^[-+]?\d+e[-+]?\d+$/i.test(text)) {
    return [{ code: 'yaml-number-as-text', ...span, message: `MLflow's YAML reader takes \`${text}\` for a text, since it has no dot.`, fixes: [quote] }];
  }
  const isChanged = (value.type === 'int' || value.type === 'float' || value.type === 'datetime') && read !== text;
  const isSameNumber = isNumberExpected && Number(text) === Number(read);
  if (!isChanged || isSameNumber) return [];
  return [{ code: 'yaml-number', ...span, message: `MLflow's YAML reader takes \`${text}\` for ${read}.`, fixes: [quote] }];
};
