import type { PathStep } from './path.ts';

/** The part of JSON Schema 2020-12 that our schemas use. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly deprecated?: boolean;
  /** The first MLflow that writes the field. */
  readonly 'x-mlflow-since'?: string;
  /** The text is a path beside the file: without `data` nothing loads, `side` is needed for less, `code` goes by its name, a `prefix` begins names. */
  readonly 'x-mlflow-file'?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

interface Pattern {
  readonly pattern: RegExp;
  readonly schema: JsonSchema;
}

const patternsOf = ({ patternProperties = {} }: JsonSchema): readonly Pattern[] =>
  Object.entries(patternProperties).map(([source, schema]) => ({ pattern: new RegExp(source, 'u'), schema }));

/** Walks a schema along the path of a document; every step may have alternatives. */
export class SchemaWalker {
  readonly #root: JsonSchema;
  /** Of each schema, what a document asks for at every key. */
  readonly #keys = new Map<JsonSchema, ReadonlyMap<string, JsonSchema>>();
  readonly #flat = new Map<JsonSchema, readonly JsonSchema[]>();
  readonly #patterns = new Map<JsonSchema, readonly Pattern[]>();
  readonly #open = new Map<JsonSchema, boolean>();
  readonly #references = new Map<string, JsonSchema | undefined>();

  // Each is made once: a large file asks at tens of thousands of places.
  readonly #keysOf = (schema: JsonSchema): ReadonlyMap<string, JsonSchema> =>
    new Map(
      this.#alternatives(schema).flatMap(({ properties = {} }) => Object.entries(properties).map(([key, value]) => [key, this.#resolve(value)] as const)),
    );
  readonly #flatten = (schema: JsonSchema): readonly JsonSchema[] =>
    schema.oneOf?.flatMap((alternative) => this.#alternatives(this.#resolve(alternative))) ?? [schema];
  readonly #isOpen = (schema: JsonSchema): boolean =>
    this.#alternatives(schema).every(({ type, additionalProperties }) => ![type].flat().includes('object') || additionalProperties !== false);
  readonly #definition = (reference: string): JsonSchema | undefined => this.#root.$defs?.[reference.replace('#/$defs/', '')];

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** The schema of the node at a path; undefined where anything goes. */
  at(path: readonly PathStep[]): JsonSchema | undefined {
    let schema: JsonSchema | undefined = this.#root;
    for (const step of path) {
      if (schema === undefined) return undefined;
      schema = this.#below(schema, step);
    }
    return schema && this.#resolve(schema);
  }

  /** The keys that a mapping at this path may have, whichever alternative of the schema it follows. */
  keysAt(path: readonly PathStep[]): ReadonlyMap<string, JsonSchema> {
    const schema = this.at(path);
    return schema === undefined ? new Map() : memo(this.#keys, schema, this.#keysOf);
  }

  /** Whether a mapping at this path may have keys that its schema does not name. */
  isOpenAt(path: readonly PathStep[]): boolean {
    const schema = this.at(path);
    return schema === undefined || memo(this.#open, schema, this.#isOpen);
  }

  /** The schema itself, or its alternatives. */
  alternativesAt(path: readonly PathStep[]): readonly JsonSchema[] {
    const schema = this.at(path);
    return schema === undefined ? [] : this.#alternatives(schema);
  }

  #alternatives(schema: JsonSchema): readonly JsonSchema[] {
    return memo(this.#flat, schema, this.#flatten);
  }

  #below(schema: JsonSchema, step: PathStep): JsonSchema | undefined {
    for (const alternative of this.#alternatives(this.#resolve(schema))) {
      const below = typeof step === 'number' ? alternative.items : this.#propertyOf(alternative, step);
      if (below !== undefined) return below;
    }
    return undefined;
  }

  #propertyOf(schema: JsonSchema, key: string): JsonSchema | undefined {
    if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
    const found = memo(this.#patterns, schema, patternsOf).find(({ pattern }) => pattern.test(key));
    if (found !== undefined) return found.schema;
    return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  }

  #resolve(schema: JsonSchema): JsonSchema {
    const { $ref } = schema;
    if ($ref === undefined) return schema;
    return memo(this.#references, $ref, this.#definition) ?? schema;
  }
}

const memo = <Key, Value>(known: Map<Key, Value>, key: Key, make: (key: Key) => Value): Value => {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
};
