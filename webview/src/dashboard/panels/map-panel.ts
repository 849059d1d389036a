// Where people watch: the world map, and the cities as a table.
import { formatClock, formatCount, formatShare } from '../../model/format.ts';
import { spokenMap } from '../../model/spoken-charts.ts';
import { emptyReason } from '../../model/standing.ts';
import type { CityViewers } from '../../protocol/index.ts';
import { createWorldMap } from '../charts/world-map.ts';
import { DataTable } from '../data-table.ts';
import { dataFold, type Panel, panelFrame } from '../panel.ts';

export function createMapPanel(): Panel {
  const frame = panelFrame('cities', 'Viewers by city');
  const map = createWorldMap();
  const table = new DataTable<CityViewers>('Viewers by city, most first', [
    { header: 'City', isRowHeader: true, cell: (city) => ({ text: city.city }) },
    { header: 'Country', cell: (city) => ({ text: city.country }) },
    { header: 'Viewers', numeric: true, cell: (city) => ({ text: formatCount(city.viewers) }) },
    { header: 'Starts', numeric: true, cell: (city) => ({ text: formatCount(city.starts) }) },
    { header: 'Completions', numeric: true, cell: (city) => ({ text: formatCount(city.completions) }) },
    { header: 'Buffering', numeric: true, cell: (city) => ({ text: formatShare(city.bufferEvents, city.events) }) },
  ]);
  let cities: readonly CityViewers[] = [];
  const fold = dataFold('Cities as a table', table.root, () => table.update(cities));
  frame.body.append(map.root, fold.root);
  return {
    root: frame.root,
    parts: ['cities', 'range'],
    render: (model) => {
      const section = model.sections?.cities ?? null;
      frame.setEmpty(section ? null : emptyReason(model, 30_000));
      frame.setNote(section ? `30 s to ${formatClock(section.windowEndMs)}` : '');
      if (!section) return;
      cities = section.cities;
      fold.refresh();
      map.show(cities, spokenMap(section));
    },
  };
}
