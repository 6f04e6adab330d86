import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';

/** A glyph of VS Code's own icon font; decoration only, the words are on the control. */
export const Icon = ({ name, spin = false }: { readonly name: string; readonly spin?: boolean }): JSX.Element => (
  <span class={`codicon codicon-${name}${spin ? ' codicon-modifier-spin' : ''}`} aria-hidden="true" />
);

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  /** Makes it a toggle. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  onClick(): void;
}

export const IconButton = ({ icon, label, pressed, disabled, onClick }: IconButtonProps): JSX.Element => (
  <button type="button" class="icon-button" title={label} aria-label={label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

export const Button = ({ icon, children, onClick }: { readonly icon?: string; readonly children: ComponentChildren; onClick(): void }): JSX.Element => (
  <button type="button" class="button" onClick={onClick}>
    {icon !== undefined && <Icon name={icon} />}
    <span>{children}</span>
  </button>
);

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  onChange(value: Value): void;
}

export const Select = <Value extends string>({ label, value, choices, onChange }: SelectProps<Value>): JSX.Element => {
  const choose = (text: string): void => {
    const choice = choices.find((candidate) => candidate.value === text);
    if (choice !== undefined) onChange(choice.value);
  };
  // There may be thousands of them, and the same ones are not looked at again.
  const options = useMemo(
    () =>
      choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      )),
    [choices],
  );
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <span class="select">
        <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {options}
        </select>
        <Icon name="chevron-down" />
      </span>
    </label>
  );
};

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  onChange(checked: boolean): void;
}

export const Checkbox = ({ label, checked, onChange }: CheckboxProps): JSX.Element => (
  <label class="checkbox">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
);

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** How the value reads, also for a screen reader. */
  readonly text: string;
  onChange(value: number): void;
}

export const Slider = ({ label, value, min, max, step, text, onChange }: SliderProps): JSX.Element => (
  <label class="field">
    <span class="field-label">{label}</span>
    <input
      class="slider"
      type="range"
      value={value}
      min={min}
      max={max}
      step={step}
      aria-valuetext={text}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
    <span class="field-value">{text}</span>
  </label>
);
