/** A new project, small and whole: it can be checked, run and built as it is. Writes nothing itself. */
import { outputSinks, type SourceKind, sourceKind, streamSources } from '../formats/data-sources.ts';
import { type FileChange, jsonText } from './file-change.ts';
import { newInput, newLocalInput, newOutput } from './new-parts.ts';

const query = `-- Counts events by kind, every 10 seconds.
SELECT kind, System.Timestamp() AS window_end, COUNT(*) AS events
INTO [output]
FROM [input] TIMESTAMP BY [time]
GROUP BY kind, TumblingWindow(second, 10)
`;

const events = ['click', 'click', 'order', 'click', 'order'].map((kind, at) =>
  JSON.stringify({ time: `2026-01-15T12:00:${String(at * 4).padStart(2, '0')}Z`, kind, user: `u${at % 3}` }),
);

/** What is other there: a start for people to write in. */
const profile = (name: string) => `# What is other in ${name}. Keys do not belong in here: the job signs in by its identity.
job:
  Name: NAME-${name}
  StreamingUnits: 3
inputs:
  input:
    ServiceBusNamespace: ns-${name}
outputs:
  output:
    AccountName: st${name}
`;

export function newProject(name: string): readonly FileChange[] {
  const [hub, blob] = [kindNamed(streamSources, 'Event Hub'), kindNamed(outputSinks, 'Blob Storage')];
  const listed = [
    { filePath: 'JobConfig.json', subType: 'JobConfig' },
    { filePath: 'Inputs/input.json', subType: 'Input' },
    { filePath: 'Inputs/Local_input.json', subType: 'InputMock' },
    { filePath: 'Outputs/output.json', subType: 'Output' },
  ];
  return [
    { path: 'asaproj.json', text: jsonText({ name, startFile: `${name}.asaql`, configurations: listed }) },
    { path: 'JobConfig.json', text: jsonText(jobConfig) },
    { path: `${name}.asaql`, text: query },
    newInput('input', 'stream', hub),
    newLocalInput('input', 'stream', 'Json', 'input.sample.ndjson'),
    { path: 'Inputs/input.sample.ndjson', text: `${events.join('\n')}\n` },
    newOutput('output', blob),
    ...['dev', 'staging', 'prod'].map((each) => ({ path: `profiles/${each}.yaml`, text: profile(each).replace('NAME', name) })),
  ];
}

/** The service's defaults. */
const jobConfig = {
  ...{ ScriptType: 'JobConfig', DataLocale: 'en-US', OutputErrorPolicy: 'Retry', EventsLateArrivalMaxDelayInSeconds: 5 },
  ...{ EventsOutOfOrderMaxDelayInSeconds: 0, EventsOutOfOrderPolicy: 'Adjust', Sku: { Name: 'StandardV2', StreamingUnits: 3 } },
  ...{ CompatibilityLevel: '1.2', UseSystemAssignedIdentity: true, ContentStoragePolicy: 'SystemAccount', Tags: {} },
};

function kindNamed(kinds: readonly SourceKind[], named: string): SourceKind {
  const kind = sourceKind(kinds, named);
  if (kind === null) throw new Error(`${named} is a kind that we know.`);
  return kind;
}
