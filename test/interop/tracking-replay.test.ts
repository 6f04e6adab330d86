import { testSameAnswers } from '../support/same-answers.ts';
import { trackingScenarios } from './scenarios/all.ts';
import { trackingDifferences } from './scenarios/differences.ts';

testSameAnswers(trackingDifferences, trackingScenarios);
