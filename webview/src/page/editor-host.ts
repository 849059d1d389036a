// The one door of an editor's page to its host: messages both ways, and what is kept while the page is hidden.
import { PROTOCOL_VERSION, type PreviewHostMessage, type PreviewPageMessage, protocolVersionOf } from '../protocol/index.ts';

type Unversioned<M> = M extends { version: unknown } ? Omit<M, 'version'> : never;

export interface EditorHost {
  send(message: Unversioned<PreviewPageMessage>): void;
  /** Calls back for each message of this version. */
  listen(receive: (message: PreviewHostMessage) => void): void;
  saved(): Readonly<Record<string, unknown>>;
  save(state: Readonly<Record<string, unknown>>): void;
}

export function findEditorHost(): EditorHost {
  const acquire = globalThis.acquireVsCodeApi;
  if (acquire === undefined) throw new Error('This page is shown by an editor.');
  const api = acquire();
  return {
    send: (message) => api.postMessage({ ...message, version: PROTOCOL_VERSION } as never),
    listen: (receive) => {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (protocolVersionOf(data) === PROTOCOL_VERSION) receive(data as PreviewHostMessage);
      });
    },
    saved: () => {
      const state = api.getState();
      return typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {};
    },
    save: (state) => api.setState(state),
  };
}
