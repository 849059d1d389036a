/** All checks, in no particular order: findings are sorted by place afterwards. */
import type { ScriptCheck, SelectCheck } from './check.ts';
import { checkCalls } from './functions.ts';
import { checkAggregatePlaces, checkGrouped, checkHaving, checkWindows } from './grouping.ts';
import { checkApply, checkJoins } from './joins.ts';
import { checkLevelTables, checkLevelTraps } from './levels.ts';
import { checkMatchRecognize } from './match-recognize.ts';
import { checkDoubleQuotes, checkPaths, checkSeveralWith, checkSourceNames, checkSources, checkUndeclared } from './names.ts';
import { checkIntoPlace, checkOutputs, checkUnused } from './outputs.ts';
import { checkOver } from './over.ts';
import { checkEdge, checkEdgeInputs, checkJobFunctions, checkOutputKinds } from './platform.ts';
import {
  checkPartitionCounts,
  checkPartitioning,
  checkReaders,
  checkRepartitioning,
  checkSerialOutputs,
  checkSlidingRate,
} from './scale.ts';
import { checkColumnNames, checkHistories, checkKeywordNames, checkOldForms } from './style.ts';
import { checkSubstreamInputs, checkSubstreamKeys, checkSubstreamsOfSteps } from './substreams.ts';
import { checkMetadata, checkMissingTimestamp, checkTimestampBy } from './time.ts';
import { checkCasts, checkConditions, checkOperators, checkTableTypes } from './types.ts';
import { checkUnions } from './unions.ts';

export const selectChecks: readonly SelectCheck[] = [
  checkSourceNames,
  checkPaths,
  checkDoubleQuotes,
  checkUndeclared,
  checkCalls,
  checkOver,
  checkWindows,
  checkGrouped,
  checkAggregatePlaces,
  checkHaving,
  checkJoins,
  checkApply,
  checkTimestampBy,
  checkSubstreamKeys,
  checkMetadata,
  checkMatchRecognize,
  checkCasts,
  checkConditions,
  checkOperators,
  checkIntoPlace,
  checkColumnNames,
  checkOldForms,
  checkKeywordNames,
  checkLevelTraps,
  checkEdge,
  checkJobFunctions,
  checkHistories,
  checkPartitioning,
  checkSlidingRate,
];

export const scriptChecks: readonly ScriptCheck[] = [
  checkRepartitioning,
  checkSources,
  checkSeveralWith,
  checkUnions,
  checkSubstreamInputs,
  checkSubstreamsOfSteps,
  checkMissingTimestamp,
  checkTableTypes,
  checkOutputs,
  checkUnused,
  checkOutputKinds,
  checkEdgeInputs,
  checkLevelTables,
  checkSerialOutputs,
  checkReaders,
  checkPartitionCounts,
];
