/** Functions of dates and times, and the system functions. Source: their pages of the reference. */
import { bigint, datetime, text } from '../types.ts';
import { family, parameters, within } from './function-spec.ts';

const page = (name: string): string => `${name}-azure-stream-analytics`;

export const datetimeFunctions = family('datetime', 'scalar', [
  {
    name: 'DATEADD',
    unitFirst: true,
    signatures: ['DATEADD(datepart, number, date)'],
    summary: 'A time moved by a number of units.',
    parameters: parameters('number:number', 'date:datetime'),
    returns: datetime,
    page: page('dateadd'),
  },
  {
    name: 'DATEDIFF',
    unitFirst: true,
    signatures: ['DATEDIFF(datepart, startdate, enddate)', 'DATEDIFF(datepart, input_source1, input_source2)'],
    summary: 'Number of unit boundaries between two times. In ON of a join: between the events of two inputs.',
    parameters: parameters('startdate:datetime', 'enddate:datetime'),
    returns: bigint,
    page: page('datediff'),
  },
  {
    name: 'DATENAME',
    unitFirst: true,
    signatures: ['DATENAME(datepart, date)'],
    summary: 'A part of a time as a text.',
    parameters: parameters('date:datetime'),
    returns: text,
    page: page('datename'),
  },
  {
    name: 'DATEPART',
    unitFirst: true,
    signatures: ['DATEPART(datepart, date)'],
    summary: 'A part of a time as a number.',
    parameters: parameters('date:datetime'),
    returns: bigint,
    page: page('datepart'),
  },
  {
    name: 'DATETIMEFROMPARTS',
    signatures: ['DATETIMEFROMPARTS(year, month, day, hour, minute, seconds, milliseconds)'],
    summary: 'A time made of its parts.',
    parameters: within(
      {
        month: { min: 1, max: 12 },
        day: { min: 1, max: 31 },
        hour: { min: 0, max: 23 },
        minute: { min: 0, max: 59 },
        seconds: { min: 0, max: 59 },
        milliseconds: { min: 0, max: 999 },
      },
      parameters(
        'year:integer',
        'month:integer',
        'day:integer',
        'hour:integer',
        'minute:integer',
        'seconds:integer',
        'milliseconds:integer',
      ),
    ),
    returns: datetime,
    page: page('datetimefromparts'),
  },
  {
    name: 'DAY',
    signatures: ['DAY(date)'],
    summary: 'Day of the month.',
    parameters: parameters('date:datetime'),
    returns: bigint,
    page: page('day'),
  },
  {
    name: 'MONTH',
    signatures: ['MONTH(date)'],
    summary: 'Month of the year.',
    parameters: parameters('date:datetime'),
    returns: bigint,
    page: page('month'),
  },
  {
    name: 'YEAR',
    signatures: ['YEAR(date)'],
    summary: 'The year.',
    parameters: parameters('date:datetime'),
    returns: bigint,
    page: page('year'),
  },
]);

export const systemFunctions = family('system', 'system', [
  {
    name: 'Timestamp',
    prefix: 'system',
    signatures: ['System.Timestamp()'],
    summary: 'Time of the event; after a window, the end of the window.',
    parameters: [],
    returns: datetime,
    page: 'system-timestamp-stream-analytics',
  },
  {
    name: 'Window',
    prefix: 'system',
    signatures: ['System.Window().Id'],
    summary: 'The window that produced a row; Id is the name given in Windows().',
    parameters: [],
    returns: { name: 'record', fields: [{ name: 'Id', type: text }] },
    page: page('windows'),
  },
]);
