/** Streaming jobs as the management plane keeps them: their states, etags, and what each state allows. */
import { jobShapes, shapeError } from './job-shapes.ts';
import { type ManagementPlane, type PlaneAnswer, type PlaneRequest, type Route, refusal } from './management-plane.ts';

export interface StoredJob {
  readonly path: string;
  state: string;
  lastOutputEventTime: string | null;
  query: string;
  streamingUnits: number;
  etag: number;
  readonly properties: Record<string, unknown>;
  /** Whether the job runs with a query; false: it fails after its start. */
  runs: (query: string) => boolean;
  /** Each start, as it was asked for. */
  readonly starts: { readonly query: string; readonly outputStartMode: string; readonly outputStartTime?: string }[];
}

const jobs = new WeakMap<ManagementPlane, Map<string, StoredJob>>();

export function addJob(plane: ManagementPlane, path: string, job: Partial<StoredJob> = {}): StoredJob {
  const stored: StoredJob = {
    path: path.toLowerCase(),
    state: 'Running',
    lastOutputEventTime: '2026-01-15T12:00:00Z',
    query: 'SELECT * INTO o FROM i',
    streamingUnits: 3,
    etag: 1,
    properties: {},
    runs: () => true,
    starts: [],
    ...job,
  };
  const all = jobs.get(plane) ?? new Map<string, StoredJob>();
  all.set(stored.path, stored);
  jobs.set(plane, all);
  return stored;
}

export const streamingJobRoutes: readonly Route[] = [
  (request, plane) => {
    const [, path = '', action = ''] =
      /^(.*\/providers\/microsoft\.streamanalytics\/streamingjobs\/[^/]+)(?:\/(.*))?$/.exec(request.path) ?? [];
    if (path === '') return null;
    if (request.query.get('api-version') !== '2021-10-01-preview')
      return refusal(400, 'InvalidApiVersionParameter', `The api-version ${request.query.get('api-version')} is not known here.`);
    const job = jobs.get(plane)?.get(path);
    if (job === undefined) return refusal(404, 'ResourceNotFound', `The resource ${path} was not found.`);
    return onJob(job, action, request, plane);
  },
];

function onJob(job: StoredJob, action: string, request: PlaneRequest, plane: ManagementPlane): PlaneAnswer {
  switch (`${request.method} ${action.split('/')[0]}`) {
    case 'GET ':
      return { status: 200, body: documentOf(job, request.query.get('$expand') ?? '') };
    case 'POST start':
      return start(job, request, plane);
    case 'POST stop':
      return stop(job, plane);
    case 'POST scale':
      return checked(request, jobShapes.scale) ?? scale(job, request, plane);
    case 'PATCH transformations':
      return checked(request, jobShapes.transformation) ?? change(job, request);
    default:
      return refusal(405, 'MethodNotAllowed', `${request.method} ${action} is not allowed.`);
  }
}

function checked({ body }: PlaneRequest, shape: Parameters<typeof shapeError>[1]): PlaneAnswer | null {
  const error = shapeError(body, shape);
  return error === null ? null : refusal(400, 'BadRequest', error);
}

function documentOf(job: StoredJob, expand: string): object {
  const { inputs, outputs, functions, transformation: _, ...properties } = job.properties;
  const children = {
    inputs: inputs ?? [],
    outputs: outputs ?? [],
    functions: functions ?? [],
    transformation: {
      name: 'Transformation',
      properties: { query: job.query, streamingUnits: job.streamingUnits, etag: `"${job.etag}"` },
    },
  };
  const wanted = Object.fromEntries(Object.entries(children).filter(([name]) => expand.split(',').includes(name)));
  return {
    id: job.path,
    name: job.path.split('/').at(-1),
    type: 'Microsoft.StreamAnalytics/streamingjobs',
    location: 'westeurope',
    properties: {
      jobState: job.state,
      ...(job.lastOutputEventTime === null ? {} : { lastOutputEventTime: job.lastOutputEventTime }),
      ...properties,
      ...wanted,
    },
  };
}

function start(job: StoredJob, request: PlaneRequest, plane: ManagementPlane): PlaneAnswer {
  const wrong = checked(request, jobShapes.start);
  if (wrong !== null) return wrong;
  if (!['Created', 'Stopped', 'Failed'].includes(job.state)) return refusal(409, 'Conflict', `The job is ${job.state}.`);
  const asked = request.body as { readonly outputStartMode: string; readonly outputStartTime?: string };
  if (asked.outputStartMode === 'LastOutputEventTime' && job.lastOutputEventTime === null)
    return refusal(400, 'BadRequest', 'The job has not produced output: there is no last output event time.');
  if ((asked.outputStartMode === 'CustomTime') !== (asked.outputStartTime !== undefined))
    return refusal(400, 'BadRequest', 'outputStartTime goes with CustomTime.');
  job.state = 'Starting';
  job.starts.push({ query: job.query, ...asked });
  return plane.later(() => {
    job.state = job.runs(job.query) ? 'Running' : 'Failed';
    return { status: 200 };
  });
}

function stop(job: StoredJob, plane: ManagementPlane): PlaneAnswer {
  if (!['Running', 'Idle', 'Degraded', 'Starting', 'Processing'].includes(job.state))
    return refusal(409, 'Conflict', `The job is ${job.state}.`);
  job.state = 'Stopping';
  return plane.later(() => {
    job.state = 'Stopped';
    return { status: 200 };
  });
}

function scale(job: StoredJob, { body }: PlaneRequest, plane: ManagementPlane): PlaneAnswer {
  return plane.later(() => {
    job.streamingUnits = (body as { streamingUnits: number }).streamingUnits;
    return { status: 200 };
  });
}

function change(job: StoredJob, { headers, body }: PlaneRequest): PlaneAnswer {
  if (!['Created', 'Stopped', 'Failed'].includes(job.state))
    return refusal(409, 'Conflict', `The query of a job that is ${job.state} cannot be changed.`);
  const wanted = headers['if-match'];
  if (wanted !== undefined && wanted !== `"${job.etag}"`) return refusal(412, 'PreconditionFailed', 'The etag is an old one.');
  const { properties } = body as { properties: { query?: string } };
  job.query = properties.query ?? job.query;
  job.etag++;
  return {
    status: 200,
    headers: { etag: `"${job.etag}"` },
    body: { name: 'Transformation', properties: { query: job.query, streamingUnits: job.streamingUnits, etag: `"${job.etag}"` } },
  };
}
