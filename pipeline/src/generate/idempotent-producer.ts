/**
 * A producer whose repeated sends a hub stores once: each batch goes to one partition under numbers that stay the same
 * however often it is sent again, across reconnections and restarts of the hub.
 *
 * The SDK grants this publicly only through EventHubBufferedProducerClient, which costs three times the CPU an event and,
 * once it has reported an error, can only be given the events anew, under new numbers, which is to risk doubles. That
 * client does nothing but set one property of the producer it wraps; so does this file, and it says so if the property is gone.
 */
import { EventHubProducerClient } from '@azure/event-hubs';
import { DefaultAzureCredential } from '@azure/identity';
import type { EventHubsConnection } from '../config/connections.ts';

const property = '_enableIdempotentRetries';

// One attempt a call: who sends decides when to try again, and says so.
const retryOptions = { maxRetries: 0, timeoutInMs: 20_000 };

/** A batch must not be sent while another of the same partition is under way. */
export function createIdempotentProducer(connection: EventHubsConnection, hub: string): EventHubProducerClient {
  const options = { retryOptions };
  const producer =
    'connectionString' in connection
      ? new EventHubProducerClient(connection.connectionString, hub, options)
      : new EventHubProducerClient(connection.fullyQualifiedNamespace, hub, new DefaultAzureCredential(), options);
  if (!(property in producer))
    throw new Error(`This version of @azure/event-hubs has no ${property}: doubles could not be told.`);
  Reflect.set(producer, property, true);
  return producer;
}
