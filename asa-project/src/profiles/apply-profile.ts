/** A project as it is in one environment. Knows no file. */
import { readJobConfig } from '../formats/read-job-config.ts';
import type { DataSource, JobConfig, Profile, ProfileChange, Project } from '../project/project.ts';
import type { Content, ContentObject } from '../secret.ts';
import { JsonDocument } from '../text/json-document.ts';

/** Settings of the job that a profile may change, as JobConfig.json calls them; and its name. */
export const jobSettings = [
  ...['Name', 'StreamingUnits', 'EventsLateArrivalMaxDelayInSeconds', 'EventsOutOfOrderMaxDelayInSeconds'],
  ...['EventsOutOfOrderPolicy', 'OutputErrorPolicy', 'CompatibilityLevel', 'DataLocale', 'ContentStoragePolicy'],
  'UseSystemAssignedIdentity',
] as const;

/** What a profile says of things that are not there changes nothing; opening the project tells of it. */
export function withProfile(project: Project, profile: Profile): Project {
  const { Name: name } = profile.job;
  return {
    ...project,
    name: typeof name === 'string' ? name : project.name,
    job: project.job === null ? null : jobWith(project.job, profile),
    inputs: project.inputs.map((input) => ({
      ...input,
      source: sourceWith(input.source, changesOf(profile.inputs, input.name)),
    })),
    outputs: project.outputs.map((output) => ({
      ...output,
      sink: sourceWith(output.sink, changesOf(profile.outputs, output.name)),
    })),
  };
}

/** The later of two changes wins. */
function changesOf(changes: readonly ProfileChange[], name: string): ProfileChange['values'] {
  return Object.assign({}, ...changes.filter(({ names }) => matches(names, name)).map(({ values }) => values));
}

export function matches(names: string, name: string): boolean {
  const pattern = names.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 'i').test(name);
}

function sourceWith(source: DataSource | null, values: ProfileChange['values']): DataSource | null {
  if (source === null) return null;
  const properties: Record<string, Content> = { ...source.properties };
  for (const [key, value] of Object.entries(values)) {
    if (key === 'AccountName' && source.kind?.properties.includes('StorageAccounts'))
      properties.StorageAccounts = accountsNamed(properties.StorageAccounts, value);
    else if (source.kind?.properties.includes(key)) properties[key] = value;
  }
  return { ...source, properties };
}

function accountsNamed(accounts: Content | undefined, name: Content): Content {
  const known = Array.isArray(accounts) ? (accounts as readonly ContentObject[]) : [];
  return known.length === 0 ? [{ AccountName: name }] : known.map((account) => ({ ...account, AccountName: name }));
}

/** Read again, with what the profile says in its place, so that every rule of the file holds. */
function jobWith(job: JobConfig, profile: Profile): JobConfig {
  const { Name: _, ...values } = profile.job;
  const content: Record<string, Content> = { ...job.content, ...values };
  if (values.StreamingUnits !== undefined) content.Sku = { Name: job.sku.name, StreamingUnits: values.StreamingUnits };
  const text = JSON.stringify(content);
  const read = readJobConfig(new JsonDocument(job.path, text));
  return read === null ? job : { ...read, content };
}
