/** The settings of the server, read from whatever an editor sends. Knows no document. */
import { type CompatibilityLevel, catalogue } from '@asaql/parser';

export interface Settings {
  /** null: the project's own, 1.2 where there is none. */
  readonly compatibilityLevel: CompatibilityLevel | null;
  /** Codes of rules that are switched off, `ASA0102`. */
  readonly disabledRules: ReadonlySet<string>;
  /** `alone`: inputs, outputs and functions are whatever a query names, even where a project lies around it. */
  readonly checkAs: 'project' | 'alone';
}

export interface SettingsReading {
  readonly settings: Settings;
  /** One line for each value that cannot be used; the default stands in its place. */
  readonly problems: readonly string[];
}

/** The section of an editor's configuration that holds them. */
export const settingsSection = 'asaql';

export const defaultSettings: Settings = { compatibilityLevel: null, disabledRules: new Set(), checkAs: 'project' };

const knownCodes = new Set(Object.values(catalogue).map(({ code }) => code));

/** Reads `{"compatibilityLevel": "1.2", "disabledRules": ["ASA0102"], "checkAs": "project"}`; what is missing has its default. */
export function settingsFrom(content: unknown): SettingsReading {
  if (content === null || content === undefined) return { settings: defaultSettings, problems: [] };
  if (typeof content !== 'object') {
    return { settings: defaultSettings, problems: [`${settingsSection} is ${JSON.stringify(content)}: write an object.`] };
  }
  const problems: string[] = [];
  const { compatibilityLevel, disabledRules, checkAs } = content as Readonly<Record<string, unknown>>;
  return {
    settings: {
      compatibilityLevel: oneOf(['1.0', '1.1', '1.2'], 'compatibilityLevel', compatibilityLevel, problems),
      disabledRules: codesFrom(disabledRules, problems),
      checkAs: oneOf(['project', 'alone'], 'checkAs', checkAs, problems) ?? defaultSettings.checkAs,
    },
    problems,
  };
}

/** An empty text is an editor's way to say that nothing is set. */
function oneOf<Value extends string>(values: readonly Value[], name: string, said: unknown, problems: string[]): Value | null {
  if (said === undefined || said === null || said === '') return null;
  const value = values.find((candidate) => candidate === said);
  if (value === undefined) problems.push(`${settingsSection}.${name} is ${JSON.stringify(said)}: write ${values.join(', ')}.`);
  return value ?? null;
}

function codesFrom(said: unknown, problems: string[]): ReadonlySet<string> {
  if (said === undefined || said === null) return defaultSettings.disabledRules;
  if (!Array.isArray(said)) {
    problems.push(`${settingsSection}.disabledRules is ${JSON.stringify(said)}: write a list of codes.`);
    return defaultSettings.disabledRules;
  }
  const codes = said.filter((code): code is string => typeof code === 'string' && knownCodes.has(code));
  for (const code of said)
    if (!codes.includes(code)) problems.push(`${settingsSection}.disabledRules: ${JSON.stringify(code)} is no rule's code.`);
  return new Set(codes);
}
