/**
 * The words and signs of ASAQL as chevrotain token types. Knows no grammar and no meaning.
 *
 * ASAQL has no published list of reserved words. Only those are reserved here without which a query could not be read;
 * every other keyword (LIMIT, DURATION, TIMESTAMP, …) is a `Word` and stays usable as a name.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Category: what may stand where a name is wanted. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA });

/** Category: words that are never names unless bracketed. */
export const Reserved = createToken({ name: 'Reserved', pattern: Lexer.NA });

/** Category: `+ - & | ^ * / %`. */
export const ArithmeticOperator = createToken({ name: 'ArithmeticOperator', pattern: Lexer.NA });

/** Category: `= <> < <= > >=` and their other spellings. */
export const ComparisonOperator = createToken({ name: 'ComparisonOperator', pattern: Lexer.NA });

/** Letters beyond ASCII: everything but punctuation, spaces and surrogates, near enough. */
const letter = 'A-Za-z_\\u00aa\\u00b5\\u00ba\\u00c0-\\u1fff\\u2c00-\\u2fef\\u3005-\\ud7ff\\uf900-\\ufdff\\uff21-\\uffdc';

/**
 * Codes that a name may start with, and some more: chevrotain groups codes beyond 255 by 255, so one of each group will do.
 * Without the hint it goes through all of the 55,000 letters when the first text is read.
 */
function identifierStarts(): number[] {
  const starts = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_@#$'].map((char) => char.charCodeAt(0));
  for (let code = 0xaa; code < 0x100; code++) starts.push(code);
  for (let code = 0x100; code < 0x1_0000; code += 0xff) starts.push(code);
  return [...starts, 0xffff];
}

// ---- Trivia ----------------------------------------------------------------------------------------------------

export const WhiteSpace = createToken({ name: 'WhiteSpace', pattern: /[\s\ufeff]+/, line_breaks: true });
export const LineComment = createToken({ name: 'LineComment', pattern: /--[^\n\r]*/ });
/** Unterminated, it takes the rest of the text. By hand, because a regular expression would need a stack for long ones. */
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: (text: string, offset: number): [string] | null => {
    if (!text.startsWith('/*', offset)) return null;
    const end = text.indexOf('*/', offset + 2);
    return [text.slice(offset, end === -1 ? text.length : end + 2)];
  },
  start_chars_hint: ['/'],
  line_breaks: true,
});

// ---- Literals and names ----------------------------------------------------------------------------------------

