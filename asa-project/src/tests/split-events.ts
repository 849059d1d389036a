/** The events of a file's text: a JSON array, JSON documents one after another, or CSV with a header. Reads no file. */
import { csvFields } from '../text/csv-fields.ts';

export interface SplitEvents {
  /** Each the exact text of one event. */
  readonly events: readonly string[];
  /** The header of a CSV file; null for JSON. */
  readonly csv: { readonly columns: readonly string[]; readonly delimiter: string } | null;
}

/** CSV where the path says so; gzip is unpacked before. */
export function splitEvents(path: string, text: string): SplitEvents {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (/\.csv(\.gz)?$/i.test(path)) return splitCsv(body);
  const start = body.search(/\S/);
  if (start === -1) return { events: [], csv: null };
  return { events: body.charAt(start) === '[' ? jsonTexts(body, start + 1) : jsonTexts(body, start), csv: null };
}

/** The top-level JSON values from an offset on; commas, blanks and a closing bracket between them are passed over. */
function jsonTexts(text: string, from: number): readonly string[] {
  const events: string[] = [];
  let at = from;
  while (at < text.length) {
    if (/[\s,\]]/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const end = valueEnd(text, at);
    events.push(text.slice(at, end));
    at = end;
  }
  return events;
}

/** Behind the value that begins at an offset: the end of the line where it is no JSON. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') {
      at += 1;
      while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    } else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (depth <= 0 && (sign === '}' || sign === ']' || sign === '"')) return at + 1;
    if (depth === 0 && /[\s,]/.test(text.charAt(at + 1))) return at + 1;
  }
  return text.length;
}

function splitCsv(text: string): SplitEvents {
  const records: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') quoted = !quoted;
    if ((sign === '\n' && !quoted) || at === text.length) {
      const record = text.slice(start, at).replace(/\r$/, '');
      if (record !== '') records.push(record);
      start = at + 1;
    }
  }
  const [header = '', ...events] = records;
  const delimiter = [',', ';', '\t', '|'].find((each) => header.includes(each)) ?? ',';
  return { events, csv: { columns: csvFields(header, delimiter), delimiter } };
}
