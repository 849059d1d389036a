/** Prices with their region, date and source: from the file that ships with the command, or asked of the public price API. */
import { readFileSync } from 'node:fs';

export interface Price {
  readonly price: number;
  readonly region: string;
  /** Of the list, `YYYY-MM` or a date. */
  readonly asOf: string;
  readonly source: string;
}

/** Finds an item's price in a region; one of another region where there is no nearer; null where none is known. */
export interface PriceList {
  readonly currency: string;
  find(item: string, region: string): Price | null;
  unitOf(item: string): string;
}

interface Meter {
  readonly serviceName: string;
  readonly productName?: string;
  readonly skuName: string;
  readonly meterName: string;
  readonly unitOfMeasure: string;
  readonly perUnit: number;
}

interface PriceFile {
  readonly currency: string;
  readonly items: Readonly<Record<string, { readonly unit: string; readonly meter: Meter; readonly prices: readonly Price[] }>>;
}

export const priceApiUrl = 'https://prices.azure.com/api/retail/prices';

function shippedFile(): PriceFile {
  return JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')) as PriceFile;
}

function itemOf({ items }: PriceFile, name: string) {
  const item = items[name];
  if (item === undefined) throw new Error(`No price item is called ${name}.`);
  return item;
}

export function shippedPrices(): PriceList {
  const file = shippedFile();
  return {
    currency: file.currency,
    find(name, region) {
      const { prices } = itemOf(file, name);
      return prices.find((price) => price.region === region) ?? prices[0] ?? null;
    },
    unitOf: (name) => itemOf(file, name).unit,
  };
}

export interface OnlinePrices {
  readonly prices: PriceList;
  /** One line for each item that the API did not tell, whose dated price stands. */
  readonly notes: readonly string[];
}

interface RetailPrice {
  readonly retailPrice: number;
  readonly tierMinimumUnits: number;
  readonly unitOfMeasure: string;
  readonly effectiveStartDate: string;
  readonly currencyCode: string;
}

/** Asks for every item of a region. Throws an Error with one line where the API cannot be reached. */
export async function onlinePrices(region: string, url = priceApiUrl): Promise<OnlinePrices> {
  const file = shippedFile();
  const shipped = shippedPrices();
  const found = new Map<string, Price>();
  const notes: string[] = [];
  for (const [name, { meter }] of Object.entries(file.items)) {
    const offers = await ask(url, filterOf(meter, region));
    // The first tier: what a job of this size pays, more or less; a free first tier has no price to multiply with.
    const offer = offers
      .filter(({ unitOfMeasure, retailPrice }) => unitOfMeasure === meter.unitOfMeasure && retailPrice > 0)
      .sort((a, b) => a.tierMinimumUnits - b.tierMinimumUnits)[0];
    if (offer === undefined)
      notes.push(`The price API tells no price of ${name} in ${region}: the dated one stands, if there is one.`);
    else
      found.set(name, {
        price: offer.retailPrice / meter.perUnit,
        region,
        asOf: offer.effectiveStartDate.slice(0, 10),
        source: new URL(url).host,
      });
  }
  return {
    prices: { ...shipped, find: (name, place) => (place === region ? found.get(name) : undefined) ?? shipped.find(name, place) },
    notes,
  };
}

function filterOf({ serviceName, productName, skuName, meterName }: Meter, region: string): string {
  const wanted = { serviceName, productName, skuName, meterName, armRegionName: region, priceType: 'Consumption' };
  return Object.entries(wanted)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} eq '${String(value).replaceAll("'", "''")}'`)
    .join(' and ');
}

async function ask(url: string, filter: string): Promise<readonly RetailPrice[]> {
  const offers: RetailPrice[] = [];
  let next: string | null = `${url}?${new URLSearchParams({ currencyCode: 'USD', $filter: filter })}`;
  while (next !== null) {
    let response: Response;
    try {
      response = await fetch(next);
    } catch (error) {
      const { cause, message } = error as Error;
      throw new Error(
        `The price API (${new URL(url).host}) cannot be reached: ${(cause as Error | undefined)?.message ?? message}.`,
      );
    }
    if (!response.ok) throw new Error(`The price API answered ${response.status} to ${filter}.`);
    const page = (await response.json()) as { readonly Items: readonly RetailPrice[]; readonly NextPageLink: string | null };
    offers.push(...page.Items);
    next = page.NextPageLink;
  }
  return offers;
}
