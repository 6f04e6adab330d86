/** Stands for the extension host of a window: `window <folder of a run>` finds the run and says how it stands, until it is killed. */
import { RunFolder } from '../../extension/projects/run-folder.ts';
import { SubmittedRun } from '../../extension/projects/submitted-run.ts';

const folder = new RunFolder(process.argv[2] ?? '');
const plan = await folder.readPlan();
if (plan === undefined) throw new Error(`'${folder.path}' holds no plan of a run`);
const run = await SubmittedRun.attach(folder, plan);
process.stdout.write(`${run.state.phase}\n`);
setInterval(() => {}, 1_000);
