import {
  children,
  fullStart,
  type Span,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
  type YamlSequence,
} from '../../schemas/yaml-tree.ts';
import { TextLines, type TextLine } from './text-lines.ts';

/** A text to stand where another one stood. */
export interface Replacement extends Span {
  readonly newText: string;
}

/** What is written in a way that is left alone, together with all that is around it: `? key`, a list as a key. */
class Unusual extends Error {}

/** Where each line of a file should begin, and what should stand between the parts of a line. Only white space is ever replaced. */
export class Layout {
  readonly lines: TextLines;
  readonly gaps: Replacement[] = [];
  /** Columns of lines, by index. */
  readonly columns = new Map<number, number>();
  /** Lines inside a text, whose spaces count. */
  readonly fixedLines = new Set<number>();
  readonly #text: string;
  readonly #step: number;

  private constructor(text: string, step: number) {
    this.#text = text;
    this.#step = step;
    this.lines = new TextLines(text);
  }

  /** Undefined where something unusual is in the way. */
  static of(text: string, root: YamlNode, step: number, column = 0): Layout | undefined {
    const layout = new Layout(text, step);
    try {
      layout.#node(root, { column, oldColumn: column });
      return layout;
    } catch (error) {
      if (error instanceof Unusual) return undefined;
      throw error;
    }
  }

