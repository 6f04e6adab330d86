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
  useLayoutEffect(() => {
    if (open.value) itemsIn(area.current)[0]?.focus();
  }, [open.value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open.peek()) return;
    if (event.key === 'Escape') close();
    else if (!moveFocus(event.key, area.current)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const inside = event.relatedTarget instanceof Node && area.current?.contains(event.relatedTarget) === true;
    if (!inside) open.value = false;
  };
  return (
    <div ref={area} class="menu-area" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
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
      {open.value && (
        <div id={id} class="menu" role="menu" aria-label={label}>
          {items.map((item, index) =>
            item === 'separator' ? <div key={index} class="menu-separator" role="separator" /> : <Item key={item.label} item={item} close={close} />,
          )}
        </div>
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
