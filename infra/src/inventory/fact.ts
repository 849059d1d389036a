/** What can be said of a resource in the words of no tool: the same of a Bicep and of a Terraform description. */

export interface Fact {
  readonly kind: string;
  /** Unique among its kind; with the names of what it stands in before it. */
  readonly name: string;
  readonly [property: string]: unknown;
}

/** App settings whose values Azure gives: addresses, and the client id of the identity. */
const givenByAzure = /__(fullyQualifiedNamespace|accountEndpoint|dfsServiceUri|clientId)$|^APPLICATIONINSIGHTS_/;

/** Settings with a sign in place of what only Azure knows. */
export function comparableSettings(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings)
      .map(([name, value]) => [name, givenByAzure.test(name) ? '(Azure says)' : value] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

export const sortedFacts = (facts: readonly Fact[]): Fact[] =>
  facts.toSorted((left, right) => (`${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1));

/** Order means nothing here, and Terraform loops in the order of the keys. */
export const byName = <Named extends { readonly name: unknown }>(list: readonly Named[]): Named[] =>
  list.toSorted((left, right) => (`${left.name}` < `${right.name}` ? -1 : 1));
