/** Deployments at a subscription, as the management plane runs them: checked, predicted, made resource by resource, each poll one more. */
import { shapeError } from './job-shapes.ts';
import { type ManagementPlane, type PlaneAnswer, type PlaneRequest, type Route, refusal } from './management-plane.ts';

export interface PlannedResource {
  readonly id: string;
  readonly type: string;
  /** Why it cannot be made; it can be told to go the next time. */
  refuses: { readonly status: string; readonly code: string; readonly message: string } | null;
}

export interface Deployments {
  readonly planned: PlannedResource[];
  readonly made: Set<string>;
  readonly outputs: Record<string, { type: string; value: unknown }>;
  /** What was deployed, as it was sent. */
  readonly sent: { readonly location: string; readonly properties: Record<string, unknown> }[];
}

const apiVersion = '2026-06-01';
const envelope = {
  location: 'text',
  properties: {
    mode: ['Incremental', 'Complete'],
    template: 'any',
    parameters: 'any',
    whatIfSettings: { resultFormat: ['ResourceIdOnly', 'FullResourcePayloads'] },
  },
} as const;

interface Running {
  readonly operations: { readonly resource: PlannedResource; state: string }[];
  state: string;
}

export function addDeployments(plane: ManagementPlane, planned: PlannedResource[]): Deployments {
  const deployments: Deployments = { planned, made: new Set(), outputs: {}, sent: [] };
  const running = new Map<string, Running>();
  plane.routes.push(routeOf(deployments, running));
  return deployments;
}

function routeOf(deployments: Deployments, running: Map<string, Running>): Route {
  return (request, plane) => {
    const [, name = '', action = ''] =
      /^\/subscriptions\/[\w-]+\/providers\/microsoft\.resources\/deployments\/([^/]+)(?:\/(.*))?$/.exec(request.path) ?? [];
    if (name === '') return null;
    if (request.query.get('api-version') !== apiVersion)
      return refusal(400, 'InvalidApiVersionParameter', `${request.query.get('api-version')} is not known here.`);
    switch (`${request.method} ${action.split('/')[0]}`) {
      case 'POST validate':
        return checked(request) ?? plane.later(() => ({ status: 200, body: { properties: { provisioningState: 'Succeeded' } } }));
      case 'POST whatif':
        return (
          checked(request) ??
          plane.later(() => ({ status: 200, body: { status: 'Succeeded', properties: { changes: predicted(deployments) } } }))
        );
      case 'PUT ':
        return checked(request) ?? begin(name, request, deployments, running, plane);
      case 'GET operationstatuses':
        return advance(running.get(name), deployments);
      case 'GET operations':
        return { status: 200, body: { value: operationsOf(running.get(name)) } };
      case 'GET ':
        return { status: 200, body: documentOf(name, running.get(name), deployments) };
      default:
        return refusal(405, 'MethodNotAllowed', `${request.method} ${action} is not allowed.`);
    }
  };
}

/** What the service refuses before it looks at a resource. */
function checked({ body }: PlaneRequest): PlaneAnswer | null {
  const error = shapeError(body, envelope as never);
  if (error !== null) return refusal(400, 'InvalidRequestContent', error);
  const { template, parameters } = (
    body as {
      properties: {
        template: { $schema?: string; parameters?: Record<string, { defaultValue?: unknown }> };
        parameters: Record<string, { value?: unknown }>;
      };
    }
  ).properties;
  if (!/subscriptionDeploymentTemplate\.json#$/.test(template.$schema ?? ''))
    return refusal(400, 'InvalidTemplate', 'The template is none of a subscription.');
  const declared = template.parameters ?? {};
  const unknown = Object.keys(parameters).find((name) => !(name in declared));
  if (unknown !== undefined) return refusal(400, 'InvalidTemplate', `The template has no parameter '${unknown}'.`);
  const missing = Object.keys(declared).find(
    (name) => declared[name]?.defaultValue === undefined && parameters[name]?.value === undefined,
  );
  return missing === undefined
    ? null
    : refusal(400, 'InvalidTemplate', `The value for the template parameter '${missing}' is not provided.`);
}

function predicted({ planned, made }: Deployments) {
  return planned.map(({ id }) => ({ resourceId: id, changeType: made.has(id) ? 'NoChange' : 'Create' }));
}

function begin(
  name: string,
  request: PlaneRequest,
  deployments: Deployments,
  running: Map<string, Running>,
  plane: ManagementPlane,
): PlaneAnswer {
  deployments.sent.push(request.body as Deployments['sent'][number]);
  running.set(name, { operations: [], state: 'Running' });
  return {
    status: 201,
    headers: {
      'azure-asyncoperation': `${plane.url}${request.path}/operationStatuses/1?api-version=${apiVersion}`,
      'retry-after': '0',
    },
    body: documentOf(name, running.get(name), deployments),
  };
}

function advance(deployment: Running | undefined, { planned, made }: Deployments): PlaneAnswer {
  if (deployment === undefined) return refusal(404, 'DeploymentNotFound', 'There is no such deployment.');
  const resource = planned[deployment.operations.length];
  if (resource === undefined) deployment.state = 'Succeeded';
  else {
    deployment.operations.push({ resource, state: resource.refuses === null ? 'Succeeded' : 'Failed' });
    if (resource.refuses === null) made.add(resource.id);
    else deployment.state = 'Failed';
  }
  const error =
    deployment.state === 'Failed'
      ? { error: { code: 'DeploymentFailed', message: 'At least one resource deployment operation failed.' } }
      : {};
  return { status: 200, headers: { 'retry-after': '0' }, body: { status: deployment.state, ...error } };
}

function operationsOf(deployment: Running | undefined) {
  return (deployment?.operations ?? []).map(({ resource: { id, type, refuses }, state }, index) => ({
    id: `${index}`,
    operationId: `${index}`,
    properties: {
      provisioningOperation: 'Create',
      provisioningState: state,
      statusCode: refuses === null ? 'OK' : refuses.status,
      targetResource: { id, resourceType: type, resourceName: id.split('/').at(-1) },
      ...(refuses === null
        ? {}
        : { statusMessage: { status: 'Failed', error: { code: refuses.code, message: refuses.message } } }),
    },
  }));
}

function documentOf(name: string, deployment: Running | undefined, { outputs }: Deployments) {
  const state = deployment?.state ?? 'Accepted';
  return {
    id: `/deployments/${name}`,
    name,
    type: 'Microsoft.Resources/deployments',
    location: 'westeurope',
    properties: { provisioningState: state, ...(state === 'Succeeded' ? { outputs } : {}) },
  };
}
