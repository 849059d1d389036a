/** Where a Functions app takes its package: one publish, then its state until it is taken. */
import { unzipSync } from 'fflate';
import { type ManagementPlane, refusal } from './management-plane.ts';

export interface PublishedApps {
  /** The files of each package that was taken, by app. */
  readonly packages: Map<string, string[]>;
  /** What the host says of a package; null: it takes it. */
  refuses: string | null;
}

export function addFunctionsHost(plane: ManagementPlane): PublishedApps {
  const apps: PublishedApps = { packages: new Map(), refuses: null };
  let looks = 0;
  plane.routes.push((request) => {
    const [, app = '', action = ''] = /^\/scm\/([^/]+)\/api\/(publish|deployments\/[\w-]+)$/.exec(request.path) ?? [];
    if (app === '') return null;
    if (request.method === 'POST' && action === 'publish') {
      if (request.headers['content-type'] !== 'application/zip' || !(request.body instanceof Uint8Array))
        return refusal(400, 'BadRequest', 'The body is no zip.');
      apps.packages.set(app, Object.keys(unzipSync(request.body)));
      looks = 0;
      return { status: 202, body: 'deployment-1' };
    }
    looks++;
    if (looks < 2) return { status: 200, body: { id: 'deployment-1', status: 1, status_text: 'Building' } };
    return {
      status: 200,
      body: apps.refuses === null ? { status: 4, status_text: '' } : { status: 3, status_text: apps.refuses },
    };
  });
  return apps;
}
