// Text alternatives of the charts: what a person would say who looks at them.
import type { CitiesSection, DevicesSection, EngagementSection, TrendingTitle, ViewerPoint } from '../protocol/index.ts';
import { SEGMENT_NAMES } from '../protocol/index.ts';
import { formatClock, formatCount, formatName, formatShare } from './format.ts';

export function spokenSeries(points: readonly ViewerPoint[]): string {
  const first = points.at(0);
  const last = points.at(-1);
  if (!first || !last) return 'Viewers over time: no data.';
  const peak = points.reduce((best, point) => (point.peakViewers > best.peakViewers ? point : best), first);
  const low = points.reduce((best, point) => (point.viewers < best.viewers ? point : best), first);
  return `Viewers from ${formatClock(first.endMs)} to ${formatClock(last.endMs)}: now ${formatCount(last.viewers)}, peak ${formatCount(peak.peakViewers)} at ${formatClock(peak.endMs)}, lowest ${formatCount(low.viewers)} at ${formatClock(low.endMs)}.`;
}

export function spokenMap(section: CitiesSection | null): string {
  if (!section || section.cities.length === 0) return 'World map of viewers by city: no data.';
  const top = section.cities.slice(0, 3).map((city) => `${city.city} ${formatCount(city.viewers)}`);
  return `World map of viewers in ${section.cities.length} cities, most in ${top.join(', ')}.`;
}

export function spokenDevices(section: DevicesSection | null): string {
  if (!section || section.devices.length === 0) return 'Users by device: no data.';
  const users = section.devices.reduce((sum, device) => sum + device.users, 0);
  return `Users by device: ${section.devices.map((device) => `${formatName(device.deviceType)} ${formatShare(device.users, users)}`).join(', ')}.`;
}

export function spokenSegments(section: EngagementSection | null): string {
  if (!section || section.users === 0) return 'Users by engagement: no data.';
  return `Users by engagement: ${SEGMENT_NAMES.map((name) => `${formatName(name)} ${formatShare(section.segments[name], section.users)}`).join(', ')}.`;
}

/** How a title moved: for the arrow and for the ear. */
export function movementOf(
  title: TrendingTitle,
  hasPrevious: boolean,
): { direction: 'up' | 'down' | 'same' | 'new'; text: string; spoken: string } {
  if (title.previousRank === null) {
    return hasPrevious
      ? { direction: 'new', text: 'new', spoken: 'new in the ranking' }
      : { direction: 'same', text: '', spoken: '' };
  }
  const places = title.previousRank - title.rank;
  if (places === 0) return { direction: 'same', text: '', spoken: 'unchanged' };
  const count = Math.abs(places);
  const direction = places > 0 ? 'up' : 'down';
  return { direction, text: String(count), spoken: `${direction} ${count} ${count === 1 ? 'place' : 'places'}` };
}
