import { signal, type ReadonlySignal } from '@preact/signals';
import { runHues } from '../../schemas/run-color.ts';

export type ThemeKind = 'dark' | 'light' | 'high-contrast-dark' | 'high-contrast-light';

/** What a canvas needs to look like the rest of the editor; everything else uses the variables in CSS. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly focus: string;
  readonly error: string;
  readonly fontFamily: string;
  /** One colour per entry of `runHues`. */
  readonly hues: readonly string[];
}

const kindOf = (body: HTMLElement): ThemeKind => {
  if (body.classList.contains('vscode-high-contrast-light')) return 'high-contrast-light';
  if (body.classList.contains('vscode-high-contrast')) return 'high-contrast-dark';
  return body.classList.contains('vscode-light') ? 'light' : 'dark';
};

export const isLight = (kind: ThemeKind): boolean => kind === 'light' || kind === 'high-contrast-light';

export const readTheme = (document: Document): Theme => {
  const style = getComputedStyle(document.documentElement);
  const color = (...names: readonly string[]): string =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '') ?? 'gray';
  const kind = kindOf(document.body);
  return {
    kind,
    foreground: color('foreground'),
    muted: color('descriptionForeground', 'foreground'),
    grid: color('contrastBorder', 'charts-lines', 'widget-border'),
    background: color('editor-background'),
    focus: color('focusBorder'),
    error: color('errorForeground', 'charts-red'),
    fontFamily: style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif',
    hues: runHues.map((hue, index) => style.getPropertyValue(`--vscode-mlflow-runColor${index + 1}`).trim() || (isLight(kind) ? hue.light : hue.dark)),
  };
};

const same = (left: Theme, right: Theme): boolean => JSON.stringify(left) === JSON.stringify(right);

/** The theme of the editor, live: VS Code rewrites the root's style and the body's classes when it changes. */
export const watchTheme = (document: Document): { readonly theme: ReadonlySignal<Theme>; dispose(): void } => {
  const theme = signal(readTheme(document));
  const observer = new MutationObserver(() => {
    const next = readTheme(document);
    if (!same(theme.peek(), next)) theme.value = next;
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return { theme, dispose: () => observer.disconnect() };
};
