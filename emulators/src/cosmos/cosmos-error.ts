/**
 * The one kind of error that a client sees: an HTTP status, the service's code word and message, and a sub status.
 * It must not know how a request is routed or stored.
 */

const codeByStatus: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  424: 'FailedDependency',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

export class CosmosError extends Error {
  readonly status: number;
  readonly substatus: number;
  readonly headers: Record<string, string>;
  /** Request units that the refused request used all the same. */
  charge = 1;

  constructor(status: number, message: string, substatus = 0, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.substatus = substatus;
    this.headers = headers;
  }

  get code(): string {
    return codeByStatus[this.status] ?? String(this.status);
  }
}

export function badRequest(message: string, substatus = 0): CosmosError {
  return new CosmosError(400, message, substatus);
}

export function notSupported(what: string): CosmosError {
  return new CosmosError(400, `${what} is not supported by this emulator.`);
}

export function notFound(what: string): CosmosError {
  return new CosmosError(404, `${what} does not exist in the system. More info: https://aka.ms/cosmosdb-tsg-not-found`);
}

export function conflict(message: string): CosmosError {
  return new CosmosError(409, message);
}

export function preconditionFailed(message: string): CosmosError {
  return new CosmosError(412, message);
}