export const StringText = createToken({ name: 'StringText', pattern: /[nN]?'[^']*(?:''[^']*)*'/, line_breaks: true });
export const UnterminatedString = createToken({ name: 'UnterminatedString', pattern: /[nN]?'[^\n\r]*/ });
export const NumberText = createToken({
  name: 'NumberText',
  pattern: /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/,
});
export const Identifier = createToken({
  name: 'Identifier',
  pattern: new RegExp(`[${letter}@#$][${letter}0-9@#$]*`),
  start_chars_hint: identifierStarts(),
  categories: [Word],
});
export const BracketName = createToken({ name: 'BracketName', pattern: /\[[^\]\n\r]*(?:\]\][^\]\n\r]*)*\]/, categories: [Word] });
export const UnterminatedBracket = createToken({ name: 'UnterminatedBracket', pattern: /\[[^\n\r]*/, categories: [Word] });
export const QuotedName = createToken({ name: 'QuotedName', pattern: /"[^"\n\r]*(?:""[^"\n\r]*)*"/, categories: [Word] });
export const UnterminatedQuote = createToken({ name: 'UnterminatedQuote', pattern: /"[^\n\r]*/, categories: [Word] });

// ---- Signs -----------------------------------------------------------------------------------------------------

function sign(name: string, pattern: string | RegExp, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, categories });
}

export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const LeftCurly = sign('LeftCurly', '{');
export const RightCurly = sign('RightCurly', '}');
export const Comma = sign('Comma', ',');
export const Semicolon = sign('Semicolon', ';');
export const Dot = sign('Dot', '.');
export const Question = sign('Question', '?');
export const Star = sign('Star', '*', [ArithmeticOperator]);
export const Slash = sign('Slash', '/', [ArithmeticOperator]);
export const Percent = sign('Percent', '%', [ArithmeticOperator]);
export const Plus = sign('Plus', '+', [ArithmeticOperator]);
export const Minus = sign('Minus', '-', [ArithmeticOperator]);
/** `&&` and `||` are written in vain; they stand for AND and CONCAT in other languages. */
export const Ampersand = sign('Ampersand', /&&?/, [ArithmeticOperator]);
export const Pipe = sign('Pipe', /\|\|?/, [ArithmeticOperator]);
export const Caret = sign('Caret', '^', [ArithmeticOperator]);
export const Tilde = sign('Tilde', '~');
export const NotEqual = sign('NotEqual', /<>|!=/, [ComparisonOperator]);
export const LessOrEqual = sign('LessOrEqual', /<=|!>/, [ComparisonOperator]);
export const GreaterOrEqual = sign('GreaterOrEqual', />=|!</, [ComparisonOperator]);
export const Less = sign('Less', '<', [ComparisonOperator]);
export const Greater = sign('Greater', '>', [ComparisonOperator]);
/** `==` is written in vain. */
export const Equal = sign('Equal', /==?/, [ComparisonOperator]);
/** What the lexer cannot read, a run at a time. Made by lexer.ts from the lexer's complaints. */
export const Unknown = createToken({ name: 'Unknown', pattern: Lexer.NA });

// ---- Keywords --------------------------------------------------------------------------------------------------

/** Keywords are found by their text after the lexer has found a word: one pattern instead of seventy. */
function keyword(name: string, category: TokenType): TokenType {
  return createToken({ name, pattern: Lexer.NA, categories: [category] });
}

const reserved = (name: string): TokenType => keyword(name, Reserved);
const contextual = (name: string): TokenType => keyword(name, Word);

export const Select = reserved('Select');
export const From = reserved('From');
export const Where = reserved('Where');
export const Group = reserved('Group');
export const Having = reserved('Having');
export const By = reserved('By');
export const Into = reserved('Into');
export const With = reserved('With');
export const Union = reserved('Union');
export const JoinWord = reserved('Join');
export const On = reserved('On');
export const As = reserved('As');
export const And = reserved('And');
export const Or = reserved('Or');
export const Not = reserved('Not');
export const Is = reserved('Is');
export const Null = reserved('Null');
export const In = reserved('In');
export const LikeWord = reserved('Like');
export const BetweenWord = reserved('Between');
export const CaseWord = reserved('Case');
export const When = reserved('When');
export const Then = reserved('Then');
export const Else = reserved('Else');
export const End = reserved('End');
export const CastWord = reserved('Cast');
export const TryCast = reserved('Try_Cast');
export const OverWord = reserved('Over');
export const Create = reserved('Create');
export const Cross = reserved('Cross');
export const Outer = reserved('Outer');
export const Inner = reserved('Inner');
export const ApplyWord = reserved('Apply');
export const Left = reserved('Left');

export const All = contextual('All');
export const Distinct = contextual('Distinct');
export const Top = contextual('Top');
export const Order = contextual('Order');
export const Asc = contextual('Asc');
export const Desc = contextual('Desc');
export const Partition = contextual('Partition');
export const Timestamp = contextual('Timestamp');
export const Limit = contextual('Limit');
export const Duration = contextual('Duration');
export const Right = contextual('Right');
export const Full = contextual('Full');
export const Table = contextual('Table');
export const Go = contextual('Go');
export const Except = contextual('Except');
export const Intersect = contextual('Intersect');
export const Within = contextual('Within');
export const MatchRecognizeWord = contextual('Match_Recognize');
export const Measures = contextual('Measures');
export const After = contextual('After');
export const Match = contextual('Match');
export const Skip = contextual('Skip');
export const To = contextual('To');
export const Next = contextual('Next');
export const Row = contextual('Row');
export const PatternWord = contextual('Pattern');
export const Define = contextual('Define');

const keywords = [
  Select,
  From,
  Where,
  Group,
  Having,
  By,
  Into,
  With,
  Union,
  JoinWord,
  On,
  As,
  And,
  Or,
  Not,
  Is,
  Null,
  In,
  LikeWord,
  BetweenWord,
  CaseWord,
  When,
  Then,
  Else,
  End,
  CastWord,
  TryCast,
  OverWord,
  Create,
  Cross,
  Outer,
  Inner,
  ApplyWord,
  Left,
  All,
  Distinct,
  Top,
  Order,
  Asc,
  Desc,
  Partition,
  Timestamp,
  Limit,
  Duration,
  Right,
  Full,
  Table,
  Go,
  Except,
  Intersect,
  Within,
  MatchRecognizeWord,
  Measures,
  After,
  Match,
  Skip,
  To,
  Next,
  Row,
  PatternWord,
  Define,
];

/** Keyword by its text in lower case. */
export const keywordByText: ReadonlyMap<string, TokenType> = new Map(keywords.map((type) => [type.name.toLowerCase(), type]));

export const lexedTypes: TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  StringText,
  UnterminatedString,
  NumberText,
  Identifier,
  BracketName,
  UnterminatedBracket,
  QuotedName,
  UnterminatedQuote,
  LeftParen,
  RightParen,
  LeftCurly,
  RightCurly,
  Comma,
  Semicolon,
  Dot,
  Question,
  NotEqual,
  LessOrEqual,
  GreaterOrEqual,
  Less,
  Greater,
  Equal,
  Star,
  Slash,
  Percent,
  Plus,
  Minus,
  Ampersand,
  Pipe,
  Caret,
  Tilde,
];

export const vocabulary: TokenType[] = [
  Word,
  Reserved,
  ArithmeticOperator,
  ComparisonOperator,
  Unknown,
  ...lexedTypes,
  ...keywords,
];
