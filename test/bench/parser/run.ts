/** The topic `parser`: what the front end and the language server cost. Knows no part. */
import { measureAnalysis } from './analysis.ts';
import { measureFirstParse } from './first-parse.ts';
import { measureHardTexts } from './hard-texts.ts';
import { measureKeystrokes } from './keystrokes.ts';
import { measureMemory } from './memory.ts';

const measures: Readonly<Record<string, () => void | Promise<void>>> = {
  analysis: measureAnalysis,
  'first-parse': measureFirstParse,
  'hard-texts': measureHardTexts,
  keystrokes: measureKeystrokes,
  memory: measureMemory,
};

export async function run(parts: readonly string[]): Promise<void> {
  const unknown = parts.find((part) => measures[part] === undefined);
  if (unknown !== undefined) throw new Error(`No part "${unknown}" of parser. Known: ${Object.keys(measures).join(', ')}.`);
  for (const part of parts.length > 0 ? parts : Object.keys(measures)) await measures[part]?.();
}
