/** What tests of a project on this machine's disk get: its files, its functions in their sandbox, the generator, the clock. */
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { UserFunctions } from '@asaql/engine';
import { createGenerator, type ScenarioName, scenarioNames } from '@asaql/generator';
import { type GenerateRequest, openProject, type Project, type TestEnvironment, TestSetupError } from '@asaql/project';
import { diskFiles } from '../project/disk-files.ts';

export async function diskEnvironment(folder: string): Promise<TestEnvironment> {
  const files = diskFiles(folder);
  const { project } = await openProject(files);
  let functions: Promise<UserFunctions> | null = null;
  return {
    files,
    project,
    functions: () => {
      functions ??= functionsOf(folder, project);
      return functions;
    },
    generate,
    unzip: (bytes) => gunzipSync(bytes),
    nowMs: () => performance.now(),
  };
}

const limits = { callMsMax: 5000, memoryBytesMax: 128 << 20, nowMs: () => performance.now() };

async function functionsOf(folder: string, { functions }: Project): Promise<UserFunctions> {
  const { loadUserFunctions } = await import('@asaql/udf');
  const sources = functions.flatMap(({ name, code }) =>
    code === null ? [] : [{ name, source: code.text, file: join(folder, code.path) }],
  );
  return loadUserFunctions(sources, limits);
}

function generate({ seed, eventsPerSecond, durationMs, users, scenarios }: GenerateRequest, startMs: number) {
  const unknown = scenarios.find((name) => !(scenarioNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new TestSetupError(`The generator has no scenario '${unknown}'. It has ${scenarioNames.join(', ')}.`);
  try {
    const options = { seed, eventsPerSecond, users, startTimeMs: startMs, scenarios: scenarios as readonly ScenarioName[] };
    return createGenerator(options)
      .takeUntil(startMs + durationMs)
      .map(({ body, sendTimeMs }) => ({
        text: typeof body === 'string' ? body : Buffer.from(body).toString('latin1'),
        arrivalTimeMs: sendTimeMs,
        partition: 0,
      }));
  } catch (error) {
    if (error instanceof RangeError) throw new TestSetupError(`The generator refuses: ${error.message}`);
    throw error;
  }
}
