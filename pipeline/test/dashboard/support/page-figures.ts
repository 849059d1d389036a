// Reads the figures off the page as a person would, and computes the same from Cosmos DB by SQL: two ways that share nothing.
import type { Container, SqlQuerySpec } from '@azure/cosmos';
import type { Page } from 'playwright-core';

/** The visible texts of a table's cells, row by row. */
export function tableTexts(page: Page, region: string): Promise<string[][]> {
  return page
    .locator(`#${region} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.querySelector('.cell-text')?.textContent ?? '')),
    );
}

export async function keyFigureTexts(page: Page): Promise<Record<string, string>> {
  const pairs = await page
    .locator('[data-figure]')
    .evaluateAll((nodes) =>
      nodes.map((node): [string, string] => [node.getAttribute('data-figure') ?? '', node.textContent ?? '']),
    );
  return Object.fromEntries(pairs);
}

export async function sql<Row>(container: Container, type: string, query: string | SqlQuerySpec): Promise<Row[]> {
  return (await container.items.query<Row>(query, { partitionKey: type }).fetchAll()).resources;
}

export async function newestEnd(container: Container, type: string): Promise<string> {
  const [end] = await sql<string>(container, type, 'SELECT TOP 1 VALUE c.window_end FROM c ORDER BY c.window_end DESC');
  if (end === undefined) throw new Error(`Cosmos holds no ${type} document.`);
  return end;
}

/** The rows of the newest window of a type. */
export async function newestRows<Row>(container: Container, type: string, order: string): Promise<Row[]> {
  const end = await newestEnd(container, type);
  return sql<Row>(container, type, {
    query: `SELECT * FROM c WHERE c.window_end = @end ORDER BY ${order}`,
    parameters: [{ name: '@end', value: end }],
  });
}

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const asCount = (value: number) => count.format(value);
export const asDecimal = (value: number) => decimal.format(value);
export const asPercent = (share: number) => `${decimal.format(Math.round(share * 1_000) / 10)}%`;

interface Totals {
  watch: number;
  completions: number;
  endings: number;
  buffering: number;
  events: number;
}

/** The key figures as text, straight from the container; all documents must lie within the page's range. */
export async function keyFiguresFromCosmos(container: Container): Promise<Record<string, string>> {
  const viewers = await newestRows<{ viewers: number }>(container, 'viewer_count', 'c.content_id');
  const [totals] = await sql<Totals>(
    container,
    'device_distribution',
    'SELECT SUM(c.watch_seconds) AS watch, SUM(c.completions) AS completions, SUM(c.endings) AS endings, SUM(c.buffer_events) AS buffering, SUM(c.events) AS events FROM c',
  );
  const [alerts = 0] = await sql<number>(container, 'quality_alert', 'SELECT VALUE COUNT(1) FROM c');
  if (!totals) throw new Error('Cosmos gave no totals.');
  return {
    viewers: asCount(viewers.reduce((sum, row) => sum + row.viewers, 0)),
    titles: asCount(viewers.length),
    'watch-time': `${asCount(totals.watch / 3_600)} h`,
    completion: asPercent(totals.completions / totals.endings),
    buffering: asPercent(totals.buffering / totals.events),
    alerts: asCount(alerts),
  };
}
