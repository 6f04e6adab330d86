import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatDateTime } from '../../../schemas/format.ts';
import { Select, Slider } from '../../shared/controls.tsx';
import type { Artifacts } from './artifacts.ts';
import { ImageView } from './image-view.tsx';
import type { ImageSeries } from './readers/image-steps.ts';
import { openPreview, type Preview } from './readers/preview.ts';
import { Notes } from './text-view.tsx';

interface StepsProps {
  readonly artifacts: Artifacts;
  readonly series: readonly ImageSeries[];
}

/** Pictures that a run has logged under a key, a slider through their steps. */
export const ImageSteps = ({ artifacts, series }: StepsProps): JSX.Element => {
  const key = useSignal(series[0]?.key ?? '');
  const index = useSignal(0);
  const shown = useSignal<{ readonly path: string; readonly preview: Preview } | undefined>(undefined);
  const steps = series.find((some) => some.key === key.value)?.steps ?? [];
  const at = Math.min(index.value, steps.length - 1);
  const step = steps[at];
  useEffect(() => {
    if (step === undefined) return undefined;
    const abort = new AbortController();
    openPreview(artifacts.source(step.path, undefined), step.path, abort.signal).then(
      (preview) => (shown.value = { path: step.path, preview }),
      (error: unknown) => {
        if (!abort.signal.aborted)
          shown.value = { path: step.path, preview: { kind: 'none', message: error instanceof Error ? error.message : String(error) } };
      },
    );
    return () => abort.abort();
  }, [step?.path]);
  if (step === undefined) return <Notes notes={['There are no pictures.']} />;
  const preview = shown.value?.preview;
  const choose = (value: string): void => {
    key.value = value;
    index.value = 0;
  };
  return (
    <>
      <div class="buttons">
        <Select
          label="Pictures"
          value={key.value}
          choices={series.map((some) => ({ value: some.key, label: `${some.key} (${some.steps.length})` }))}
          onChange={choose}
        />
        <Slider
          label="Step"
          value={at}
          min={0}
          max={Math.max(0, steps.length - 1)}
          step={1}
          text={`step ${step.step}`}
          onChange={(value) => (index.value = value)}
        />
        <span class="muted">{formatDateTime(step.timestamp)}</span>
      </div>
      {preview?.kind === 'image' && <ImageView image={preview} label={`${key.value}, step ${step.step}`} />}
      {preview?.kind === 'none' && <Notes notes={[preview.message]} />}
    </>
  );
};
