// Keeps a second emulator out of a folder of events: two writers would overwrite each other. The lock is a local socket, which the system
// gives back when its process dies, however it dies. Knows nothing of what is in the folder.
import { createHash } from 'node:crypto';
import { mkdir, realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOCKET_PATH_BYTES_MAX = 100;

/**
 * Locks a folder, made if need be; the returned function gives it back.
 * @throws if another emulator has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = socketPath(await realpath(folder));
  const server = (await listening(path)) ?? ((await isAlive(path)) ? undefined : await afterLeftover(path));
  if (!server) throw new Error(`another emulator has the folder ${folder} open: stop it, or use another folder`);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** In the folder itself, unless that is longer than the system allows a socket's path to be. */
function socketPath(folder: string): string {
  const name = `asaql-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const inside = join(folder, '.lock');
  return Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX ? inside : join(tmpdir(), `${name}.lock`);
}

/** A server on the path; undefined if the path is taken. */
function listening(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path);
  });
}

function isAlive(path: string): Promise<boolean> {
  const socket = connect(path);
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Takes the place of a process that was killed. */
async function afterLeftover(path: string): Promise<Server | undefined> {
  await unlink(path).catch(() => undefined);
  return listening(path);
}
