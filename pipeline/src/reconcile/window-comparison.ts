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
  /** Documents of windows that no event belongs to, among windows that end where the expected ones do. */
  readonly unexpected: readonly string[];
}

type Document = { readonly id: string; readonly [column: string]: unknown };

export function compareWindows(container: Container, expected: ExpectedWindows): Promise<WindowsComparison[]> {
  return Promise.all([...expected].map(([type, rows]) => compareType(container, type, rows)));
}

async function compareType(
  container: Container,
  aggregationType: string,
  expected: ReadonlyMap<string, ExpectedRow>,
): Promise<WindowsComparison> {
  const ends = new Set([...expected.keys()].map(windowEnd));
  const firstEnd = [...ends].sort()[0] ?? '9999';
  const found = new Map<string, Document>();
  const pages = container.items.query<Document>(
    { query: 'SELECT * FROM c WHERE c.window_end >= @first', parameters: [{ name: '@first', value: firstEnd }] },
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
  const unexpected = [...found.keys()].filter((id) => ends.has(windowEnd(id)) && !expected.has(id));
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

function windowEnd(id: string): string {
  return id.slice(id.lastIndexOf('|') + 1);
}

/** Sums of floats depend on their order in the last digits. */
function close(found: unknown, expected: number): boolean {
  return typeof found === 'number' && Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}
