// A node that answers requests ($cbs, $management): finds the link that a reply belongs on, and answers in AMQP's own types.
// Knows nothing of what is asked.
import type { Connection, Message, Receiver, Sender, Session } from 'rhea';
import rhea from 'rhea';

/** A request; `properties` are its application properties, described values unwrapped. */
export interface NodeRequest {
  readonly connection: Connection;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface NodeReply {
  readonly status: number;
  readonly description: string;
  readonly condition?: string;
  /** Encoded values by name, where there is something to tell. */
  readonly body?: object;
}

interface RequestMessage {
  readonly message_id?: string | number | Buffer;
  readonly reply_to?: string;
  readonly application_properties?: Record<string, unknown>;
  readonly body?: unknown;
}

interface ReplyLink {
  readonly sender: Sender;
  readonly target: string;
}

export class RequestNode {
  readonly #answer: (request: NodeRequest) => NodeReply;
  readonly #replyLinks = new Map<Connection, ReplyLink[]>();

  constructor(answer: (request: NodeRequest) => NodeReply) {
    this.#answer = answer;
  }

  /** Takes a link on which the client receives replies. */
  addReplyLink(sender: Sender, target: string): void {
    const links = this.#replyLinks.get(sender.connection) ?? [];
    links.push({ sender, target });
    this.#replyLinks.set(sender.connection, links);
  }

  removeReplyLink(sender: Sender): void {
    const links = this.#replyLinks.get(sender.connection)?.filter((link) => link.sender !== sender);
    if (links && links.length > 0) this.#replyLinks.set(sender.connection, links);
    else this.#replyLinks.delete(sender.connection);
  }

  removeConnection(connection: Connection): void {
    this.#replyLinks.delete(connection);
  }

  /** Takes a link on which the client sends requests. */
  serve(receiver: Receiver): void {
    receiver.add_credit(100);
    receiver.on('message', ({ message, delivery, connection, session }) => {
      delivery?.accept();
      receiver.add_credit(1);
      const request = message as RequestMessage;
      const properties = plainProperties(request.application_properties ?? {});
      const reply = this.#answer({ connection, properties, body: plainBody(request.body) });
      this.#replyLink(connection, session, request.reply_to)?.send(replyMessage(request, reply));
    });
  }

  /** By name or target where the request says so, else the link of the same session. */
  #replyLink(connection: Connection, session: Session | undefined, replyTo: string | undefined): Sender | undefined {
    const links = this.#replyLinks.get(connection) ?? [];
    const named = links.findLast(({ sender, target }) => replyTo && (sender.name === replyTo || target === replyTo));
    return (named ?? links.findLast(({ sender }) => sender.session === session))?.sender;
  }
}

function replyMessage(request: RequestMessage, reply: NodeReply): Message {
  const { types } = rhea;
  return {
    ...(request.message_id === undefined ? {} : { correlation_id: request.message_id }),
    application_properties: {
      'status-code': types.wrap_int(reply.status),
      'status-description': reply.description,
      ...(reply.condition ? { 'error-condition': types.wrap_symbol(reply.condition) } : {}),
    },
    body: reply.body ?? null,
  };
}

/** Some clients wrap a value in a description; only the value matters. */
function plainProperties(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  const isTyped = typeof value === 'object' && value !== null && 'descriptor' in value && 'value' in value;
  return isTyped ? value.value : value;
}

/** A value as it is; a data section as its bytes. */
function plainBody(body: unknown): unknown {
  const isSection = typeof body === 'object' && body !== null && 'content' in body;
  return isSection ? body.content : plainValue(body);
}
