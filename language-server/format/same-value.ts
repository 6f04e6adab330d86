import { children, type YamlNode } from '../../schemas/yaml-tree.ts';

/** Whether PyYAML makes the same of both, anchors, tags and the order of keys included. */
export const isSameValue = (a: YamlNode | undefined, b: YamlNode | undefined): boolean => {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === 'alias' || b.kind === 'alias') return a.kind === 'alias' && b.kind === 'alias' && a.name === b.name;
  if (a.kind !== b.kind || a.properties?.tag !== b.properties?.tag || a.properties?.anchor !== b.properties?.anchor) return false;
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.text === b.text && a.value.type === b.value.type;
  const [left, right] = [children(a), children(b)];
  return left.length === right.length && left.every((child, index) => isSameValue(child, right[index]));
};
