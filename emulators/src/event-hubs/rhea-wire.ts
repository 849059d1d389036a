// What rhea does not do on a server's side, done from outside, once for each connection, without touching the package:
//  - performatives are written with every field, since some decoders (Python's) never pad a short list;
//  - a message of format 0 is handed over as bytes, so that events are stored as they came, types and all;
//  - a detach that arrives after its session's end is ignored instead of ending the connection;
//  - a session's flow is reported, so that readers held up by its window go on;
//  - settled deliveries go straight to the socket, many in one buffer.
// This is the only file that knows rhea's internals. It knows nothing of hubs.
import type { Socket } from 'node:net';
import type { Connection, Container, Sender, Session } from 'rhea';
import rhea from 'rhea';
import { deliveryFrames, frameCountMax, type OutgoingEvent } from './delivery-frames.ts';

/** The format under which a message of format 0 arrives as bytes. */
export const PLAIN_MESSAGE_FORMAT = 0x7fffff00;
/** The largest frame the emulator asks for: a whole batch of 1 MB in one or two. */
export const FRAME_BYTES_MAX = 1024 * 1024;

interface Performative {
  readonly value: unknown[];
  readonly constructor: { readonly descriptor?: { readonly numeric: number } };
}

interface Frame {
  readonly channel: number;
  readonly performative: Performative & { handle?: number; message_format?: number };
}

interface WireLink {
  readonly local: { readonly handle: number; readonly attach: Performative & Record<string, unknown> };
  readonly remote: { readonly attach: Performative };
  credit: number;
  delivery_count: number;
  readonly options: { takesBytes?: boolean };
  set_drained(isDrained: boolean): void;
}

interface WireSession {
  readonly local: { readonly channel: number };
  readonly remote: { readonly handles: Record<number, WireLink> };
  readonly outgoing: {
    next_delivery_id: number;
    next_pending_delivery: number;
    next_transfer_id: number;
    readonly remote_window: number | undefined;
    readonly remote_next_transfer_id: number | undefined;
  };
  on_transfer(frame: Frame): void;
  on_flow(frame: Frame): void;
}

interface WireConnection {
  readonly socket: Socket;
  readonly remote_channel_map: Record<number, unknown>;
  readonly remote: { readonly open?: { readonly max_frame_size?: number } };
  _register(): void;
  _write_frame(channel: number, frame?: Performative, payload?: Buffer): void;
  on_detach(frame: Frame): void;
}

/** How many fields each performative has, by its code. */
const FIELD_COUNTS: ReadonlyMap<number, number> = new Map([
  [0x10, 10],
  [0x11, 8],
  [0x12, 14],
  [0x13, 11],
  [0x14, 11],
  [0x15, 6],
  [0x16, 3],
]);
const BEGIN_CODE = 0x11;
const HANDLE_MAX_FIELD = 4;

/** Lets a container take the mechanism under which .NET and Java announce that a token will follow; it proves nothing by itself. */
export function acceptTokenMechanisms(container: Container): void {
  container.sasl_server_mechanisms.enable_anonymous();
  container.sasl_server_mechanisms.MSSBCBS = () => ({ outcome: undefined, username: 'anonymous', start: acceptMechanism });
}

function acceptMechanism(this: { outcome: boolean | undefined }): void {
  this.outcome = true;
}

/** Call when a connection's open has arrived, before it is answered. */
export function completeConnection(connection: Connection): void {
  const wire = connection as unknown as WireConnection;
  const writeFrame = wire._write_frame;
  wire._write_frame = function (channel, frame, payload) {
    if (frame) writeAllFields(frame);
    writeFrame.call(this, channel, frame, payload);
  };
  const onDetach = wire.on_detach;
  wire.on_detach = function (frame) {
    if (this.remote_channel_map[frame.channel]) onDetach.call(this, frame);
  };
}

function writeAllFields(frame: Performative): void {
  const code = frame.constructor.descriptor?.numeric ?? -1;
  const count = FIELD_COUNTS.get(code);
  if (count !== undefined && frame.value.length < count) frame.value.length = count;
  if (code === BEGIN_CODE) frame.value[HANDLE_MAX_FIELD] ??= rhea.types.wrap_uint(0xffffffff);
}

/** Call when a session has begun; `onFlow` runs after each flow of the peer. */
export function completeSession(session: Session, onFlow: () => void): void {
  const wire = session as unknown as WireSession;
  const onTransfer = wire.on_transfer;
  wire.on_transfer = function (frame) {
    const link = this.remote.handles[frame.performative.handle ?? -1];
    if (link?.options.takesBytes && !frame.performative.message_format) frame.performative.message_format = PLAIN_MESSAGE_FORMAT;
    onTransfer.call(this, frame);
  };
  const handleFlow = wire.on_flow;
  wire.on_flow = function (frame) {
    handleFlow.call(this, frame);
    onFlow();
  };
}

