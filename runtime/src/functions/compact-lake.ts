/** The function compactLake: each closed hour into Parquet. Looks for hours and hands them on; see compaction/. */
import { app } from '@azure/functions';
import { stopSignal } from '../app-lifecycle.ts';
import { lakeFilesystem } from '../azure/clients.ts';
import { settingsFrom } from '../azure/settings.ts';
import { logBatch } from '../batch-log.ts';
import { compactHour } from '../compaction/compact-hour.ts';
import { findHours } from '../compaction/find-hours.ts';
import { filesystems } from '../names.ts';
import { realAmbient } from '../retry/ambient.ts';

app.timer('compactLake', {
  // Five minutes past each hour: the last batches of the hour have arrived by then, and later ones are seen next time.
  schedule: '0 5 * * * *',
  handler: async (_timer, context) => {
    const settings = settingsFrom(process.env);
    const lake = {
      raw: lakeFilesystem(settings, filesystems.raw),
      processed: lakeFilesystem(settings, filesystems.processed),
      curated: lakeFilesystem(settings, filesystems.curated),
    };
    const startMs = realAmbient.nowMs();
    const sums = { hours: 0, rows: 0, invalid: 0 };
    for (const hour of await findHours(lake.raw, lake.processed, startMs)) {
      stopSignal().throwIfAborted();
      const marker = await compactHour(hour, lake, realAmbient.nowMs());
      if (marker.unreadable > 0)
        context.error(`${marker.unreadable} lines of ${hour.date} ${hour.hour}:00 are no lines of the archive.`);
      sums.hours += 1;
      sums.rows += marker.rows;
      sums.invalid += marker.invalid;
    }
    const durationMs = realAmbient.nowMs() - startMs;
    logBatch(context, {
      hoursCompacted: sums.hours,
      rowsWritten: sums.rows,
      eventsInvalid: sums.invalid,
      lakeMs: durationMs,
      durationMs,
    });
  },
});
