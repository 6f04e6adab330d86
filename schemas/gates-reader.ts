import type { Gate, GateProblem, Improvement, MetricGate, TagGate } from './gates.ts';
import type { MetricDirection } from './metric-direction.ts';
import { asMapping, asScalar, isNull, keyText, type Span, type YamlEntry, type YamlMapping, type YamlNode } from './yaml-tree.ts';

export const gateKeys = ['metrics', 'tags', 'signature'] as const;
export const metricKeys = ['improvement', 'better', 'min', 'max'] as const;
const directions = ['lower', 'higher'] as const;
const signatures = ['compatible', 'present'] as const;

const listOf = (words: readonly string[]): string => words.map((word) => `“${word}”`).join(', ');

/** Takes what is right, and names all that is not. */
export class GatesReader {
  readonly problems: GateProblem[] = [];
  readonly #textLength: number;

  constructor(textLength: number) {
    this.#textLength = textLength;
  }

  read(root: YamlNode | undefined): readonly Gate[] {
    const entries = this.#entries(root, 'The file must have “gates”, a mapping from names of models to what their versions must fulfil', ['gates']);
    const gates = entries.find((entry) => keyText(entry) === 'gates');
    if (gates === undefined) {
      return [];
    }
    return this.#entries(gates.value, '“gates” must be a mapping from names of models to what their versions must fulfil').map((entry) => this.#gate(entry));
  }

  #refuse(node: Span | undefined, message: string): undefined {
    const { start, end } = node ?? { start: 0, end: this.#textLength };
    this.problems.push({ message, start, end: Math.max(end, start) });
    return undefined;
  }

  /** The entries of a mapping; keys that come twice, and those that are not known, are refused. */
  #entries(node: YamlNode | undefined, expected: string, known?: readonly string[]): readonly YamlEntry[] {
    const mapping = asMapping(node);
    if (mapping === undefined || mapping.entries.length === 0) {
      this.#refuse(node, expected);
      return [];
    }
    return this.#checkKeys(mapping, known);
  }

  #checkKeys(mapping: YamlMapping, known: readonly string[] | undefined): readonly YamlEntry[] {
    const seen = new Set<string>();
    return mapping.entries.filter((entry) => {
      const key = keyText(entry);
      if (seen.has(key)) return this.#refuse(entry.key, `“${key}” is given twice`) !== undefined;
      seen.add(key);
      if (known === undefined || known.includes(key)) return true;
      return this.#refuse(entry.key, `“${key}” is not known here; it is ${listOf(known)}`) !== undefined;
    });
  }

  #gate(entry: YamlEntry): Gate {
    const models = keyText(entry);
    const parts = this.#entries(entry.value, `A gate has ${listOf(gateKeys)}`, gateKeys);
    const part = (key: (typeof gateKeys)[number]): YamlNode | undefined => parts.find((one) => keyText(one) === key)?.value;
    const [metrics, tags, signature] = [part('metrics'), part('tags'), part('signature')];
    const kind = signature === undefined ? undefined : this.#word(signature, signatures);
    return {
      models,
      metrics: metrics === undefined ? [] : this.#metrics(metrics),
      tags: tags === undefined ? [] : this.#tags(tags),
      ...(kind !== undefined && { signature: kind }),
    };
  }

  #metrics(node: YamlNode): readonly MetricGate[] {
    return this.#entries(node, '“metrics” must be a mapping from keys of metrics to what they must fulfil').map((entry) => this.#metric(entry));
  }

  #metric(entry: YamlEntry): MetricGate {
    const key = keyText(entry);
    const parts = this.#entries(entry.value, `What a metric must fulfil has ${listOf(metricKeys)}`, metricKeys);
    const read = <Value>(name: (typeof metricKeys)[number], reader: (value: YamlNode) => Value | undefined): Value | undefined => {
      const value = parts.find((one) => keyText(one) === name)?.value;
      return value === undefined ? undefined : reader(value);
    };
    const improvement = read('improvement', (value) => this.#improvement(value));
    const better = read('better', (value): MetricDirection | undefined => this.#word(value, directions));
    const [min, max] = [read('min', (value) => this.#number(value)), read('max', (value) => this.#number(value))];
    if (parts.length > 0 && parts.every((one) => keyText(one) === 'better'))
      this.#refuse(entry.key, `“${key}” asks for nothing: give “improvement”, “min” or “max”`);
    if (min !== undefined && max !== undefined && min > max) this.#refuse(entry.key, `No value of “${key}” is at least ${min} and at most ${max}`);
    return {
      key,
      ...(better !== undefined && { better }),
      ...(improvement !== undefined && { improvement }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    };
  }

  #improvement(node: YamlNode): Improvement | undefined {
    const text = asScalar(node)?.text ?? '';
    const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
    if (share !== undefined) return { kind: 'share', by: Number(share) / 100 };
    const by = this.#number(node, 'must be a number, or a share such as “2%”');
    if (by === undefined || by >= 0) return by === undefined ? undefined : { kind: 'absolute', by };
    return this.#refuse(node, 'An improvement is not negative: “better” says which values are better');
  }

  #number(node: YamlNode, expected = 'must be a number'): number | undefined {
    const scalar = asScalar(node);
    const value = scalar !== undefined && scalar.text.trim() !== '' ? Number(scalar.text) : Number.NaN;
    return Number.isFinite(value) ? value : this.#refuse(node, `This ${expected}`);
  }

  #word<Word extends string>(node: YamlNode, words: readonly Word[]): Word | undefined {
    const text = asScalar(node)?.text;
    return words.find((word) => word === text) ?? this.#refuse(node, `This must be ${words.map((word) => `“${word}”`).join(' or ')}`);
  }

  #tags(node: YamlNode): readonly TagGate[] {
    return this.#entries(node, '“tags” must be a mapping from keys of tags to their values').flatMap((entry) => {
      const value = asScalar(entry.value)?.text;
      if (value === undefined || isNull(entry.value)) {
        this.#refuse(entry.value, 'The value of a tag is a text; “*” is any');
        return [];
      }
      return [{ key: keyText(entry), ...(value !== '*' && { value }) }];
    });
  }
}
