import { MlflowError } from '../shared/errors.ts';
import type { Tag } from '../tracking/run.ts';
import { checkLength, checkName } from '../tracking/validation.ts';

const maxKeyLength = 250;
const maxValueLength = 100_000;

export const checkTagKey = (key: string): void => checkName(key, 'key');

export const checkModelTag = ({ key, value }: Tag): void => {
  checkTagKey(key);
  checkLength('key', maxKeyLength, key);
  checkLength('value', maxValueLength, value);
};

export const checkVersionTag = (tag: Tag): void => {
  const { key, value } = tag;
  if (key === 'mlflow.prompt.text' && value.length > maxValueLength && [...value].length > maxValueLength) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Prompt text exceeds max length of ${maxValueLength} characters.`);
  }
  checkModelTag(tag);
};
