import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from './controls.tsx';

/** Shown while the extension host does not answer: what the page shows stays, but nothing in it is live. */
export const ReloadNotice = ({ alive }: { readonly alive: ReadonlySignal<boolean> }): JSX.Element | null =>
  alive.value ? null : (
    <div class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <span>
        This page has lost its connection to MLflow Workbench and shows what it last knew. Run <b>Developer: Reload Window</b> to connect it again.
      </span>
    </div>
  );
