/** What asks a command to stop: Ctrl-C, a termination, a terminal that is closed, or the end of the program that started it. */
import process from 'node:process';

/** Calls `stop` each time. One Ctrl-C may come several times: from the terminal, and from each program between it and this one. */
export function onStopAsked(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  // To listen for the end of the channel must not be what keeps a command alive that has done its work.
  process.channel?.unref();
}
