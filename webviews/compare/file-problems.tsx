import type { JSX } from 'preact';
import { Icon } from '../shared/controls.tsx';
import { usePage } from './page.ts';

const mostShown = 5;

/** What is wrong in the layout file, line by line; everything else of it is shown. */
export const FileProblems = (): JSX.Element | null => {
  const { file, openLayoutAsText } = usePage();
  if (file.value === undefined || file.value.problems.length === 0) return null;
  const { file: name, problems } = file.value;
  return (
    <div class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <div>
        {problems.slice(0, mostShown).map(({ line, message }) => (
          <p key={`${line} ${message}`}>
            <button type="button" class="link" onClick={() => openLayoutAsText(line)}>
              {`${name}, line ${line}`}
            </button>
            {`: ${message}`}
          </p>
        ))}
        {problems.length > mostShown && <p>{`and ${problems.length - mostShown} more`}</p>}
        <p>Everything else is shown. Changes made here are not written to the file until this is mended.</p>
      </div>
    </div>
  );
};
