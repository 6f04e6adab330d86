import { testSameAnswers } from '../support/same-answers.ts';
import { registryScenarios } from './scenarios/all.ts';
import { registryDifferences } from './scenarios/differences.ts';

testSameAnswers(registryDifferences, registryScenarios);
