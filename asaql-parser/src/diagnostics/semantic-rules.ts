/** Rules about what a query means, ASA0100 to ASA0699: names, types, groups and windows, joins, time, outputs. */
import { error, languageReference, productArticle, warning } from './rule.ts';

const page = (name: string): string => languageReference(`${name}-azure-stream-analytics`);
const listed = (columns: string): string => (columns === '' ? '' : ` Known are: ${columns}.`);
const meant = (advice: string | null): string => (advice === null ? '' : ` Did you mean ${advice}?`);

export const nameRules = {
  unknownInput: error(
    'ASA0100',
    'Unknown input',
    (name: string, advice: string | null) => `There is no input or step named ${name}.${meant(advice)}`,
    'FROM names an input of the job or a step of WITH above.',
    page('from'),
  ),
  laterStep: error(
    'ASA0101',
    'Step read before it is defined',
    (name: string) => `${name} is defined further down: a step can read only inputs and the steps above it.`,
    'Move the step that is read above the one that reads it.',
    page('with'),
  ),
  selfReference: warning(
    'ASA0102',
    'Step reads itself',
    (name: string) =>
      `The step ${name} reads a source of its own name. A step cannot read itself; if an input is meant, rename the step.`,
    'Steps cannot be recursive, and a step hides an input of the same name.',
    page('with'),
  ),
  duplicateStep: error(
    'ASA0103',
    'Step defined twice',
    (name: string) => `There are two steps named ${name}: names of steps must differ, capitals do not count.`,
    'Rename one of the steps.',
    page('with'),
  ),
  unknownColumn: error(
    'ASA0104',
    'Unknown column',
    (name: string, where: string, advice: string | null, columns: string) =>
      `${where} has no column ${name}.${meant(advice)}${advice === null ? listed(columns) : ''}`,
    'A step has the columns of its SELECT list and no others.',
    page('select'),
  ),
  unseenColumn: warning(
    'ASA0105',
    'Column not in the samples',
    (name: string, where: string, advice: string | null) => `No sample of ${where} has a field ${name}.${meant(advice)}`,
    'A field that events do not have is NULL. The declared columns may be incomplete.',
    page('select'),
  ),
  ambiguousColumn: error(
    'ASA0106',
    'Ambiguous column',
    (name: string, sources: string) => `${name} is a column of ${sources}: put the name of one of them and a dot before it.`,
    'With several sources, a column is written alias.column.',
    page('join'),
  ),
  hiddenName: error(
    'ASA0107',
    'Name hidden by an alias',
    (name: string, alias: string) => `${name} goes by its alias here: write ${alias} instead.`,
    'Once a source has an alias, its own name is no longer known.',
    page('from'),
  ),
  unknownField: error(
    'ASA0108',
    'Unknown field',
    (name: string, fields: string) => `This record has no field ${name}.${listed(fields)}`,
    'The fields are known from the function or step that made the record.',
    page('select'),
  ),
  unknownFunction: error(
    'ASA0109',
    'Unknown function',
    (name: string, advice: string | null) =>
      `There is no function ${name}.${advice === null ? ` A function of the job is called udf.${name}(…).` : ` Use ${advice}.`}`,
    'Functions of the job need the prefix udf. or uda.; built-in functions have none.',
    languageReference('built-in-functions-azure-stream-analytics'),
  ),
  unknownUserFunction: error(
    'ASA0110',
    'Unknown function of the job',
    (name: string, advice: string | null) => `The job has no function ${name}.${meant(advice)}`,
    'Functions are defined in the job, with a name that the query calls after udf. or uda.',
    productArticle('stream-analytics-javascript-user-defined-functions'),
  ),
  unknownPrefix: error(
    'ASA0111',
    'Unknown prefix of a function',
    (prefix: string, name: string) => `${prefix}.${name}: only udf., uda. and System. stand before a function.`,
    'From compatibility level 1.2 prefixes are checked strictly.',
    productArticle('stream-analytics-compatibility-level'),
  ),
  unknownOutput: error(
    'ASA0112',
    'Unknown output',
    (name: string, advice: string | null) => `The job has no output named ${name}.${meant(advice)}`,
    'INTO names an output of the job. Names with a dash need brackets.',
    page('into'),
  ),
  duplicateColumn: warning(
    'ASA0113',
    'Two columns of one name',
    (name: string) => `Two columns are named ${name}; give one of them another alias.`,
    'What a sink makes of two columns with one name is not documented.',
    page('select'),
  ),
  duplicateSource: error(
    'ASA0114',
    'Two sources of one name',
    (name: string) => `Two sources are named ${name}: give one of them an alias, ${name} AS other.`,
    'To join an input with itself, give both sides an alias.',
    page('join'),
  ),
};

