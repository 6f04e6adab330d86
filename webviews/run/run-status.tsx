import type { JSX } from 'preact';
import { Icon } from '../shared/controls.tsx';

const statuses: Readonly<Record<string, { readonly icon: string; readonly word: string }>> = {
  RUNNING: { icon: 'loading', word: 'running' },
  SCHEDULED: { icon: 'history', word: 'scheduled' },
  FINISHED: { icon: 'pass', word: 'finished' },
  FAILED: { icon: 'error', word: 'failed' },
  KILLED: { icon: 'circle-slash', word: 'killed' },
};

export const RunStatus = ({ status, iconOnly = false }: { readonly status: string; readonly iconOnly?: boolean }): JSX.Element => {
  const { icon, word } = statuses[status] ?? { icon: 'question', word: status.toLowerCase() };
  return (
    <span class={`run-status status-${word}`} title={word}>
      <Icon name={icon} spin={status === 'RUNNING'} />
      <bdi class={iconOnly ? 'visually-hidden' : ''}>{word}</bdi>
    </span>
  );
};
