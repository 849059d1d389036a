/** Windows, their arguments, and the functions of MATCH_RECOGNIZE. Source: their pages of the reference. */
import { anyType, array } from '../types.ts';
import { family, parameters } from './function-spec.ts';

const page = (name: string): string => `${name}-azure-stream-analytics`;
const sized = parameters('size:integerLiteral', 'more:integerLiteral?', 'offset:integerLiteral?');

export const windowFunctions = family('window', 'window', [
  {
    name: 'TumblingWindow',
    signatures: ['TumblingWindow(unit, size [, offset])', 'TumblingWindow(Duration(unit, size) [, Offset(unit, n)])'],
    summary: 'Windows of one size, side by side.',
    parameters: sized,
    unitFirst: true,
    returns: anyType,
    page: page('tumbling-window'),
  },
  {
    name: 'HoppingWindow',
    signatures: [
      'HoppingWindow(unit, size, hop [, offset])',
      'HoppingWindow(Duration(unit, size), Hop(unit, hop) [, Offset(unit, n)])',
    ],
    summary: 'Windows of one size that start every hop and may overlap.',
    parameters: sized,
    unitFirst: true,
    returns: anyType,
    page: page('hopping-window'),
  },
  {
    name: 'SlidingWindow',
    signatures: ['SlidingWindow(unit, size)', 'SlidingWindow(Duration(unit, size))'],
    summary: 'A window that ends at every moment its content changes.',
    parameters: sized,
    unitFirst: true,
    returns: anyType,
    page: page('sliding-window'),
  },
  {
    name: 'SessionWindow',
    signatures: [
      'SessionWindow(unit, timeout, maxDuration) [OVER (PARTITION BY key)]',
      'SessionWindow(Timeout(unit, n), MaxDuration(unit, n)) [OVER (PARTITION BY key)]',
    ],
    summary: 'Events that follow each other within a timeout.',
    parameters: sized,
    unitFirst: true,
    returns: anyType,
    page: page('session-window'),
  },
  {
    name: 'Windows',
    signatures: ['Windows(window, …)', "Windows(Window('id', window), …)"],
    summary: 'Several windows at once.',
    parameters: parameters('window:value*'),
    returns: anyType,
    page: page('windows'),
  },
  {
    name: 'Window',
    signatures: ["Window('id', window)"],
    summary: 'A window with a name, inside Windows().',
    parameters: parameters('id:text', 'window:value'),
    returns: anyType,
    page: page('windows'),
  },
]);

const argument = (name: string, what: string, of: string) => ({
  name,
  signatures: [`${name}(unit, n)`],
  summary: what,
  parameters: parameters('size:integerLiteral'),
  unitFirst: true,
  returns: anyType,
  page: page(of),
});

export const windowArgumentFunctions = family('window argument', 'windowArgument', [
  argument('Duration', 'Size of a window; LIMIT DURATION says how far back an analytic function looks.', 'tumbling-window'),
  argument('Hop', 'Distance between the starts of hopping windows.', 'hopping-window'),
  argument('Offset', 'Shift of the boundaries of windows; may be negative.', 'tumbling-window'),
  argument('Timeout', 'Longest gap between two events of a session.', 'session-window'),
  argument('MaxDuration', 'Longest duration of a session.', 'session-window'),
]);

const ofMatch = (name: string, summary: string) => ({
  name,
  signatures: [`${name}(PatternVariable.field)`],
  summary,
  parameters: parameters('field:value'),
  returns: anyType,
  page: 'match-recognize-stream-analytics',
});

/** Only inside MATCH_RECOGNIZE; MIN, MAX and LAST have another meaning outside. */
export const matchFunctions = family('match_recognize', 'matchRecognize', [
  ofMatch('Min', 'Least value of a field among the events matched so far.'),
  ofMatch('Max', 'Greatest value of a field among the events matched so far.'),
  ofMatch('First', 'Value of a field in the first event matched.'),
  ofMatch('Last', 'Value of a field in the latest event matched.'),
  {
    name: 'Classifier',
    signatures: ['Classifier()'],
    summary: 'The pattern names of the matched events, as an array.',
    parameters: [],
    returns: array,
    page: 'match-recognize-stream-analytics',
  },
]);
