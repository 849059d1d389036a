// The world with a bubble on each city: its area tells the viewers. The map is part of the bundle; nothing is fetched.
import { registerMap } from 'echarts/core';
import { feature } from 'topojson-client';
import atlas from 'world-atlas/countries-110m.json';
import { formatCount, formatShare } from '../../model/format.ts';
import type { CityViewers } from '../../protocol/index.ts';
import type { Colours } from '../theme.ts';
import { Chart, type ChartOption, tooltipOption } from './chart.ts';
import { cutAntimeridian } from './cut-antimeridian.ts';
import { project, unproject } from './equal-earth.ts';

/** Diameters of the smallest and the largest bubble, as shares of the map's width. */
const bubbleMinShare = 0.009;
const bubbleMaxShare = 0.042;
const labelledCities = 5;

interface CityDatum {
  name: string;
  value: [longitude: number, latitude: number, viewers: number];
  city: CityViewers;
}

type Topology = Parameters<typeof feature>[0];
type CountryCollection = Extract<Parameters<typeof feature>[1], { type: 'GeometryCollection' }>;

let isRegistered = false;

function registerWorld(): void {
  if (isRegistered) return;
  isRegistered = true;
  const topology = atlas as unknown as Topology;
  const world = feature(topology, topology.objects.countries as CountryCollection);
  // Nobody streams in Antarctica, and it would take a fifth of the picture.
  const features = world.features.flatMap((country) => {
    const { geometry } = country;
    const isArea = geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';
    return isArea && country.properties?.name !== 'Antarctica' ? [{ ...country, geometry: cutAntimeridian(geometry) }] : [];
  });
  registerMap('world', { type: 'FeatureCollection', features } as Parameters<typeof registerMap>[1]);
}

function frame(colours: Colours): ChartOption {
  return {
    tooltip: {
      ...tooltipOption(colours),
      trigger: 'item',
      formatter: (item: { data?: CityDatum }) => {
        const city = item.data?.city;
        if (!city) return '';
        return `${city.city}, ${city.country}\n${formatCount(city.viewers)} viewers, ${formatCount(city.events)} events\n${formatShare(city.bufferEvents, city.events)} buffering`;
      },
    },
    geo: {
      map: 'world',
      projection: { project, unproject },
      left: 4,
      right: 4,
      top: 4,
      bottom: 4,
      silent: true,
      itemStyle: { areaColor: colours.land, borderColor: colours.border, borderWidth: 0.6 },
    },
  };
}

function bubblePixels(viewers: number, mostViewers: number, mapPixels: number): number {
  return mapPixels * (bubbleMinShare + (bubbleMaxShare - bubbleMinShare) * Math.sqrt(viewers / Math.max(1, mostViewers)));
}

function seriesOption(cities: readonly CityViewers[], colours: Colours, mapPixels: number): ChartOption {
  const mostViewers = cities[0]?.viewers ?? 1;
  const located = cities.flatMap((city): CityDatum[] =>
    city.lat === null || city.lon === null ? [] : [{ name: city.city, value: [city.lon, city.lat, city.viewers], city }],
  );
  const data = located.map((datum, index) => ({
    ...datum,
    label: {
      show: index < labelledCities,
      formatter: datum.name,
      position: 'top',
      distance: 3,
      color: colours.text,
      fontFamily: colours.font,
      fontSize: 11,
      textBorderColor: colours.panel,
      textBorderWidth: 3,
    },
  }));
  return {
    series: [
      {
        id: 'cities',
        type: 'scatter',
        coordinateSystem: 'geo',
        data,
        symbolSize: (value: CityDatum['value']) => bubblePixels(value[2], mostViewers, mapPixels),
        itemStyle: {
          color: colours.accent,
          opacity: colours.isHighContrast ? 1 : 0.72,
          borderColor: colours.panel,
          borderWidth: 1,
        },
        labelLayout: { hideOverlap: true },
        emphasis: { itemStyle: { opacity: 1 }, scale: 1.1 },
      },
    ],
  };
}

/** The chart, and how it takes cities (most viewers first). */
export function createWorldMap(): { root: HTMLElement; show(cities: readonly CityViewers[], words: string): void } {
  registerWorld();
  const chart = new Chart('chart-map', frame);
  return {
    root: chart.root,
    show: (cities, words) =>
      chart.update((colours) => seriesOption(cities, colours, Math.max(400, chart.root.clientWidth)), words),
  };
}
