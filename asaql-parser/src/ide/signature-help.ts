/** How the function around the cursor is called, and which argument the cursor is in. */
import { findFunction } from '../semantics/functions/function-catalogue.ts';
import type { FunctionSpec } from '../semantics/functions/function-spec.ts';
import type { Span } from '../text/span.ts';
import { cursorContext, type Frame } from './cursor-context.ts';
import type { Snapshot } from './snapshot.ts';

export interface Signature {
  readonly label: string;
  /** Where each parameter stands in the label. */
  readonly parameters: readonly Span[];
  readonly documentation: string;
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export function signatureHelp(snapshot: Snapshot, offset: number): SignatureHelp | null {
  const { frames, opaque } = cursorContext(snapshot.parsed.tokens, offset);
  const frame = frames.findLast((candidate) => candidate.opener !== 'group' && candidate.opener !== 'values');
  if (frame === undefined || opaque) return null;
  if (frame.opener === 'cast') return castHelp(snapshot, frame);
  if (frame.opener !== 'call') return null;
  const [prefix, name] = frame.callName.includes('.') ? frame.callName.split('.', 2) : [null, frame.callName];
  if (prefix === 'udf' || prefix === 'uda') return userHelp(snapshot, prefix, name ?? '', frame.commas);
  const inMatch = frames.some((candidate) => candidate.opener === 'match');
  const spec = findFunction(prefix ?? null, name ?? '', inMatch);
  return spec === null ? null : helpOf(spec, snapshot, frame);
}

function castHelp(snapshot: Snapshot, frame: Frame): SignatureHelp | null {
  const before = snapshot.text.slice(0, frame.start).trimEnd().toUpperCase();
  const spec = findFunction(null, before.endsWith('TRY_CAST') ? 'TRY_CAST' : 'CAST');
  if (spec === null) return null;
  const [label = ''] = spec.signatures;
  const at = label.indexOf(' AS ');
  const open = label.indexOf('(') + 1;
  const parameters = [
    { start: open, end: at },
    { start: at + ' AS '.length, end: label.length - 1 },
  ];
  const activeParameter = frame.afterAs ? 1 : 0;
  return { signatures: [{ label, parameters, documentation: spec.summary }], activeSignature: 0, activeParameter };
}

function userHelp(snapshot: Snapshot, prefix: 'udf' | 'uda', name: string, commas: number): SignatureHelp | null {
  const declared = snapshot.declarations.functions?.find(
    (candidate) => candidate.name.toLowerCase() === name && (candidate.kind === 'scalar') === (prefix === 'udf'),
  );
  if (declared?.parameterCount == null) return null;
  const names = Array.from({ length: declared.parameterCount }, (_, index) => `argument${index + 1}`);
  const label = `${prefix}.${declared.name}(${names.join(', ')})`;
  const signature = { label, parameters: parameterSpans(label), documentation: 'A function of the job.' };
  return { signatures: [signature], activeSignature: 0, activeParameter: commas };
}

function helpOf(spec: FunctionSpec, snapshot: Snapshot, frame: Frame): SignatureHelp {
  const signatures = spec.signatures.map((label) => ({
    label,
    parameters: parameterSpans(label),
    documentation: spec.summary,
  }));
  const written = snapshot.text.slice(frame.start + 1, frame.start + 40);
  // Windows have a long form, whose arguments are calls.
  const long = spec.kind === 'window' && /^\s*[A-Za-z]+\s*\(/.test(written);
  const enough = signatures.findIndex(({ parameters }) => parameters.length > frame.commas);
  const activeSignature = long && signatures.length > 1 ? 1 : Math.max(0, enough);
  const count = signatures[activeSignature]?.parameters.length ?? 0;
  const repeated = spec.parameters.at(-1)?.repeated === true;
  const activeParameter = repeated && count > 0 ? Math.min(frame.commas, count - 1) : frame.commas;
  return { signatures, activeSignature, activeParameter };
}

/** The parts between the commas of the first parentheses of a label, without the brackets of what is optional. */
function parameterSpans(label: string): readonly Span[] {
  const spans: Span[] = [];
  const open = label.indexOf('(');
  let depth = 0;
  let start = open + 1;
  const add = (end: number): void => {
    const part = label.slice(start, end);
    const inner = /^[\s[]*(.*?)[\s[\]]*$/.exec(part)?.[1] ?? '';
    if (inner === '') return;
    const from = start + part.indexOf(inner);
    spans.push({ start: from, end: from + inner.length });
  };
  for (let at = open; at >= 0 && at < label.length; at++) {
    const character = label[at];
    if (character === '(') depth++;
    else if (character === ')') {
      depth--;
      if (depth === 0) {
        add(at);
        break;
      }
    } else if (character === ',' && depth === 1) {
      add(at);
      start = at + 1;
    }
  }
  return spans;
}
