// Blob Batch: many deletions or tier changes in one request, each authorized on its own.
// Source: learn.microsoft.com/rest/api/storageservices/blob-batch
import { type Operation, receiveText } from '../operation.ts';
import { errorReply, type Reply } from '../reply.ts';
import { invalidHeader, StorageError, unsupported } from '../storage-error.ts';
import { readRequest, type StorageRequest } from '../storage-request.ts';

const PARTS_MAX = 256;
const BODY_BYTES_MAX = 4 << 20;

/** Answers a batch: 202 with the answer to each part. */
export async function answerBatch(operation: Operation, perform: (request: StorageRequest) => Promise<Reply>): Promise<Reply> {
  const { request } = operation;
  const type = request.header('content-type') ?? '';
  const boundary = /^multipart\/mixed;\s*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) throw invalidHeader('content-type', type, 'multipart/mixed with a boundary is needed');
  const text = await receiveText(operation, BODY_BYTES_MAX);
  const parts = text.split(`--${boundary}`).slice(1, -1);
  if (parts.length === 0 || parts.length > PARTS_MAX) {
    throw new StorageError(400, 'InvalidInput', `A batch has 1 to ${PARTS_MAX} parts; this one has ${parts.length}.`);
  }
  const answers: string[] = [];
  for (const part of parts) answers.push(await answerPart(operation, part, perform));
  const answered = `batchresponse_${request.id}`;
  const body = `${answers.map((answer) => `--${answered}\r\n${answer}\r\n`).join('')}--${answered}--\r\n`;
  return { status: 202, headers: { 'content-type': `multipart/mixed; boundary=${answered}` }, body };
}

async function answerPart(
  operation: Operation,
  part: string,
  perform: (request: StorageRequest) => Promise<Reply>,
): Promise<string> {
  const [head = '', ...rest] = part.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
  const contentId = /^content-id:\s*(\S+)/im.exec(head)?.[1] ?? '0';
  const [line = '', ...headerLines] = (rest[0] ?? '').split(/\r?\n/);
  const reply = await replyToPart(operation, line, headerLines, perform);
  const headers = Object.entries(reply.headers ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const body = reply.body === undefined ? '' : reply.body.toString();
  const status = reply.status < 300 ? 'Accepted' : 'Failed';
  return `Content-Type: application/http\r\nContent-ID: ${contentId}\r\n\r\nHTTP/1.1 ${reply.status} ${status}\r\n${headers}\r\n${body}`;
}

async function replyToPart(
  operation: Operation,
  line: string,
  headerLines: string[],
  perform: (request: StorageRequest) => Promise<Reply>,
): Promise<Reply> {
  const { secure, id } = operation.request;
  try {
    const [, method = '', url = ''] = /^(\S+) (\S+)/.exec(line) ?? [];
    const rawHeaders = headerLines
      .filter((header) => header.includes(':'))
      .flatMap((header) => {
        const colon = header.indexOf(':');
        return [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
      });
    const request = readRequest({ method, url, rawHeaders, secure, id }, emptyBody());
    const isTier = method === 'PUT' && request.query.get('comp') === 'tier';
    if (method !== 'DELETE' && !isTier) throw unsupported(`${method} within a batch: DELETE and Set Blob Tier are`);
    return await perform(request);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return errorReply(error, 'blob', id, operation.store.nowMs());
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
