/** The parameters of a template while it is made: names and sizes with their values, keys without. Knows no job. */

export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export class TemplateParameters {
  readonly #declared = new Map<string, { readonly type: string; readonly defaultValue?: TemplateValue }>();
  readonly #values = new Map<string, TemplateValue>();

  /** A value that may be another one elsewhere. Gives the expression that stands for it. */
  plain(name: string, value: string | number | boolean): string {
    return this.#declare(
      name,
      { type: typeof value === 'number' ? 'int' : typeof value === 'boolean' ? 'bool' : 'string' },
      value,
    );
  }

  /** A value that the template finds out for itself where nobody says it. */
  withDefault(name: string, defaultValue: string): string {
    return this.#declare(name, { type: 'string', defaultValue }, undefined);
  }

  /** A name that the project leaves empty: it has to be said at the deployment. */
  open(name: string): string {
    return this.#declare(name, { type: 'string' }, undefined);
  }

  /** A key: it has to be said at the deployment, and stands in no file. */
  secret(name: string): string {
    return this.#declare(name, { type: 'securestring' }, undefined);
  }

  get secrets(): readonly string[] {
    return [...this.#declared].flatMap(([name, { type }]) => (type === 'securestring' ? [name] : []));
  }

  get opens(): readonly string[] {
    return [...this.#declared].flatMap(([name, { type, defaultValue }]) =>
      type === 'securestring' || defaultValue !== undefined || this.#values.has(name) ? [] : [name],
    );
  }

  get declarations(): TemplateValue {
    return Object.fromEntries(this.#declared);
  }

  get values(): TemplateValue {
    return Object.fromEntries([...this.#values].map(([name, value]) => [name, { value }]));
  }

  #declare(
    wanted: string,
    declared: { readonly type: string; readonly defaultValue?: TemplateValue },
    value: TemplateValue | undefined,
  ): string {
    const bare = wanted.replace(/\W/g, '_');
    let name = bare;
    for (let number = 2; this.#declared.has(name); number += 1) name = `${bare}_${number}`;
    this.#declared.set(name, declared);
    if (value !== undefined) this.#values.set(name, value);
    return `[parameters('${name}')]`;
  }
}

/** A text that stands for itself: one that begins with a bracket would be an expression. */
export function literal(text: string): string {
  return text.startsWith('[') ? `[${text}` : text;
}
