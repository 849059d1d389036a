/** Prices of the public API, over a server that answers as it does: OData filters, pages, tiers. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { onlinePrices, shippedPrices } from '../../src/estimate/price-list.ts';

interface Offer {
  readonly serviceName: string;
  readonly meterName: string;
  readonly retailPrice: number;
  readonly tierMinimumUnits: number;
  readonly unitOfMeasure: string;
}

const offers: readonly Offer[] = [
  {
    serviceName: 'Stream Analytics',
    meterName: 'Standard V2 Streaming Unit/Job',
    retailPrice: 0.41,
    tierMinimumUnits: 730,
    unitOfMeasure: '1 Hour',
  },
  {
    serviceName: 'Stream Analytics',
    meterName: 'Standard V2 Streaming Unit/Job',
    retailPrice: 0.57,
    tierMinimumUnits: 0,
    unitOfMeasure: '1 Hour',
  },
  {
    serviceName: 'Functions',
    meterName: 'On Demand Execution Time',
    retailPrice: 0,
    tierMinimumUnits: 0,
    unitOfMeasure: '1 GB Second',
  },
  {
    serviceName: 'Functions',
    meterName: 'On Demand Execution Time',
    retailPrice: 0.00003,
    tierMinimumUnits: 100_000,
    unitOfMeasure: '1 GB Second',
  },
  // In another unit than the one that is multiplied with.
  {
    serviceName: 'Event Hubs',
    meterName: 'Standard Throughput Unit',
    retailPrice: 21.9,
    tierMinimumUnits: 0,
    unitOfMeasure: '1/Month',
  },
];

/** Answers one offer a page; refuses what the API would refuse. */
async function startPriceApi(context: TestContext): Promise<{ readonly url: string; readonly filters: string[] }> {
  const filters: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const filter = url.searchParams.get('$filter') ?? '';
    const clauses = [...filter.matchAll(/(\w+) eq '((?:[^']|'')*)'/g)].map(([, key, value]) => [key, value] as const);
    const isWhole = filter === clauses.map(([key, value]) => `${key} eq '${value}'`).join(' and ');
    const wanted = Object.fromEntries(clauses);
    const names = ['serviceName', 'productName', 'skuName', 'meterName', 'armRegionName', 'priceType'];
    if (!isWhole || clauses.some(([key]) => !names.includes(key ?? '')) || url.searchParams.get('currencyCode') !== 'USD') {
      return void response.writeHead(400).end();
    }
    const skip = Number(url.searchParams.get('$skip') ?? 0);
    if (skip === 0) filters.push(filter);
    const found = offers.filter((offer) => offer.serviceName === wanted.serviceName && offer.meterName === wanted.meterName);
    url.searchParams.set('$skip', String(skip + 1));
    const next = skip + 1 < found.length ? `http://${request.headers.host}${url.pathname}${url.search}` : null;
    const items = found
      .slice(skip, skip + 1)
      .map((offer) => ({ ...offer, effectiveStartDate: '2026-11-01T00:00:00Z', currencyCode: 'USD' }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ BillingCurrency: 'USD', Items: items, NextPageLink: next, Count: items.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/retail/prices`, filters };
}

test('the first tier that costs something is the price, in the unit that is known; the rest keeps its dated one', async (context) => {
  const api = await startPriceApi(context);
  const { prices, notes } = await onlinePrices('westeurope', api.url);
  const unit = prices.find('streamAnalytics.unitHour', 'westeurope');
  assert.deepEqual([unit?.price, unit?.region, unit?.asOf], [0.57, 'westeurope', '2026-11-01']);
  assert.equal(prices.find('functions.gigabyteSecond', 'westeurope')?.price, 0.00003);
  assert.equal(prices.find('eventHubs.throughputUnitHour', 'westeurope')?.price, 0.03);
  assert.ok(notes.some((note) => note.includes('eventHubs.throughputUnitHour')));
  assert.equal(notes.length, api.filters.length - 2);
  assert.ok(api.filters.every((filter) => filter.includes("armRegionName eq 'westeurope' and priceType eq 'Consumption'")));
});

test('an API that cannot be reached is named', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise<void>((resolve) => gone.close(() => resolve()));
  const asked = onlinePrices('westeurope', `http://127.0.0.1:${port}/prices`);
  await assert.rejects(asked, /The price API \(127\.0\.0\.1:\d+\) cannot be reached: /);
});

test('a shipped price has its region, its month and its source, and every item has a unit', () => {
  const prices = shippedPrices();
  const price = prices.find('cosmos.requestUnits100Hour', 'northeurope');
  assert.equal(price?.region, 'westus');
  assert.match(price?.asOf ?? '', /^\d{4}-\d\d$/);
  assert.ok((price?.source.length ?? 0) > 0);
  assert.equal(prices.unitOf('cosmos.requestUnits100Hour'), '100 RU/s hour');
  assert.throws(() => prices.find('nothing', 'westus'), /No price item is called nothing/);
});
