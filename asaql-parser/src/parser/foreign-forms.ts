/**
 * Forms of other query languages that people write in vain, and what to write instead. Data; knows no tokens and no tree.
 *
 * A pattern is words separated by blanks: a word or a sign stands for itself, `a|b` for either, `~` for any token, `#` for a
 * number, `!x` for any token but x, `'` for a text, `(…)` for parentheses with whatever is in them, `until:x` for all up to x. Case does not count.
 */

export interface ForeignForm {
  readonly pattern: string;
  /** What to write instead, as a sentence. */
  readonly instead: string;
  /** The parser loses the thread there: what it says about the rest of the statement is not worth reading. */
  readonly derails?: boolean;
  /** Signs stand side by side, without blanks. */
  readonly tight?: boolean;
  /** Words that the form must not stand behind, with `|` between them. */
  readonly notAfter?: string;
  /** The same in ASAQL, from the texts of the tokens; null where that cannot be told. */
  readonly rewrite?: (parts: readonly string[], text: string) => string | null;
}

const drop = (): string => '';
const perWindow = 'Use TopOne() or CollectTop(n) OVER (ORDER BY …) in a windowed GROUP BY.';
const unfold = 'Unfold an array with CROSS APPLY GetArrayElements(…) AS element.';
const likeOrRegex = "Write LIKE, or REGEXMATCH(column, 'pattern') > 0.";
const columnForm = 'A column of CREATE TABLE has a name and a type, nothing else.';
const tableFunctions = 'getarrayelements|getrecordproperties|unnest|explode|flatten|openjson|string_split|generate_series';

const joins: readonly ForeignForm[] = [
  { pattern: 'outer join', instead: 'Write LEFT JOIN.', notAfter: 'left|right|full', rewrite: () => 'LEFT JOIN' },
  {
    pattern: 'natural join|left|inner|right|full',
    instead: 'Write JOIN … ON with the keys and a DATEDIFF bound.',
    derails: true,
  },
  { pattern: 'left semi join', instead: 'Write JOIN … ON with a DATEDIFF bound.' },
  { pattern: 'semi join', instead: 'Write JOIN … ON with a DATEDIFF bound.' },
  { pattern: 'left anti join', instead: 'Write LEFT JOIN, and test a column of the right side with IS NULL in WHERE.' },
  { pattern: 'anti join', instead: 'Write LEFT JOIN, and test a column of the right side with IS NULL in WHERE.' },
  { pattern: 'asof join', instead: 'Write JOIN … ON with a DATEDIFF bound, or LAST(…) OVER (LIMIT DURATION(…)).' },
  {
    pattern: 'inner|left hash|merge|loop|remote join',
    instead: 'Leave the hint out: write JOIN or LEFT JOIN.',
    rewrite: withoutHint,
  },
  { pattern: 'left|right|full outer hash|merge|loop join', instead: 'Leave the hint out: write LEFT JOIN.' },
  { pattern: `from|join|, ${tableFunctions} (…)`, instead: unfold, derails: true, rewrite: crossApply },
  { pattern: `cross join ${tableFunctions} (…)`, instead: unfold, derails: true, rewrite: crossApply },
  { pattern: 'lateral view ~ (…)', instead: unfold, derails: true },
];

