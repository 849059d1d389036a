/** LIKE patterns to regular expressions: `%`, `_`, `[a-z]`, `[^a-z]`, and an escape character. */
import { badRequest } from '../cosmos-error.ts';

export function likePattern(pattern: string, escapeMark: string): RegExp {
  if (escapeMark.length > 1) throw badRequest(`The ESCAPE of LIKE must be one character, not '${escapeMark}'.`);
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] as string;
    if (character === escapeMark && index + 1 < pattern.length) {
      index += 1;
      source += quoted(pattern[index] as string);
    } else if (character === '%') source += '[\\s\\S]*';
    else if (character === '_') source += '[\\s\\S]';
    else if (character === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end < 0) throw badRequest(`The LIKE pattern '${pattern}' has a '[' without its ']'.`);
      source += characterSet(pattern.slice(index + 1, end));
      index = end;
    } else source += quoted(character);
  }
  return new RegExp(`^${source}$`);
}

function quoted(character: string): string {
  return /[\w\s]/.test(character) ? character : character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

function characterSet(inside: string): string {
  const negated = inside.startsWith('^');
  const set = (negated ? inside.slice(1) : inside).replace(/[\\\]^]/g, '\\$&');
  return `[${negated ? '^' : ''}${set}]`;
}
