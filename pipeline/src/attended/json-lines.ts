/** JSON objects over a stream, one a line. Knows no message. */
import type { Duplex } from 'node:stream';

export function writeLine(stream: Duplex, value: object): void {
  if (!stream.destroyed && stream.writable) stream.write(`${JSON.stringify(value)}\n`);
}

/** Calls back for each object; what is no JSON is left out, since only our own programs speak here. */
export function onLines<Value>(stream: Duplex, receive: (value: Value) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') receive(JSON.parse(line) as Value);
  });
}