export const typeRules = {
  argumentCount: error(
    'ASA0200',
    'Wrong number of arguments',
    (name: string, signature: string) => `${name} is called with the wrong number of arguments: ${signature}.`,
    'The message shows how the function is called.',
    languageReference('built-in-functions-azure-stream-analytics'),
  ),
  argumentType: error(
    'ASA0201',
    'Wrong type of an argument',
    (name: string, parameter: string, wanted: string, found: string) => `${name}: ${parameter} must be ${wanted}, not ${found}.`,
    'Convert the value with TRY_CAST, or pass another one.',
    page('data-types'),
  ),
  literalArgument: error(
    'ASA0202',
    'Argument must be written as a number',
    (name: string, parameter: string, wanted: string) => `${name}: ${parameter} must be ${wanted}, written as a number.`,
    'The value is needed before the query runs, so it cannot be computed.',
    page('collecttop'),
  ),
  dataType: error(
    'ASA0203',
    'Unknown type',
    (name: string, advice: string | null) =>
      `${name} is no type: use ${advice ?? 'bigint, float, nvarchar(max), datetime, bit, record or array'}.`,
    'The types are bigint, float, nvarchar(max), datetime, bit, record and array.',
    page('data-types'),
  ),
  unitMissing: error(
    'ASA0204',
    'Time unit missing',
    (name: string) => `${name}: the first argument is a time unit, as in ${name}(minute, …).`,
    'Units are words without quotes: day, hour, minute, second and so on.',
    page('dateadd'),
  ),
  conditionAsValue: error(
    'ASA0205',
    'Condition used as a value',
    () => 'A condition is no value: write CASE WHEN … THEN 1 ELSE 0 END.',
    'There is no boolean column type: conditions stand in WHERE, HAVING, ON, WHEN and CASE.',
    page('data-types'),
  ),
  valueAsCondition: error(
    'ASA0206',
    'Value used as a condition',
    (text: string) => `A condition is expected: compare the value, ${text} = 1.`,
    'Functions that answer yes or no give 1 or 0 and must be compared.',
    page('where'),
  ),
  starArgument: error(
    'ASA0207',
    'Star as an argument',
    (name: string) => `${name}(*) is not possible: name a column.`,
    'Only COUNT, LAG and LAST take a star.',
    languageReference('built-in-functions-azure-stream-analytics'),
  ),
  distinctArgument: error(
    'ASA0208',
    'DISTINCT in the wrong function',
    (name: string) => `DISTINCT stands only in COUNT(DISTINCT …), not in ${name}.`,
    'To work on distinct values, GROUP BY them in a step first.',
    page('count'),
  ),
  bitwiseFloat: error(
    'ASA0209',
    'Bitwise operator on a float',
    (operator: string) => `${operator} works on bigint and bit: convert the float with CAST(… AS bigint) or CAST(… AS bit).`,
    'The two conversions give different results, so one must be chosen.',
    page('bitwise-and'),
  ),
  argumentValue: error(
    'ASA0212',
    'Value that a function does not take',
    (name: string, parameter: string, wanted: string, found: string) => `${name}: ${parameter} must be ${wanted}, not ${found}.`,
    'The value is written in the query, so that it is known before it runs.',
    languageReference('built-in-functions-azure-stream-analytics'),
  ),
  distinctSeveral: error(
    'ASA0211',
    'COUNT(DISTINCT) of several columns',
    (columns: readonly string[]) =>
      `COUNT(DISTINCT …) takes one expression: write COUNT(DISTINCT CONCAT(${columns.join(", '|', ")})).`,
    'A sign between the values keeps a, bc apart from ab, c.',
    page('count'),
  ),
  arithmeticType: error(
    'ASA0210',
    'Arithmetic on something else than numbers',
    (operator: string, type: string, advice: string) => `${operator} does not work on ${type}: ${advice}.`,
    'Convert to a number first; times are moved with DATEADD and compared with DATEDIFF.',
    page('data-types'),
  ),
};

