import type { ComponentChildren, JSX } from 'preact';

interface SectionProps {
  readonly title: string;
  /** Controls beside the title. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export const Section = ({ title, actions, children }: SectionProps): JSX.Element => (
  <section aria-label={title}>
    <div class="section-head">
      <h2>{title}</h2>
      {actions}
    </div>
    {children}
  </section>
);
