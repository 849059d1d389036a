// Viewers over time, as a line over a soft area. A missing stretch is a gap.
import { formatClock, formatClockMinute, formatCompact, formatCount } from '../../model/format.ts';
import type { LinePoint } from '../../model/viewer-series.ts';
import type { Colours } from '../theme.ts';
import { Chart, type ChartOption, tooltipOption } from './chart.ts';

/** Over a shorter time several labels would carry the same minute. */
const secondsShownBelowMs = 10 * 60_000;

interface AxisTooltip {
  value: LinePoint;
}

function frame(colours: Colours): ChartOption {
  const axisText = { color: colours.muted, fontFamily: colours.font, fontSize: 11 };
  return {
    grid: { left: 8, right: 12, top: 14, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      ...tooltipOption(colours),
      trigger: 'axis',
      axisPointer: { lineStyle: { color: colours.muted, type: 'solid', width: 1 } },
      formatter: (items: AxisTooltip[]) => {
        const [timeMs, viewers] = items[0]?.value ?? [0, null];
        return viewers === null ? '' : `${formatClock(timeMs)}\n${formatCount(viewers)} viewers`;
      },
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { ...axisText, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLabel: { ...axisText, formatter: (value: number) => formatCompact(value) },
      splitLine: { lineStyle: { color: colours.grid } },
    },
  };
}

/** The chart, and how it takes a line that runs over `fromMs` … `toMs`. */
export function createViewersChart(): {
  root: HTMLElement;
  show(line: readonly LinePoint[], fromMs: number, toMs: number, words: string): void;
} {
  const chart = new Chart('chart-viewers', frame);
  return {
    root: chart.root,
    show: (line, fromMs, toMs, words) => {
      const option = (colours: Colours): ChartOption => ({
        xAxis: {
          min: fromMs,
          max: toMs,
          axisLabel: { formatter: toMs - fromMs < secondsShownBelowMs ? formatClock : formatClockMinute },
        },
        series: [
          {
            id: 'viewers',
            type: 'line',
            showSymbol: line.length === 1,
            symbol: 'circle',
            lineStyle: { color: colours.accent, width: colours.isHighContrast ? 2 : 1.75 },
            itemStyle: { color: colours.accent },
            areaStyle: { color: colours.accent, opacity: colours.isHighContrast ? 0 : 0.14 },
            emphasis: { disabled: true },
            data: line,
          },
        ],
      });
      chart.update(option, words);
    },
  };
}
