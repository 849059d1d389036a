/** What a rule finds wrong with an environment, and what a rule is. */
import type { Snapshot } from '../resource.ts';

export interface Finding {
  readonly rule: string;
  /** `type name` of the resource, or what else it is about. */
  readonly where: string;
  readonly problem: string;
}

export type Rule = (snapshot: Snapshot) => Finding[];
