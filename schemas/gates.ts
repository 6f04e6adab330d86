import { GatesReader } from './gates-reader.ts';
import type { MetricDirection } from './metric-direction.ts';
import { readYaml } from './yaml-reader.ts';
import { yamlProblems } from './yaml-refusals.ts';
import type { Span } from './yaml-tree.ts';

/** `.mlflow-workbench/gates.yaml`, which `gates.schema.json` describes. */
export interface Gate {
  /** Name of a registered model; `*` stands for any text. */
  readonly models: string;
  readonly metrics: readonly MetricGate[];
  readonly tags: readonly TagGate[];
  readonly signature?: 'compatible' | 'present';
}

export interface MetricGate {
  readonly key: string;
  readonly improvement?: Improvement;
  /** Undefined: as the experiment says it, else guessed. */
  readonly better?: MetricDirection;
  readonly min?: number;
  readonly max?: number;
}

/** Against the champion; `share` is of its value: 0.02 for 2 %. */
export type Improvement = { readonly kind: 'absolute'; readonly by: number } | { readonly kind: 'share'; readonly by: number };

export interface TagGate {
  readonly key: string;
  /** Undefined: any. */
  readonly value?: string;
}

export interface GateProblem extends Span {
  readonly message: string;
}

export interface GatesReading {
  readonly gates: readonly Gate[];
  /** While there are any, nothing is promoted by the file: a check that was misspelt would be a check that is missing. */
  readonly problems: readonly GateProblem[];
}

export const readGates = (text: string): GatesReading => {
  const document = readYaml(text);
  const syntax = yamlProblems(document).map(({ message, start, end }) => ({ message, start, end }));
  if (syntax.length > 0) return { gates: [], problems: syntax };
  const reader = new GatesReader(text.length);
  return { gates: reader.read(document.root), problems: reader.problems };
};

/** The gates that a model has to pass. */
export const gatesFor = (gates: readonly Gate[], name: string): readonly Gate[] => gates.filter(({ models }) => fits(models, name));

const fits = (pattern: string, name: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(name);
};
