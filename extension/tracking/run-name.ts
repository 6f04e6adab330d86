import { MlflowError } from '../shared/errors.ts';
import type { Tag } from './run.ts';
import type { CreateRun } from './tracking-store.ts';

const adjectives =
  'able agile amused awed bald bold brave brisk calm candid casual chill clean clever crisp curious dapper deft eager earnest fair famous fine fluent fond frank fresh funny gentle glad grand happy hardy honest humble jolly keen kind lively loud lucky mellow merry mighty neat nimble noble patient placid polite proud quick quiet rapid rare ready robust serene sharp shiny sincere sleek smart smooth snappy spry steady stylish sunny swift tidy trusty upbeat vivid warm wise witty zesty'.split(
    ' ',
  );
const nouns =
  'alder ant badger bass bear beaver birch bison boar bream bug carp cat cedar chimp cod colt conch crab crane crow deer dog dolphin donkey dove duck eel elk elm falcon finch fish fly fox frog gnat gnu goat goose gull hare hawk hen heron horse hound ibis jay kite koi lamb lark loon lynx mink mole moose moth mouse mule newt oak otter owl panda perch pike pine plover pony quail rat raven ray roan robin rook seal shad shark sheep shrew shrike skink snail sow squid stag stork swan tern toad trout vole wasp whale wolf wren yak'.split(
    ' ',
  );

const pick = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? 'run';

/** A name like those that MLflow invents: `keen-otter-512`. */
export const randomRunName = (): string => `${pick(adjectives)}-${pick(nouns)}-${Math.floor(Math.random() * 1000)}`;

export const runNameTag = 'mlflow.runName';

/** A run's name is kept with the run and in a tag, and both say the same. */
export const nameNewRun = ({ runName = '', tags }: Pick<CreateRun, 'runName' | 'tags'>): { readonly runName: string; readonly tags: readonly Tag[] } => {
  const tagged = tags.find(({ key }) => key === runNameTag)?.value ?? '';
  if (runName !== '' && tagged !== '' && runName !== tagged) {
    const message = `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${runName}', mlflow.runName='${tagged}').`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', message);
  }
  const name = runName || tagged || randomRunName();
  return { runName: name, tags: tagged === '' ? [...tags.filter(({ key }) => key !== runNameTag), { key: runNameTag, value: name }] : tags };
};
