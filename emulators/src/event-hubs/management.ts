// What $management tells of a hub and of a partition.
// Knows nothing of links: it answers requests.
import rhea from 'rhea';
import type { Hub } from './hub.ts';
import type { NodeReply, NodeRequest } from './request-node.ts';

const STRING_ARRAY = 0xb1;

/** Answers a READ; `isAllowed` says whether the request's connection may read of the hub. */
export function answerManagement(
  hubs: ReadonlyMap<string, Hub>,
  isAllowed: (request: NodeRequest, hub: string) => boolean,
  request: NodeRequest,
): NodeReply {
  const { operation, type, name, partition } = request.properties;
  if (operation !== 'READ') return badRequest(`The operation '${String(operation)}' is not supported.`);
  if (typeof name !== 'string') return badRequest("The property 'name' (the hub) is missing.");
  const hub = hubs.get(name.toLowerCase());
  if (!isAllowed(request, name)) {
    return {
      status: 401,
      condition: 'amqp:unauthorized-access',
      description: `Unauthorized access. A claim is required on '${name}'.`,
    };
  }
  if (!hub) {
    const description = `The messaging entity '${name}' could not be found.`;
    return { status: 404, condition: 'amqp:not-found', description };
  }
  if (type === 'com.microsoft:eventhub') return { status: 200, description: 'OK', body: hubProperties(hub) };
  if (type === 'com.microsoft:partition') return partitionReply(hub, String(partition));
  return badRequest(`The type '${String(type)}' is not supported.`);
}

function badRequest(description: string): NodeReply {
  return { status: 400, condition: 'com.microsoft:argument-error', description };
}

function hubProperties(hub: Hub): object {
  const { types } = rhea;
  const ids = hub.partitions.map((_, index) => String(index));
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: types.wrap_timestamp(hub.createdMs),
    partition_count: types.wrap_int(hub.partitions.length),
    partition_ids: types.wrap_array(ids, STRING_ARRAY, undefined),
    georeplication_factor: types.wrap_int(1),
  };
}

function partitionReply(hub: Hub, id: string): NodeReply {
  const { types } = rhea;
  const log = hub.partition(id);
  if (!log) {
    const description = `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${hub.partitions.length - 1}.`;
    return { status: 400, condition: 'com.microsoft:argument-out-of-range', description };
  }
  const { beginSequence, lastSequence, lastOffset, lastTimeMs, isEmpty } = log.state;
  const body = {
    name: hub.name,
    type: 'com.microsoft:partition',
    partition: id,
    begin_sequence_number: types.wrap_long(beginSequence),
    last_enqueued_sequence_number: types.wrap_long(lastSequence),
    last_enqueued_offset: String(lastOffset),
    last_enqueued_time_utc: types.wrap_timestamp(lastTimeMs),
    is_partition_empty: isEmpty,
  };
  return { status: 200, description: 'OK', body };
}
