/** Quick fixes for what was found in a part of a text, as edits. What each rule can do stands in fixes/. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../text/span.ts';
import { adviceFixes } from './fixes/advice-fixes.ts';
import { clauseFixes } from './fixes/clause-fixes.ts';
import { FixContext, type FixMaker } from './fixes/fix.ts';
import { formFixes } from './fixes/form-fixes.ts';
import { jobFixes } from './fixes/job-fixes.ts';
import { joinFixes } from './fixes/join-fixes.ts';
import { meaningFixes } from './fixes/meaning-fixes.ts';
import { nameFixes } from './fixes/name-fixes.ts';
import type { Snapshot } from './snapshot.ts';
import { insertion, type TextEdit } from './text-edit.ts';

export interface CodeAction {
  readonly title: string;
  /** `fix` mends what was found; `disable` switches the rule off with a comment. */
  readonly kind: 'fix' | 'disable';
  readonly diagnostic: Diagnostic;
  readonly edits: readonly TextEdit[];
  /** The one to take when somebody asks for a fix without looking. */
  readonly preferred: boolean;
}

const makers: Readonly<Record<string, FixMaker>> = {
  ...formFixes,
  ...clauseFixes,
  ...nameFixes,
  ...meaningFixes,
  ...joinFixes,
  ...jobFixes,
  ...adviceFixes,
};

/** Codes of the rules that have a fix, at least in some places. */
export const fixableCodes: ReadonlySet<string> = new Set(Object.keys(makers));

/** Actions for all diagnostics that touch `range`, fixes first. */
export function codeActions(snapshot: Snapshot, range: Span): readonly CodeAction[] {
  const touching = snapshot.model.diagnostics.filter(({ span }) => span.start <= range.end && range.start <= span.end);
  const fixes = touching.flatMap((diagnostic) => fixesFor(snapshot, diagnostic));
  const disabling = touching.flatMap((diagnostic) => (diagnostic.severity === 'error' ? [] : disablingOf(snapshot, diagnostic)));
  return [...fixes, ...disabling];
}

export function fixesFor(snapshot: Snapshot, diagnostic: Diagnostic): readonly CodeAction[] {
  const fixes = makers[diagnostic.code]?.(new FixContext(snapshot, diagnostic)) ?? [];
  return fixes.map(({ title, edits, preferred }) => ({ title, kind: 'fix', diagnostic, edits, preferred: preferred === true }));
}

function disablingOf(snapshot: Snapshot, diagnostic: Diagnostic): readonly CodeAction[] {
  const { code, span } = diagnostic;
  const { line } = snapshot.lines.positionOf(span.start);
  const start = snapshot.lines.offsetOf({ line, column: 1 });
  const indentation = /^[ \t]*/.exec(snapshot.text.slice(start))?.[0] ?? '';
  const action = (title: string, edit: TextEdit): CodeAction => ({
    title,
    kind: 'disable',
    diagnostic,
    edits: [edit],
    preferred: false,
  });
  const inText = snapshot.parsed.tokens.some(
    (token) => token.span.start < start && start < token.span.end && (token.kind === 'comment' || token.kind === 'string'),
  );
  const forFile = action(`Switch ${code} off in this file`, insertion(0, `-- asaql-disable ${code}\n`));
  if (inText) return [forFile];
  return [
    action(`Switch ${code} off for this line`, insertion(start, `${indentation}-- asaql-disable-next-line ${code}\n`)),
    forFile,
  ];
}
