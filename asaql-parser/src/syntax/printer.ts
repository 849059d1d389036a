/** The text of a tree, to the last blank. Knows nothing of layout: that is format.ts. */
import type { ParseResult } from '../parser/parse.ts';

/** The text that was parsed, put together from its tokens: `print(parse(text)) === text`. */
export function print(result: Pick<ParseResult, 'tokens'>): string {
  return result.tokens.map((token) => token.text).join('');
}
