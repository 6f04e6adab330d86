/** Which cards the compare page shows of which runs: what *Save Layout…* writes to a file and `compare-layout.schema.json` describes. */

import { asRecord, readCharts, readScales, texts, type ChartView, type LineScales, type Unknowns } from './compare-charts.ts';

export const layoutVersion = 1;

/** Something that each run has a value of: `params.lr`, `metrics.loss`, `tags.team`, `experiment`, `status`, `run`, `attributes.start_time`, `attributes.duration`. */
export type FieldId = string;

export interface CardFrame {
  readonly id: string;
  /** Columns of the grid, 1 to 4. */
  readonly width: number;
  /** Steps of height, 1 to 3. */
  readonly height: number;
}

export type CardContent =
  /** Scales that are missing are those of the page. */
  | ({ readonly type: 'line'; readonly metric: string } & Partial<LineScales>)
  | { readonly type: 'bar'; readonly metric: string }
  | {
      readonly type: 'scatter';
      readonly x: FieldId;
      readonly y: FieldId;
      readonly color?: FieldId;
      readonly logX: boolean;
      readonly logY: boolean;
      readonly regression: boolean;
    }
  | { readonly type: 'parallel'; readonly fields: readonly FieldId[]; readonly logFields: readonly FieldId[]; readonly color?: FieldId }
  | { readonly type: 'box'; readonly metric: string; readonly by: FieldId }
  | { readonly type: 'heatmap'; readonly x: FieldId; readonly y: FieldId; readonly metric: string }
  | { readonly type: 'importance'; readonly metric: string };

export type CardType = CardContent['type'];
export type CardSpec = CardFrame & CardContent;
export type CardOf<Type extends CardType> = CardFrame & Extract<CardContent, { readonly type: Type }>;

/** Which runs a layout is about: these, or the newest of experiments. */
export type LayoutRuns = readonly string[] | RunsOfExperiments;

export interface RunsOfExperiments {
  /** By name. */
  readonly experiments: readonly string[];
  /** In MLflow's search language. */
  readonly filter?: string;
  /** At most this many. */
  readonly newest?: number;
}

/** The part that belongs to the page. */
export interface PageLayout {
  readonly charts: ChartView;
  /** Undefined: a card per metric. */
  readonly cards?: readonly CardSpec[];
}

export interface CompareLayout extends PageLayout {
  readonly version: typeof layoutVersion;
  /** Undefined: whoever opens the layout chooses them. */
  readonly runs?: LayoutRuns;
}

export interface LayoutProblem {
  /** Keys and indices from the root to what is wrong. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What can be shown of a layout, and what cannot. A part that is wrong is left out; the others are there. */
export const readCompareLayout = (value: unknown): { readonly layout: CompareLayout; readonly problems: readonly LayoutProblem[] } => {
  const problems: LayoutProblem[] = [];
  const { version, cards, charts, runs } = asRecord(value);
  noteVersion(version, problems);
  const chosen = readLayoutRuns(runs, problems);
  const read = readCards(cards, problems);
  const layout: CompareLayout = {
    version: layoutVersion,
    ...(chosen !== undefined && { runs: chosen }),
    charts: readCharts(charts, (key, message) => problems.push({ path: ['charts', ...key.split('.')], message })),
    ...(read !== undefined && { cards: read }),
  };
  return { layout, problems };
};

const noteVersion = (version: unknown, problems: LayoutProblem[]): void => {
  if (version === layoutVersion) return;
  const isNewer = typeof version === 'number' && version > layoutVersion;
  problems.push({
    path: ['version'],
    message: isNewer
      ? `This layout is of version ${version}, newer than this extension knows (${layoutVersion}): what it does not know is left out`
      : `"version" must be ${layoutVersion}`,
  });
};

const readLayoutRuns = (value: unknown, problems: LayoutProblem[]): LayoutRuns | undefined => {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return texts(value);
  const source = readSource(value);
  if (source === undefined) problems.push({ path: ['runs'], message: '"runs" must be a list of run ids, or have "experiments", a list of names' });
  return source;
};

export const readSource = (value: unknown): RunsOfExperiments | undefined => {
  const { experiments, filter, newest } = asRecord(value);
  if (texts(experiments).length === 0) return undefined;
  return {
    experiments: texts(experiments),
    ...(typeof filter === 'string' && { filter }),
    ...(typeof newest === 'number' && newest >= 1 && { newest: Math.round(newest) }),
  };
};

/** The cards of a layout, or of a view that was saved by an older or newer version. */
export const readCards = (cards: unknown, problems: LayoutProblem[]): readonly CardSpec[] | undefined => {
  if (cards === undefined) return undefined;
  if (!Array.isArray(cards)) problems.push({ path: ['cards'], message: '"cards" must be a list' });
  return withUniqueIds((Array.isArray(cards) ? cards : []).flatMap((card: unknown, index) => readCard(card, index, problems)));
};

const readCard = (value: unknown, index: number, problems: LayoutProblem[]): readonly CardSpec[] => {
  const card = asRecord(value);
  const content = readContent(card, (key, message) => problems.push({ path: ['cards', index, key], message }));
  if (typeof content === 'string') {
    problems.push({ path: ['cards', index], message: content });
    return [];
  }
  return [
    {
      id: typeof card['id'] === 'string' ? card['id'] : `${content.type}-${index + 1}`,
      width: whole(card['width'], 4),
      height: whole(card['height'], 3),
      ...content,
    },
  ];
};

const whole = (value: unknown, most: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(Math.round(value), 1), most) : 1;

/** The content of a card, or why there is none. */
const readContent = (card: Unknowns, complain: (key: string, message: string) => void): CardContent | string => {
  const { type } = card;
  const missing = (...names: readonly string[]): string | undefined => {
    const name = names.find((candidate) => typeof card[candidate] !== 'string' || card[candidate] === '');
    return name === undefined ? undefined : `A card of type "${String(type)}" needs "${name}", a text`;
  };
  const text = (name: string): string => String(card[name]);
  const color = typeof card['color'] === 'string' ? { color: card['color'] } : {};
  switch (type) {
    case 'line':
      return missing('metric') ?? { type, metric: text('metric'), ...readScales(card, complain) };
    case 'bar':
    case 'importance':
      return missing('metric') ?? { type, metric: text('metric') };
    case 'scatter':
      return (
        missing('x', 'y') ?? {
          type,
          x: text('x'),
          y: text('y'),
          ...color,
          logX: card['logX'] === true,
          logY: card['logY'] === true,
          regression: card['regression'] === true,
        }
      );
    case 'parallel':
      return readParallel(card, color);
    case 'box':
      return missing('metric', 'by') ?? { type, metric: text('metric'), by: text('by') };
    case 'heatmap':
      return missing('x', 'y', 'metric') ?? { type, x: text('x'), y: text('y'), metric: text('metric') };
    default:
      return `There is no card of type ${JSON.stringify(type) ?? 'undefined'}`;
  }
};

const readParallel = (card: Unknowns, color: { readonly color?: string }): CardContent | string => {
  const fields = texts(card['fields']);
  if (fields.length === 0) return 'A card of type "parallel" needs "fields", a list of texts';
  return { type: 'parallel', fields, logFields: texts(card['logFields']), ...color };
};

/** A card that was copied by hand in the file has the id of its original. */
const withUniqueIds = (cards: readonly CardSpec[]): readonly CardSpec[] => {
  const used = new Set<string>();
  return cards.map((card) => {
    let { id } = card;
    for (let copy = 2; used.has(id); copy++) id = `${card.id}-${copy}`;
    used.add(id);
    return { ...card, id };
  });
};
