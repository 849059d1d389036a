/**
 * Makes what a worker is sent for a batch of events: one invocation with parallel arrays where the trigger's cardinality is
 * many, else one for each event. Bodies go as bytes or as text, as the trigger's data type says. Pure but for the ids.
 */
import { randomUUID } from 'node:crypto';
import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs';
import type { Binding, FunctionMetadata, InvocationRequest, RpcTypedData } from './core-types.ts';

export function eventHubRequests(
  metadata: FunctionMetadata,
  binding: Binding,
  events: readonly ReceivedEventData[],
  context: PartitionContext,
): InvocationRequest[] {
  const name = Object.keys(metadata.bindings).find((key) => metadata.bindings[key] === binding) ?? '';
  const isBinary = String(binding.dataType ?? '').toLowerCase() === 'binary';
  if (binding.cardinality === 'many') {
    const data: RpcTypedData = isBinary
      ? { collectionBytes: { bytes: events.map((event) => bodyBytes(event.body)) } }
      : { collectionString: { string: events.map((event) => bodyBytes(event.body).toString('utf8')) } };
    return [{ invocationId: randomUUID(), inputData: [{ name, data }], triggerMetadata: manyMetadata(events, context) }];
  }
  return events.map((event) => {
    const bytes = bodyBytes(event.body);
    const data: RpcTypedData = isBinary ? { bytes } : { string: bytes.toString('utf8') };
    return { invocationId: randomUUID(), inputData: [{ name, data }], triggerMetadata: oneMetadata(event, context) };
  });
}

/** Bodies are read unparsed: bytes as they were sent; only values of other AMQP types are printed. */
function bodyBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

const json = (value: unknown): RpcTypedData => ({ json: JSON.stringify(value) });

function partitionContext(context: PartitionContext): RpcTypedData {
  return json({
    FullyQualifiedNamespace: context.fullyQualifiedNamespace,
    EventHubName: context.eventHubName,
    ConsumerGroup: context.consumerGroup,
    PartitionId: context.partitionId,
  });
}

/** The names are those that the Event Hubs extension documents; the library lowers their first letters. */
function manyMetadata(events: readonly ReceivedEventData[], context: PartitionContext): Record<string, RpcTypedData> {
  return {
    PartitionContext: partitionContext(context),
    SequenceNumberArray: json(events.map((event) => event.sequenceNumber)),
    OffsetArray: json(events.map((event) => event.offset)),
    EnqueuedTimeUtcArray: json(events.map((event) => event.enqueuedTimeUtc.toISOString())),
    PartitionKeyArray: json(events.map((event) => event.partitionKey ?? null)),
    PropertiesArray: json(events.map((event) => event.properties ?? {})),
    SystemPropertiesArray: json(events.map((event) => event.systemProperties ?? {})),
  };
}

function oneMetadata(event: ReceivedEventData, context: PartitionContext): Record<string, RpcTypedData> {
  return {
    PartitionContext: partitionContext(context),
    SequenceNumber: json(event.sequenceNumber),
    Offset: json(event.offset),
    EnqueuedTimeUtc: json(event.enqueuedTimeUtc.toISOString()),
    PartitionKey: json(event.partitionKey ?? null),
    Properties: json(event.properties ?? {}),
    SystemProperties: json(event.systemProperties ?? {}),
  };
}
