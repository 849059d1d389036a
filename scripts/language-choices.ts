/** Where the reference is silent or contradicts itself: what the parser and the checks do, and why. Data for docs/language.md. */

export interface Choice {
  readonly matter: string;
  readonly choice: string;
  readonly why: string;
}

export const choices: readonly Choice[] = [
  {
    matter: 'Alias of the SELECT list in HAVING',
    choice: 'accepted, with a hint (ASA1014)',
    why: 'The page on SELECT forbids it; articles of the same vendor use it.',
  },
  {
    matter: 'Order of TIMESTAMP BY and PARTITION BY',
    choice: 'either',
    why: 'The page on FROM shows one order, the pages on SELECT, JOIN and TIMESTAMP BY the other.',
  },
  {
    matter: 'CASE without ELSE',
    choice: 'an error (ASA0027), with a fix',
    why: 'The page on CASE says that both forms require it.',
  },
  {
    matter: 'Double quotes',
    choice: 'a name; a warning where it names nothing (ASA1000), with a fix',
    why: 'A maintainer says so, and the page on SELECT has names with brackets in double quotes; two pages use them for texts.',
  },
  {
    matter: 'Aggregates with OVER',
    choice: 'SUM, AVG, MIN, MAX, COUNT, Collect, CollectTop, TopOne',
    why: 'The page on OVER lists the first four; the pages of the others each show a form with OVER.',
  },
  { matter: 'Type of DATEADD', choice: 'datetime', why: 'Its page says bigint, and every example uses it as a datetime.' },
  {
    matter: 'HAVING without GROUP BY',
    choice: 'read as WHERE, with a warning (ASA1012)',
    why: 'The page says so; a user reports that the service refuses it.',
  },
  {
    matter: 'A text where a function wants a number',
    choice: 'a warning (ASA1021); an error for a literal that is no number',
    why: 'One article says that it is converted, and shows a log that says that it is not.',
  },
  {
    matter: 'TIMESTAMP BY on a step',
    choice: 'a warning (ASA0500)',
    why: 'Only fields of events are allowed; an example of UNION does it all the same.',
  },
  {
    matter: 'System.Timestamp without parentheses',
    choice: 'the same as with, with a hint (ASA1015)',
    why: 'The old form; many queries and some current pages have it.',
  },
  { matter: 'UNION ALL', choice: 'UNION, with a hint (ASA0039)', why: 'Not documented, but written; UNION keeps duplicates.' },
  { matter: 'Plural units, hours', choice: 'the singular, with a hint (ASA0030)', why: 'In no table of units, but in examples.' },
  { matter: 'Several WITH blocks', choice: 'accepted, with a hint (ASA0040)', why: 'Found in real scripts, in no page.' },
  {
    matter: 'A bare step as a branch of UNION',
    choice: 'accepted, with a hint (ASA0045)',
    why: 'One article writes it; no grammar has it.',
  },
  {
    matter: 'Reserved words',
    choice: 'only those without which a query could not be read; the others stay names',
    why: 'No list is published. Reserved words are names in brackets, and behind a dot with a warning (ASA0047).',
  },
  {
    matter: 'Columns without an alias',
    choice: 'last part of a path; `count`, `lag` … for a call; else `column` and its place, with a hint (ASA1016)',
    why: 'Only the first is documented, and `count`.',
  },
  {
    matter: 'Two columns of one name',
    choice: 'a warning (ASA0113); of a star the left one stays',
    why: 'Only stars are documented.',
  },
  { matter: 'Texts over several lines', choice: 'accepted', why: 'Not documented; nothing else could be meant.' },
  { matter: 'Block comments', choice: 'do not nest', why: 'Not documented; the first */ ends it, as in most languages.' },
  {
    matter: 'Exponents, hexadecimal numbers, N’…’',
    choice: 'read, and refused (ASA0007, ASA0008)',
    why: 'In no page and in no query that was seen.',
  },
  {
    matter: 'A query in FROM (derived table)',
    choice: 'read and run, with a warning (ASA1038) and a fix that makes it a step',
    why: 'In no grammar; found in one exported job.',
  },
  {
    matter: 'A number beside a text',
    choice: 'converted, with a hint (ASA1045); -, *, / and % refuse texts that are surely texts (ASA0210)',
    why: 'Conversions happen where needed and stop the job when they fail; no page says which of the two is converted.',
  },
  {
    matter: 'Geographies as texts',
    choice: 'accepted beside GeoJSON records',
    why: 'The pages of the functions name records; the article on geofencing holds its fences as well-known text.',
  },
  {
    matter: 'Condition beside the keys of a join with reference data',
    choice: 'accepted, with a hint (ASA1039)',
    why: 'The page advises WHERE; the article on geofencing has ST_WITHIN in ON.',
  },
  {
    matter: 'TRUE, FALSE, CURRENT_TIMESTAMP',
    choice: 'columns of that name, with a warning (ASA1037) where none is known',
    why: 'In no page; a query that means the constant would read NULL.',
  },
  {
    matter: 'Alias of the SELECT list in WHERE and GROUP BY',
    choice: 'a column of the input, with a warning (ASA1036)',
    why: 'The page on SELECT forbids it, and nothing tells an alias from a field that nobody has declared.',
  },
  {
    matter: 'Substreams and an input without TIMESTAMP BY',
    choice: 'a warning (ASA0503); an error where the other input has TIMESTAMP BY without OVER',
    why: 'The page says all inputs or none, and speaks of inputs with TIMESTAMP BY.',
  },
  {
    matter: 'bigint / bigint',
    choice: 'typed bigint, with a hint (ASA1002)',
    why: 'What the service does is not documented; real queries convert one side.',
  },
  {
    matter: 'A join whose right side is unknown',
    choice: 'a warning without a bound (ASA1023), an error only between known streams (ASA0400)',
    why: 'Reference data needs no bound, and a query alone does not say what an input is.',
  },
];
