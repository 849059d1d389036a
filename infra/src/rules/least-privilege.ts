/** Who may do what: exactly the grants of this table, no wider, and none missing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastPart, ofType, type Snapshot, scopeOf, textAt } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

/** Identity, role, and what it is granted on, as `type/name` of the last part of its id. */
export type Grant = readonly [identity: string, role: string, on: string];

const cosmosContributor = 'Cosmos DB Built-in Data Contributor';

export const expectedGrants: readonly Grant[] = [
  // processEvents and archiveRaw read events, replayDeadLetters reads dead letters and sends events again, dead letters are sent.
  ['functions', 'Azure Event Hubs Data Receiver', 'eventhubs/netflix-events'],
  ['functions', 'Azure Event Hubs Data Receiver', 'eventhubs/netflix-events-dlq'],
  ['functions', 'Azure Event Hubs Data Sender', 'eventhubs/netflix-events'],
  ['functions', 'Azure Event Hubs Data Sender', 'eventhubs/netflix-events-dlq'],
  ['functions', cosmosContributor, 'colls/processed-events'],
  ['functions', 'Storage Blob Data Contributor', 'containers/raw'],
  ['functions', 'Storage Blob Data Contributor', 'containers/processed'],
  ['functions', 'Storage Blob Data Contributor', 'containers/curated'],
  ['functions', 'Storage Blob Data Owner', 'storageAccounts/stnflxfunc*'],
  ['functions', 'Monitoring Metrics Publisher', 'components/appi-netflix-*'],
  ['job', 'Azure Event Hubs Data Receiver', 'eventhubs/netflix-events'],
  ['job', 'Storage Blob Data Contributor', 'containers/raw'],
  ['job', cosmosContributor, 'colls/aggregations'],
  // Fetches the account's key: the documented way of the job's output.
  ['job', 'DocumentDB Account Contributor', 'databaseAccounts/cosmos-netflix-*'],
];

const roleNames = new Map(
  Object.entries(
    (JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'system.json'), 'utf8')) as { roles: Record<string, string> })
      .roles,
  ).map(([name, id]) => [id, name]),
);
const cosmosRoles = new Map([
  ['00000000-0000-0000-0000-000000000001', 'Cosmos DB Built-in Data Reader'],
  ['00000000-0000-0000-0000-000000000002', cosmosContributor],
]);

/** The grants of a snapshot, with names instead of ids. */
export function grantsOf(snapshot: Snapshot): Grant[] {
  const grants: Grant[] = [];
  for (const assignment of ofType(snapshot, 'Microsoft.Authorization/roleAssignments')) {
    const role = lastPart(textAt(assignment.properties, 'roleDefinitionId'));
    grants.push([
      identityOf(textAt(assignment.properties, 'principalId')),
      roleNames.get(role) ?? role,
      lastTwo(scopeOf(assignment)),
    ]);
  }
  for (const assignment of ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments')) {
    const role = lastPart(textAt(assignment.properties, 'roleDefinitionId'));
    const on = lastTwo(textAt(assignment.properties, 'scope'));
    grants.push([identityOf(textAt(assignment.properties, 'principalId')), cosmosRoles.get(role) ?? role, on]);
  }
  return grants;
}

/** `functions` or `job` for our identities; what else it is, as it stands. */
function identityOf(principal: string): string {
  return /userAssignedIdentities\/id-netflix-(functions|job)-\w+'/.exec(principal)?.[1] ?? principal;
}

const lastTwo = (id: string): string => id.split('/').slice(-2).join('/');

const matches = (expected: Grant, found: Grant): boolean =>
  expected[0] === found[0] &&
  expected[1] === found[1] &&
  (expected[2].endsWith('*') ? found[2].startsWith(expected[2].slice(0, -1)) : expected[2] === found[2]);

export const leastPrivilege: Rule = (snapshot): Finding[] => {
  const found = grantsOf(snapshot);
  const written = ([identity, role, on]: Grant) => `${identity} is ${role} on ${on}`;
  return [
    ...found
      .filter((grant) => !expectedGrants.some((expected) => matches(expected, grant)))
      .map((grant) => ({ rule: 'least-privilege', where: 'roles', problem: `${written(grant)}: nobody asked for that.` })),
    ...expectedGrants
      .filter((expected) => !found.some((grant) => matches(expected, grant)))
      .map((grant) => ({ rule: 'least-privilege', where: 'roles', problem: `Missing: ${written(grant)}.` })),
  ];
};
