/** Every rule there is, by name. Codes are stable: new rules take new codes, and a code is never used again. */
import { adviceRules } from './advice-rules.ts';
import { jobRules } from './job-rules.ts';
import { groupRules, joinRules, nameRules, timeRules, typeRules } from './semantic-rules.ts';
import { syntaxRules } from './syntax-rules.ts';

export const catalogue = {
  ...syntaxRules,
  ...nameRules,
  ...typeRules,
  ...groupRules,
  ...joinRules,
  ...timeRules,
  ...adviceRules,
  ...jobRules,
};
