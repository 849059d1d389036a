/** Ports on loopback: whether one can be had, and another where it cannot. */
import { createServer } from 'node:net';

function listen(port: number): Promise<number | null> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}

/** A port that is free now. */
export async function anyFreePort(): Promise<number> {
  const port = await listen(0);
  if (port === null) throw new Error('No port is free on this machine.');
  return port;
}

/** The wanted port where it is free, else any other; 0 asks for any. */
export async function freePort(wanted: number): Promise<number> {
  return wanted !== 0 && (await isPortFree(wanted)) ? wanted : anyFreePort();
}