export const groupRules = {
  missingWindow: error(
    'ASA0300',
    'GROUP BY without a window',
    () => 'GROUP BY needs a window: add TumblingWindow(minute, 1), another window, or System.Timestamp().',
    'A stream has no end, so groups are formed within windows of time.',
    page('group-by'),
  ),
  severalWindows: error(
    'ASA0301',
    'Several windows in one GROUP BY',
    () => 'GROUP BY takes one window: put several into Windows(TumblingWindow(…), HoppingWindow(…)).',
    'System.Timestamp() may stand beside a window as a key.',
    page('windows'),
  ),
  windowTooLong: error(
    'ASA0302',
    'Window longer than 7 days',
    (what: string) => `${what} is longer than 7 days, the longest that is allowed.`,
    'Keep longer periods in the sink, or aggregate in two steps there.',
    page('windowing'),
  ),
  windowSize: error(
    'ASA0303',
    'Window without a size',
    (what: string) => `${what} must be greater than 0.`,
    'Sizes are positive whole numbers; only the offset may be negative.',
    page('windowing'),
  ),
  windowPlace: error(
    'ASA0304',
    'Window outside GROUP BY',
    (name: string) => `${name} stands only in GROUP BY.`,
    'The end of the window is System.Timestamp(); its start DATEADD(unit, -size, System.Timestamp()).',
    page('windowing'),
  ),
  notGrouped: error(
    'ASA0305',
    'Neither aggregated nor grouped',
    (text: string) =>
      `${text} is neither aggregated nor in GROUP BY: add it to GROUP BY, or use MAX(${text}) or another aggregate.`,
    'After GROUP BY there is one row for each group; only keys and aggregates have one value there.',
    page('group-by'),
  ),
  starWithGroup: error(
    'ASA0306',
    'Star with GROUP BY',
    () => '* cannot be used with GROUP BY: name the keys and the aggregates.',
    'Only aggregates and the expressions of GROUP BY are allowed in the SELECT list.',
    page('group-by'),
  ),
  aggregatePlace: error(
    'ASA0307',
    'Aggregate in the wrong place',
    (name: string, place: string) =>
      `${name} cannot stand in ${place}: aggregate in a step first, or move the condition to HAVING.`,
    'Aggregates are computed after WHERE, ON and GROUP BY, so they stand only in SELECT and HAVING.',
    languageReference('aggregate-functions-azure-stream-analytics'),
  ),
  aggregateWithoutGroup: error(
    'ASA0308',
    'Aggregate without GROUP BY',
    (name: string) => `${name} needs GROUP BY with a window, or OVER (LIMIT DURATION(unit, n)) to look back from each event.`,
    'Aggregates are computed for the rows of a window.',
    languageReference('aggregate-functions-azure-stream-analytics'),
  ),
  nestedAggregate: error(
    'ASA0309',
    'Aggregate inside an aggregate',
    (inner: string, outer: string) => `${inner} cannot stand inside ${outer}: compute it in a step first.`,
    'Each level of aggregation is a step of its own.',
    languageReference('aggregate-functions-azure-stream-analytics'),
  ),
  overMissing: error(
    'ASA0310',
    'OVER missing',
    (name: string, signature: string) => `${name} needs OVER: ${signature}.`,
    'The function must know which events it looks at.',
    page('over'),
  ),
  overPart: error(
    'ASA0311',
    'Wrong part of OVER',
    (name: string, problems: string, signature: string) => `${name}: ${problems}. Write ${signature}.`,
    'The message shows how the function is called.',
    page('over'),
  ),
  overDistinct: error(
    'ASA0312',
    'COUNT(DISTINCT) with OVER',
    () => 'COUNT(DISTINCT …) cannot be combined with OVER: count in a windowed GROUP BY.',
    'Distinct values are counted only in windows.',
    page('count'),
  ),
  orderByText: error(
    'ASA0313',
    'Ordering by a text',
    (name: string) =>
      `${name} orders only numbers and times: convert the text, ORDER BY CAST(… AS datetime) or CAST(… AS float).`,
    'Texts have no order in TopOne, CollectTop and the percentiles.',
    page('topone'),
  ),
  nestedAnalytic: error(
    'ASA0314',
    'Analytic function inside another',
    (inner: string, outer: string) => `${inner} cannot stand inside ${outer}: compute it in a step first.`,
    'The argument of an analytic function holds no other analytic or user-defined function.',
    page('lag'),
  ),
  lagOffset: error(
    'ASA0315',
    'Offset of LAG',
    () => 'The offset of LAG is a whole number from 1. For the current event or the last that fulfils a condition use LAST.',
    'LAG(x, 1) is the event before.',
    page('lag'),
  ),
  lagDefault: error(
    'ASA0316',
    'Default of another type',
    (type: string, found: string) => `The default must have the type of the value: ${type}, not ${found}.`,
    'The default takes the place of a missing event, so it must fit.',
    page('lag'),
  ),
  percentile: error(
    'ASA0317',
    'Percentile outside 0 to 1',
    (name: string) => `${name} takes a number from 0 to 1, such as 0.95.`,
    'The 95th percentile is 0.95; the median is 0.5.',
    page('percentile-cont'),
  ),
  windowNames: error(
    'ASA0318',
    'Names of windows',
    (problem: string) => `Windows(): ${problem}`,
    "Either all windows have a name, Window('id', …), or none; names differ, capitals do not count.",
    page('windows'),
  ),
  windowFunctionPlace: error(
    'ASA0319',
    'System.Window() outside a group',
    () => 'System.Window() stands only in the SELECT list of a query with GROUP BY and a window.',
    'It names the window that a row comes from.',
    page('windows'),
  ),
};

