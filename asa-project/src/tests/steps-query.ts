/** A query that also gives the rows of its steps. Knows no run. */
import type { Query, Script, Step } from '@asaql/parser';

const prefix = 'asaql step ';

export function stepsOf(script: Script): readonly Step[] {
  return script.statements.flatMap((statement) => (statement.kind === 'query' ? (statement as Query).steps : []));
}

/** The output that the rows of a step go to. */
export function stepOutput(step: string): string {
  return `${prefix}${step}`.toLowerCase();
}

export function isStepOutput(output: string): boolean {
  return output.toLowerCase().startsWith(prefix);
}

/** Appended only: places in the text stay what they are. */
export function withStepOutputs(text: string, steps: readonly string[]): string {
  return text + steps.map((name) => `\nSELECT * INTO [${prefix}${name}] FROM [${name}]`).join('');
}
