import type { JSX } from 'preact';
import type { CardSpec } from '../../../schemas/compare-layout.ts';
import { LineCard } from '../lines/line-card.tsx';
import type { CardPlace } from './card.tsx';
import { SceneCard } from './scene-card.tsx';

interface CardViewProps {
  readonly spec: CardSpec;
  readonly place: CardPlace;
}

export const CardView = ({ spec, place }: CardViewProps): JSX.Element =>
  spec.type === 'line' ? <LineCard spec={spec} place={place} /> : <SceneCard spec={spec} place={place} />;
