import { guessMetricDirection, type DirectionOf } from '../../../../schemas/metric-direction.ts';

/** What a reader of filters and columns is told. */
export interface Language {
  /** Which of a metric's values `best` means. */
  readonly directionOf: DirectionOf;
  /** Throws when it is no regular expression; without it that is found out by whoever runs the search. */
  readonly checkPattern?: (pattern: string) => void;
}

export const guessing: Language = { directionOf: guessMetricDirection };
