import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { writeYamlExtension } from '../support/yaml-extension.ts';

const window = editorForFile({ addExtensions: writeYamlExtension });

test('beside another server of YAML nothing is said twice, and what only MLflow knows is said', async () => {
  const folder = await window.editor.newFolder('beside-yaml');
  await writeFile(join(folder, 'python_env.yaml'), 'python: "3.12"\npython: "3.12"\nlibraries: [mlflow]\n\n');
  const workbench = await window.openWindow(folder);
  await workbench.openFile('python_env.yaml');
  const problems = await workbench.showProblems();
  await problems
    .filter({ hasText: /libraries/ })
    .first()
    .waitFor();
  // The other server's words for equal keys: it is there.
  await problems.filter({ hasText: 'Map keys must be unique' }).first().waitFor();
  await workbench.screenshot('beside-yaml-server-dark');
  expect(await problems.filter({ hasText: 'is given again' }).count()).toBe(0);
});
