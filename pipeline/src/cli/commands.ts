/** The subcommands, each loaded when it is called: an SDK that a command does not need is not read. */

export interface CommandContext {
  /** The repository's folder. */
  readonly root: string;
  readonly argv: readonly string[];
}

export interface Command {
  readonly usage: string;
  readonly does: string;
  /** Resolves with the exit code. */
  readonly run: (context: CommandContext) => Promise<number>;
}

export const commands: Readonly<Record<string, Command>> = {
  check: {
    usage: 'asaql check PATH… [--project DIR] [--json] [--sarif FILE]',
    does: 'Says what is wrong with queries; a file within a project is checked against its inputs, outputs and functions.',
    run: async ({ argv }) => (await import('../check/check-command.ts')).checkCommand(argv),
  },
  format: {
    usage: 'asaql format PATH… [--check]',
    does: 'Formats queries in place; with --check it only says which differ.',
    run: async ({ argv }) => (await import('../format/format-command.ts')).formatCommand(argv),
  },
  explain: {
    usage: 'asaql explain FILE|PROJECT [--reference NAME]… [--compat 1.0|1.1|1.2] [--json]',
    does: "Shows a query's plan: steps, operators, what they keep, what runs in parallel, how many rows come out.",
    run: async ({ argv }) => (await import('../explain/explain-command.ts')).explainCommand(argv),
  },
  run: {
    usage:
      'asaql run FILE|PROJECT --input NAME=FILE… [--reference NAME=FILE…] [--json | --output DIR] [--compat 1.0|1.1|1.2] [--late SECONDS] [--out-of-order SECONDS] [--early SECONDS|off] [--policy adjust|drop] [--arrival COLUMN] [--functions DIR] [--errors FILE] [--stats] [--record NAME]',
    does: 'Runs a query over files (JSON, NDJSON or CSV, gzipped or not) to the end of the data.',
    run: async ({ argv }) => (await import('../run/run-command.ts')).runCommand(argv),
  },
  test: {
    usage:
      'asaql test [PROJECT|FILE…] [--filter TEXT] [--coverage] [--update] [--junit FILE] [--summary FILE] [--json] [--jobs N]',
    does: "Runs a project's query tests: tests/*.test.yaml and test/testConfig.json.",
    run: async ({ argv }) => (await import('../test-queries/test-command.ts')).testCommand(argv),
  },
  new: {
    usage: 'asaql new DIR',
    does: 'Makes a project: a query, an input with a sample, an output, settings and profiles.',
    run: async ({ argv }) => (await import('../project/new-command.ts')).newCommand(argv),
  },
  add: {
    usage:
      'asaql add input|output|function NAME [--kind KIND] [--reference] [--aggregate] [--project DIR] · asaql add test NAME [--from FILE] [--input INPUT] [--query FILE] [--project DIR]',
    does: 'Adds an input, an output, a function or a test to a project; a test also of a sample or of dead letters.',
    run: async ({ root, argv }) => (await import('../project/add-command.ts')).addCommand(root, argv),
  },
  capture: {
    usage: 'asaql capture INPUT [--count N] [--seconds S] [--from FILE] [--consumer-group NAME] [--drift] [--project DIR]',
    does: "Takes a sample of an input's events, shows their schema and what changed since the last sample.",
    run: async ({ root, argv }) => (await import('../project/capture-command.ts')).captureCommand(root, argv),
  },
  build: {
    usage: 'asaql build [PROJECT] --output DIR [--profile NAME]',
    does: "Writes what a deployment needs: the job's query, its template and parameters.",
    run: async ({ root, argv }) => (await import('../project/build-command.ts')).buildCommand(root, argv),
  },
  up: {
    usage: 'asaql up [--eps N] [--users N] [--duration S] [--seed N] [--scenario NAME]… [--port N] [--data DIR]',
    does: 'Runs the whole pipeline on this machine and shows the dashboard; with --duration it ends with the reconciliation.',
    run: async ({ root, argv }) => (await import('../up/up-command.ts')).upCommand(root, argv),
  },
  emulators: {
    usage: 'asaql emulators [--data DIR] [--hub NAME:PARTITIONS[:GROUP,…]]… [--tls CERT KEY] [--json]',
    does: 'Runs the Event Hubs, Cosmos DB and Data Lake emulators until stopped and prints their connection strings.',
    run: async ({ root, argv }) => (await import('../local-services/emulators-command.ts')).emulatorsCommand(root, argv),
  },
  generate: {
    usage:
      'asaql generate [--eps N] [--users N] [--duration S] [--seed N] [--scenario NAME]… [--stateless] [--out FILE | --dry-run]',
    does: 'Sends playback events to the hub, to a file or to the screen.',
    run: async ({ root, argv }) => (await import('../generate/run-generate.ts')).runGenerate(root, argv),
  },
  estimate: {
    usage:
      'asaql estimate [PROJECT] --eps N [--users N] [--minutes N] [--environment NAME] [--seed N] [--online] [--write] [--json]',
    does: 'Measures in simulated time what a rate takes of each service, what that costs a month, and what breaks first.',
    run: async ({ root, argv }) => (await import('../estimate/estimate-command.ts')).estimateCommand(root, argv),
  },
  deploy: {
    usage: 'asaql deploy [--environment NAME] [--subscription ID] [--operator OBJECT_ID] [--what-if] [--yes]',
    does: 'Brings up the whole system of an environment in a subscription, or updates it: shown first, then deployed.',
    run: async ({ root, argv }) => (await import('../deploy/deploy-command.ts')).deployCommand(root, argv),
  },
  push: {
    usage: 'asaql push [PROJECT] [--job NAME] [--resource-group NAME] [--subscription ID] [--from TIME] [--yes]',
    does: "Puts the project's queries into the running job, from its last output on; puts the old ones back where that fails.",
    run: async ({ root, argv }) => (await import('../deploy/push-command.ts')).pushCommand(root, argv),
  },
  diff: {
    usage: 'asaql diff [PROJECT] [--job NAME] [--resource-group NAME] [--subscription ID] [--json]',
    does: 'Says where the deployed job is other than the project: query, inputs, outputs, policies, level.',
    run: async ({ root, argv }) => (await import('../deploy/diff-command.ts')).diffCommand(root, argv),
  },
  job: {
    usage:
      'asaql job start|stop|scale|status [--job NAME] [--resource-group NAME] [--subscription ID] [--from TIME|now] [--units N] [--json]',
    does: 'Starts, stops, scales the job in Azure, or tells its state.',
    run: async ({ root, argv }) => (await import('../deploy/job-command.ts')).jobCommand(root, argv),
  },
  lsp: {
    usage: 'asaql lsp --stdio | --node-ipc',
    does: 'Runs the language server, for editors.',
    run: async ({ argv }) => (await import('../lsp/lsp-command.ts')).lspCommand(argv),
  },
};

export function overview(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(12)} ${command.does}`);
  return `asaql COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nasaql COMMAND --help says more.`;
}
