import type { CardOf, CardSpec } from '../../../schemas/compare-layout.ts';
import type { Scene } from '../plot/scene.ts';
import { fieldLabel } from '../runs/fields.ts';
import { barScene } from '../scenes/bar.ts';
import { boxScene } from '../scenes/box-plot.ts';
import { heatMapScene } from '../scenes/heat-map.ts';
import { importanceScene } from '../scenes/importance.ts';
import { parallelScene } from '../scenes/parallel.ts';
import { scatterScene } from '../scenes/scatter.ts';
import type { SceneInput } from '../scenes/scene-input.ts';

/** Cards that are made from the runs themselves; the others need histories. */
export type SceneSpec = Exclude<CardSpec, CardOf<'line'>>;

export const cardTitle = (spec: CardSpec): string => {
  switch (spec.type) {
    case 'line':
    case 'bar':
      return spec.metric;
    case 'scatter':
      return `${fieldLabel(spec.y)} by ${fieldLabel(spec.x)}`;
    case 'parallel':
      return 'Parallel coordinates';
    case 'box':
      return `${spec.metric} by ${fieldLabel(spec.by)}`;
    case 'heatmap':
      return `${spec.metric} over ${fieldLabel(spec.x)} and ${fieldLabel(spec.y)}`;
    case 'importance':
      return `What matters for ${spec.metric}`;
    default:
      return spec satisfies never;
  }
};

/** The one place that knows which card draws what. `change` is for what can be changed in the picture itself. */
export const sceneOf = (spec: SceneSpec, input: SceneInput, change: (spec: CardSpec) => void): Scene => {
  switch (spec.type) {
    case 'bar':
      return barScene(spec, input);
    case 'scatter':
      return scatterScene(spec, input);
    case 'parallel':
      return parallelScene(spec, input, { reorder: (fields) => change({ ...spec, fields }) });
    case 'box':
      return boxScene(spec, input);
    case 'heatmap':
      return heatMapScene(spec, input);
    case 'importance':
      return importanceScene(spec, input);
    default:
      return spec satisfies never;
  }
};
