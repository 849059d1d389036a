/** Makes a test of what was seen: rows of a run, a captured sample, or a dead letter. Writes no file. */
import type { OutputRow, OutputValue } from '@asaql/engine';
import { isSeq, parseDocument, stringify } from 'yaml';
import { isoText, timeMs } from './time-text.ts';

export interface RecordedEvent {
  /** Its exact text. */
  readonly text: string;
  readonly arrivalTimeMs: number | null;
}

export interface RecordedCase {
  readonly name: string;
  readonly description: string | null;
  /** As the test file names it; null: the query of its name, or the project's. */
  readonly query: string | null;
  readonly startMs: number;
  readonly inputs: Readonly<Record<string, readonly RecordedEvent[]>>;
  readonly reference: Readonly<Record<string, readonly RecordedEvent[]>>;
  /** null: not known yet: `asaql test --update` fills it in. */
  readonly outputs: Readonly<Record<string, readonly OutputRow[]>> | null;
  readonly dropped: number;
  /** As the test file writes them. */
  readonly policies:
    | 'project'
    | 'none'
    | { readonly late: string; readonly outOfOrder: string; readonly early: string; readonly action: string };
}

/** The test file with the case behind its others, or a new one where `text` is null. Throws an Error of one line. */
export function recordCase(text: string | null, recorded: RecordedCase): string {
  const document = parseDocument(text ?? beginning(recorded.query));
  if (document.errors.length > 0) throw new Error(`The test file is no YAML: ${document.errors[0]?.message.split('\n')[0]}`);
  const cases = document.get('cases');
  if (!isSeq(cases)) throw new Error("The test file has no list 'cases'.");
  cases.flow = false;
  cases.add(document.createNode(caseOf(recorded)));
  return document.toString({ lineWidth: 130, flowCollectionPadding: true });
}

function beginning(query: string | null): string {
  const named = query === null ? '' : stringify({ query });
  return `# Recorded: read it, give the case a name that says what it shows, and keep what matters.\n${named}cases: []\n`;
}

function caseOf(recorded: RecordedCase): object {
  const { name, description, startMs, inputs, reference, outputs, dropped, policies } = recorded;
  const streams = Object.entries(inputs).map(([input, events]) => [input, events.map((event) => rowOf(event, true))] as const);
  const data = Object.entries(reference).map(
    ([input, events]) => [input, { kind: 'reference', rows: events.map((event) => rowOf(event, false)) }] as const,
  );
  return {
    name,
    ...(description === null ? {} : { description }),
    start: isoText(startMs),
    ...(policies === 'project' ? {} : { policies }),
    inputs: Object.fromEntries([...streams, ...data]),
    expect: { outputs: outputs ?? {}, ...(dropped > 0 ? { dropped } : {}) },
  };
}

/** What is no JSON object stays the text that it is. */
function rowOf({ text, arrivalTimeMs }: RecordedEvent, isStream: boolean): object {
  const arrives = isStream && arrivalTimeMs !== null ? { $arrives: isoText(arrivalTimeMs) } : {};
  const value = objectOf(text);
  return value === null ? { $raw: text, ...arrives } : { ...value, ...arrives };
}

function objectOf(text: string): Record<string, OutputValue> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // What a number would lose on the way through the test file is kept as text.
    return isObject && sameNumbers(text, value) ? (value as Record<string, OutputValue>) : null;
  } catch {
    return null;
  }
}

function sameNumbers(text: string, value: object): boolean {
  return JSON.stringify(value) === text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? '');
}

/** The event and the time of arrival that a dead letter of the pipeline keeps; null where its body is in another file or no text. */
export function eventOfDeadLetter(text: string): RecordedEvent | null {
  try {
    const letter = JSON.parse(text) as { original?: { encoding?: string; body?: string }; source?: { enqueued_time?: string } };
    const { original, source } = letter;
    if (original?.encoding !== 'utf8' || typeof original.body !== 'string') return null;
    return { text: original.body, arrivalTimeMs: timeMs(source?.enqueued_time ?? '', 0) };
  } catch {
    return null;
  }
}
