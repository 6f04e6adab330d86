import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { ComparedRun, RunDetails } from '../../../schemas/webview-protocol.ts';
import { Button } from '../../shared/controls.tsx';
import { usePage, useView } from '../page.ts';
import { RunSwatch } from '../run-swatch.tsx';
import { explainDifference, type Reason, type ReasonKind } from './explain.ts';

const kindWords: Readonly<Record<ReasonKind, string>> = {
  status: 'Status',
  metric: 'Metric',
  code: 'Code',
  param: 'Param',
  dataset: 'Dataset',
  environment: 'Environment',
  artifact: 'Artifact',
  tag: 'Tag',
  time: 'Time',
};

type Details = { readonly of: string; readonly read: readonly RunDetails[] } | { readonly of: string; readonly failure: string };

/** Only two runs have one difference to explain. */
export const ExplainButton = (): JSX.Element | null => {
  const { visibleRuns, change } = usePage();
  const explains = useView('explains');
  if (visibleRuns.value.length !== 2) return null;
  return (
    <Button icon="diff" onClick={() => change({ explains: !explains })}>
      {explains ? 'Hide the Explanation' : 'Explain the Difference'}
    </Button>
  );
};

export const ExplainedPair = (): JSX.Element | null => {
  const { visibleRuns } = usePage();
  const explains = useView('explains');
  const [from, to, third] = visibleRuns.value;
  return explains && from !== undefined && to !== undefined && third === undefined ? <Explanation runs={[from, to]} /> : null;
};

/** Why two runs differ, in one list. */
const Explanation = ({ runs: [from, to] }: { readonly runs: readonly [ComparedRun, ComparedRun] }): JSX.Element => {
  const page = usePage();
  const details = useSignal<Details | undefined>(undefined);
  const pair = useComputed(() => page.visibleRuns.value.map(({ runId }) => runId).join(' '));
  useSignalEffect(() => {
    const of = pair.value;
    const abort = new AbortController();
    page.details(of.split(' '), abort.signal).then(
      (read) => (details.value = { of, read }),
      (error: unknown) => {
        if (!abort.signal.aborted) details.value = { of, failure: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => abort.abort();
  });
  const known = details.value?.of === pair.value ? details.value : undefined;
  const both = known !== undefined && 'read' in known ? pairOf(known.read) : undefined;
  const reasons = explainDifference({ runs: [from, to], directionOf: page.directionOf, ...(both && { details: both }) });
  return (
    <section class="explanation" aria-label="Why they differ">
      <p class="explanation-runs">
        <RunName run={from} /> → <RunName run={to} />
      </p>
      {reasons.length === 0 && <p class="card-message">Nothing that is known of these runs differs.</p>}
      <ol class="reasons">
        {reasons.map((reason) => (
          <ReasonRow key={`${reason.kind} ${reason.name}`} reason={reason} />
        ))}
      </ol>
      {known === undefined && <p role="status">Reading artifacts and environments…</p>}
      {known !== undefined && 'failure' in known && <p class="card-failure">{`Artifacts and environments cannot be read: ${known.failure}`}</p>}
      {both !== undefined && !both.every(({ isWhole }) => isWhole) && <p>There are too many artifacts to compare them here.</p>}
    </section>
  );
};

const pairOf = ([left, right]: readonly RunDetails[]): readonly [RunDetails, RunDetails] | undefined => (left && right ? [left, right] : undefined);

const RunName = ({ run }: { readonly run: ComparedRun }): JSX.Element => {
  const style = usePage().styles.value.get(run.runId);
  return (
    <span class="run-name">
      {style !== undefined && <RunSwatch style={style} />} <bdi>{run.name}</bdi>
    </span>
  );
};

const ReasonRow = ({ reason: { kind, name, from, to, note, commits } }: { readonly reason: Reason }): JSX.Element => {
  const page = usePage();
  return (
    <li class="reason">
      <span class="reason-kind">{kindWords[kind]}</span>
      <span class="reason-name" title={name}>
        {name}
      </span>
      <span class="reason-values" title={`${from ?? 'none'} → ${to ?? 'none'}`}>
        <Value text={from} /> → <Value text={to} />
        {note !== undefined && <span class={note.endsWith('better') ? 'delta better' : 'delta worse'}> {note}</span>}
      </span>
      {commits !== undefined && (
        <Button icon="diff" onClick={() => page.openCommitDiff(...commits)}>
          Open Changes
        </Button>
      )}
    </li>
  );
};

const Value = ({ text }: { readonly text: string | undefined }): JSX.Element => (text === undefined ? <em>none</em> : <bdi>{text}</bdi>);
