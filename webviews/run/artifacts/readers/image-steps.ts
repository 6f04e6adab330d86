/** Pictures that `mlflow.log_image` has logged under a key, step by step. */
export interface ImageStep {
  readonly step: number;
  /** ms since the epoch. */
  readonly timestamp: number;
  /** As it was logged. */
  readonly path: string;
  /** A smaller one. */
  readonly thumbnail?: string;
}

export interface ImageSeries {
  /** As it was logged, `eval/dogs`. */
  readonly key: string;
  readonly steps: readonly ImageStep[];
}

/**
 * MLflow puts everything into the name (client.py, log_image), with `+` since 3.10 and `%` before: key, step,
 * time, a random id, and `compressed` for the smaller one. `~` in the key stands for `/`, `#` did before.
 */
const pattern = /(?:^|\/)([^/]+)[+%]step[+%](-?\d+)[+%]timestamp[+%](\d+)[+%]([\da-f-]{36})([+%]compressed)?\.\w+$/;

/** Sorted by key and step; files of other names are none. */
export const findImageSeries = (paths: readonly string[]): readonly ImageSeries[] => {
  const logged = new Map<string, ImageStep & { readonly key: string }>();
  const thumbnails = new Map<string, string>();
  for (const path of paths) {
    const [, key, step, timestamp, id, compressed] = pattern.exec(path) ?? [];
    if (key === undefined || id === undefined) continue;
    const name = `${key} ${step} ${timestamp} ${id}`;
    if (compressed !== undefined) thumbnails.set(name, path);
    else logged.set(name, { key: key.replaceAll(/[~#]/g, '/'), step: Number(step), timestamp: Number(timestamp), path });
  }
  const steps = [...logged].map(([name, step]) => ({ ...step, ...(thumbnails.has(name) && { thumbnail: thumbnails.get(name) ?? '' }) }));
  return [...Map.groupBy(steps, ({ key }) => key)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, some]) => ({ key, steps: some.map(({ key: _, ...step }) => step).toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp) }));
};
