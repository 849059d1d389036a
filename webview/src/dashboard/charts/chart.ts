// One ECharts chart in the page: only the modules in use, sized with its element, coloured by the theme, with a text
// alternative. Tooltips are drawn in the canvas: as markup they would need inline styles, which the page's policy forbids.
import { LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GeoComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { element, setAttribute } from '../../page/element.ts';
import { type Colours, currentColours, onColoursChange } from '../theme.ts';

use([LineChart, ScatterChart, PieChart, GridComponent, GeoComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = EChartsCoreOption;

/** The tooltip all charts share. */
export function tooltipOption(colours: Colours): ChartOption {
  return {
    renderMode: 'richText',
    backgroundColor: colours.panel,
    borderColor: colours.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: colours.text, fontFamily: colours.font, fontSize: 12 },
    confine: true,
    transitionDuration: 0,
  };
}

export class Chart {
  readonly root: HTMLElement;
  private readonly canvasHost: HTMLElement;
  private readonly frame: (colours: Colours) => ChartOption;
  private chart: EChartsType | null = null;
  private data: ((colours: Colours) => ChartOption) | null = null;

  /** `frame` gives what stays between updates: axes, map, styles. It is asked again when the colours change. */
  constructor(className: string, frame: (colours: Colours) => ChartOption) {
    this.frame = frame;
    this.canvasHost = element('div', { class: 'chart-canvas', 'aria-hidden': 'true' });
    this.root = element('div', { class: `chart ${className}`, role: 'img', 'aria-label': 'No data yet.' }, this.canvasHost);
    new ResizeObserver(() => this.fit()).observe(this.root);
    onColoursChange(() => this.restyle());
  }

  /** Shows new data and says in words what is to be seen. */
  update(data: (colours: Colours) => ChartOption, words: string): void {
    this.data = data;
    setAttribute(this.root, 'aria-label', words);
    this.chart?.setOption(data(currentColours()), { lazyUpdate: true });
  }

  private fit(): void {
    if (this.root.clientWidth === 0 || this.root.clientHeight === 0) return;
    if (this.chart) {
      this.chart.resize();
      return;
    }
    this.chart = init(this.canvasHost, null, { renderer: 'canvas' });
    this.restyle();
  }

  private restyle(): void {
    if (!this.chart) return;
    const colours = currentColours();
    // No animation: figures that change all the time need none, some readers must be spared it, and it costs a third of a
    // second of frames with every update.
    this.chart.setOption({ animation: false, ...this.frame(colours) }, { notMerge: true });
    if (this.data) this.chart.setOption(this.data(colours));
  }
}
