/** All checks, in no particular order: findings are sorted by place afterwards. */
import type { ScriptCheck, SelectCheck } from './check.ts';
import { checkCalls } from './functions.ts';
import { checkAggregatePlaces, checkGrouped, checkHaving, checkWindows } from './grouping.ts';
import { checkApply, checkJoins } from './joins.ts';
import { checkMatchRecognize } from './match-recognize.ts';
import { checkDoubleQuotes, checkPaths, checkSeveralWith, checkSourceNames, checkSources, checkUndeclared } from './names.ts';
import { checkIntoPlace, checkOutputs, checkUnused } from './outputs.ts';
import { checkOver } from './over.ts';
import { checkPartitionCounts, checkPartitioning, checkReaders, checkRepartitioning, checkSlidingRate } from './scale.ts';
import { checkColumnNames, checkHistories, checkOldForms } from './style.ts';
import { checkMetadata, checkMissingTimestamp, checkSubstreamInputs, checkTimestampBy } from './time.ts';
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
  checkMetadata,
  checkMatchRecognize,
  checkCasts,
  checkConditions,
  checkOperators,
  checkIntoPlace,
  checkColumnNames,
  checkOldForms,
  checkHistories,
  checkPartitioning,
  checkRepartitioning,
  checkSlidingRate,
];

export const scriptChecks: readonly ScriptCheck[] = [
  checkSources,
  checkSeveralWith,
  checkUnions,
  checkSubstreamInputs,
  checkMissingTimestamp,
  checkTableTypes,
  checkOutputs,
  checkUnused,
  checkReaders,
  checkPartitionCounts,
];
