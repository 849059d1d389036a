/**
 * The function replayDeadLetters: POST /api/replayDeadLetters?limit=N&maxAttempts=N with a function key. Reads the request and
 * answers in JSON; see replay/replay-dead-letters.ts.
 */
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { deadLetterConsumer, eventProducer, lakeFilesystem } from '../azure/clients.ts';
import { settingsFrom } from '../azure/settings.ts';
import { logBatch } from '../batch-log.ts';
import { consumerGroups, filesystems } from '../names.ts';
import { replayDeadLetters } from '../replay/replay-dead-letters.ts';
import { realAmbient } from '../retry/ambient.ts';

/** One at a time in a process: two would read from the same checkpoint and send the same letters. */
let running = false;

app.http('replayDeadLetters', {
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request, context): Promise<HttpResponseInit> => {
    const limit = wholeNumber(request, 'limit', 100, 5000);
    const maxAttempts = wholeNumber(request, 'maxAttempts', 5, 1000);
    const wrong = [limit, maxAttempts].find((value) => typeof value === 'string');
    if (typeof limit === 'string' || typeof maxAttempts === 'string') return { status: 400, jsonBody: { error: wrong } };
    if (running) return { status: 409, jsonBody: { error: 'A replay is running already; try again when it has ended.' } };
    running = true;
    const settings = settingsFrom(process.env);
    const consumer = deadLetterConsumer(settings, consumerGroups.replay);
    const startMs = realAmbient.nowMs();
    try {
      const raw = lakeFilesystem(settings, filesystems.raw);
      const report = await replayDeadLetters({ consumer, producer: eventProducer(settings), raw }, limit, maxAttempts);
      const durationMs = realAmbient.nowMs() - startMs;
      logBatch(context, { eventsReplayed: report.replayed, eventsGivenUp: report.given_up, durationMs });
      return { status: 200, jsonBody: report };
    } finally {
      running = false;
      await consumer.close();
    }
  },
});

/** The number, or the sentence that says what is wrong with it. */
function wholeNumber(request: HttpRequest, name: string, otherwise: number, max: number): number | string {
  const text = request.query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && value <= max
    ? value
    : `${name} is "${text}"; it must be a whole number from 1 to ${max}.`;
}
