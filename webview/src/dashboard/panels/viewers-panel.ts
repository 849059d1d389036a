// Viewers over time: the chart, and the same points as a table.
import { formatClock, formatCount } from '../../model/format.ts';
import { spokenSeries } from '../../model/spoken-charts.ts';
import { emptyReason } from '../../model/standing.ts';
import { lineFrom } from '../../model/viewer-series.ts';
import type { ViewerPoint } from '../../protocol/index.ts';
import { RANGES } from '../../protocol/index.ts';
import { createViewersChart } from '../charts/viewers-chart.ts';
import { DataTable } from '../data-table.ts';
import { dataFold, type Panel, panelFrame } from '../panel.ts';

/** More points than this are finer than the screen. */
const linePointsMax = 800;
/** The table shows the newest points: nobody reads a thousand rows. */
const tableRowsMax = 60;

export function createViewersPanel(): Panel {
  const frame = panelFrame('viewers', 'Viewers over time');
  const chart = createViewersChart();
  const table = new DataTable<ViewerPoint>('Viewers over time, newest first', [
    { header: 'Until', isRowHeader: true, cell: (point) => ({ text: formatClock(point.endMs) }) },
    { header: 'Viewers', numeric: true, cell: (point) => ({ text: formatCount(point.viewers) }) },
    { header: 'Peak', numeric: true, cell: (point) => ({ text: formatCount(point.peakViewers) }) },
    { header: 'Events', numeric: true, cell: (point) => ({ text: formatCount(point.events) }) },
  ]);
  let newest: ViewerPoint[] = [];
  const fold = dataFold('Viewers as a table', table.root, () => table.update(newest));
  frame.body.append(chart.root, fold.root);
  return {
    root: frame.root,
    parts: ['points', 'range'],
    render: (model) => {
      const points = model.series.points;
      const last = points.at(-1);
      frame.setEmpty(last ? null : emptyReason(model, 10_000));
      const seconds = model.resolutionMs / 1_000;
      frame.setNote(`${RANGES[model.range].label}, one point per ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`);
      if (!last) return;
      newest = points.slice(-tableRowsMax).reverse();
      fold.refresh();
      const toMs = last.endMs;
      // While little has been collected the line fills the chart; later the range does.
      const fromMs = Math.max(toMs - RANGES[model.range].spanMs, points[0]?.endMs ?? 0);
      chart.show(lineFrom(points, model.resolutionMs, linePointsMax), fromMs, toMs, spokenSeries(points));
    },
  };
}
