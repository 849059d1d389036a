/** What profiles change that is not there: an input, an output, a property. Knows no file. */
import type { DataSource, Profile, ProfileChange, Project } from '../project/project.ts';
import type { ProjectProblem } from '../project-problem.ts';
import { jobSettings, matches } from './apply-profile.ts';

export function checkProfiles({ inputs, outputs, profiles }: Project): readonly ProjectProblem[] {
  const sources = inputs.map(({ name, source }) => ({ name, source }));
  const sinks = outputs.map(({ name, sink }) => ({ name, source: sink }));
  return profiles.flatMap((profile) => [
    ...Object.keys(profile.job).flatMap((key) =>
      (jobSettings as readonly string[]).includes(key)
        ? []
        : [problem(profile, ['job', key], `A profile sets of the job: ${jobSettings.join(', ')}.`)],
    ),
    ...profile.inputs.flatMap((change) => unknown(profile, 'inputs', change, sources)),
    ...profile.outputs.flatMap((change) => unknown(profile, 'outputs', change, sinks)),
  ]);
}

interface Named {
  readonly name: string;
  readonly source: DataSource | null;
}

function unknown(
  profile: Profile,
  section: 'inputs' | 'outputs',
  { names, values }: ProfileChange,
  all: readonly Named[],
): readonly ProjectProblem[] {
  const meant = all.filter(({ name }) => matches(names, name));
  if (meant.length === 0) {
    const known = all.map(({ name }) => name).join(', ');
    return [
      problem(
        profile,
        [section, names],
        `The project has no such ${section.slice(0, -1)}. It has: ${known === '' ? 'none' : known}.`,
      ),
    ];
  }
  return Object.keys(values).flatMap((key) => {
    const knowing = meant.filter(({ source }) => propertiesOf(source).includes(key));
    if (knowing.length > 0) return [];
    return [
      problem(
        profile,
        [section, names, key],
        `No such property. There are: ${[...new Set(meant.flatMap(({ source }) => propertiesOf(source)))].join(', ')}.`,
      ),
    ];
  });
}

function propertiesOf(source: DataSource | null): readonly string[] {
  const keys = source?.kind?.properties ?? [];
  return keys.includes('StorageAccounts') ? ['AccountName', ...keys.filter((key) => key !== 'StorageAccounts')] : keys;
}

function problem(profile: Profile, at: readonly string[], message: string): ProjectProblem {
  const key = at.join('.');
  const place = profile.places.get(key) ?? { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return { code: 'PRJ0007', severity: 'error', path: profile.path, key, message, ...place };
}