/** From now on the link's messages arrive as bytes. */
export function takeBytes(link: object): void {
  const wire = link as { options: object };
  wire.options = { ...wire.options, takesBytes: true };
}

const SOURCE_FIELDS = 11;
const TARGET_FIELDS = 7;
const PROPERTIES_FIELD = 13;

/** What a link's attach answers; source and target are those asked for, whatever is not given stays empty. */
export interface AttachAnswer {
  readonly source: { address: string; filter?: object };
  readonly target: { address: string };
  readonly capabilities?: readonly string[];
  /** Encoded values by symbol; without it the client's own properties are echoed. */
  readonly properties?: object;
  readonly maxMessageBytes?: number;
  /** Deliveries of this link are sent settled. */
  readonly sendsSettled?: boolean;
}

/** Fills in the attach that rhea is about to answer with. */
export function answerAttach(link: object, answer: AttachAnswer): void {
  const wire = link as WireLink & { set_source(fields: object): void; set_target(fields: object): void };
  const { attach } = wire.local;
  wire.set_source(answer.source);
  wire.set_target(answer.target);
  (attach.source as { value: unknown[] }).value.length = SOURCE_FIELDS;
  (attach.target as { value: unknown[] }).value.length = TARGET_FIELDS;
  attach.max_message_size = answer.maxMessageBytes ?? FRAME_BYTES_MAX;
  if (answer.sendsSettled) attach.snd_settle_mode = 1;
  if (answer.capabilities && answer.capabilities.length > 0) attach.offered_capabilities = [...answer.capabilities];
  if (answer.properties) attach.properties = answer.properties;
  else attach.value[PROPERTIES_FIELD] = wire.remote.attach.value[PROPERTIES_FIELD] ?? rhea.types.wrap_symbolic_map({});
}

/** The condition and description of an error, with the (empty) info that some decoders insist on. */
export function wireError(condition: string, description: string): { condition: string; description: string; info: object } {
  return { condition, description, info: {} };
}

/** Sends events down a link, settled, as far as its credit and the session's window allow. */
export class DeliveryChannel {
  readonly #sender: WireLink;
  readonly #session: WireSession;
  readonly #connection: WireConnection;
  #isWaiting = false;

  constructor(sender: Sender) {
    this.#sender = sender as unknown as WireLink;
    this.#session = sender.session as unknown as WireSession;
    this.#connection = sender.connection as unknown as WireConnection;
  }

  /** Whether the socket is full now; calls back, once however often it is asked, when it takes more. */
  whenDrained(callback: () => void): boolean {
    const { socket } = this.#connection;
    if (!socket.writableNeedDrain) return false;
    if (this.#isWaiting) return true;
    this.#isWaiting = true;
    socket.once('drain', () => {
      this.#isWaiting = false;
      callback();
    });
    return true;
  }

  #window(): number {
    const { outgoing } = this.#session;
    // Replies that rhea still holds go first: delivery ids must stay in order.
    if (outgoing.next_pending_delivery !== outgoing.next_delivery_id) return 0;
    return (outgoing.remote_window ?? 0) - (outgoing.next_transfer_id - (outgoing.remote_next_transfer_id ?? 0));
  }

  get #frameBytesMax(): number {
    return Math.min(this.#connection.remote.open?.max_frame_size ?? FRAME_BYTES_MAX, FRAME_BYTES_MAX);
  }

  /** Gives back the credit that nothing is left for, as a client that drains the link waits for. */
  giveBackCredit(): void {
    this.#sender.set_drained(true);
    this.#connection._register();
  }

  get hasCredit(): boolean {
    return this.#sender.credit > 0;
  }

  get canSend(): boolean {
    return this.hasCredit && this.#window() > 0 && this.#connection.socket.writable;
  }

  /** Sends the first of the events; returns how many went out. */
  send(events: readonly OutgoingEvent[], deliveryAnnotations: Buffer | undefined): number {
    const frameBytesMax = this.#frameBytesMax;
    const limits = { frameBytesMax, deliveryAnnotations };
    let window = this.#window();
    let count = 0;
    for (const event of events) {
      window -= frameCountMax(event, limits);
      if (count >= this.#sender.credit || window < 0) break;
      count++;
    }
    if (count === 0) return 0;
    const { outgoing } = this.#session;
    const { bytes, frameCount } = deliveryFrames(count === events.length ? events : events.slice(0, count), {
      channel: this.#session.local.channel,
      handle: this.#sender.local.handle,
      firstDeliveryId: outgoing.next_delivery_id,
      ...limits,
    });
    outgoing.next_delivery_id += count;
    outgoing.next_pending_delivery += count;
    outgoing.next_transfer_id += frameCount;
    this.#sender.credit -= count;
    this.#sender.delivery_count += count;
    this.#connection.socket.write(bytes);
    return count;
  }
}
