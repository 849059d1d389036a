/** Lines and columns of offsets. Knows nothing of the language. */

/** From 1 both; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly positionOf: (offset: number) => Position;
  readonly offsetOf: (position: Position) => number;
}

/** An index over the lines of `text`. A line ends with \n, \r\n or \r. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === 10 || (code === 13 && text.charCodeAt(offset + 1) !== 10)) starts.push(offset + 1);
  }
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    positionOf: (offset) => {
      const line = lineOf(offset);
      return { line: line + 1, column: offset - starts[line]! + 1 };
    },
    offsetOf: ({ line, column }) => Math.min(text.length, (starts[Math.min(line, starts.length) - 1] ?? 0) + column - 1),
  };
}
