/** The conversation with a page that shows a preview: results out, questions about rows in. The diagram's page speaks the same. */
import {
  isPreviewPageMessage,
  PROTOCOL_VERSION,
  type PreviewHostMessage,
  type PreviewPageMessage,
} from '@asaql/webview/protocol';
import { Disposable, type Webview, workspace } from 'vscode';
import type { Log } from '../../platform/log.ts';
import type { Previewed, PreviewSession } from './preview-session.ts';

const version = PROTOCOL_VERSION;

/** Answers what every page asks; the rest is handed on. */
export function talkTo(
  webview: Webview,
  session: PreviewSession,
  log: Log,
  other: (message: PreviewPageMessage) => void,
): Disposable {
  const send = (message: PreviewHostMessage) => void webview.postMessage(message);
  const show = (previewed: Previewed) => send(previewMessage(previewed));
  const receive = async (message: PreviewPageMessage): Promise<void> => {
    switch (message.kind) {
      case 'open':
        if (session.newest !== null) show(session.newest);
        return other(message);
      case 'show': {
        const { run, table, from, count, point } = message;
        const page = await session.runner.rows({ run, table, from, count, point });
        if (page !== null) send({ version, kind: 'rows', page });
        return;
      }
      case 'follow': {
        const { run, table, row, column } = message;
        const trace = await session.runner.trace({ run, table, row, column });
        if (trace !== null) send({ version, kind: 'trace', trace });
        return;
      }
      default:
        return other(message);
    }
  };
  return Disposable.from(
    session.want(),
    session.onResult(show),
    webview.onDidReceiveMessage((message: unknown) => {
      if (!isPreviewPageMessage(message)) return log.warn('A message of a page could not be read.');
      receive(message).catch((error: Error) => log.warn(`Preview: ${error.message}`));
    }),
  );
}

function previewMessage({ document, focus, result }: Previewed): PreviewHostMessage {
  const told = focus.kind === 'step' ? focus.name : focus.kind === 'selection' ? 'selection' : null;
  return { version, kind: 'preview', document: workspace.asRelativePath(document.uri, false), focus: told, result };
}
