import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { CardSpec } from '../../../schemas/compare-layout.ts';
import { IconButton } from '../../shared/controls.tsx';
import { MenuButton, type MenuItem } from '../../shared/menu.tsx';
import type { Visibility } from '../../shared/visibility.ts';
import { usePage, type ComparePage } from '../page.ts';
import { duplicateCard, moveCard, resizeCard } from './layout.ts';
import { followResize } from './resize.ts';

export interface CardPlace {
  readonly visibility: Visibility;
  /** Columns that the grid has. */
  readonly columns: number;
  /** Its neighbours in the section. */
  readonly before?: string;
  readonly after?: string;
}

interface CardProps {
  readonly spec: CardSpec;
  readonly place: CardPlace;
  readonly title: string;
  readonly actions: ComponentChildren;
  /** What the menu offers besides place and size. */
  readonly menu?: readonly MenuItem[];
  /** Built only while the card is on screen, or nearly. */
  body(): ComponentChildren;
}

/** A frame with a title and actions. Its size does not depend on its content, so that nothing moves when that comes or goes. */
export const Card = ({ spec, place, title, actions, menu = [], body }: CardProps): JSX.Element => {
  const page = usePage();
  const frame = useRef<HTMLElement>(null);
  const visible = useSignal(false);
  const maximized = useSignal(false);
  // What is on screen is in the page's first picture: an observer tells it with the second one.
  useLayoutEffect(() => {
    if (frame.current === null) return undefined;
    visible.value = place.visibility.isNear(frame.current);
    return place.visibility.observe(frame.current, (isVisible) => (visible.value = isVisible));
  }, [place.visibility]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) maximized.value = false;
  };
  const size = maximized.value ? {} : { gridColumn: `span ${Math.min(spec.width, place.columns)}` };
  return (
    <article
      ref={frame}
      class={`card card-height-${spec.height}${maximized.value ? ' card-maximized' : ''}`}
      data-card={spec.id}
      data-kind={spec.type}
      aria-label={title}
      style={size}
      onKeyDown={onKeyDown}
      onDragOver={(event) => event.dataTransfer?.types.includes(dragType) === true && event.preventDefault()}
      onDrop={(event) => page.editCards((cards) => moveCard(cards, event.dataTransfer?.getData(dragType) ?? '', spec.id))}
    >
      {visible.value && (
        <>
          <header class="card-header" draggable onDragStart={(event) => event.dataTransfer?.setData(dragType, spec.id)}>
            <h3 class="card-title" title={title}>
              {title}
            </h3>
            <div class="card-actions">
              {actions}
              <IconButton
                icon={maximized.value ? 'screen-normal' : 'screen-full'}
                label={maximized.value ? 'Back to its place' : 'Fill the page'}
                pressed={maximized.value}
                onClick={() => (maximized.value = !maximized.value)}
              />
              <MenuButton icon="ellipsis" label={`More for ${title}`} items={[...menu, ...frameItems(page, spec, place)]} />
            </div>
          </header>
          <div class="card-body">{body()}</div>
          <ResizeHandle spec={spec} columns={place.columns} />
        </>
      )}
    </article>
  );
};

const dragType = 'application/x-mlflow-card';

const frameItems = (page: ComparePage, spec: CardSpec, { columns, before, after }: CardPlace): readonly MenuItem[] => {
  const resize = (width: number, height: number) => (): void => page.changeCard(resizeCard(spec, { width, height }));
  const moveTo = (id: string | undefined) => (): void => page.editCards((cards) => moveCard(cards, spec.id, id ?? spec.id));
  return [
    { label: 'Move Back', disabled: before === undefined, onChoose: moveTo(before) },
    { label: 'Move Forward', disabled: after === undefined, onChoose: moveTo(after) },
    'separator',
    { label: 'Wider', disabled: spec.width >= columns, onChoose: resize(Math.min(spec.width, columns) + 1, spec.height) },
    { label: 'Narrower', disabled: Math.min(spec.width, columns) === 1, onChoose: resize(Math.min(spec.width, columns) - 1, spec.height) },
    { label: 'Taller', disabled: spec.height === 3, onChoose: resize(spec.width, spec.height + 1) },
    { label: 'Shorter', disabled: spec.height === 1, onChoose: resize(spec.width, spec.height - 1) },
    'separator',
    { label: 'Duplicate', onChoose: () => page.editCards((cards) => duplicateCard(cards, spec.id)) },
    { label: 'Remove', onChoose: () => page.removeCard(spec) },
  ];
};

const ResizeHandle = ({ spec, columns }: { readonly spec: CardSpec; readonly columns: number }): JSX.Element => {
  const page = usePage();
  const handle = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (handle.current === null) return undefined;
    return followResize(handle.current, { columns, onResize: (size) => page.changeCard(resizeCard(spec, size)) });
  }, [page, spec, columns]);
  return <div ref={handle} class="card-resize" aria-hidden="true" />;
};
