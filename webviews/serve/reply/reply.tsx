import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatAge, formatBytes } from '../../../schemas/format.ts';
import { Icon, IconButton } from '../../shared/controls.tsx';
import { Grid } from '../../shared/grid.tsx';
import type { PredictionTable } from '../../shared/prediction-table.ts';
import { compact } from '../request/values.ts';
import { useTryIt } from '../try-it.ts';
import type { Exchange } from '../view.ts';
import { readReply, type ReplyFailure } from './read-reply.ts';

/** What came back, and what was asked before. */
export const Reply = (): JSX.Element => {
  const { shown } = useTryIt();
  return (
    <>
      {shown.value !== undefined && <Answer exchange={shown.value} />}
      <History />
    </>
  );
};

const Answer = ({ exchange }: { readonly exchange: Exchange }): JSX.Element => {
  const tryIt = useTryIt();
  const asJson = useSignal(false);
  const { reply } = exchange;
  const read = readReply(reply);
  const section = useRef<HTMLElement>(null);
  // Below a request of several rows nobody would see that an answer came.
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), [exchange]);
  return (
    <section class="reply" aria-label="Response" ref={section}>
      <div class="section-head">
        <h2>Response</h2>
        <span class={reply.status < 400 ? 'status' : 'status status-failed'}>{reply.status}</span>
        <span class="muted" title="From sending to the last byte">
          {latencyText(reply.latency)} · {formatBytes(reply.body.length)}
        </span>
        {read.kind === 'table' && (
          <IconButton
            icon={asJson.value ? 'table' : 'json'}
            label={asJson.value ? 'Show as table' : 'Show as JSON'}
            onClick={() => (asJson.value = !asJson.value)}
          />
        )}
        <IconButton icon="copy" label="Copy the response" onClick={() => void tryIt.copy(reply.body)} />
      </div>
      {reply.isCut && (
        <div class="notice notice-warning">
          <Icon name="warning" />
          <span>The response is longer than a page can show: this is its beginning.</span>
        </div>
      )}
      {read.kind === 'failure' && <Failure failure={read.failure} />}
      {read.kind === 'table' && !asJson.value && <Table table={read.table} />}
      {(read.kind === 'text' || (read.kind === 'table' && asJson.value)) && (
        <pre tabIndex={0} aria-label="Response as text">
          {reply.body.slice(0, 200_000)}
        </pre>
      )}
    </section>
  );
};

const latencyText = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);

const Failure = ({ failure }: { readonly failure: ReplyFailure }): JSX.Element => (
  <div class="failure" role="alert">
    <p>
      <Icon name="error" /> {failure.message}
    </p>
    {failure.trace !== undefined && (
      <details>
        <summary>Python's traceback</summary>
        <pre>{failure.trace}</pre>
      </details>
    )}
  </div>
);

const Table = ({ table: { columns, rows } }: { readonly table: PredictionTable }): JSX.Element => {
  const tryIt = useTryIt();
  return (
    <Grid
      label="Predictions"
      rowCount={rows.length}
      columnCount={columns.length}
      columnWidth={160}
      headerWidth={60}
      corner={{ text: 'row' }}
      columnHeader={(column) => ({ text: columns[column] ?? '' })}
      rowHeader={(row) => ({ text: String(row + 1) })}
      cell={(row, column) => rows[row]?.[column] ?? { text: '' }}
      onCopy={(text) => void tryIt.copy(text)}
    />
  );
};

const History = (): JSX.Element | null => {
  const tryIt = useTryIt();
  const exchanges = tryIt.history.value;
  if (exchanges.length === 0) return null;
  return (
    <section class="history" aria-label="History">
      <h2>History</h2>
      <ul>
        {exchanges.map((exchange) => (
          <li key={exchange.time}>
            <button type="button" class="history-row" aria-pressed={tryIt.shown.value === exchange} onClick={() => tryIt.recall(exchange)}>
              <span class={exchange.reply.status < 400 ? 'status' : 'status status-failed'}>{exchange.reply.status}</span>
              <span class="history-body">{summary(exchange)}</span>
              <span class="muted">
                {latencyText(exchange.reply.latency)} · {formatAge(exchange.time, Date.now())}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};

const summary = ({ request }: Exchange): string => (request.contentType === 'text/csv' ? request.body : compact(request.body.slice(0, 2_000))).slice(0, 160);
