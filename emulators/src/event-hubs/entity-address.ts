// The addresses of a namespace: `hub`, `hub/Partitions/0`, `hub/ConsumerGroups/$Default/Partitions/0`, bare or as a whole URL.
// Knows nothing of which of them exist.

/** Names as the client wrote them; hubs and groups compare case-insensitively. */
export interface EntityAddress {
  readonly hub: string;
  readonly partition: string | undefined;
  readonly consumerGroup: string | undefined;
}

/** The path of an address, without scheme, host and outer slashes. */
export function pathOfAddress(address: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\/?(.*)$/i.exec(address)?.[1] ?? address;
  return path.replace(/^\/+|\/+$/g, '');
}

/** Reads an address; undefined if it has another shape. */
export function parseAddress(address: string): EntityAddress | undefined {
  const match = /^([^/]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?$/i.exec(pathOfAddress(address));
  if (!match?.[1]) return undefined;
  return { hub: match[1], consumerGroup: match[2], partition: match[3] };
}
