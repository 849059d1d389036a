/**
 * Sends what is wrong with a document when it has changed. Knows no editor.
 *
 * Changes that come together are answered once. A document that takes long to analyze is analyzed only when typing has
 * paused for about as long, so that it costs at most half of the time; what is fast is answered at once.
 */
import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { OpenDocuments } from './open-documents.ts';
import { toDiagnostic } from './to-lsp/diagnostic.ts';

/** Long enough for changes that wait in the channel to be read before they are answered. */
const quietMsMin = 1;
const quietMsMax = 500;
/** What costs less is not noticed. */
const fastMs = 40;

export interface FeedParts {
  readonly documents: OpenDocuments;
  readonly send: (params: PublishDiagnosticsParams) => Promise<void>;
  /** Any monotonous clock, in ms. */
  readonly nowMs: () => number;
  readonly reportFailure: (error: unknown) => void;
}

export class DiagnosticsFeed {
  readonly #parts: FeedParts;
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #costMs = new Map<string, number>();

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** A change that is not answered yet is answered together with this one. */
  changed(uri: string): void {
    clearTimeout(this.#waiting.get(uri));
    const costMs = this.#costMs.get(uri) ?? 0;
    const quietMs = costMs < fastMs ? quietMsMin : Math.min(costMs, quietMsMax);
    const timer = setTimeout(() => {
      this.#waiting.delete(uri);
      this.#answer(uri).catch(this.#parts.reportFailure);
    }, quietMs);
    this.#waiting.set(uri, timer);
  }

  /** An editor shows nothing of a document that is closed. */
  closed(uri: string): void {
    clearTimeout(this.#waiting.get(uri));
    this.#waiting.delete(uri);
    this.#costMs.delete(uri);
    this.#parts.send({ uri, diagnostics: [] }).catch(this.#parts.reportFailure);
  }

  async #answer(uri: string): Promise<void> {
    const open = await this.#parts.documents.find(uri);
    // Closed, or changed while its project was read: that change is answered by its own timer.
    if (open === null || this.#waiting.has(uri)) return;
    const { document } = open;
    const startMs = this.#parts.nowMs();
    const diagnostics = open.snapshot.model.diagnostics.map((finding) => toDiagnostic(document, finding));
    this.#costMs.set(uri, this.#parts.nowMs() - startMs);
    await this.#parts.send({ uri, version: document.version, diagnostics });
  }
}
