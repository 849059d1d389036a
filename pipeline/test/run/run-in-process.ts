/** `asaql run … --json` without a process of its own: options, files, query and document are those of the command. */
import { JsonDocument } from '../../src/run/row-writers.ts';
import { parseRunArguments } from '../../src/run/run-arguments.ts';
import { requestFrom } from '../../src/run/run-command.ts';
import { type Rejected, type RunStatistics, runQuery } from '../../src/run/run-query.ts';
import { runnableQuery } from '../../src/run/runnable-query.ts';

export interface InProcessRun {
  readonly document: string;
  readonly rejected: readonly Rejected[];
  readonly statistics: RunStatistics;
}

/** `cores`: on so many threads, however short the files are. */
export async function runInProcessFully(argv: readonly string[], cores: 1 | 2 = 1): Promise<InProcessRun> {
  const given = parseRunArguments(argv);
  const request = { ...(await requestFrom(given, await runnableQuery(given.path))), cores };
  const writer = new JsonDocument();
  const rejected: Rejected[] = [];
  let document = '';
  try {
    const outcome = await runQuery(request, {
      outputs: (names) => writer.outputs(names),
      rows: (output, rows) => writer.rows(output, rows),
      rejected: (one) => rejected.push(one),
      progress: () => {},
      signal: new AbortController().signal,
    });
    if (outcome.kind === 'refused') throw new Error(outcome.diagnostics.map(({ message }) => message).join('; '));
    await writer.finish(async (text) => {
      document += text;
    });
    return { document, rejected, statistics: outcome.statistics };
  } finally {
    writer.close();
  }
}

export async function runInProcess(argv: readonly string[]): Promise<string> {
  return (await runInProcessFully(argv)).document;
}
