import type { InstalledPackage } from '../../schemas/lsp-protocol.ts';
import { normalizedName, readRequirementLines } from '../../schemas/requirement.ts';

/** What `mlflow models serve` runs, and what mlflow-skinny does not bring. */
const ofServing = ['uvicorn', 'fastapi'];

/** Requirements of a model, as pip takes them, whose packages are not installed at all. */
export const missingPackages = (requirements: string, installed: readonly InstalledPackage[]): readonly string[] => {
  const names = new Set(installed.map(({ name }) => normalizedName(name)));
  const needed = readRequirementLines(requirements).flatMap((line) => (line.kind === 'package' ? [{ name: line.name, text: line.name + line.specifier }] : []));
  const all = [...needed, ...ofServing.map((name) => ({ name, text: name }))];
  return all.filter(({ name }) => !names.has(normalizedName(name)) && !isMlflowPart(name, names)).map(({ text }) => text);
};

/** mlflow-skinny is mlflow to a model that says it needs mlflow. */
const isMlflowPart = (name: string, installed: ReadonlySet<string>): boolean => normalizedName(name) === 'mlflow' && installed.has('mlflow-skinny');
