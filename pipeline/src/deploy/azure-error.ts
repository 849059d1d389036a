/** What the management API refuses, in one message: what was tried, why it failed, what to do. Keeps the code for programs. */

export class AzureError extends Error {
  override readonly name = 'AzureError';
  /** As Azure names it, such as `AuthorizationFailed`. */
  readonly code: string;
  readonly statusCode: number | null;
  /** The resource that failed, where one of many did. */
  readonly resource: string | null;

  constructor(message: string, code: string, statusCode: number | null, resource: string | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.statusCode = statusCode;
    this.resource = resource;
  }
}

interface Refusal {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly details?: { readonly error?: { readonly code?: string; readonly message?: string } };
}

/** An error of the SDK as an AzureError; an abort and a programmer's mistake stay what they are. */
export function azureError(error: unknown, doing: string): Error {
  if (!(error instanceof Error)) return new Error(`Azure could not ${doing}: ${String(error)}`);
  if (error instanceof AzureError || error.name === 'AbortError') return error;
  const { code = '', statusCode = null, message = '', details } = error as Refusal & Error;
  const told = details?.error?.message ?? message;
  const name = details?.error?.code ?? code;
  const advice = adviceOn(name, statusCode ?? null, error.name);
  const text = `Azure could not ${doing}: ${firstSentence(told)}${name === '' ? '' : ` (${name})`}${advice === null ? '' : ` ${advice}`}`;
  return new AzureError(text, name, statusCode ?? null, null, error);
}

function firstSentence(text: string): string {
  const line = text.split(/\r?\n/)[0]?.trim() ?? '';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** What a person can do about it. */
export function adviceOn(code: string, statusCode: number | null, errorName: string): string | null {
  if (/CredentialUnavailable|AuthenticationRequired|CredentialError/.test(errorName) || statusCode === 401)
    return 'Sign in (az login, or Visual Studio Code), with the right tenant.';
  if (statusCode === 403 || code === 'AuthorizationFailed' || code === 'LinkedAuthorizationFailed')
    return 'Ask for a role that may do this: Contributor on the resource group, and User Access Administrator where roles are assigned.';
  if (statusCode === 404 || code === 'ResourceNotFound' || code === 'ResourceGroupNotFound')
    return 'Check the subscription, the resource group and the name.';
  if (statusCode === 412) return 'Somebody changed it in the meantime: compare again, then repeat.';
  if (statusCode === 409 || code === 'Conflict')
    return 'Another operation is under way or the name is taken: wait until it is done, then repeat.';
  if (statusCode === 429) return 'Too many requests: wait a minute, then repeat.';
  if (code === 'QuotaExceeded' || /quota/i.test(code)) return 'Ask for more quota in this region, or take a smaller size.';
  if (code === 'SkuNotAvailable' || code === 'LocationNotAvailableForResourceType') return 'Choose another region or size.';
  if (statusCode !== null && statusCode >= 500) return 'That is on the service: repeat it later.';
  return null;
}