const clauses: readonly ForeignForm[] = [
  {
    pattern: 'into|from|join ~ - ~',
    instead: 'A name with a dash stands in brackets: [my-output].',
    derails: true,
    rewrite: ([word, left, , right]) => `${word} [${left}-${right}]`,
  },
  { pattern: 'partition !by', instead: 'Write PARTITION BY and the key.', rewrite: ([, key]) => `PARTITION BY ${key}` },
  {
    pattern: 'over limit|partition|order',
    instead: 'What belongs to OVER stands in parentheses: OVER (LIMIT DURATION(minute, 10)).',
    derails: true,
  },
  { pattern: 'as of system|timestamp', instead: 'The stream has no history: join reference data instead.', derails: true },
  {
    pattern: 'timestamp by ~ asc|desc',
    instead: 'Events come in the order of their time: leave it out.',
    rewrite: ([, , column]) => `TIMESTAMP BY ${column}`,
  },
  {
    pattern: 'select|, ~ = ~ as',
    instead: 'A comparison is no value: write CASE WHEN … THEN 1 ELSE 0 END.',
    rewrite: ([first, left, , right]) => `${first} CASE WHEN ${left} = ${right} THEN 1 ELSE 0 END AS`,
  },
  { pattern: 'top # with ties', instead: perWindow, derails: true },
  { pattern: 'top # percent', instead: perWindow, derails: true },
  { pattern: 'fetch first|next ~ row|rows only', instead: perWindow },
  { pattern: 'offset ~ row|rows', instead: 'A stream has no numbered rows; filter with WHERE.' },
  { pattern: 'with (…)', instead: 'There are no hints: leave it out.', derails: true, rewrite: drop },
  { pattern: 'with rollup|cube|totals', instead: 'Write one SELECT for each grouping, joined by UNION.', derails: true },
  { pattern: 'grouping sets (…)', instead: 'Write one SELECT for each grouping, joined by UNION.' },
  {
    pattern: 'pivot (…)',
    instead: 'Write a column for each value: SUM(CASE WHEN key = 1 THEN value ELSE NULL END) AS name.',
  },
  { pattern: 'unpivot (…)', instead: 'Write CROSS APPLY GetRecordProperties(record) AS p: a row for each property.' },
  { pattern: 'tablesample|sample (…)', instead: 'Filter with WHERE, for example on a hash of the key.' },
  { pattern: 'option (…)', instead: 'There are no hints: leave it out.', rewrite: drop },
  { pattern: 'window ~ as (…)', instead: 'Write the window into GROUP BY, or OVER (…) after the function.' },
  { pattern: 'qualify ~', instead: 'Compute the value in a WITH step, and filter it with WHERE in the next.' },
  { pattern: 'for json|xml|browse|update', instead: 'The output serializes the rows: leave it out.', derails: true },
  { pattern: 'for system_time', instead: 'The stream has no history: join reference data instead.', derails: true },
  { pattern: 'emit changes|final', instead: 'A window gives its rows when it ends: leave it out.', rewrite: drop },
  { pattern: 'filter (…)', instead: 'Write the condition into the argument: SUM(CASE WHEN … THEN 1 ELSE 0 END).' },
  { pattern: 'rows|range between', instead: 'Write LIMIT DURATION(minute, 10) to say how far to look back.' },
  { pattern: 'rows|range unbounded|#|current', instead: 'Write LIMIT DURATION(minute, 10) to say how far to look back.' },
  { pattern: 'union distinct', instead: 'UNION keeps duplicates: GROUP BY the columns and a window afterwards.', derails: true },
  { pattern: 'into ~ , ~', instead: 'A SELECT writes one output: put the query into a step and write a SELECT for each output.' },
  { pattern: 'with recursive', instead: 'A step reads inputs and the steps above it, never itself.', derails: true },
  { pattern: 'with ~ (…) as', instead: 'Name the columns with AS in the SELECT list of the step.', derails: true },
  { pattern: 'with ~ as select', instead: 'Put the query of a step into parentheses: WITH name AS (SELECT …).', derails: true },
  { pattern: 'timestamp !by', instead: 'Write TIMESTAMP BY and the column.', rewrite: ([, column]) => `TIMESTAMP BY ${column}` },
  { pattern: 'begin ~', instead: 'There are no blocks: write the statements one after the other.', derails: true },
];

const tables: readonly ForeignForm[] = [
  { pattern: 'create or replace|alter ~', instead: 'Write the query as a step: WITH name AS (SELECT …).', derails: true },
  {
    pattern: 'create temp|temporary|external|global|local table|view',
    instead: 'Write the query as a step: WITH name AS (SELECT …).',
    derails: true,
  },
  { pattern: 'not null', instead: columnForm, rewrite: drop },
  { pattern: 'primary key', instead: columnForm, rewrite: drop },
  { pattern: 'foreign key', instead: columnForm },
  { pattern: 'default ~', instead: columnForm, rewrite: drop },
  { pattern: 'identity (…)', instead: columnForm, rewrite: drop },
  { pattern: 'unique', instead: columnForm, rewrite: drop },
];

