// The titles that people watch, with their lengths and how well each is liked. All are invented.
import type { ContentType } from './playback-event.ts';

export interface Title {
  readonly id: string;
  readonly title: string;
  readonly type: ContentType;
  readonly lengthSeconds: number;
  /** How often it is chosen, compared with the others. */
  readonly popularity: number;
}

const title = (id: string, name: string, type: ContentType, lengthMinutes: number, popularity: number): Title => ({
  id,
  title: name,
  type,
  lengthSeconds: lengthMinutes * 60,
  popularity,
});

export const titles: readonly Title[] = [
  title('NF001', 'Harbour Lights', 'tv_episode', 52, 100),
  title('NF002', 'The Ninth Floor', 'movie', 118, 84),
  title('NF003', 'Cold Signal', 'tv_episode', 47, 76),
  title('NF004', 'Paper Crowns', 'tv_episode', 31, 70),
  title('NF005', 'Salt and Iron', 'movie', 141, 62),
  title('NF006', 'Deep Reef', 'documentary', 58, 55),
  title('NF007', 'Second Platform', 'tv_episode', 44, 50),
  title('NF008', 'Midnight Bakery', 'tv_episode', 26, 46),
  title('NF009', 'A Quiet Orbit', 'movie', 127, 42),
  title('NF010', 'Laugh Track: Live in Leeds', 'special', 64, 38),
  title('NF011', 'The Glassmakers', 'documentary', 83, 34),
  title('NF012', 'Northbound', 'tv_episode', 55, 31),
  title('NF013', 'Ten Seconds Left', 'movie', 96, 28),
  title('NF014', 'Kitchen of the World', 'documentary', 41, 25),
  title('NF015', 'The Understudy', 'movie', 109, 23),
  title('NF016', 'Small Hours', 'tv_episode', 22, 21),
  title('NF017', 'Winter Concert', 'special', 92, 19),
  title('NF018', 'After the Flood', 'documentary', 74, 17),
  title('NF019', 'The Long Detour', 'movie', 103, 15),
  title('NF020', 'New Year Countdown', 'special', 78, 13),
];

/** The title that the scenario `premiere` brings: unknown before it. */
export const premiereTitle: Title = title('NF021', 'Starfall: The First Night', 'special', 88, 0);
