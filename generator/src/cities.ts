// The cities in which people watch, with their real coordinates.
import type { Location } from './playback-event.ts';

export interface City {
  readonly location: Location;
  /** How many of all users live there, compared with the others. */
  readonly weight: number;
}

const city = (name: string, region: string, country: string, lat: number, lon: number, weight: number): City => ({
  location: { country, region, city: name, lat, lon },
  weight,
});

export const cities: readonly City[] = [
  city('New York', 'New York', 'US', 40.7128, -74.006, 12),
  city('Los Angeles', 'California', 'US', 34.0522, -118.2437, 10),
  city('Toronto', 'Ontario', 'CA', 43.6532, -79.3832, 6),
  city('Mexico City', 'CDMX', 'MX', 19.4326, -99.1332, 7),
  city('São Paulo', 'São Paulo', 'BR', -23.5505, -46.6333, 9),
  city('London', 'England', 'GB', 51.5074, -0.1278, 10),
  city('Paris', 'Île-de-France', 'FR', 48.8566, 2.3522, 7),
  city('Berlin', 'Berlin', 'DE', 52.52, 13.405, 6),
  city('Madrid', 'Madrid', 'ES', 40.4168, -3.7038, 5),
  city('Lagos', 'Lagos', 'NG', 6.5244, 3.3792, 3),
  city('Mumbai', 'Maharashtra', 'IN', 19.076, 72.8777, 8),
  city('Singapore', 'Singapore', 'SG', 1.3521, 103.8198, 3),
  city('Seoul', 'Seoul', 'KR', 37.5665, 126.978, 5),
  city('Tokyo', 'Tokyo', 'JP', 35.6762, 139.6503, 6),
  city('Sydney', 'New South Wales', 'AU', -33.8688, 151.2093, 3),
];

/** The city that the scenario `buffer-storm` strikes. */
export const stormCityName = 'Mumbai';
