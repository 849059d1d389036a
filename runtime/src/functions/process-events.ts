/** The function processEvents: validates, enriches and stores each playback event. Registration only; see process-batch.ts. */
import { deadLetterProducer, lakeFilesystem, processedEvents } from '../azure/clients.ts';
import { onPlaybackEvents } from '../event-hub-trigger.ts';
import { consumerGroups, filesystems } from '../names.ts';
import { processBatch } from '../process-batch.ts';

onPlaybackEvents('processEvents', consumerGroups.process, (batch, settings, retry) =>
  processBatch(
    batch,
    {
      container: processedEvents(settings),
      cosmosConcurrency: settings.cosmosConcurrency,
      producer: deadLetterProducer(settings),
      lake: lakeFilesystem(settings, filesystems.raw),
    },
    retry,
  ),
);
