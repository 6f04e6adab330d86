import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CardOf, CardSpec } from '../../../schemas/compare-layout.ts';
import { LineCard } from '../lines/line-card.tsx';
import { usePage } from '../page.ts';
import { fieldLabel } from '../runs/fields.ts';
import { barScene } from '../scenes/bar.ts';
import { boxScene } from '../scenes/box-plot.ts';
import { heatMapScene } from '../scenes/heat-map.ts';
import { importanceScene } from '../scenes/importance.ts';
import { parallelScene } from '../scenes/parallel.ts';
import { scatterScene } from '../scenes/scatter.ts';
import type { SceneInput } from '../scenes/scene-input.ts';
import type { CardPlace } from './card.tsx';
import { SceneCard } from './scene-card.tsx';

interface CardViewProps<Spec extends CardSpec = CardSpec> {
  readonly spec: Spec;
  readonly place: CardPlace;
}

/** The one place that knows which card draws what. */
export const CardView = ({ spec, place }: CardViewProps): JSX.Element => {
  switch (spec.type) {
    case 'line':
      return <LineCard spec={spec} place={place} />;
    case 'bar':
      return <SceneCard spec={spec} place={place} title={spec.metric} build={barScene} />;
    case 'scatter':
      return <SceneCard spec={spec} place={place} title={`${fieldLabel(spec.y)} by ${fieldLabel(spec.x)}`} build={scatterScene} />;
    case 'parallel':
      return <ParallelCard spec={spec} place={place} />;
    case 'box':
      return <SceneCard spec={spec} place={place} title={`${spec.metric} by ${fieldLabel(spec.by)}`} build={boxScene} />;
    case 'heatmap':
      return <SceneCard spec={spec} place={place} title={`${spec.metric} over ${fieldLabel(spec.x)} and ${fieldLabel(spec.y)}`} build={heatMapScene} />;
    case 'importance':
      return <SceneCard spec={spec} place={place} title={`What matters for ${spec.metric}`} build={importanceScene} />;
    default:
      return spec satisfies never;
  }
};

const ParallelCard = ({ spec, place }: CardViewProps<CardOf<'parallel'>>): JSX.Element => {
  const page = usePage();
  const build = useMemo(
    () => (card: CardOf<'parallel'>, input: SceneInput) => parallelScene(card, input, { reorder: (fields) => page.changeCard({ ...card, fields }) }),
    [page],
  );
  return <SceneCard spec={spec} place={place} title="Parallel coordinates" build={build} />;
};