  /** `place` is that of the node itself. */
  #node(node: YamlNode, place: Place): void {
    if (node.kind === 'mapping' && !node.isFlow) this.#mapping(node, place);
    else if (node.kind === 'sequence' && !node.isFlow) this.#sequence(node, place);
    else this.#inline(node, { column: place.column - this.#step, oldColumn: place.oldColumn });
  }

  #mapping({ entries }: YamlMapping, { column }: Place): void {
    for (const entry of entries) {
      const start = fullStart(entry.key);
      this.#beginLine(start, column);
      const colon = this.#colonOf(entry);
      this.#propertiesGap(entry.key);
      this.#gap(entry.key.end, colon, entry.key.kind === 'alias' ? ' ' : '');
      this.#value(entry, colon, { column, oldColumn: this.lines.columnAt(start) });
    }
  }

  #colonOf({ key }: YamlEntry): number {
    const colon = key.end + (/^[ ]*/.exec(this.#text.slice(key.end, key.end + 200))?.[0].length ?? 0);
    const isOnOneLine = this.lines.indexAt(key.start) === this.lines.indexAt(key.end);
    const isSimple = key.kind === 'alias' || (key.kind === 'scalar' && isOnOneLine && key.end > key.start);
    if (!isSimple || this.#text[colon] !== ':' || this.#isExplicit(fullStart(key))) throw new Unusual();
    return colon;
  }

  /** Behind `? `. */
  #isExplicit(start: number): boolean {
    const line = this.#lineAt(start);
    return this.#text.slice(line.start, start).includes('?');
  }

  #value({ value }: YamlEntry, colon: number, parent: Place): void {
    if (isAbsent(value)) return;
    this.#spaceBefore(value, colon + 1);
    if (!isBlock(value)) return this.#inline(value, parent);
    const oldColumn = this.lines.columnAt(firstOf(value));
    // Lists may stand in the column of their key, as PyYAML writes them.
    const isFlush = value.kind === 'sequence' && oldColumn === parent.oldColumn;
    this.#node(value, { column: isFlush ? parent.column : parent.column + this.#step, oldColumn });
  }

  #sequence(node: YamlSequence, { column }: Place): void {
    let cursor = node.start;
    for (const item of node.items) {
      const dash = this.#dashFrom(cursor);
      this.#beginLine(dash, column);
      cursor = Math.max(dash + 1, item.end);
      if (item.start === item.end && item.kind === 'scalar' && item.properties === undefined) continue;
      this.#spaceBefore(item, dash + 1);
      const place = { column, oldColumn: this.lines.columnAt(dash) };
      if (isBlock(item)) this.#node(item, { column: column + 2, oldColumn: this.lines.columnAt(firstOf(item)) });
      else this.#inline(item, place);
    }
  }

  #dashFrom(offset: number): number {
    const behind = /^(?:\s|#[^\n]*(?=\n))*/.exec(this.#text.slice(offset))?.[0].length ?? 0;
    if (this.#text[offset + behind] !== '-') throw new Unusual();
    return offset + behind;
  }

  /** A scalar, an alias or something in brackets, which belongs to a key or dash at `parent`. */
  #inline(node: YamlNode, parent: Place): void {
    this.#beginLine(fullStart(node), parent.column + this.#step);
    if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')) return this.#blockScalar(node, parent);
    if (node.kind === 'mapping' || node.kind === 'sequence') this.#brackets(node);
    this.#continuation(node, parent);
  }

  /** The lines of a node behind its first: moved as one, so that what is aligned stays aligned. */
  #continuation(node: YamlNode, parent: Place): void {
    const [first, last] = [this.lines.indexAt(node.start), this.lines.indexAt(Math.max(node.start, node.end - 1))];
    const isText = node.kind === 'scalar';
    const indexes = range(first + 1, last).filter((index) => !this.#isBlank(index));
    const shift = parent.column + this.#step - this.#smallestColumn(indexes.filter((index) => isText || !this.#isClosing(index)));
    for (const index of indexes)
      this.columns.set(index, Math.max(0, this.#isClosing(index) && !isText ? Math.max(parent.column, 0) : this.#columnOf(index) + shift));
    if (isText) for (const index of range(first, last - 1)) this.fixedLines.add(index);
  }

  #isClosing(index: number): boolean {
    const line = this.lines.all[index];
    return line !== undefined && /[\]}]/.test(this.#text.charAt(line.content));
  }

  #blockScalar(node: YamlScalar, parent: Place): void {
    const header = this.lines.indexAt(node.start);
    const headerText = this.#text.slice(node.start, this.lines.all[header]?.end).replace(/\s#.*/, '');
    const keepsEnd = headerText.includes('+');
    const body = this.#text.slice(0, node.end);
    const last = this.lines.indexAt(Math.max(node.start, (keepsEnd ? body : body.trimEnd()).length - 1));
    const indexes = range(header + 1, last);
    for (const index of indexes) this.fixedLines.add(index);
    const firstText = indexes.find((index) => !this.#isBlank(index));
    if (firstText === undefined) return;
    const shift = /\d/.test(headerText) ? parent.column - parent.oldColumn : parent.column + this.#step - this.#columnOf(firstText);
    for (const index of indexes) {
      const line = this.lines.all[index];
      if (line !== undefined && line.end > line.start && !(this.#isBlank(index) && line.end - line.start <= this.#columnOf(firstText))) {
        this.columns.set(index, Math.max(0, this.#columnOf(index) + shift));
      }
    }
  }

  /** `{ a : 1,b: 2 }` becomes `{a: 1, b: 2}`, as far as it is on one line. */
  #brackets(node: YamlMapping | YamlSequence): void {
    let cursor = node.start + 1;
    let before: YamlNode | undefined;
    for (const part of children(node)) {
      this.#separator(cursor, fullStart(part), before);
      this.#propertiesGap(part);
      if ((part.kind === 'mapping' || part.kind === 'sequence') && part.isFlow) this.#brackets(part);
      cursor = Math.max(cursor, part.end);
      before = part;
    }
    if (/^ +$/.test(this.#text.slice(cursor, node.end - 1))) this.#gap(cursor, node.end - 1, '');
  }

  #separator(from: number, to: number, before: YamlNode | undefined): void {
    const between = this.#text.slice(from, to);
    if (before === undefined && /^ +$/.test(between)) this.#gap(from, to, '');
    else if (/^ *, *$/.test(between)) this.#gap(from, to, ', ');
    // A colon right behind an alias would be part of its name.
    else if (/^ *: *$/.test(between)) this.#gap(from, to, before?.kind === 'alias' ? ' : ' : ': ');
  }

  /** One space between a colon or dash and what follows it in the same line. */
  #spaceBefore(node: YamlNode, from: number): void {
    const start = isBlock(node) && node.properties === undefined ? firstOf(node) : fullStart(node);
    if (/^ +$/.test(this.#text.slice(from, start))) this.#gap(from, start, ' ');
    this.#propertiesGap(node);
  }

  #propertiesGap(node: YamlNode): void {
    const properties = node.kind === 'alias' ? undefined : node.properties;
    // With nothing behind it the space ends a line, or keeps the mark apart from a comma.
    if (properties === undefined || node.start === node.end) return;
    const start = isBlock(node) ? firstOf(node) : node.start;
    if (/^ +$/.test(this.#text.slice(properties.span.end, start))) this.#gap(properties.span.end, start, ' ');
  }

  #gap(start: number, end: number, newText: string): void {
    if (start <= end && this.#text.slice(start, end) !== newText) this.gaps.push({ start, end, newText });
  }

  /** Sets the column of a line, if it begins here. */
  #beginLine(offset: number, column: number): void {
    const index = this.lines.indexAt(offset);
    if (this.lines.all[index]?.content === offset) this.columns.set(index, Math.max(0, column));
  }

  #lineAt(offset: number): TextLine {
    return this.lines.all[this.lines.indexAt(offset)] ?? { start: offset, end: offset, content: offset };
  }

  #columnOf(index: number): number {
    const line = this.lines.all[index];
    return line === undefined ? 0 : line.content - line.start;
  }

  #isBlank(index: number): boolean {
    const line = this.lines.all[index];
    return line === undefined || this.#text.slice(line.start, line.end).trim() === '';
  }

  #smallestColumn(indexes: readonly number[]): number {
    return indexes.reduce((smallest, index) => Math.min(smallest, this.#columnOf(index)), Number.MAX_SAFE_INTEGER);
  }
}

/** The column that a key or dash gets, and the one that it has. */
interface Place {
  readonly column: number;
  readonly oldColumn: number;
}

const isBlock = (node: YamlNode): node is YamlMapping | YamlSequence => (node.kind === 'mapping' || node.kind === 'sequence') && !node.isFlow;

const isAbsent = (node: YamlNode): boolean => node.kind === 'scalar' && node.start === node.end && node.properties === undefined;

/** The first key or dash of a block. */
const firstOf = (node: YamlMapping | YamlSequence): number => {
  const [first] = node.kind === 'mapping' ? node.entries : [];
  return first === undefined ? node.start : fullStart(first.key);
};

const range = (first: number, last: number): readonly number[] => Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
