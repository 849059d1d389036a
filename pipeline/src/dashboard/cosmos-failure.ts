// What a failed request to Cosmos DB means for the dashboard, in one line for people. Knows the SDK's errors, no page.

export interface CosmosFailure {
  /** `missing`: the database or container does not exist (yet). `unreachable`: everything else. */
  state: 'missing' | 'unreachable';
  detail: string;
  /** True when what was read so far, and the change feed's token, can no longer be trusted: the container is another one. */
  isFreshStart: boolean;
}

/** Answers that say something about the moment, not about the container. */
const passingStatuses = new Set([401, 403, 408, 429, 449]);

export function failureFrom(error: unknown): CosmosFailure {
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const code = fields.code;
  const status = typeof code === 'number' ? code : undefined;
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  if (status === 404) return { state: 'missing', detail: 'The database or container was not found.', isFreshStart: true };
  if (status === 401 || status === 403)
    return { state: 'unreachable', detail: `It refuses the credentials (${status}).`, isFreshStart: false };
  if (status === 429)
    return { state: 'unreachable', detail: 'It is throttling: the request units are used up (429).', isFreshStart: false };
  const isFreshStart = status !== undefined && status >= 400 && status < 500 && !passingStatuses.has(status);
  const reason = message === '' ? String(code ?? 'no reason given') : message;
  return {
    state: 'unreachable',
    detail: `${reason.length > 160 ? `${reason.slice(0, 160)} …` : reason}${/[.…]$/.test(reason) ? '' : '.'}`,
    isFreshStart,
  };
}
