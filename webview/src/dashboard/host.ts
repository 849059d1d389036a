// The page's one door to its host: an editor (postMessage) or our server (server-sent events). Everything that only one of
// the two has stands here; the rest of the page cannot tell where it runs.
import type { ConnectionState } from '../model/dashboard-model.ts';
import type { HostMessage, PageMessage, RangeName } from '../protocol/index.ts';
import { isHostMessage, PROTOCOL_VERSION, protocolVersionOf } from '../protocol/index.ts';

/** What the page keeps between visits. Comes back as unknown: an older page may have written it. */
export interface Host {
  /** `editor` brings its own theme; in a `browser` the page offers a choice. */
  readonly kind: 'editor' | 'browser';
  /** Starts the conversation. To be called once. */
  connect(listener: HostListener): void;
  send(message: PageMessage): void;
  /** Tries again now instead of waiting. */
  reconnect(): void;
  saved(): unknown;
  save(value: unknown): void;
}

export interface HostListener {
  message(message: HostMessage): void;
  connection(state: ConnectionState): void;
}

interface EditorApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(value: unknown): void;
}

declare global {
  // Given by the editor to the pages it hosts.
  var acquireVsCodeApi: (() => EditorApi) | undefined;
}

export function findHost(): Host {
  return typeof globalThis.acquireVsCodeApi === 'function' ? editorHost(globalThis.acquireVsCodeApi()) : browserHost();
}

/** Hands on what is a message and says so once when the peer is of another version. */
function receive(value: unknown, listener: HostListener): boolean {
  if (isHostMessage(value)) {
    listener.message(value);
    return true;
  }
  const version = protocolVersionOf(value);
  if (version !== undefined && version !== PROTOCOL_VERSION) listener.connection('refused');
  else console.error('A message from the host could not be read.', value);
  return false;
}

function editorHost(api: EditorApi): Host {
  return {
    kind: 'editor',
    connect: (listener) => {
      window.addEventListener('message', (event) => {
        if (receive(event.data, listener)) listener.connection('open');
      });
    },
    send: (message) => api.postMessage(message),
    reconnect: () => undefined,
    saved: () => api.getState(),
    save: (value) => api.setState(value),
  };
}

/** Health comes every second: a longer silence means that the line is dead, whatever the socket says. */
const silenceMaxMs = 6_000;
const retryMinMs = 1_000;
const retryMaxMs = 10_000;
/** A page that nobody sees lets go of the feed after this long. */
const hiddenMaxMs = 60_000;
const storageKey = 'asaql-dashboard';

function browserHost(): Host {
  const feed = new BrowserFeed();
  return {
    kind: 'browser',
    connect: (listener) => feed.start(listener),
    // The feed is one-way: the range is part of its address, and both messages a page sends are about the range.
    send: (message) => feed.open(message.range),
    reconnect: () => feed.reopen(),
    saved: () => {
      try {
        return JSON.parse(localStorage.getItem(storageKey) ?? 'null');
      } catch {
        // Storage may be switched off or hold something else: then the page starts with its defaults.
        return null;
      }
    },
    save: (value) => {
      try {
        localStorage.setItem(storageKey, JSON.stringify(value));
      } catch {
        // A private window may refuse: the choice then lasts as long as the page.
      }
    },
  };
}

/** One EventSource at a time, opened again whenever it breaks, falls silent or is asked for another range. */
class BrowserFeed {
  private listener: HostListener | null = null;
  private range: RangeName | null = null;
  private events: EventSource | null = null;
  private retryMs = retryMinMs;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  start(listener: HostListener): void {
    this.listener = listener;
    document.addEventListener('visibilitychange', () => this.visibilityChanged());
  }

  open(range: RangeName): void {
    this.range = range;
    this.reopen();
  }

  reopen(): void {
    if (this.range === null) return;
    this.shut();
    const events = new EventSource(`feed?range=${this.range}`);
    this.events = events;
    this.listen(events);
  }

  private listen(events: EventSource): void {
    this.expectWord();
    events.onmessage = (event: MessageEvent<string>) => {
      if (this.listener === null) return;
      this.expectWord();
      this.retryMs = retryMinMs;
      if (receive(parseJson(event.data), this.listener)) this.listener.connection('open');
    };
    events.onerror = () => this.lost();
  }

  private expectWord(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.lost(), silenceMaxMs);
  }

  private lost(): void {
    this.shut();
    this.listener?.connection('lost');
    this.retryTimer = setTimeout(() => this.reopen(), this.retryMs);
    this.retryMs = Math.min(retryMaxMs, this.retryMs * 2);
  }

  private shut(): void {
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    this.events?.close();
    this.events = null;
  }

  private visibilityChanged(): void {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = setTimeout(() => this.shut(), hiddenMaxMs);
    } else if (this.events === null) {
      this.listener?.connection('connecting');
      this.reopen();
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
