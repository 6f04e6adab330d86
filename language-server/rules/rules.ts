import { environmentFileRules } from './environment-file-rules.ts';
import { mlmodelRules } from './mlmodel-rules.ts';
import { mlprojectCommandRules } from './mlproject-command-rules.ts';
import { mlprojectEnvironmentRules } from './mlproject-environment-rules.ts';
import { mlprojectParameterRules } from './mlproject-parameter-rules.ts';
import { mlprojectRules } from './mlproject-rules.ts';
import type { Rule } from './rule.ts';
import { signatureRules } from './signature-rules.ts';
import { yamlRules } from './yaml-rules.ts';

/** Every diagnostic code of the server. */
export const rules = {
  ...yamlRules,
  ...mlprojectRules,
  ...mlprojectEnvironmentRules,
  ...mlprojectCommandRules,
  ...mlprojectParameterRules,
  ...mlmodelRules,
  ...signatureRules,
  ...environmentFileRules,
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof rules;

export const ruleOf = (code: RuleCode): Rule => rules[code];
