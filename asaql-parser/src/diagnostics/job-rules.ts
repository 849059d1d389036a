/** Rules about a query and the job around it, ASA1039 to ASA1999: outputs of a kind, Edge, functions' code, levels, conversions. */
import { hint, information, languageReference, productArticle, warning } from './rule.ts';

const page = (name: string): string => languageReference(`${name}-azure-stream-analytics`);

export const jobRules = {
  referencePredicate: hint(
    'ASA1039',
    'Condition in a join with reference data',
    (text: string) => `${text} compares no keys: in WHERE it is computed only for the rows whose keys meet.`,
    'A join with reference data looks keys up; any other condition in ON is tried with every row of the reference data.',
    languageReference('reference-data-join-azure-stream-analytics'),
  ),
  unguardedModel: warning(
    'ASA1040',
    'Model called with what may be NULL',
    (name: string, argument: string) =>
      `If ${argument} is NULL, ${name} fails and the job stops: add WHERE ${argument} IS NOT NULL, in a step before if need be.`,
    'An endpoint of Azure Machine Learning answers a NULL or a wrong type with an error (HTTP 400).',
    productArticle('machine-learning-udf'),
  ),
  edge: warning(
    'ASA1041',
    'Not possible on IoT Edge',
    (what: string, instead: string) => `${what} is not supported in a job on IoT Edge: ${instead}.`,
    'Jobs on IoT Edge know a part of the language: no PARTITION BY, no user-defined functions, no metadata, 14 aggregates a step.',
    productArticle('stream-analytics-edge'),
  ),
  powerBiRate: warning(
    'ASA1042',
    'Too many rows for Power BI',
    (output: string) =>
      `${output} is Power BI, which takes about one row a second: GROUP BY a TumblingWindow or HoppingWindow of a second or more.`,
    'A query without a window, or with a sliding one, writes a row for every event.',
    productArticle('power-bi-output'),
  ),
  powerBiDataset: warning(
    'ASA1043',
    'Power BI dataset written twice',
    (output: string, other: string) => `${output} and ${other} write the same Power BI dataset: give each output its own.`,
    'Outputs that share a dataset overwrite its tables.',
    productArticle('power-bi-output'),
  ),
  changingFunction: warning(
    'ASA1044',
    'Function that gives other results each time',
    (name: string, what: string) =>
      `${name} calls ${what}: when the job recovers and reads events again, its results differ. Pass System.Timestamp() or a field in.`,
    'A job gives each event the same result only if its functions depend on nothing but their arguments.',
    productArticle('stream-analytics-javascript-user-defined-functions'),
  ),
  compareNumberText: hint(
    'ASA1045',
    'Number and text',
    (text: string) =>
      `${text} is a text and meets a number: write TRY_CAST(${text} AS float), so that what is no number is NULL.`,
    'Values are converted where needed; if that fails the job stops. Fields of CSV files are all texts.',
    page('data-types'),
  ),
  levelTrap: warning(
    'ASA1046',
    'Other meaning at this compatibility level',
    (trap: string) => trap,
    'Levels differ in names, booleans, metadata and prefixes. New jobs should use 1.2.',
    productArticle('stream-analytics-compatibility-level'),
  ),
  starIntoTable: hint(
    'ASA1047',
    'Star into a table',
    (output: string, kind: string) =>
      `${output} is ${kind}: name the columns, so that a new field of the events does not stop the output.`,
    'A table takes the columns that it has; a row with another column is refused.',
    productArticle('stream-analytics-define-outputs'),
  ),
  arrayPayload: hint(
    'ASA1048',
    'Field that may be no array',
    (text: string) => `If ${text} is no array the job stops: take it as TRY_CAST(${text} AS array) in a step before.`,
    'NULL gives no rows with CROSS APPLY, and one with OUTER APPLY.',
    productArticle('input-validation'),
  ),
  cosmosKeys: warning(
    'ASA1049',
    'Cosmos DB output without keys',
    (output: string, missing: string) =>
      `${output} is Cosmos DB and names no ${missing}: rows get ids of their own, and each run adds documents instead of replacing them.`,
    'With a document id, a row that is written again replaces the document; with a partition key the container scales.',
    productArticle('stream-analytics-documentdb-output'),
  ),
  keywordAsName: hint(
    'ASA1050',
    'Keyword as a name',
    (word: string) => `${word} is a word of the language: write [${word}], so that nobody reads it as a clause.`,
    'No list of reserved words is published; in brackets any name is safe.',
    page('select'),
  ),
  substreamPartition: warning(
    'ASA1051',
    'Substreams over partitions',
    (problem: string) => `TIMESTAMP BY … OVER: ${problem}`,
    'OVER works in jobs with one partition, or in fully parallel ones: PARTITION BY PartitionId, and PartitionId among the keys of OVER.',
    page('timestamp-by'),
  ),
  outputPartitionKey: information(
    'ASA1052',
    'Output is not partitioned like the query',
    (output: string, key: string, other: string) =>
      `${output} is partitioned by ${key}, the query by ${other}: rows change their partition on the way out.`,
    'A query is fully parallel only if its inputs, its steps and its output have one key.',
    productArticle('stream-analytics-parallelization'),
  ),
};
