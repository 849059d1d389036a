/**
 * The child's end of the line to `asaql up`: options in, messages both ways, and a stop that comes by message or
 * by the parent's death. Options travel in the environment, not on the command line, where any process could read a key.
 */
import process from 'node:process';

/** How long a part that lost its parent may take to end. */
const orphanMaxMs = 10_000;
const variable = 'ASAQL_CHILD_OPTIONS';

/** The environment that hands `options` to a child. */
export function childEnvironment(options: unknown): NodeJS.ProcessEnv {
  return { ...process.env, [variable]: JSON.stringify(options) };
}

/** The options that the parent handed over. */
export function childOptions<Options>(): Options {
  const text = process.env[variable];
  if (text === undefined) throw new Error('This program is started by `asaql up`, not by hand.');
  return JSON.parse(text) as Options;
}

/** To the parent, if it is still there. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Messages of the parent other than stop. */
export function onParentMessage<Message extends { readonly kind: string }>(handle: (message: Message) => void): void {
  process.on('message', (message: Message) => {
    if (message.kind !== 'stop') handle(message);
  });
}

/**
 * Calls `stop` once, whoever asks, and ends the process when it is done: exit code 0, or 1 with the reason. The parent's last
 * message is `stopped`.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => leave(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        leave(1);
      },
    );
  };
  process.on('message', (message: { kind?: string }) => {
    if (message.kind === 'stop') begin();
  });
  process.on('disconnect', () => {
    // Nobody is left to end a part that waits for another that is gone; what is open is settled at the next start.
    setTimeout(() => process.exit(1), orphanMaxMs).unref();
    begin();
  });
  // Ctrl-C and `kill` of a group reach every process of it; the parent then asks in the right order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** Ends the process when the parent has everything that it was told. */
function leave(code: number): void {
  if (process.connected) process.send?.({ kind: 'stopped' }, undefined, undefined, () => process.exit(code));
  else process.exit(code);
}
