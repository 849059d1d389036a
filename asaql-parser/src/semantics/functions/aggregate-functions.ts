/** Aggregate and analytic functions. Source: their pages of the reference and the page on OVER. */
import { anyType, array, bigint, float, isKnown, type ValueType } from '../types.ts';
import { family, type OverSpec, parameters, within } from './function-spec.ts';

const page = (name: string): string => `${name}-azure-stream-analytics`;

/** `SUM(x) OVER (PARTITION BY k LIMIT DURATION(minute, 5) WHEN …)`: the aggregate as an analytic function. */
const slidingForm: OverSpec = { required: false, partitionBy: true, orderBy: 'none', limit: 'required', when: true };
const topForm: OverSpec = { required: true, partitionBy: true, orderBy: 'required', limit: 'optional', when: true };
const percentileForm: OverSpec = { required: true, partitionBy: false, orderBy: 'required', limit: 'none', when: false };
const historyForm: OverSpec = { required: true, partitionBy: true, orderBy: 'none', limit: 'required', when: true };
const firstForm: OverSpec = { required: false, partitionBy: true, orderBy: 'none', limit: 'none', when: true };

const sliding = (name: string, argument = 'expression'): string =>
  `${name}(${argument}) OVER ([PARTITION BY key, …] LIMIT DURATION(unit, n) [WHEN condition])`;
const first = ([type]: readonly ValueType[]): ValueType => type ?? anyType;
const number = ([type]: readonly ValueType[]): ValueType =>
  type !== undefined && isKnown(type) ? (type.name === 'bigint' ? bigint : float) : anyType;

export const aggregateFunctions = family('aggregate', 'aggregate', [
  {
    name: 'AVG',
    signatures: ['AVG(expression)', sliding('AVG')],
    summary: 'Average of the values that are not NULL.',
    parameters: parameters('expression:number'),
    returns: float,
    over: slidingForm,
    page: page('avg'),
  },
  {
    name: 'COUNT',
    star: true,
    signatures: ['COUNT(*)', 'COUNT([ALL | DISTINCT] expression)', sliding('COUNT', '*')],
    summary: 'Number of rows, of values that are not NULL, or of distinct values.',
    parameters: parameters('expression:value?'),
    returns: bigint,
    over: slidingForm,
    page: page('count'),
  },
  {
    name: 'Collect',
    signatures: ['Collect([expression])', sliding('Collect', '[expression]')],
    summary: 'All rows, or the values of an expression, as an array.',
    parameters: parameters('expression:value?'),
    returns: array,
    over: slidingForm,
    page: page('collect'),
  },
  {
    name: 'CollectTop',
    signatures: [
      'CollectTop(n [, expression]) OVER (ORDER BY column [ASC | DESC], …)',
      'CollectTop(n [, expression]) OVER ([PARTITION BY key] ORDER BY column LIMIT DURATION(unit, n) [WHEN condition])',
    ],
    summary: 'The first n rows in an order, as an array of records with rank and value.',
    parameters: within({ n: { min: 1 } }, parameters('n:integerLiteral', 'expression:value?')),
    returns: array,
    over: topForm,
    page: page('collecttop'),
  },
  {
    name: 'MAX',
    signatures: ['MAX(expression)', sliding('MAX')],
    summary: 'The greatest value.',
    parameters: parameters('expression:comparable'),
    returns: first,
    over: slidingForm,
    page: page('max'),
  },
  {
    name: 'MIN',
    signatures: ['MIN(expression)', sliding('MIN')],
    summary: 'The least value.',
    parameters: parameters('expression:comparable'),
    returns: first,
    over: slidingForm,
    page: page('min'),
  },
  {
    name: 'PERCENTILE_CONT',
    signatures: ['PERCENTILE_CONT(0.5) OVER (ORDER BY expression [ASC | DESC])'],
    summary: 'A percentile, interpolated between values; 0.5 is the median.',
    parameters: parameters('numeric_literal:numberLiteral'),
    returns: float,
    over: percentileForm,
    page: page('percentile-cont'),
  },
  {
    name: 'PERCENTILE_DISC',
    signatures: ['PERCENTILE_DISC(0.5) OVER (ORDER BY expression [ASC | DESC])'],
    summary: 'A percentile that is one of the values.',
    parameters: parameters('numeric_literal:numberLiteral'),
    returns: anyType,
    over: percentileForm,
    page: page('percentile-disc'),
  },
  {
    name: 'STDEV',
    signatures: ['STDEV(expression)'],
    summary: 'Standard deviation of a sample.',
    parameters: parameters('expression:number'),
    returns: float,
    page: page('stdev'),
  },
  {
    name: 'STDEVP',
    signatures: ['STDEVP(expression)'],
    summary: 'Standard deviation of a population.',
    parameters: parameters('expression:number'),
    returns: float,
    page: page('stdevp'),
  },
  {
    name: 'SUM',
    signatures: ['SUM(expression)', sliding('SUM')],
    summary: 'Sum of the values that are not NULL; NULL if all are.',
    parameters: parameters('expression:number'),
    returns: number,
    over: slidingForm,
    page: page('sum'),
  },
  {
    name: 'TopOne',
    signatures: [
      'TopOne([expression]) OVER (ORDER BY column [ASC | DESC], …)',
      'TopOne([expression]) OVER ([PARTITION BY key] ORDER BY column LIMIT DURATION(unit, n) [WHEN condition])',
    ],
    summary: 'The first row in an order, as a record, or the value of an expression in it.',
    parameters: parameters('expression:value?'),
    returns: first,
    over: topForm,
    page: page('topone'),
  },
  {
    name: 'VAR',
    signatures: ['VAR(expression)'],
    summary: 'Variance of a sample.',
    parameters: parameters('expression:number'),
    returns: float,
    page: page('var'),
  },
  {
    name: 'VARP',
    signatures: ['VARP(expression)'],
    summary: 'Variance of a population.',
    parameters: parameters('expression:number'),
    returns: float,
    page: page('varp'),
  },
]);

