// The errors that the two services speak: one cause, its name in Blob and its name in Data Lake.
// Must not know how an error is put on the wire (see reply.ts).

/** Which service's words a client expects: Blob answers XML, Data Lake JSON. */
export type Dialect = 'blob' | 'lake';

/** A refusal with the service's status and code. `code` and `message` may differ between the two services. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly status: number;
  readonly code: string;
  readonly lake: { code: string; message: string } | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    lake?: { code: string; message: string },
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.lake = lake;
    this.headers = headers;
  }

  /** The code and message in the words of one service. */
  in(dialect: Dialect): { code: string; message: string } {
    return dialect === 'lake' && this.lake ? this.lake : { code: this.code, message: this.message };
  }
}

type Row = readonly [status: number, blob: readonly [string, string], lake?: readonly [string, string]];

const rows = {
  containerNotFound: [
    404,
    ['ContainerNotFound', 'The specified container does not exist.'],
    ['FilesystemNotFound', 'The specified filesystem does not exist.'],
  ],
  containerExists: [
    409,
    ['ContainerAlreadyExists', 'The specified container already exists.'],
    ['FilesystemAlreadyExists', 'The specified filesystem already exists.'],
  ],
  entryNotFound: [
    404,
    ['BlobNotFound', 'The specified blob does not exist.'],
    ['PathNotFound', 'The specified path does not exist.'],
  ],
  entryExists: [
    409,
    ['BlobAlreadyExists', 'The specified blob already exists.'],
    ['PathAlreadyExists', 'The specified path already exists.'],
  ],
  kindMismatch: [
    409,
    ['ResourceTypeMismatch', 'The specified resource, or a part of its path, exists and is of another type (file or directory).'],
    [
      'PathConflict',
      'The specified path, or an element of the path, exists and its resource type is invalid for this operation.',
    ],
  ],
  notEmpty: [
    409,
    ['DirectoryIsNotEmpty', 'This operation is not permitted on a non-empty directory.'],
    ['DirectoryNotEmpty', 'The recursive query parameter value must be true to delete a non-empty directory.'],
  ],
  conditionNotMet: [412, ['ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.']],
  sourceConditionNotMet: [
    412,
    ['SourceConditionNotMet', 'The source condition specified using HTTP conditional header(s) is not met.'],
  ],
  invalidRange: [416, ['InvalidRange', 'The range specified is invalid for the current size of the resource.']],
  md5Mismatch: [
    400,
    ['Md5Mismatch', 'The MD5 value specified in the request did not match with the MD5 value calculated by the server.'],
  ],
  crc64Mismatch: [
    400,
    ['Crc64Mismatch', 'The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.'],
  ],
  bodyIncomplete: [400, ['InvalidInput', 'The request body ended before its Content-Length.']],
  diskFull: [
    507,
    [
      'InsufficientStorage',
      'The disk under the emulator is full: nothing was written and nothing was lost. Free some space and try again.',
    ],
  ],
} as const satisfies Record<string, Row>;

/** Names of the catalogue's errors. */
export type Fault = keyof typeof rows;

/** An error of the catalogue. */
export function fault(name: Fault, headers: Record<string, string> = {}): StorageError {
  const [status, blob, lake] = rows[name] as Row;
  return new StorageError(status, blob[0], blob[1], lake && { code: lake[0], message: lake[1] }, headers);
}

/** What the emulator does not do, named; never a wrong result. */
export function unsupported(what: string): StorageError {
  return new StorageError(501, 'NotImplemented', `The emulator does not support ${what}.`);
}

/** A header whose value cannot be read. */
export function invalidHeader(name: string, value: string | undefined, wanted: string): StorageError {
  const text =
    value === undefined ? `The header ${name} is missing: ${wanted}.` : `The header ${name} has the value "${value}": ${wanted}.`;
  return new StorageError(400, value === undefined ? 'MissingRequiredHeader' : 'InvalidHeaderValue', text);
}

/** A query parameter whose value cannot be read. */
export function invalidQuery(name: string, value: string | undefined, wanted: string): StorageError {
  const text =
    value === undefined
      ? `The query parameter ${name} is missing: ${wanted}.`
      : `The query parameter ${name} has the value "${value}": ${wanted}.`;
  return new StorageError(400, value === undefined ? 'MissingRequiredQueryParameter' : 'InvalidQueryParameterValue', text);
}
