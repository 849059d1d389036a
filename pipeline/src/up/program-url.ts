/** Where the programs of the parts lie: as sources in their folders, or all beside each other in a bundle. */

const sources = {
  emulators: '../local-services/emulators-process.ts',
  functions: '../functions-host/functions-process.ts',
  job: '../job/job-process.ts',
  generator: '../generate/generate-process.ts',
} as const;

export type Program = keyof typeof sources;

const isSource = import.meta.url.endsWith('.ts');

export function programUrl(program: Program): URL {
  return new URL(isSource ? sources[program] : `./${program}.mjs`, import.meta.url);
}

/** The entry of the Functions app. */
export function functionsAppUrl(): URL {
  return isSource
    ? new URL(import.meta.resolve('@asaql/runtime/app'))
    : new URL('./functions-app/dist/main.cjs', import.meta.url);
}
