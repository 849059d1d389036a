// What people watch on: a ring, and a table that is its legend.
import { formatClockMinute, formatCount, formatDecimal, formatName, formatShare } from '../../model/format.ts';
import { spokenDevices } from '../../model/spoken-charts.ts';
import { emptyReason } from '../../model/standing.ts';
import { element } from '../../page/element.ts';
import type { DeviceUse } from '../../protocol/index.ts';
import { createDevicesChart } from '../charts/devices-chart.ts';
import { DataTable } from '../data-table.ts';
import { type Panel, panelFrame } from '../panel.ts';

interface Row {
  device: DeviceUse;
  index: number;
  users: number;
}

function megabits(kbps: number | null): string {
  return formatDecimal(kbps === null ? null : kbps / 1_000);
}

export function createDevicesPanel(): Panel {
  const frame = panelFrame('devices', 'Devices');
  const chart = createDevicesChart();
  const table = new DataTable<Row>('Users by device, most first', [
    {
      header: 'Device',
      isRowHeader: true,
      cell: ({ device, index }) => ({ text: formatName(device.deviceType), tone: `key key-${(index % 6) + 1}` }),
    },
    { header: 'Users', numeric: true, cell: ({ device }) => ({ text: formatCount(device.users) }) },
    { header: 'Share', numeric: true, cell: ({ device, users }) => ({ text: formatShare(device.users, users) }) },
    {
      header: 'Stalls',
      numeric: true,
      isMinor: true,
      cell: ({ device }) => ({ text: formatShare(device.bufferEvents, device.events) }),
    },
    { header: 'Mbit/s', numeric: true, isMinor: true, cell: ({ device }) => ({ text: megabits(device.averageBitrateKbps) }) },
  ]);
  frame.body.append(element('div', { class: 'ring-and-table' }, chart.root, table.root));
  return {
    root: frame.root,
    parts: ['devices', 'range'],
    render: (model) => {
      const section = model.sections?.devices ?? null;
      frame.setEmpty(section ? null : emptyReason(model, 60_000));
      frame.setNote(section ? `1 minute to ${formatClockMinute(section.windowEndMs)}` : '');
      if (!section) return;
      const users = section.devices.reduce((sum, device) => sum + device.users, 0);
      table.update(section.devices.map((device, index) => ({ device, index, users })));
      chart.show(section.devices, spokenDevices(section));
    },
  };
}
