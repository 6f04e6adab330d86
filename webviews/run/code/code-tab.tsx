import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';
import type { RunTab } from '../tabs.tsx';
import { createRunCode, type ShownCode } from './run-code.ts';
import { Environment } from './environment.tsx';

export const codeTab: RunTab = {
  id: 'code',
  title: 'Code & environment',
  create: (page) => {
    const code = createRunCode(page);
    return () => <CodePanel page={page} code={code} />;
  },
};

interface CodeProps {
  readonly page: RunPage;
  readonly code: ShownCode;
}

const CodePanel = ({ page, code }: CodeProps): JSX.Element => {
  useEffect(() => code.need(), [code]);
  return (
    <>
      <Code page={page} code={code} />
      <Environment page={page} code={code} />
      <Params page={page} />
    </>
  );
};

/** All of it opens in VS Code's own editors. */
const Code = ({ page, code }: CodeProps): JSX.Element => {
  const commit = page.run.value?.source?.commit;
  const patches = code.read.value?.patches ?? [];
  return (
    <Section title="Code">
      {commit === undefined ? (
        <p class="muted">The run names no commit. MLflow logs one where the script is in a git repository and GitPython is installed.</p>
      ) : (
        <>
          <p>
            Commit <code title={commit}>{commit.slice(0, 8)}</code>
          </p>
          <div class="buttons">
            <Button icon="file-code" onClick={() => void page.ask('openSourceAtCommit', null)}>
              Source at This Commit
            </Button>
            <Button icon="diff" onClick={() => void page.ask('diffSource', null)}>
              Compare Source with Working Tree
            </Button>
            <Button icon="diff-multiple" onClick={() => void page.ask('diffWorkingTree', null)}>
              All Changes Since
            </Button>
            <Button icon="git-compare" onClick={() => void page.ask('diffWithRun', null)}>
              Compare with Commit of Another Run…
            </Button>
          </div>
        </>
      )}
      {patches.map((path) => (
        <p key={path}>
          Not committed:{' '}
          <button type="button" class="link" onClick={() => void page.ask('openPatch', { path })}>
            <bdi>{path}</bdi>
          </button>
        </p>
      ))}
    </Section>
  );
};

const Params = ({ page }: { readonly page: RunPage }): JSX.Element | null => {
  if (page.place.value?.isTrusted === false || page.run.value?.params.length === 0) return null;
  return (
    <Section title="Params">
      <p class="muted">Fills in the form of an entry point with the params of this run.</p>
      <div class="buttons">
        <Button icon="play" onClick={() => void page.ask('applyParams', null)}>
          Apply These Params…
        </Button>
      </div>
    </Section>
  );
};