const anomalyDomains = { confidence: { min: 1, max: 100 }, historySize: { min: 1 } };

const anomaly: ValueType = {
  name: 'record',
  fields: [
    { name: 'IsAnomaly', type: bigint },
    { name: 'Score', type: float },
  ],
};

export const analyticFunctions = family('analytic', 'analytic', [
  {
    name: 'AnomalyDetection_SpikeAndDip',
    signatures: [
      'AnomalyDetection_SpikeAndDip(expression, confidence, historySize, mode) OVER ([PARTITION BY key] LIMIT DURATION(unit, n) [WHEN condition])',
    ],
    summary: 'Whether a value is a short spike or dip: IsAnomaly and Score.',
    parameters: within(
      { ...anomalyDomains, mode: { oneOf: ['spikes', 'dips', 'spikesanddips'] } },
      parameters('expression:number', 'confidence:number', 'historySize:integer', 'mode:text'),
    ),
    returns: anomaly,
    over: historyForm,
    page: page('anomalydetection-spikeanddip'),
  },
  {
    name: 'AnomalyDetection_ChangePoint',
    signatures: [
      'AnomalyDetection_ChangePoint(expression, confidence, historySize) OVER ([PARTITION BY key] LIMIT DURATION(unit, n) [WHEN condition])',
    ],
    summary: 'Whether values changed for longer: IsAnomaly and Score.',
    parameters: within(anomalyDomains, parameters('expression:number', 'confidence:number', 'historySize:integer')),
    returns: anomaly,
    over: historyForm,
    page: page('anomalydetection-changepoint'),
  },
  {
    name: 'ISFIRST',
    unitFirst: true,
    signatures: ['ISFIRST(unit, n) [OVER ([PARTITION BY key] [WHEN condition])]'],
    summary: '1 for the first event of an interval, else 0.',
    parameters: within({ duration: { min: 1 } }, parameters('duration:integer')),
    returns: bigint,
    over: firstForm,
    page: page('isfirst'),
  },
  {
    name: 'LAG',
    star: true,
    signatures: [
      'LAG(expression | * [, offset [, default]]) OVER ([PARTITION BY key, …] LIMIT DURATION(unit, n) [WHEN condition])',
    ],
    summary: 'The value of an earlier event.',
    parameters: parameters('expression:value', 'offset:value?', 'default:value?'),
    returns: first,
    over: historyForm,
    page: page('lag'),
  },
  {
    name: 'LAST',
    star: true,
    signatures: ['LAST(expression | * [, default]) OVER ([PARTITION BY key, …] LIMIT DURATION(unit, n) [WHEN condition])'],
    summary: 'The value of the latest event for which the condition holds, this one included.',
    parameters: parameters('expression:value', 'default:value?'),
    returns: first,
    over: historyForm,
    page: page('last'),
  },
]);