export const joinRules = {
  unboundedJoin: error(
    'ASA0400',
    'Join without a bound in time',
    (left: string, right: string) =>
      `This join has no bound in time: add AND DATEDIFF(minute, ${left}, ${right}) BETWEEN 0 AND 10.`,
    'Two streams are joined within a time that DATEDIFF over both sources bounds on both sides. Reference data needs no bound.',
    page('join'),
  ),
  halfBoundedJoin: error(
    'ASA0401',
    'Join bounded on one side',
    (left: string, right: string) =>
      `DATEDIFF must be bounded on both sides: DATEDIFF(minute, ${left}, ${right}) BETWEEN 0 AND 10.`,
    'Without both bounds events would have to be kept for ever.',
    page('join'),
  ),
  joinTooLong: error(
    'ASA0402',
    'Join over more than 7 days',
    () => 'A join reaches at most 7 days.',
    'Keep older events in reference data or in the sink.',
    page('join'),
  ),
  referenceLeft: error(
    'ASA0403',
    'Reference data on the left',
    (name: string) => `${name} is reference data and must stand on the right side of JOIN.`,
    'The stream comes first, the reference data after JOIN.',
    languageReference('reference-data-join-azure-stream-analytics'),
  ),
  starInJoin: error(
    'ASA0404',
    'Star in a join',
    () => 'SELECT * cannot be used with JOIN: name the columns, or write alias.*.',
    'Columns of both sides may have the same names.',
    page('join'),
  ),
  partitionedJoin: error(
    'ASA0405',
    'Partition keys not joined',
    (left: string, right: string) => `Both inputs are partitioned: the condition must contain ${left} = ${right}.`,
    'Partitions are joined one by one, so the keys of both sides must be equal.',
    page('join'),
  ),
  unionColumns: error(
    'ASA0406',
    'UNION of different columns',
    (left: number, right: number) =>
      `The branches of UNION have ${left} and ${right} columns; they must have the same columns in the same order.`,
    'Add the missing columns, for example NULL AS name.',
    page('union'),
  ),
  unionTypes: error(
    'ASA0407',
    'UNION of different types',
    (name: string, left: string, right: string) =>
      `Column ${name} is ${left} in one branch of UNION and ${right} in the other: convert one of them with CAST.`,
    'Schemas of the branches should match exactly.',
    page('union'),
  ),
  unionNames: warning(
    'ASA0408',
    'UNION of different names',
    (left: string, right: string) => `UNION matches columns by position: ${left} meets ${right}. Give both the same alias.`,
    'The branches must have the same columns in the same order.',
    page('union'),
  ),
  applyNeeded: error(
    'ASA0409',
    'Function needs APPLY',
    (name: string) => `${name} gives rows: write CROSS APPLY ${name}(…) AS element in FROM.`,
    'It cannot stand where a value is expected.',
    page('apply'),
  ),
  applyOther: error(
    'ASA0410',
    'Function gives no rows',
    (name: string) => `APPLY takes GetArrayElements or GetRecordProperties, not ${name}.`,
    'Only these two give rows.',
    page('apply'),
  ),
};

