import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatAge, formatDateTime, formatInteger, formatNumber } from '../../schemas/format.ts';
import type { ModelSnapshot, PageVersion, RegisteredModelProtocol } from '../../schemas/registered-model-page.ts';
import { Grid, type CellContent } from '../shared/grid.tsx';
import type { HostClient } from '../shared/host.ts';
import { useSignatures, type SignatureOf } from './signatures.ts';

interface Column {
  readonly title: string;
  readonly cell: (version: PageVersion) => CellContent;
}

const textColumn = (title: string, of: (version: PageVersion) => string): Column => ({ title, cell: (version) => ({ text: of(version) }) });

const runTitle = 'run';

const fixedColumns: readonly Column[] = [
  textColumn('aliases', ({ aliases }) => aliases.map((alias) => `@${alias}`).join(' ')),
  textColumn('stage', ({ stage }) => stage),
  { title: 'created', cell: ({ createdAt }) => ({ text: formatAge(createdAt, Date.now()), title: formatDateTime(createdAt) }) },
  textColumn('creator', ({ creator }) => creator),
  {
    title: runTitle,
    cell: ({ runName }) => ({ text: runName, ...(runName !== '' && { title: `${runName}\nEnter or a click opens it`, className: 'opens' }) }),
  },
  { title: 'description', cell: ({ description }) => ({ text: description.split('\n', 1)[0] ?? '', title: description }) },
  textColumn('status', ({ status }) => (status === 'READY' ? 'ready' : status === 'PENDING_REGISTRATION' ? 'pending' : 'failed')),
];

const keysOf = (versions: readonly PageVersion[], part: 'metrics' | 'params' | 'tags'): readonly string[] =>
  [...new Set(versions.flatMap((version) => Object.keys(version[part])))].toSorted();

const signatureColumn = (signatureOf: SignatureOf): Column => ({
  title: 'signature',
  cell: (version) => {
    const found = signatureOf(version);
    if (found === undefined) return { text: '…' };
    if (found.problem !== '') return { text: 'unreadable', title: found.problem, className: 'muted' };
    return found.text === '' ? { text: 'none', className: 'muted' } : { text: found.text };
  },
});

/** Metrics come first: they are what versions are told apart by. */
const columnsOf = (versions: readonly PageVersion[], signatureOf: SignatureOf): readonly Column[] => [
  ...fixedColumns,
  signatureColumn(signatureOf),
  ...keysOf(versions, 'metrics').map((key): Column => ({ title: `metrics.${key}`, cell: ({ metrics }) => numberCell(metrics[key]) })),
  ...keysOf(versions, 'params').map((key) => textColumn(`params.${key}`, ({ params }) => params[key] ?? '')),
  ...keysOf(versions, 'tags').map((key) => textColumn(`tags.${key}`, ({ tags }) => tags[key] ?? '')),
];

const numberCell = (value: number | string | undefined): CellContent =>
  value === undefined ? { text: '' } : { text: formatNumber(Number(value)), title: String(value), className: 'number' };

interface VersionTableProps {
  readonly model: ModelSnapshot;
  readonly host: HostClient<RegisteredModelProtocol>;
}

export const VersionTable = ({ model, host }: VersionTableProps): JSX.Element => {
  const { versions, hasMore } = model;
  const { signatureOf, lookAt } = useSignatures(host, versions);
  const columns = useMemo(() => columnsOf(versions, signatureOf), [versions]);
  const versionIn = (row: number): PageVersion | undefined => versions[row];
  return (
    <section aria-label="Versions">
      <h2>Versions</h2>
      <Filter model={model} host={host} />
      <p class="muted" role="status">
        {countText(versions.length, hasMore)}
      </p>
      {versions.length > 0 && (
        <Grid
          label="Versions"
          rowCount={versions.length}
          columnCount={columns.length}
          columnWidth={130}
          headerWidth={100}
          corner={{ text: 'version' }}
          columnHeader={(column) => ({ text: columns[column]?.title ?? '' })}
          rowHeader={(row) => ({ text: `Version ${versionIn(row)?.version ?? ''}` })}
          cell={(row, column) => {
            const version = versionIn(row);
            return (version && columns[column]?.cell(version)) ?? { text: '' };
          }}
          onCell={(row, column) => {
            const version = versionIn(row);
            if (version !== undefined && version.runName !== '' && columns[column]?.title === runTitle)
              void host.request('openRun', { version: version.version });
          }}
          onVisibleRows={lookAt}
          onRow={(row) => void host.request('showVersion', { version: versionIn(row)?.version ?? 0 })}
        />
      )}
    </section>
  );
};

const countText = (count: number, hasMore: boolean): string => {
  if (hasMore) return `the newest ${formatInteger(count)} versions; the filter finds others`;
  return count === 1 ? '1 version' : `${formatInteger(count)} versions`;
};

const Filter = ({ model: { filter, filterProblem }, host }: VersionTableProps): JSX.Element => {
  const typed = useSignal(filter);
  return (
    <form
      class="filter"
      onSubmit={(event) => {
        event.preventDefault();
        void host.request('filter', { text: typed.peek() });
      }}
    >
      <label class="field">
        <span class="field-label">Filter</span>
        <input
          type="text"
          value={typed}
          spellcheck={false}
          placeholder="tags.team = 'a' AND version_number > 3"
          aria-invalid={filterProblem !== undefined}
          aria-describedby="filter-problem"
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </label>
      <span id="filter-problem" class="problem" role="alert">
        {filterProblem}
      </span>
    </form>
  );
};
