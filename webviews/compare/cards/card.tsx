import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Visibility } from '../../shared/visibility.ts';

interface CardProps {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly visibility: Visibility;
  readonly actions: ComponentChildren;
  /** Built only while the card is on screen, or nearly. */
  body(): ComponentChildren;
}

/** A frame with a title and actions. Its size does not depend on its content, so that nothing moves when that comes or goes. */
export const Card = ({ id, kind, title, visibility, actions, body }: CardProps): JSX.Element => {
  const frame = useRef<HTMLElement>(null);
  const visible = useSignal(false);
  useEffect(() => {
    if (frame.current === null) return undefined;
    return visibility.observe(frame.current, (isVisible) => (visible.value = isVisible));
  }, [visibility]);
  return (
    <article ref={frame} class="card" data-card={id} data-kind={kind} aria-label={title}>
      {visible.value && (
        <>
          <header class="card-header">
            <h3 class="card-title" title={title}>
              {title}
            </h3>
            <div class="card-actions">{actions}</div>
          </header>
          <div class="card-body">{body()}</div>
        </>
      )}
    </article>
  );
};
