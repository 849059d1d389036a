/**
 * Reads Cosmos DB's answers: is a failure the document's fault (it will be refused for ever) or the service's (it is to be
 * waited for)? Knows no SDK call. https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb
 */

export type StoreFailure =
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'wait'; readonly throttled: boolean; readonly retryAfterMs: number };

/**
 * Bad request, conflict with a unique key, too large, unprocessable: no later attempt will fare better. Everything else
 * waits, not only 429 and 5xx: a wrong key, a missing role, a missing container or a full partition is no event's fault, and
 * a wait loses nothing.
 */
const refusedStatuses: ReadonlySet<number> = new Set([400, 409, 413, 422]);

export const isRefusal = (status: number): boolean => refusedStatuses.has(status);

export function storeFailure(error: unknown): StoreFailure {
  const answer = answerIn(error);
  if (answer === null) return { kind: 'wait', throttled: false, retryAfterMs: 0 };
  if (isRefusal(answer.status)) return { kind: 'refused', status: answer.status, message: answer.message };
  return { kind: 'wait', throttled: answer.status === 429, retryAfterMs: answer.retryAfterMs };
}

/** The SDK wraps the service's answer of a batch in a plain Error and keeps it as its cause. */
function answerIn(error: unknown): { status: number; message: string; retryAfterMs: number } | null {
  for (let current = error; current instanceof Error || (typeof current === 'object' && current !== null); ) {
    const { code, message, retryAfterInMs, headers } = current as Record<string, unknown>;
    if (typeof code === 'number' && code >= 400 && code < 600) {
      const asked = Number(retryAfterInMs ?? (headers as Record<string, unknown> | undefined)?.['x-ms-retry-after-ms'] ?? 0);
      return { status: code, message: String(message ?? ''), retryAfterMs: Number.isFinite(asked) ? asked : 0 };
    }
    current = (current as { cause?: unknown }).cause;
  }
  return null;
}
