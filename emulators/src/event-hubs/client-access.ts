// What each connection may do: the tokens put on its $cbs node, and the questions the other parts ask about them.
// Knows nothing of links.
import type { Connection } from 'rhea';
import type { NodeReply, NodeRequest } from './request-node.ts';
import { type AccessRight, covers, type Grant, type TokenVerifier } from './shared-access.ts';

export class ClientAccess {
  readonly #verifier: TokenVerifier;
  readonly #now: () => number;
  readonly #grants = new WeakMap<Connection, Map<string, Grant>>();

  constructor(verifier: TokenVerifier, now: () => number) {
    this.#verifier = verifier;
    this.#now = now;
  }

  /** Answers a request on $cbs. */
  readonly putToken = ({ connection, properties, body }: NodeRequest): NodeReply => {
    const { operation, name, type } = properties;
    if (operation !== 'put-token')
      return { status: 501, description: `The operation '${String(operation)}' is not supported on $cbs.` };
    if (typeof name !== 'string') return { status: 400, description: 'The property "name" (the audience) is missing.' };
    const token = Buffer.isBuffer(body) ? body.toString('utf8') : String(body);
    const grant = this.#verifier.verify(token, String(type), name);
    // No error condition: clients map the status, and some take a condition for a broken link.
    if ('refused' in grant) return { status: 401, description: grant.refused };
    const grants = this.#grants.get(connection) ?? new Map<string, Grant>();
    grants.set(grant.path, grant);
    this.#grants.set(connection, grants);
    return { status: 202, description: 'Accepted' };
  };

  /** Whether a token that still holds grants the right (any right, if none is named) on the path. */
  isAllowed(connection: Connection, path: string, right?: AccessRight): boolean {
    const nowMs = this.#now();
    for (const grant of this.#grants.get(connection)?.values() ?? []) {
      if (grant.expiresMs > nowMs && covers(grant.path, path.toLowerCase()) && (!right || grant.rights.has(right))) return true;
    }
    return false;
  }
}
