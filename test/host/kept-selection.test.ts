import { expect, onTestFinished, test } from 'vitest';

import { commonKind, KeptSelection } from '../../extension/host/kept-selection.ts';
import { Emitter } from '../../extension/shared/emitter.ts';

interface Row {
  readonly kind: string;
  readonly name: string;
}

const [run, other, experiment] = [
  { kind: 'run', name: 'a' },
  { kind: 'run', name: 'b' },
  { kind: 'experiment', name: 'c' },
];

/** As VS Code's view is: it says of the selected rows those that it knows, and tells only when others are selected. */
class View {
  readonly #changed = new Emitter<{ readonly selection: readonly Row[] }>();
  #known: ReadonlySet<Row> = new Set([run, other, experiment]);
  #selected: readonly Row[] = [];

  readonly onDidChangeSelection = this.#changed.event;

  get selection(): readonly Row[] {
    return this.#selected.filter((row) => this.#known.has(row));
  }

  select(...rows: readonly Row[]): void {
    this.#selected = rows;
    this.#changed.fire({ selection: this.selection });
  }

  know(...rows: readonly Row[]): void {
    this.#known = new Set(rows);
  }
}

const newSelection = () => {
  const view = new View();
  const gone = new Set<Row>();
  const kinds: string[] = [];
  let forgotten = 0;
  const selection = new KeptSelection<Row>(view, {
    isThere: (row) => !gone.has(row),
    onDidChange: (rows) => kinds.push(commonKind(rows)),
    onForgotten: () => (forgotten += 1),
  });
  onTestFinished(() => selection.dispose());
  return { view, gone, kinds, selection, timesForgotten: () => forgotten };
};

test('what a person has selected stays selected while VS Code reads its rows again, and VS Code is reminded of them', () => {
  const { view, selection, kinds, timesForgotten } = newSelection();
  view.select(run, other);
  expect(selection.rows).toEqual([run, other]);
  expect(timesForgotten()).toBe(0);
  view.know();
  expect(view.selection).toEqual([]);
  expect(selection.rows).toEqual([run, other]);
  expect(timesForgotten()).toBe(1);
  expect(kinds).toEqual(['run']);
});

test('a row that is clicked while VS Code does not know it is selected as soon as it has been read', async () => {
  const { view, selection, kinds } = newSelection();
  view.select(experiment);
  view.know();
  view.select(run);
  view.know(run, other, experiment);
  selection.rowsWereRead();
  await expect.poll(() => kinds).toEqual(['experiment', '', 'run']);
  expect(selection.rows).toEqual([run]);
});

test('a row that is gone is not selected any more, nor is one that a person has let go', () => {
  const { view, gone, selection } = newSelection();
  view.select(run, other);
  gone.add(other);
  expect(selection.rows).toEqual([run]);
  view.select();
  expect(selection.rows).toEqual([]);
});

test('rows of several kinds have none in common', () => {
  expect(commonKind([run, other])).toBe('run');
  expect(commonKind([run, experiment])).toBe('');
  expect(commonKind([])).toBe('');
});
