/** The function archiveRaw: every event into the lake, as it came. Registration only; see archive/archive-batch.ts. */
import { archiveBatch, RawArchive } from '../archive/archive-batch.ts';
import { lakeFilesystem } from '../azure/clients.ts';
import { onPlaybackEvents } from '../event-hub-trigger.ts';
import { consumerGroups, filesystems } from '../names.ts';

/** By connection: one in a deployed app. */
const archives = new Map<string, RawArchive>();

onPlaybackEvents('archiveRaw', consumerGroups.archive, (batch, settings, retry) => {
  const key = JSON.stringify(settings.dataLake);
  const archive = archives.get(key) ?? new RawArchive(lakeFilesystem(settings, filesystems.raw));
  archives.set(key, archive);
  return archiveBatch(batch, archive, retry);
});
