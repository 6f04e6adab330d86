import type { JSX } from 'preact';
import type { RunStyle } from '../shared/palette.ts';

/** A piece of the run's line: its colour and its dashes. */
export const RunSwatch = ({ style }: { readonly style: RunStyle }): JSX.Element => (
  <svg class="swatch" width="16" height="10" viewBox="0 0 16 10" aria-hidden="true">
    <line
      x1="1"
      y1="5"
      x2="15"
      y2="5"
      stroke={style.color}
      stroke-width="3"
      stroke-linecap={style.dash.length === 0 ? 'round' : 'butt'}
      stroke-dasharray={style.dash.map((length) => length * 0.7).join(' ')}
    />
  </svg>
);
