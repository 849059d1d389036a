/**
 * Registers a function on the hub of playback events the way both of them need it: whole batches, bodies as bytes, and a
 * retry policy without end, so that the host's checkpoint never passes a batch that was not dealt with.
 */
import { app, type InvocationContext, trigger } from '@azure/functions';
import { stopSignal } from './app-lifecycle.ts';
import { type Settings, settingsFrom } from './azure/settings.ts';
import { type BatchLog, logBatch } from './batch-log.ts';
import { connectionSettings, eventHubName } from './names.ts';
import { realAmbient } from './retry/ambient.ts';
import type { Retry } from './retry/backoff.ts';
import { batchFromTrigger, type ReceivedBatch } from './trigger-batch.ts';

export type BatchHandler = (batch: ReceivedBatch, settings: Settings, retry: Retry) => Promise<BatchLog>;

export function onPlaybackEvents(functionName: string, consumerGroup: string, handler: BatchHandler): void {
  app.generic(functionName, {
    trigger: trigger.generic({
      type: 'eventHubTrigger',
      name: 'events',
      connection: connectionSettings.eventHubs,
      eventHubName,
      consumerGroup,
      cardinality: 'many',
      // Without it the host parses every body as JSON, and fails the whole batch for a malformed one.
      dataType: 'binary',
    }),
    retry: {
      strategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { minutes: 1 },
    },
    handler: async (messages: unknown, context: InvocationContext): Promise<void> => {
      const settings = settingsFrom(process.env);
      const batch = batchFromTrigger(messages, context.triggerMetadata);
      logBatch(context, await handler(batch, settings, retryFor(context, settings)));
    },
  });
}

/** How the waits of an invocation are done and told. */
export function retryFor(context: InvocationContext, settings: Settings): Retry {
  return {
    policy: settings.backoff,
    ambient: realAmbient,
    signal: stopSignal(),
    onWait: ({ delayMs, failures, reason }) => {
      context.warn(`Waiting ${Math.round(delayMs)} ms (failure ${failures} in a row): ${reason}`);
    },
  };
}
