// Reads the dashboard's feed as a browser would, message by message, each checked by the protocol's guard.
import assert from 'node:assert/strict';
import type { HostMessage } from '@asaql/webview/protocol';
import { isHostMessage } from '@asaql/webview/protocol';

export interface FeedClient {
  /** Everything that came so far. */
  readonly messages: readonly HostMessage[];
  /** The first message, from the `after`-th on, that the test accepts; waits for it. Throws when the feed ends. */
  until<Found extends HostMessage>(accepts: (message: HostMessage) => message is Found, after?: number): Promise<Found>;
  untilTrue(accepts: (message: HostMessage) => boolean, after?: number): Promise<HostMessage>;
  close(): Promise<void>;
}

export async function openFeed(url: string, range: string): Promise<FeedClient> {
  const abort = new AbortController();
  const response = await fetch(`${url}feed?range=${range}`, { signal: abort.signal });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const messages: HostMessage[] = [];
  let isEnded = false;
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const reading = read(response, (message) => {
    messages.push(message);
    tell();
  })
    .catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    })
    .finally(() => {
      isEnded = true;
      tell();
    });
  const untilTrue = async (accepts: (message: HostMessage) => boolean, after = 0): Promise<HostMessage> => {
    for (let index = after; ; index++) {
      while (index >= messages.length) {
        assert.ok(!isEnded, 'the feed ended before the awaited message');
        await changed.promise;
      }
      const message = messages[index];
      if (message && accepts(message)) return message;
    }
  };
  return {
    messages,
    until: async <Found extends HostMessage>(accepts: (message: HostMessage) => message is Found, after = 0) =>
      (await untilTrue(accepts, after)) as Found,
    untilTrue,
    close: async () => {
      abort.abort();
      await reading;
    },
  };
}

async function read(response: Response, take: (message: HostMessage) => void): Promise<void> {
  assert.ok(response.body);
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      assert.ok(block.startsWith('data: '), block);
      const value: unknown = JSON.parse(block.slice('data: '.length));
      assert.ok(isHostMessage(value), `no message of the protocol: ${block.slice(0, 200)}`);
      take(value);
    }
  }
}