export const timeRules = {
  timestampOfStep: warning(
    'ASA0500',
    'TIMESTAMP BY on a step',
    (name: string) => `${name} is a step: TIMESTAMP BY belongs on the input that it reads.`,
    'Time is given to events when they enter the job.',
    page('timestamp-by'),
  ),
  timestampSystem: error(
    'ASA0501',
    'System.Timestamp() in TIMESTAMP BY',
    () => 'System.Timestamp() cannot be used in TIMESTAMP BY: name a field of the event.',
    'TIMESTAMP BY is what System.Timestamp() is taken from.',
    page('timestamp-by'),
  ),
  timestampApply: error(
    'ASA0502',
    'APPLY result in TIMESTAMP BY',
    (name: string) => `${name} comes from APPLY and cannot be used in TIMESTAMP BY: only fields of the event can.`,
    'Time is given to events before they are unfolded.',
    page('timestamp-by'),
  ),
  timestampOverAll: error(
    'ASA0503',
    'TIMESTAMP BY OVER on some inputs only',
    (name: string) => `${name} has no OVER in TIMESTAMP BY, but another input has: use OVER for all inputs or for none.`,
    'Substreams are a property of the whole job.',
    page('timestamp-by'),
  ),
  timestampOverKeys: error(
    'ASA0504',
    'Substream key missing',
    (key: string, place: string) => `The key ${key} of TIMESTAMP BY … OVER must be in ${place}.`,
    'Substreams have their own time and cannot be mixed.',
    page('timestamp-by'),
  ),
  matchRule: error(
    'ASA0505',
    'Rule of MATCH_RECOGNIZE',
    (problem: string) => `MATCH_RECOGNIZE: ${problem}`,
    'The statement is SELECT * INTO output FROM input MATCH_RECOGNIZE (…) AS name.',
    languageReference('match-recognize-stream-analytics'),
  ),
  metadataInput: error(
    'ASA0506',
    'GetMetadataPropertyValue without an input',
    () => 'The first argument of GetMetadataPropertyValue is the name of an input stream in FROM.',
    'Steps have no metadata: read it where the input is read.',
    languageReference('getmetadatapropertyvalue'),
  ),
};
