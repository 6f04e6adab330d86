import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './controls.tsx';

export type MenuItem = { readonly label: string; readonly disabled?: boolean; onChoose(): void } | 'separator';

interface MenuButtonProps {
  readonly icon: string;
  readonly label: string;
  /** Words beside the icon; without them it is an icon button. */
  readonly text?: string;
  readonly items: readonly MenuItem[];
}

/** A button that opens a menu, worked like VS Code's own: arrows, Enter, Escape, a click anywhere else closes it. */
export const MenuButton = ({ icon, label, text, items }: MenuButtonProps): JSX.Element => {
  const open = useSignal(false);
  const area = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (): void => {
    open.value = false;
    button.current?.focus();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const inside = event.relatedTarget instanceof Node && area.current?.contains(event.relatedTarget) === true;
    if (!inside) open.value = false;
  };
  return (
    <div ref={area} class="menu-area" onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class={text === undefined ? 'icon-button' : 'button'}
        title={label}
        aria-label={text === undefined ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-controls={id}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name={icon} />
        {text !== undefined && <span>{text}</span>}
      </button>
      {open.value && <Menu id={id} label={label} items={items} close={close} />}
    </div>
  );
};

interface MenuProps {
  readonly id?: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** In CSS pixels of the page, for a menu that hangs on nothing. */
  readonly at?: { readonly x: number; readonly y: number };
  close(): void;
}

/** The menu itself; it takes the focus. */
export const Menu = ({ id, label, items, at, close }: MenuProps): JSX.Element => {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => itemsIn(menu.current)[0]?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
    else if (!moveFocus(event.key, menu.current)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const place = at && { position: 'fixed', right: 'auto', left: `${at.x}px`, top: `${at.y}px` };
  return (
    <div ref={menu} id={id} class="menu" role="menu" aria-label={label} style={place} onKeyDown={onKeyDown}>
      {items.map((item, index) =>
        item === 'separator' ? <div key={index} class="menu-separator" role="separator" /> : <Item key={item.label} item={item} close={close} />,
      )}
    </div>
  );
};

const Item = ({ item, close }: { readonly item: Exclude<MenuItem, 'separator'>; close(): void }): JSX.Element => {
  const choose = (): void => {
    close();
    item.onChoose();
  };
  return (
    <button type="button" class="menu-item" role="menuitem" tabIndex={-1} disabled={item.disabled} onClick={choose}>
      {item.label}
    </button>
  );
};

const itemsIn = (area: HTMLElement | null): readonly HTMLElement[] => [...(area?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];

/** Whether the key moved the focus within the menu. */
const moveFocus = (key: string, area: HTMLElement | null): boolean => {
  const items = itemsIn(area);
  const here = items.findIndex((item) => item === document.activeElement);
  const target = { ArrowDown: (here + 1) % items.length, ArrowUp: (here - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[key];
  if (target === undefined) return false;
  items[target]?.focus();
  return true;
};
