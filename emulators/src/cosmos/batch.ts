/**
 * Many operations in one request: transactional batches (all or nothing, one partition key) and bulk (each for itself).
 * It must not know HTTP; it is run inside a transaction.
 */
import type { Container } from './catalogue.ts';
import { badRequest, CosmosError } from './cosmos-error.ts';
import type { ItemOperations, ItemResult } from './item-operations.ts';
import { isObject, type Json } from './json.ts';
import { parsePatch } from './patch.ts';

export type BatchOperation = {
  operationType: string;
  id?: string;
  resourceBody?: Json;
  partitionKey?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
};

export type OperationOutcome = {
  status: number;
  substatus?: number;
  etag?: string | undefined;
  body?: string | undefined;
  charge: number;
  message?: string;
};

const operationsMax = 100;

export function parseBatch(body: Json): BatchOperation[] {
  if (!Array.isArray(body)) throw badRequest('The body of a batch must be an array of operations.');
  if (body.length > operationsMax) {
    throw badRequest(`Batch request has more operations than what is supported: ${body.length}, at most ${operationsMax}.`);
  }
  return body.map((operation, index) => {
    if (!isObject(operation) || typeof operation.operationType !== 'string')
      throw badRequest(`Operation ${index} of the batch has no operationType.`);
    return operation as unknown as BatchOperation;
  });
}

class BatchFailed extends Error {
  readonly outcomes: OperationOutcome[];

  constructor(outcomes: OperationOutcome[]) {
    super('batch failed');
    this.outcomes = outcomes;
  }
}

/** All or nothing: on a failure the failed operation has its own status and every other one 424. */
export function runTransactionalBatch(
  operations: ItemOperations,
  container: Container,
  pk: string,
  batch: readonly BatchOperation[],
  atomically: (work: () => OperationOutcome[]) => OperationOutcome[],
): OperationOutcome[] {
  try {
    return atomically(() => {
      const outcomes: OperationOutcome[] = [];
      for (const [index, operation] of batch.entries()) {
        const outcome = outcomeOf(operations, container, pk, operation);
        if (outcome.status >= 400) throw new BatchFailed(batch.map((_, other) => (other === index ? outcome : dependent)));
        outcomes.push(outcome);
      }
      return outcomes;
    });
  } catch (error) {
    if (error instanceof BatchFailed) return error.outcomes;
    throw error;
  }
}

const dependent: OperationOutcome = { status: 424, charge: 0 };

/** Each operation for itself, with its own partition key; after a failure the others go on if `continueOnError`, else they get 424. */
export function runBulk(
  operations: ItemOperations,
  container: Container,
  batch: readonly BatchOperation[],
  continueOnError: boolean,
): OperationOutcome[] {
  let stopped = false;
  return batch.map((operation) => {
    if (stopped) return dependent;
    const outcome = outcomeOf(operations, container, undefined, operation);
    if (outcome.status >= 400 && !continueOnError) stopped = true;
    return outcome;
  });
}

function outcomeOf(
  operations: ItemOperations,
  container: Container,
  pk: string | undefined,
  operation: BatchOperation,
): OperationOutcome {
  try {
    const key = operation.partitionKey === undefined ? pk : container.key.fromWire(operation.partitionKey);
    if (key === undefined) throw badRequest('An operation of a bulk request must have a partitionKey.');
    if (pk !== undefined && key !== pk) throw badRequest(`A transactional batch has one partition key: ${pk}, not ${key}.`);
    return run(operations, container, key, operation);
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error;
    return { status: error.status, substatus: error.substatus, charge: error.charge, message: error.message };
  }
}

function run(operations: ItemOperations, container: Container, pk: string, operation: BatchOperation): ItemResult {
  const { operationType, resourceBody = null } = operation;
  switch (operationType.toLowerCase()) {
    case 'create':
      return operations.create(container, pk, resourceBody);
    case 'upsert':
      return operations.upsert(container, pk, resourceBody, operation);
    case 'replace':
      return operations.replace(container, pk, idOf(operation), resourceBody, operation);
    case 'read':
      return operations.read(container, pk, idOf(operation), operation);
    case 'delete':
      return operations.delete(container, pk, idOf(operation), operation);
    case 'patch':
      return operations.patch(container, pk, idOf(operation), parsePatch(resourceBody), operation);
    default:
      throw badRequest(
        `The batch operation '${operationType}' is not known: Create, Upsert, Replace, Read, Delete and Patch are.`,
      );
  }
}

function idOf({ id, operationType }: BatchOperation): string {
  if (typeof id !== 'string') throw badRequest(`The batch operation '${operationType}' must have an id.`);
  return id;
}

/** The response's text; documents are taken over as the text they are stored in. */
export function batchText(outcomes: readonly OperationOutcome[], withBodies: boolean): string {
  const parts = outcomes.map(({ status, substatus, etag, body, charge, message }) => {
    let text = `{"statusCode":${status},"requestCharge":${charge}`;
    if (substatus) text += `,"subStatusCode":${substatus}`;
    if (etag !== undefined) text += `,"eTag":${JSON.stringify(etag)}`;
    if (message !== undefined) text += `,"message":${JSON.stringify(message)}`;
    if (withBodies && body !== undefined) text += `,"resourceBody":${body}`;
    return `${text}}`;
  });
  return `[${parts.join(',')}]`;
}
