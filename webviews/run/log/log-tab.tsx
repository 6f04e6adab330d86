import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { LogSource } from '../../../schemas/run-log-protocol.ts';
import { printedPlaces } from '../../../schemas/printed-place.ts';
import { Button, Select } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import type { RunTab } from '../tabs.tsx';
import { createRunLog, type ShownLog } from './run-log.ts';

export const logTab: RunTab = {
  id: 'log',
  title: 'Log',
  create: (page) => {
    const log = createRunLog(page);
    return () => <LogPanel page={page} log={log} />;
  },
};

interface LogProps {
  readonly page: RunPage;
  readonly log: ShownLog;
}

/** ms between two looks at a text that a run may be logging again. */
const interval = 3_000;

const LogPanel = ({ page, log }: LogProps): JSX.Element => {
  const isRunning = page.run.value?.status === 'RUNNING';
  useEffect(() => log.show(), [log]);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => log.readAgain(), interval);
    return () => clearInterval(timer);
  }, [isRunning, log]);
  const [failure, sources, source] = [log.failure.value, log.sources.value, log.source.value];
  return (
    <>
      {source !== undefined && <LogTools page={page} log={log} source={source} />}
      {failure !== undefined && (
        <p role="alert">
          The log cannot be read: <bdi>{failure}</bdi>
        </p>
      )}
      {failure === undefined && sources === undefined && <p class="muted">Reading…</p>}
      {failure === undefined && sources?.length === 0 && <NoLog isRunning={isRunning} />}
      {source !== undefined && <LogLines page={page} log={log} />}
    </>
  );
};

const NoLog = ({ isRunning }: { readonly isRunning: boolean }): JSX.Element => (
  <p class="muted">
    There is no log{isRunning ? ' yet' : ''}. What a run prints is shown when it is started from here (<em>Run</em> over an entry point), or when it is logged
    as an artifact, <code>stdout.log</code> for example.
  </p>
);

const LogTools = ({ page, log, source }: LogProps & { readonly source: LogSource }): JSX.Element => {
  const choices = (log.sources.value ?? []).map(({ kind, name }) => ({ value: name, label: kind === 'output' ? 'Output of the process' : name }));
  return (
    <div class="panel-tools">
      {choices.length > 1 ? (
        <Select label="Source" value={source.name} choices={choices} onChange={(name) => log.choose(name)} />
      ) : (
        <bdi>{choices[0]?.label}</bdi>
      )}
      <Button icon="go-to-file" onClick={() => void page.ask('openLog', source)}>
        Open Log
      </Button>
    </div>
  );
};

/** ± px: whoever stands this near to the end wants to stay there. */
const nearEnd = 24;

const LogLines = ({ page, log }: LogProps): JSX.Element => {
  const pane = useRef<HTMLPreElement>(null);
  const staysAtEnd = useRef(true);
  const told = log.text.value;
  useLayoutEffect(() => {
    if (pane.current !== null && staysAtEnd.current) pane.current.scrollTop = pane.current.scrollHeight;
  }, [told]);
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: { readonly currentTarget: HTMLElement }): void => {
    staysAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
  };
  const content = useMemo(() => linked(told?.text ?? '', page), [told, page]);
  return (
    <>
      {told?.isCut === true && <p class="muted">This is the end of a longer log.</p>}
      <pre ref={pane} class="log-lines" tabIndex={0} role="region" aria-label="Log" onScroll={onScroll}>
        {told?.text === '' ? <span class="muted">Nothing yet.</span> : content}
      </pre>
    </>
  );
};

/** The text, with the places in source files as links. */
const linked = (text: string, page: RunPage): readonly (string | JSX.Element)[] => {
  const parts: (string | JSX.Element)[] = [];
  let at = 0;
  for (const { start, length, file, line } of printedPlaces(text)) {
    parts.push(
      text.slice(at, start),
      <button key={start} type="button" class="link" title={`Open line ${line}`} onClick={() => void page.ask('openPlace', { file, line })}>
        {text.slice(start, start + length)}
      </button>,
    );
    at = start + length;
  }
  return [...parts, text.slice(at)];
};
