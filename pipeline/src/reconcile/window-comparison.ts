/** Holds the documents of the tumbling windows in Cosmos DB against what they must be, document by document and in sum. */
import type { Container } from '@azure/cosmos';
import type { ExpectedRow, ExpectedWindows } from './expected-windows.ts';

export interface WindowsComparison {
  readonly aggregationType: string;
  readonly expectedDocuments: number;
  readonly foundDocuments: number;
  /** Sums over the expected documents, by column; and of what was found under their ids. */
  readonly expectedSums: ExpectedRow;
  readonly foundSums: ExpectedRow;
  readonly missing: readonly string[];
  /** With the figures that differ. */
  readonly different: readonly string[];
  /** Documents that were written since the events came and that none of them accounts for. */
  readonly unexpected: readonly string[];
}

type Document = { readonly id: string; readonly [column: string]: unknown };

/** `sinceMs`: when the first event came. What was written before belongs to events of an earlier session. */
export function compareWindows(container: Container, expected: ExpectedWindows, sinceMs: number): Promise<WindowsComparison[]> {
  return Promise.all([...expected].map(([type, rows]) => compareType(container, type, rows, sinceMs)));
}

async function compareType(
  container: Container,
  aggregationType: string,
  expected: ReadonlyMap<string, ExpectedRow>,
  sinceMs: number,
): Promise<WindowsComparison> {
  const found = new Map<string, Document>();
  // The time of a document's last write is kept in whole seconds.
  const since = Math.floor(Math.min(sinceMs, Number.MAX_SAFE_INTEGER) / 1000);
  const pages = container.items.query<Document>(
    { query: 'SELECT * FROM c WHERE c._ts >= @since', parameters: [{ name: '@since', value: since }] },
    { partitionKey: aggregationType, maxItemCount: 5000 },
  );
  while (pages.hasMoreResults())
    for (const document of (await pages.fetchNext()).resources ?? []) found.set(document.id, document);
  const expectedSums: Record<string, number> = {};
  const foundSums: Record<string, number> = {};
  const missing: string[] = [];
  const different: string[] = [];
  for (const [id, row] of expected) {
    const document = found.get(id);
    if (!document) missing.push(id);
    else different.push(...differences(id, document, row));
    for (const [column, value] of Object.entries(row)) {
      expectedSums[column] = (expectedSums[column] ?? 0) + value;
      foundSums[column] = (foundSums[column] ?? 0) + Number(document?.[column] ?? 0);
    }
  }
  const unexpected = [...found.keys()].filter((id) => !expected.has(id));
  return {
    aggregationType,
    expectedDocuments: expected.size,
    foundDocuments: [...expected.keys()].filter((id) => found.has(id)).length,
    expectedSums,
    foundSums,
    missing,
    different,
    unexpected,
  };
}

/** One line for a document whose figures are others: id, and each column's figure and what it must be. */
function differences(id: string, document: Document, row: ExpectedRow): string[] {
  const columns = Object.entries(row).filter(([column, value]) => !close(document[column], value));
  if (columns.length === 0) return [];
  return [`${id} (${columns.map(([column, value]) => `${column} ${document[column]}, expected ${value}`).join('; ')})`];
}

/** Sums of floats depend on their order in the last digits. */
function close(found: unknown, expected: number): boolean {
  return typeof found === 'number' && Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}
