/** Families of texts that are hard on a parser, each by its length: nothing in them is a query. */

/** A part over and over. */
const repeated =
  (part: string, before = '', behind = '') =>
  (length: number): string =>
    before + part.repeat(Math.max(0, Math.floor((length - before.length - behind.length) / part.length))) + behind;

/** Numbers that look random and are the same in every run. */
function* randomNumbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state >>> 8;
  }
}

const randomText =
  (pick: (random: number) => string) =>
  (length: number): string => {
    const numbers = randomNumbers(length);
    let text = '';
    while (text.length < length) text += pick(numbers.next().value);
    return text;
  };

const words =
  "SELECT FROM WHERE GROUP BY HAVING INTO WITH UNION JOIN ON AS AND OR NOT IS NULL IN LIKE BETWEEN CASE WHEN THEN ELSE END CAST OVER CREATE TABLE APPLY CROSS LEFT ( ) , . ; * + - = < > a b.c 'x' [n] 1 2.5 COUNT( udf.f( TumblingWindow(".split(
    ' ',
  );

export const hardTexts: Readonly<Record<string, (length: number) => string>> = {
  commas: repeated(','),
  dots: repeated('.'),
  semicolons: repeated(';'),
  'open parentheses': repeated('('),
  'closed parentheses': repeated(')'),
  'open brackets': repeated('['),
  'brackets, a line each': repeated('[\n'),
  'closed brackets': repeated(']'),
  'closed brackets in an open one': repeated(']]', 'SELECT ['),
  braces: repeated('{}'),
  quotes: repeated("'"),
  'quotes, a line each': repeated("'\n"),
  'an open text of many lines': repeated("''\n", "SELECT '"),
  'double quotes': repeated('"'),
  'double quotes, a line each': repeated('"\n'),
  'comments opened': repeated('/*'),
  'comments closed': repeated('*/'),
  dashes: repeated('-'),
  'line comments': repeated('--\n'),
  blanks: repeated(' '),
  'empty lines': repeated('\r\n'),
  'one long name': repeated('a', 'SELECT ', ' FROM x'),
  'one long bracketed name': repeated('a', 'SELECT [', '] FROM x'),
  'one long number': repeated('1', 'SELECT ', ' FROM x'),
  'one long text': repeated('a', "SELECT '", "' FROM x"),
  'numbers with points': repeated('1.'),
  'powers of ten': repeated('1e'),
  junk: repeated('€ £ '),
  'unknown characters': repeated('€'),
  surrogates: repeated('😀'),
  zeros: repeated('\0'),
  'a long path': repeated('.a', 'SELECT a', ' FROM x'),
  'a long sum': repeated('+a', 'SELECT a', ' FROM x'),
  'a long product': repeated('*a', 'SELECT a', ' FROM x'),
  signs: repeated('- ', 'SELECT ', 'a FROM x'),
  'a long condition': repeated(' AND a = 1', 'SELECT a FROM x WHERE a = 1'),
  'a long choice': repeated(' OR a = 1', 'SELECT a FROM x WHERE a = 1'),
  'many NOTs': repeated('NOT ', 'SELECT a FROM x WHERE ', 'a = 1'),
  'a long list of columns': repeated('a,', 'SELECT ', 'a FROM x'),
  'a long list of names': repeated('a b,', 'SELECT ', 'a FROM x'),
  'a long list of values': repeated('1,', 'SELECT a FROM x WHERE a IN (', '1)'),
  'a long list of arguments': repeated('a,', 'SELECT CONCAT(', 'a) FROM x'),
  'many keys': repeated('a,', 'SELECT a FROM x GROUP BY ', 'a'),
  'different keys': (length) => {
    const keys = Array.from({ length: Math.floor(length / 14) }, (_, index) => `k${String(index).padStart(4, '0')}`);
    return `SELECT ${keys.join(',')} FROM x GROUP BY ${keys.join(',')},TumblingWindow(second, 1)`;
  },
  'a long union': repeated(' UNION SELECT a FROM x', 'SELECT a FROM x'),
  'many joins': repeated(' JOIN x ON a = b', 'SELECT a FROM x'),
  'many sources': repeated(',x', 'SELECT a FROM x'),
  'nested queries': repeated('SELECT (', ''),
  'nested sources': repeated('SELECT a FROM ('),
  'nested calls': repeated('ABS(', 'SELECT '),
  'nested cases': repeated('CASE WHEN ', 'SELECT '),
  'nested casts': repeated('CAST(', 'SELECT '),
  'balanced parentheses': (length) => `SELECT ${'('.repeat(length / 2)}a${')'.repeat(length / 2)} FROM x`,
  'nested windows': repeated('Windows(', 'SELECT a FROM x GROUP BY '),
  'nested patterns': repeated('(', 'SELECT * FROM x MATCH_RECOGNIZE (PATTERN '),
  'many OVERs': repeated(' OVER (', 'SELECT LAG(a)'),
  'open steps': repeated('a AS (', 'WITH '),
  'empty steps': repeated('a AS (),', 'WITH '),
  'small steps': (length) => {
    const steps = Array.from({ length: Math.floor(length / 34) }, (_, index) => `s${index} AS (SELECT a, b FROM x)`);
    return `WITH ${steps.join(', ')} SELECT a FROM s1`;
  },
  'steps in a chain': (length) => {
    const steps = Array.from({ length: Math.floor(length / 38) }, (_, index) => `s${index + 1} AS (SELECT a, b FROM s${index})`);
    return `WITH ${steps.join(', ')} SELECT a FROM s1`;
  },
  'steps of one name': repeated('s AS (SELECT a FROM x), ', 'WITH '),
  'small statements': repeated('SELECT a INTO o FROM x; '),
  'statements without a FROM': repeated('SELECT a '),
  'bare SELECTs': repeated('SELECT '),
  'bare WITHs': repeated('WITH '),
  'bare CREATEs': repeated('CREATE '),
  'many tables': repeated('CREATE TABLE a (b bigint); '),
  'table columns': repeated('b bigint,', 'CREATE TABLE a (', 'c bit)'),
  'foreign statements': repeated('INSERT x '),
  'array indexes': repeated('a[0] ', 'SELECT '),
  'switched off rules': repeated('-- asaql-disable ASA1015\n'),
  'switches for the next line': repeated('-- asaql-disable-next-line ASA1015\n'),
  words: repeated('a '),
  'words of many kinds': randomText((random) => `${words[random % words.length]} `),
  'random characters': randomText((random) => String.fromCharCode(32 + (random % 95))),
  'random code units': randomText((random) => String.fromCharCode(random % 65_536)),
};
