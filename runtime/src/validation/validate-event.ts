/**
 * Tells a playback event from what only claims to be one: from the bytes of a body to an event, or to every reason why
 * it is none. A pure function: no clock, no I/O, and never an exception for bad input.
 */
import { isUtf8 } from 'node:buffer';
import { eventFields, type FieldRule } from './field-rules.ts';
import type { Reason } from './reason.ts';

/** The fields that the rest of the app reads; all others travel along untouched. */
export interface PlaybackEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly user_id: string;
  readonly content_id: string;
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

export type Validation =
  | { readonly kind: 'valid'; readonly event: PlaybackEvent }
  | { readonly kind: 'invalid'; readonly reasons: readonly Reason[]; readonly eventId?: string };

/** Judges the bytes of one event's body. The reasons stand in the order in which a person would fix them. */
export function validateBody(body: Uint8Array): Validation {
  if (body.byteLength === 0) return invalid({ code: 'empty-body', message: 'The body is empty.' });
  if (!isUtf8(body)) return invalid({ code: 'not-utf8', message: 'The body is not valid UTF-8.' });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : '';
    return invalid({ code: 'invalid-json', message: `The body is not valid JSON: ${detail}` });
  }
  return validateValue(value);
}

/** Judges a body that has been parsed already (lines of the raw archive). */
export function validateValue(value: unknown): Validation {
  if (!isRecord(value)) {
    return invalid({ code: 'not-an-object', message: `The body is ${nameOf(value)}, not one JSON object.` });
  }
  const reasons: Reason[] = [];
  checkFields(value, eventFields, '', reasons);
  if (reasons.length === 0) checkDependencies(value, reasons);
  if (reasons.length === 0) return { kind: 'valid', event: value as PlaybackEvent };
  const eventId = value.event_id;
  return typeof eventId === 'string' ? { kind: 'invalid', reasons, eventId } : { kind: 'invalid', reasons };
}

function invalid(reason: Reason): Validation {
  return { kind: 'invalid', reasons: [reason] };
}

function checkFields(
  record: Record<string, unknown>,
  rules: Readonly<Record<string, FieldRule>>,
  prefix: string,
  reasons: Reason[],
) {
  for (const name in rules) {
    const rule = rules[name];
    if (rule === undefined) continue;
    const value = record[name];
    if (value === undefined || value === null) {
      if (rule.required) {
        reasons.push({ code: 'missing-field', field: prefix + name, message: `${prefix}${name} is missing.` });
      }
    } else checkValue(value, rule, prefix + name, reasons);
  }
}

function checkValue(value: unknown, rule: FieldRule, field: string, reasons: Reason[]): void {
  switch (rule.kind) {
    case 'text':
      if (typeof value !== 'string') reasons.push(wrongType(field, 'a string', value));
      else if (rule.oneOf !== undefined && !rule.oneOf.includes(value)) {
        reasons.push({
          code: 'not-allowed',
          field,
          message: `${field} is ${shown(value)}; allowed are ${rule.oneOf.join(', ')}.`,
        });
      } else if (rule.pattern !== undefined && !rule.pattern.test(value)) {
        reasons.push({ code: 'wrong-format', field, message: `${field} is ${shown(value)}, not ${rule.patternText}.` });
      }
      return;
    case 'instant':
      if (typeof value !== 'string') reasons.push(wrongType(field, 'a string', value));
      else if (!isInstant(value)) {
        const message = `${field} is ${shown(value)}, not an ISO 8601 instant in UTC such as 2026-01-15T12:00:00.000Z.`;
        reasons.push({ code: 'wrong-format', field, message });
      }
      return;
    case 'number':
      checkNumber(value, rule, field, reasons);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') reasons.push(wrongType(field, 'true or false', value));
      return;
    case 'record':
      if (!isRecord(value)) reasons.push(wrongType(field, 'an object', value));
      else checkFields(value, rule.fields, `${field}.`, reasons);
  }
}

function checkNumber(value: unknown, rule: FieldRule & { kind: 'number' }, field: string, reasons: Reason[]): void {
  // JSON has no infinity, but 1e999 is a number of JSON and becomes one.
  if (typeof value !== 'number') reasons.push(wrongType(field, 'a number', value));
  else if (rule.above !== undefined && !(value > rule.above && Number.isFinite(value))) {
    reasons.push({ code: 'out-of-range', field, message: `${field} is ${value}; it must be above ${rule.above}.` });
  } else if (!Number.isFinite(value) || value < (rule.min ?? -Infinity) || value > (rule.max ?? Infinity)) {
    const range = rule.max === undefined ? `${rule.min ?? 'any'} or more` : `from ${rule.min} to ${rule.max}`;
    reasons.push({ code: 'out-of-range', field, message: `${field} is ${value}; it must be ${range}.` });
  }
}

/** What depends on the type of the event; looked at only once each field is sound by itself. */
function checkDependencies(event: Record<string, unknown>, reasons: Reason[]): void {
  const type = String(event.event_type);
  if (type === 'buffer_event') {
    if (event.buffer_duration_ms == null) {
      reasons.push({
        code: 'missing-field',
        field: 'buffer_duration_ms',
        message: 'buffer_duration_ms is missing on a buffer_event.',
      });
    }
  } else if (event.buffer_duration_ms != null) {
    const message = `buffer_duration_ms belongs to buffer_event only, and this is a ${type}.`;
    reasons.push({ code: 'unexpected-field', field: 'buffer_duration_ms', message });
  }
  if (type === 'video_stop' || type === 'video_complete') {
    const seconds = event.duration_seconds;
    if (seconds == null) {
      reasons.push({ code: 'missing-field', field: 'duration_seconds', message: `duration_seconds is missing on a ${type}.` });
    } else if (!(Number(seconds) > 0)) {
      const message = `duration_seconds is ${seconds}; on a ${type} it must be above 0.`;
      reasons.push({ code: 'out-of-range', field: 'duration_seconds', message });
    }
  }
}

const instant = /^\d{4}-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

function isInstant(text: string): boolean {
  const match = instant.exec(text);
  if (match === null) return false;
  const timeMs = Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March: such a day must come back as it was written.
  return Number.isFinite(timeMs) && new Date(timeMs).getUTCDate() === Number(match[2]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(field: string, wanted: string, value: unknown): Reason {
  return { code: 'wrong-type', field, message: `${field} is ${nameOf(value)}, not ${wanted}.` };
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? 'a boolean' : `a ${typeof value}`;
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
