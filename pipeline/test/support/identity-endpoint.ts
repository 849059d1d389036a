/** A managed identity's endpoint, as an Azure host offers it to its app. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IdentityEndpoint {
  /** The environment that leads `DefaultAzureCredential` here. */
  readonly environment: Readonly<Record<string, string>>;
  /** What tokens were asked for. */
  readonly resources: ReadonlySet<string>;
  close(): Promise<void>;
}

/** What an Azure host offers its app: tokens on loopback, for those who know the header. Any text is a token to the emulators. */
export async function startIdentityEndpoint(): Promise<IdentityEndpoint> {
  const resources = new Set<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const resource = url.searchParams.get('resource') ?? '';
    if (request.headers['x-identity-header'] !== 'local') return void response.writeHead(403).end();
    resources.add(resource);
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      aud: resource,
      iss: 'https://sts.windows.net/00000000-0000-0000-0000-000000000000/',
      nbf: now - 60,
      iat: now - 60,
      exp: now + 3600,
    };
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, expires_on: String(now + 3600), resource, token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: 'local' },
    resources,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
