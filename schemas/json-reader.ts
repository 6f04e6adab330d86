import type { Span } from './yaml-tree.ts';

/** A JSON value with the place of each part, in UTF-16 units of the text. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonWord;

export interface JsonObject extends Span {
  readonly kind: 'object';
  readonly members: readonly JsonMember[];
}

export interface JsonMember extends Span {
  readonly key: JsonString;
  readonly value: JsonNode;
}

export interface JsonArray extends Span {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}

export interface JsonString extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface JsonNumber extends Span {
  readonly kind: 'number';
  readonly value: number;
  /** Written without a dot and exponent: Python reads an `int`. */
  readonly isInteger: boolean;
}

export interface JsonWord extends Span {
  readonly kind: 'boolean' | 'null';
  readonly value: boolean | null;
}

/** What Python's `json.loads` raises, without its class. */
export interface JsonProblem extends Span {
  readonly message: string;
}

export interface JsonReading {
  /** What stands before the problem; undefined when that is nothing. */
  readonly root: JsonNode | undefined;
  readonly problem: JsonProblem | undefined;
}

/** Deeper values are refused: nothing that MLflow writes needs more than a few levels. */
const maxDepth = 100;

/** Reads JSON as Python does: `NaN` and the infinities are numbers, and the first mistake ends the reading. */
export const readJson = (text: string): JsonReading => new JsonReader(text).read();

export const memberOf = (object: JsonObject, key: string): JsonMember | undefined => object.members.findLast((member) => member.key.value === key);

const escapes: ReadonlyMap<string, string> = new Map(Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }));

const words: ReadonlyMap<string, boolean | null | number> = new Map<string, boolean | null | number>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #problem: JsonProblem | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonReading {
    const root = this.#value();
    this.#skipSpace();
    if (this.#problem === undefined && this.#at < this.#text.length) this.#fail('Extra data', this.#at, this.#text.length);
    return { root, problem: this.#problem };
  }

  /** The first problem counts: whatever follows it is guesswork. */
  #fail(what: string, start: number, end = start + 1): undefined {
    const before = this.#text.slice(0, start).split('\n');
    const place = `line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1} (char ${start})`;
    const message = what.startsWith('Recursion') ? what : `${what}: ${place}`;
    this.#problem ??= { message, start, end: Math.min(end, this.#text.length) };
  }

  #skipSpace(): void {
    while (/[ \t\n\r]/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  /** Whether the text goes on with this character, which is then read. */
  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(): JsonNode | undefined {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{') return this.#nested(() => this.#object());
    if (first === '[') return this.#nested(() => this.#array());
    return this.#word() ?? this.#number() ?? this.#fail('Expecting value', this.#at);
  }

  #nested<Node>(read: () => Node): Node | undefined {
    if (this.#depth >= maxDepth) return this.#fail('RecursionError: maximum recursion depth exceeded', this.#at);
    this.#depth += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #object(): JsonObject {
    const start = this.#at;
    const members: JsonMember[] = [];
    this.#at += 1;
    if (!this.#accept('}')) {
      do this.#member(members);
      while (this.#problem === undefined && this.#accept(','));
      if (this.#problem === undefined && !this.#accept('}')) this.#fail("Expecting ',' delimiter", this.#at);
    }
    return { kind: 'object', members, start, end: this.#at };
  }

  #member(members: JsonMember[]): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') return this.#fail('Expecting property name enclosed in double quotes', this.#at);
    const key = this.#string();
    if (key === undefined) return;
    if (!this.#accept(':')) return this.#fail("Expecting ':' delimiter", this.#at);
    const value = this.#value();
    if (value !== undefined) members.push({ key, value, start: key.start, end: value.end });
  }

  #array(): JsonArray {
    const start = this.#at;
    const items: JsonNode[] = [];
    this.#at += 1;
    if (!this.#accept(']')) {
      do this.#item(items);
      while (this.#problem === undefined && this.#accept(','));
      if (this.#problem === undefined && !this.#accept(']')) this.#fail("Expecting ',' delimiter", this.#at);
    }
    return { kind: 'array', items, start, end: this.#at };
  }

  #item(items: JsonNode[]): void {
    const item = this.#value();
    if (item !== undefined) items.push(item);
  }

  #string(): JsonString | undefined {
    const start = this.#at;
    let value = '';
    for (this.#at += 1; ;) {
      const character = this.#text[this.#at];
      if (character === undefined) return this.#fail('Unterminated string starting at', start, this.#text.length);
      if (character === '"') break;
      if (character < ' ') return this.#fail('Invalid control character at', this.#at);
      const next = character === '\\' ? this.#escape() : character;
      if (next === undefined) return undefined;
      value += next;
      if (character !== '\\') this.#at += 1;
    }
    this.#at += 1;
    return { kind: 'string', value, start, end: this.#at };
  }

  #escape(): string | undefined {
    const start = this.#at;
    const letter = this.#text.charAt(start + 1);
    if (letter === 'u') {
      const digits = this.#text.slice(start + 2, start + 6);
      if (!/^[\da-f]{4}$/i.test(digits)) return this.#fail('Invalid \\uXXXX escape', start + 1);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meaning = escapes.get(letter);
    if (meaning === undefined) return this.#fail('Invalid \\escape', start, start + 2);
    this.#at += 2;
    return meaning;
  }

  #word(): JsonNode | undefined {
    const start = this.#at;
    const found = /^-?[A-Za-z]+/.exec(this.#text.slice(start, start + 10))?.[0] ?? '';
    const value = words.get(found);
    if (value === undefined) return undefined;
    this.#at += found.length;
    const span = { start, end: this.#at };
    if (typeof value === 'number') return { kind: 'number', value, isInteger: false, ...span };
    return { kind: value === null ? 'null' : 'boolean', value, ...span };
  }

  #number(): JsonNumber | undefined {
    const start = this.#at;
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
    pattern.lastIndex = start;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return { kind: 'number', value: Number(found), isInteger: !/[.eE]/.test(found), start, end: this.#at };
  }
}

/** `type(value).__name__` of what Python reads. */
export const pythonTypeOfJson = (node: JsonNode): string => {
  switch (node.kind) {
    case 'object':
      return 'dict';
    case 'array':
      return 'list';
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'null':
      return 'NoneType';
    case 'number':
      return node.isInteger ? 'int' : 'float';
    default:
      return node satisfies never;
  }
};
