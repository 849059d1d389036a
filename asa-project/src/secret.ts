/** Keys and passwords: what holds one cannot be printed by accident. Knows no format. */

/** A credential of a project's file. However it is printed, its value is not shown. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For a service's client; never for a message, a log or a file. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }
}

const hidden = '(a key, not shown)';

/** Whether a key of a project's file names a credential. Keys of data, such as PartitionKey, are none. */
export function isSecretName(name: string): boolean {
  return (
    /(?:account|policy|access|api|master|primary|secondary|storage|function)key$/i.test(name) ||
    /(?:password|pwd|secret|token|connectionstring|credential)s?$/i.test(name)
  );
}

/** A connection string, or an address with a signature, whatever its key is called. */
export function looksSecret(text: string): boolean {
  return /(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|[?&;]sig)\s*=/i.test(text);
}

export type Content = string | number | boolean | null | Secret | readonly Content[] | ContentObject;
export interface ContentObject {
  readonly [key: string]: Content;
}

/** Plain data with its credentials wrapped. */
export function withSecrets(value: unknown, name = ''): Content {
  if (typeof value === 'string') return value !== '' && (isSecretName(name) || looksSecret(value)) ? new Secret(value) : value;
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, key)]));
  if (typeof value === 'number' || typeof value === 'boolean') return isSecretName(name) ? new Secret(String(value)) : value;
  return null;
}

/** A value as a message may quote it. */
export function shown(value: unknown, name: string): string {
  const text = JSON.stringify(withSecrets(value, name)) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
