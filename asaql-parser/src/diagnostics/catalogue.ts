/** Every rule there is, by name. Codes are stable: new rules take new codes, and a code is never used again. */
import { syntaxRules } from './syntax-rules.ts';

export const catalogue = { ...syntaxRules };
