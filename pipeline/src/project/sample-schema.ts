/** The schema of a file of events, as its first ones show it. Must not know the query. */
import type { Column } from '@asaql/parser';
import { inferSchema, type Schema, schemaColumns } from '@asaql/project';
import { EventFile } from '../run/event-file.ts';

/** Enough to see what is optional, and read in a moment. */
const eventsMax = 1000;

export async function sampleColumns(path: string): Promise<readonly Column[] | null> {
  return schemaColumns(await sampleSchema(path));
}

/** Throws a UsageError where the file cannot be read. What is no event shows nothing; running a query tells of it. */
export async function sampleSchema(path: string): Promise<Schema> {
  return inferSchema(await sampleEvents(path, eventsMax));
}

/** The first events of a file, parsed; of CSV as records of texts, the columns of the header at least. */
export async function sampleEvents(path: string, most: number): Promise<readonly unknown[]> {
  const file = await EventFile.open(path);
  try {
    const { csv } = file;
    if (csv !== null) return [Object.fromEntries(csv.columns.map((name) => [name, '']))];
    const events: unknown[] = [];
    while (events.length < most) {
      const chunk = await file.next();
      if (chunk === null) break;
      for (let index = 0; index < chunk.count && events.length < most; index += 1)
        events.push(parsed(chunk.bytes.toString('utf8', chunk.starts[index], chunk.ends[index])));
    }
    return events;
  } finally {
    await file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
