/** The events that the bench runs over: the generator's, one a line, in a file under the folder for temporary files. */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGenerator } from '@asaql/generator';

export interface EventsFile {
  readonly path: string;
  readonly events: number;
  readonly bytes: number;
  remove(): void;
}

export interface EventsFileOptions {
  readonly events: number;
  readonly users: number;
  readonly eventsPerSecond: number;
}

const pieceChars = 1 << 22;

export function writeEventsFile({ events, users, eventsPerSecond }: EventsFileOptions): EventsFile {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-bench-'));
  const path = join(folder, 'events.ndjson');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const generator = createGenerator({ seed: 7, users, eventsPerSecond, startTimeMs: Date.UTC(2026, 0, 15, 12) });
    const file = openSync(path, 'w');
    let text = '';
    for (let event = 0; event < events; event += 1) {
      text += `${generator.next().body}\n`;
      if (text.length < pieceChars) continue;
      writeSync(file, text);
      text = '';
    }
    writeSync(file, text);
    closeSync(file);
    return { path, events, bytes: statSync(path).size, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
