import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { formatBytes } from '../../../schemas/format.ts';
import { Icon } from '../../shared/controls.tsx';
import { folderOf, type Artifacts } from './artifacts.ts';
import type { TreeRow } from './tree-rows.ts';

const rowHeight = 22;
const overscan = 10;
/** Deeper levels are indented no further. */
const mostIndents = 30;

/** Only lines that are on screen are in the document; arrows move the focus as in VS Code's own trees. */
export const TreeView = ({ artifacts }: { readonly artifacts: Artifacts }): JSX.Element => {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const view = useSignal({ top: 0, height: 400 });
  const rows = artifacts.rows();
  const active = activeIndex(rows, artifacts.selected.value);
  const measure = (): void => {
    const element = scroller.current;
    if (element !== null) view.value = { top: element.scrollTop, height: element.clientHeight };
  };
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const goTo = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    artifacts.select(row.path);
    if (scroller.current !== null) reveal(scroller.current, index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = pressKey(event, { rows, active, artifacts, pageRows: Math.floor(view.peek().height / rowHeight) - 1 });
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
  };
  const first = Math.max(0, Math.floor(view.value.top / rowHeight) - overscan);
  const last = Math.min(rows.length, Math.ceil((view.value.top + view.value.height) / rowHeight) + overscan);
  const isActiveShown = active >= first && active < last;
  return (
    <div
      ref={scroller}
      class="artifact-tree"
      role="tree"
      tabIndex={0}
      aria-label="Artifacts"
      aria-activedescendant={isActiveShown ? `${id}-${active}` : undefined}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      <div class="artifact-rows" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <Row
            key={row.path}
            id={`${id}-${first + index}`}
            row={row}
            top={(first + index) * rowHeight}
            isSelected={first + index === active}
            artifacts={artifacts}
          />
        ))}
      </div>
    </div>
  );
};

/** What is no longer there hands over to the folder that it was in. */
const activeIndex = (rows: readonly TreeRow[], selected = ''): number => {
  const indexOf = (path: string): number => rows.findIndex((row) => row.path === path);
  const own = indexOf(selected);
  return Math.max(0, own >= 0 ? own : indexOf(folderOf(selected)));
};

const reveal = (scroller: HTMLElement, index: number): void => {
  const top = index * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + rowHeight - scroller.clientHeight;
};

interface RowProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly top: number;
  readonly isSelected: boolean;
  readonly artifacts: Artifacts;
}

const Row = ({ id, row, top, isSelected, artifacts }: RowProps): JSX.Element => {
  const { path, name, isDirectory, size, level, isExpanded, note } = row;
  const onClick = (): void => {
    artifacts.select(path);
    if (isDirectory) artifacts.toggle(path, !isExpanded);
  };
  return (
    <div
      id={id}
      class={`artifact-row${isSelected ? ' selected' : ''}`}
      role="treeitem"
      aria-level={level}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      aria-selected={isSelected}
      aria-expanded={isDirectory ? isExpanded : undefined}
      title={level > mostIndents ? `${path} (level ${level})` : name}
      style={{ top: `${top}px`, paddingLeft: `${8 + Math.min(level - 1, mostIndents) * 12}px` }}
      onClick={onClick}
    >
      <Icon name={isDirectory ? (isExpanded ? 'chevron-down' : 'chevron-right') : 'blank'} />
      {note === undefined && <Icon name={isDirectory ? 'folder' : 'file'} />}
      <bdi class={note === undefined ? 'artifact-name' : 'artifact-name muted'}>{name}</bdi>
      {size !== undefined && <span class="artifact-size">{formatBytes(size)}</span>}
    </div>
  );
};

interface Keys {
  readonly rows: readonly TreeRow[];
  readonly active: number;
  readonly artifacts: Artifacts;
  readonly pageRows: number;
}

/** The line to go to; undefined for keys that are not the tree's. */
const pressKey = (event: KeyboardEvent, { rows, active, artifacts, pageRows }: Keys): number | undefined => {
  const row = rows[active];
  const within = (index: number): number => Math.min(Math.max(index, 0), rows.length - 1);
  switch (event.key) {
    case 'ArrowDown':
      return within(artifacts.selected.peek() === undefined ? 0 : active + 1);
    case 'ArrowUp':
      return within(active - 1);
    case 'PageDown':
      return within(active + pageRows);
    case 'PageUp':
      return within(active - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'ArrowRight':
      if (row?.isDirectory === true && !row.isExpanded) artifacts.toggle(row.path, true);
      return row?.isExpanded === true && rows[active + 1]?.note === undefined ? within(active + 1) : active;
    case 'ArrowLeft':
      if (row?.isExpanded !== true) return parentOf(rows, active);
      artifacts.toggle(row.path, false);
      return active;
    case 'Enter':
    case ' ':
      if (row?.isDirectory === true) artifacts.toggle(row.path, !row.isExpanded);
      return active;
    default:
      return typeAhead(event, rows, active);
  }
};

const parentOf = (rows: readonly TreeRow[], active: number): number => {
  const level = rows[active]?.level ?? 1;
  const above = rows.slice(0, active).findLastIndex((row) => row.level < level);
  return above < 0 ? active : above;
};

/** A letter goes to the next name that begins with it. */
const typeAhead = (event: KeyboardEvent, rows: readonly TreeRow[], active: number): number | undefined => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const letter = event.key.toLowerCase();
  const order = [...rows.keys()].map((offset) => (active + 1 + offset) % rows.length);
  return order.find((index) => rows[index]?.name.toLowerCase().startsWith(letter) === true) ?? active;
};
