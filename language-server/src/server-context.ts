/** What every handler is given, and the one way to answer a request about a document. Knows no feature. */
import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import type { OpenDocument, OpenDocuments } from './open-documents.ts';

export interface ServerContext {
  readonly connection: Connection;
  readonly documents: OpenDocuments;
  /** What the editor said that it can do. */
  readonly client: ClientCapabilities;
}

/** A request about a document, as all requests of the protocol are written. */
export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

/**
 * Answers from the newest version of the document; with null where it is not open. A request that is taken back while its
 * document is made ready is answered as the protocol wants it.
 */
export async function answer<Params extends DocumentParams, Result>(
  { documents }: ServerContext,
  params: Params,
  token: CancellationToken,
  compute: (open: OpenDocument, params: Params) => Result,
): Promise<Result | null | ResponseError<void>> {
  const open = await documents.find(params.textDocument.uri);
  if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was taken back.');
  return open === null ? null : compute(open, params);
}

/** One feature: what it tells the client that it can do, and its handlers. */
export interface Feature {
  readonly capabilities: ServerCapabilities;
  readonly register: (context: ServerContext) => void;
}