const conditions: readonly ForeignForm[] = [
  { pattern: 'like % ~ %', instead: "The pattern is a text: LIKE '%text%'.", rewrite: ([, , word]) => `LIKE '%${word}%'` },
  { pattern: 'like % ~', instead: "The pattern is a text: LIKE '%text'.", rewrite: ([, , word]) => `LIKE '%${word}'` },
  { pattern: "in #|'", instead: 'The values stand in parentheses: IN (1, 2).' },
  { pattern: 'is true', instead: 'Compare with 1.', rewrite: () => '= 1' },
  { pattern: 'is false', instead: 'Compare with 0.', rewrite: () => '= 0' },
  { pattern: 'is not true', instead: 'Compare with 1.', rewrite: () => '<> 1' },
  { pattern: 'is not false', instead: 'Compare with 0.', rewrite: () => '<> 0' },
  { pattern: 'is unknown', instead: 'Write IS NULL.', rewrite: () => 'IS NULL' },
  { pattern: 'is distinct from', instead: 'Write <> and test for NULL with IS NULL.', derails: true },
  { pattern: 'is not distinct from', instead: 'Write = and test for NULL with IS NULL.', derails: true },
  { pattern: "ilike|rlike|regexp '", instead: likeOrRegex },
  { pattern: "not ilike|rlike|regexp '", instead: likeOrRegex },
  { pattern: "similar to '", instead: likeOrRegex },
  { pattern: "escape '", instead: "Find the character with CHARINDEX('%', column) > 0 instead." },
  {
    pattern: 'between ~ , ~',
    instead: 'Write BETWEEN low AND high.',
    rewrite: ([, low, , high]) => `BETWEEN ${low} AND ${high}`,
  },
  { pattern: '! (', instead: 'Write NOT.', derails: true, rewrite: () => 'NOT (' },
  { pattern: '<= >', instead: 'Write =, and test for NULL with IS NULL.', tight: true },
];

const values: readonly ForeignForm[] = [
  {
    pattern: 'cast|try_cast ( ~ , ~ )',
    instead: 'The type stands behind AS: CAST(value AS type).',
    rewrite: ([word, , value, , type]) => `${word}(${value} AS ${type})`,
  },
  {
    pattern: 'case ~ = ~ then',
    instead: 'Each condition stands behind WHEN: CASE WHEN … THEN … ELSE … END.',
    rewrite: ([, left, , right]) => `CASE WHEN ${left} = ${right} THEN`,
  },
  { pattern: "['", instead: 'Fields are read with a dot: record.field.', rewrite: ([name]) => `.${(name ?? '').slice(2, -2)}` },
  { pattern: "interval '|# ~", instead: 'Sizes are a unit and a number: DATEADD(hour, 1, time), TumblingWindow(hour, 1).' },
  { pattern: 'extract ( ~ from', instead: 'Write DATEPART(unit, time).', derails: true },
  { pattern: 'substring ( ~ from', instead: 'Write SUBSTRING(text, start, length).', derails: true },
  { pattern: 'trim ( both|leading|trailing', instead: 'Write TRIM, LTRIM or RTRIM.', derails: true },
  { pattern: 'position ( ~ in', instead: 'Write CHARINDEX(find, text).', derails: true },
  { pattern: ':: ~', instead: 'Write TRY_CAST(value AS type).' },
  {
    pattern: '- > ~',
    instead: 'Fields are read with a dot: write record.field.',
    tight: true,
    rewrite: ([, , name]) => `.${name}`,
  },
  { pattern: ': ~', instead: 'Fields are read with a dot: write record.field.', tight: true, rewrite: ([, name]) => `.${name}` },
  { pattern: '` ~ `', instead: 'Names are quoted with brackets: [name].', tight: true, rewrite: ([, name]) => `[${name}]` },
  { pattern: '# ~', instead: 'A comment starts with --.', derails: true, rewrite: ([, word]) => `-- ${word}` },
  { pattern: '‘|’|‚ until:’|‘', instead: "Texts stand in straight quotes: '…'.", rewrite: straightQuotes },
  { pattern: '“|”|„ until:”|“', instead: "Texts stand in straight single quotes: '…'.", rewrite: straightQuotes },
  { pattern: '/ /', instead: 'A comment starts with --.', tight: true, derails: true, rewrite: () => '--' },
];

export const foreignForms: readonly ForeignForm[] = [...joins, ...clauses, ...tables, ...conditions, ...values];

function straightQuotes(_parts: readonly string[], text: string): string {
  return `'${text.slice(1, -1).replaceAll("'", "''")}'`;
}

function withoutHint([kind]: readonly string[]): string {
  return `${kind} JOIN`;
}

function crossApply(parts: readonly string[]): string | null {
  const first = parts[0]?.toLowerCase();
  if (first !== ',' && first !== 'cross') return null;
  const call = parts.slice(first === 'cross' ? 2 : 1);
  return /^get/i.test(call[0] ?? '') ? `${first === ',' ? ' ' : ''}CROSS APPLY ${call.join('')}` : null;
}
