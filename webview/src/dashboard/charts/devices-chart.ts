// Users by device as a ring; the table beside it is its legend.
import { formatCount, formatName, formatShare } from '../../model/format.ts';
import type { DeviceUse } from '../../protocol/index.ts';
import type { Colours } from '../theme.ts';
import { Chart, type ChartOption, tooltipOption } from './chart.ts';

function frame(colours: Colours): ChartOption {
  return {
    tooltip: {
      ...tooltipOption(colours),
      trigger: 'item',
      formatter: (item: { name: string; value: number; percent: number }) =>
        `${item.name}\n${formatCount(item.value)} users, ${formatShare(item.percent, 100)}`,
    },
  };
}

/** The chart, and how it takes devices (in the order of their colours). */
export function createDevicesChart(): { root: HTMLElement; show(devices: readonly DeviceUse[], words: string): void } {
  const chart = new Chart('chart-devices', frame);
  return {
    root: chart.root,
    show: (devices, words) => {
      const option = (colours: Colours): ChartOption => ({
        series: [
          {
            id: 'devices',
            type: 'pie',
            radius: ['62%', '94%'],
            label: { show: false },
            emphasis: { scale: false },
            itemStyle: { borderColor: colours.panel, borderWidth: 2 },
            data: devices.map((device, index) => ({
              name: formatName(device.deviceType),
              value: device.users,
              itemStyle: { color: colours.series[index % colours.series.length] },
            })),
          },
        ],
      });
      chart.update(option, words);
    },
  };
}
