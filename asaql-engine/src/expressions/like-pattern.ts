/**
 * The patterns of LIKE and PATINDEX: `%`, `_`, `[a-z]` and `[^a-z]` as in T-SQL, without regard to case. Any text is a
 * pattern: a bracket that does not close stands for itself, and a range that runs backwards holds no character.
 */

export function likePattern(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern.charAt(index);
    const close = char === '[' ? pattern.indexOf(']', index + 1) : -1;
    if (char === '%') source += '[\\s\\S]*';
    else if (char === '_') source += '[\\s\\S]';
    else if (close > index + 1) {
      source += characterClass(pattern.slice(index + 1, close));
      index = close;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'iu');
}

function characterClass(body: string): string {
  const negated = body.length > 1 && body.startsWith('^');
  const characters = [...(negated ? body.slice(1) : body)];
  let members = '';
  for (let index = 0; index < characters.length; index += 1) {
    const first = characters[index] as string;
    const last = characters[index + 2];
    if (characters[index + 1] === '-' && last !== undefined) {
      index += 2;
      if (codeOf(first) <= codeOf(last)) members += `${escaped(first)}-${escaped(last)}`;
    } else members += escaped(first);
  }
  if (members === '') return negated ? '[\\s\\S]' : '(?!)';
  return `[${negated ? '^' : ''}${members}]`;
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}

function escaped(character: string): string {
  return `\\u{${codeOf(character).toString(16)}}`;
}
