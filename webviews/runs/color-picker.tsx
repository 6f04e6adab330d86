import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, Icon } from '../shared/controls.tsx';
import { usePage } from './page.ts';

/** A button that opens the colours which runs can have; the choice is written into their tag `mlflow.runColor`. */
export const ColorPicker = (): JSX.Element => {
  const { colorSelected } = usePage();
  const open = useSignal(false);
  const area = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    open.value = false;
    button.current?.focus();
  };
  const choose = (color: string | null): void => {
    close();
    colorSelected(color);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.peek()) return;
    event.stopPropagation();
    close();
  };
  const onFocusOut = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && area.current?.contains(event.relatedTarget))) open.value = false;
  };
  return (
    <div ref={area} class="menu-area" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button ref={button} type="button" class="button" aria-haspopup="dialog" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name="symbol-color" />
        <span>Colour</span>
      </button>
      {open.value && <Colors onChoose={choose} />}
    </div>
  );
};

const Colors = ({ onChoose }: { onChoose(color: string | null): void }): JSX.Element => {
  const { theme } = usePage();
  const popup = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => popup.current?.querySelector('button')?.focus(), []);
  return (
    <div ref={popup} class="color-picker" role="dialog" aria-label="Colour of the selected runs">
      <div class="color-choices">
        {theme.value.hues.map((hue, index) => (
          <button
            key={hue}
            type="button"
            class="color-choice"
            style={{ background: hue }}
            title={hue}
            aria-label={`Colour ${index + 1} of ${theme.value.hues.length}`}
            onClick={() => onChoose(hue)}
          />
        ))}
      </div>
      <Button onClick={() => onChoose(null)}>By Run ID</Button>
    </div>
  );
};
