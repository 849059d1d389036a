/** Dates and times. Rows marked "page" are examples of the reference. */
import { date, record, table, unitTable } from './function-table.ts';

const notDate = /The \w+ argument of function \w+ has invalid type '[a-z()]+'\. Only 'datetime' is allowed\./;
const at = date('2024-02-29T13:14:15.1234567Z');

unitTable('DATEADD', [
  // page
  ['hour', [2n, date('2014-09-10T12:00:00')], date('2014-09-10T14:00:00')],
  ['year', [1n, at], date('2025-02-28T13:14:15.1234567Z')],
  ['year', [4n, at], date('2028-02-29T13:14:15.1234567Z')],
  ['quarter', [-1n, at], date('2023-11-29T13:14:15.1234567Z')],
  ['month', [1n, date('2024-01-31T00:00:00')], date('2024-02-29T00:00:00')],
  ['month', [-13n, date('2024-01-31')], date('2022-12-31')],
  ['dayofyear', [1n, at], date('2024-03-01T13:14:15.1234567Z')],
  ['day', [-29n, at], date('2024-01-31T13:14:15.1234567Z')],
  ['weekday', [1n, at], date('2024-03-01T13:14:15.1234567Z')],
  ['week', [1n, at], date('2024-03-07T13:14:15.1234567Z')],
  ['minute', [-15n, at], date('2024-02-29T12:59:15.1234567Z')],
  ['second', [45n, at], date('2024-02-29T13:15:00.1234567Z')],
  ['millisecond', [877n, at], date('2024-02-29T13:14:16.0004567Z')],
  ['microsecond', [-1n, date('2024-01-01')], date('2023-12-31T23:59:59.999999Z')],
  ['day', [0n, at], at],
  // A fraction is cut off, not rounded.
  ['hour', [1.9, date('2024-01-01')], date('2024-01-01T01:00:00')],
  ['hour', [-1.9, date('2024-01-01')], date('2023-12-31T23:00:00')],
  ['second', ['5', '1970-01-01T00:00:00Z'], date('1970-01-01T00:00:05')],
  // Epoch seconds, as TIMESTAMP BY uses it.
  ['second', [1410350400n, '1970-01-01T00:00:00Z'], date('2014-09-10T12:00:00')],
  // Before 1970, and years below 100.
  ['month', [1n, date('0050-01-31')], date('0050-02-28')],
  ['microsecond', [1n, date('1969-12-31T23:59:59.9999999Z')], date('1970-01-01T00:00:00.0000009Z')],
  ['day', [1n, date('9999-12-30')], date('9999-12-31')],
  ['day', [1n, date('9999-12-31')], /The result of function dateadd is not within the years 1 to 9999\./],
  ['year', [-1n, date('0001-06-01')], /not within the years 1 to 9999/],
  ['month', [2n ** 62n, at], /not within the years 1 to 9999/],
  ['week', [2n ** 62n, at], /not within the years 1 to 9999/],
  ['hour', [null, at], null],
  ['hour', [1n, null], null],
  ['hour', ['x', at], /The 2nd argument of function dateadd has invalid type 'nvarchar\(max\)'\. Only 'bigint' is allowed\./],
  ['hour', [1n, 'yesterday'], /The 3rd argument of function dateadd has invalid type 'nvarchar\(max\)'\. Only 'datetime'/],
  ['hour', [1n, 5n], notDate],
]);

unitTable('DATEDIFF', [
  // page: to a fixed date, and to two hours later
  ['minute', [date('2014-09-10T11:30:30'), date('2014-09-10T12:00:00')], 30n],
  ['minute', [at, date('2024-02-29T15:14:15.1234567Z')], 120n],
  // Boundaries, not elapsed time.
  ['minute', [date('2024-01-01T10:00:59'), date('2024-01-01T10:01:00')], 1n],
  ['minute', [date('2024-01-01T10:00:00'), date('2024-01-01T10:00:59.9999999')], 0n],
  ['year', [date('2023-12-31T23:59:59'), date('2024-01-01')], 1n],
  ['quarter', [date('2023-12-31'), date('2024-07-01')], 3n],
  ['month', [date('2024-01-31'), date('2024-02-01')], 1n],
  ['month', [date('2024-02-01'), date('2023-01-31')], -13n],
  ['day', [date('2024-01-01T23:59:59.9999999'), date('2024-01-02')], 1n],
  ['dayofyear', [date('2024-01-01'), date('2025-01-01')], 366n],
  ['weekday', [date('2024-01-01'), date('2024-01-08')], 7n],
  // Weeks begin on Sunday: 2024-01-06 was a Saturday.
  ['week', [date('2024-01-06'), date('2024-01-07')], 1n],
  ['week', [date('2024-01-07'), date('2024-01-13T23:59:59')], 0n],
  ['week', [date('1969-12-27'), date('1969-12-28')], 1n],
  ['hour', [date('2024-01-01T10:59:00'), date('2024-01-01T09:00:00')], -1n],
  ['second', [date('1969-12-31T23:59:59.5'), date('1970-01-01T00:00:00')], 1n],
  ['millisecond', [date('2024-01-01'), date('2024-01-01T00:00:00.0019999')], 1n],
  ['microsecond', [date('0001-01-01'), date('9999-12-31')], 315537811200000000n],
  ['microsecond', [date('2024-01-01'), date('2024-01-01T00:00:00.0000019')], 1n],
  ['day', ['2024-01-01', '2024-01-03T01:00:00+02:00'], 1n],
  ['day', [at, at], 0n],
  ['day', [null, at], null],
  ['day', [at, null], null],
  ['day', ['x', at], /The 2nd argument of function datediff has invalid type 'nvarchar\(max\)'\. Only 'datetime' is allowed\./],
  ['day', [at, 1n], /The 3rd argument of function datediff has invalid type 'bigint'/],
]);

unitTable('DATEPART', [
  ['year', [at], 2024n],
  ['quarter', [at], 1n],
  ['quarter', ['2024-12-31'], 4n],
  ['month', [at], 2n],
  ['dayofyear', [at], 60n],
  ['dayofyear', ['2024-12-31'], 366n],
  ['day', [at], 29n],
  // 2024-01-01 was a Monday; the first Sunday begins week 2.
  ['week', ['2024-01-01'], 1n],
  ['week', ['2024-01-06'], 1n],
  ['week', ['2024-01-07'], 2n],
  ['week', ['2024-12-31'], 53n],
  ['week', ['2023-01-01'], 1n],
  ['weekday', ['2024-01-07'], 1n],
  ['weekday', ['2024-01-06'], 7n],
  ['weekday', [at], 5n],
  ['hour', [at], 13n],
  ['minute', [at], 14n],
  ['second', [at], 15n],
  ['millisecond', [at], 123n],
  ['microsecond', [at], 123456n],
  ['hour', ['1969-12-31T23:59:59.9999999Z'], 23n],
  ['microsecond', ['1969-12-31T23:59:59.9999999Z'], 999999n],
  // In UTC.
  ['hour', ['2024-01-01T00:30:00+02:00'], 22n],
  ['year', [null], null],
  ['year', ['soon'], notDate],
  ['year', [2024n], notDate],
]);

unitTable('DATENAME', [
  // page: month
  ['month', [date('2014-09-10T12:00:00')], 'September'],
  ['weekday', [date('2014-09-10T12:00:00')], 'Wednesday'],
  ['year', [at], '2024'],
  ['day', [at], '29'],
  ['week', [at], '9'],
  ['microsecond', [at], '123456'],
  ['month', [null], null],
  ['month', [record({})], notDate],
]);

table('DATETIMEFROMPARTS', [
  // page
  [[2014n, 9n, 10n, 12n, 25n, 0n, 0n], date('2014-09-10T12:25:00')],
  [[2024n, 2n, 29n, 23n, 59n, 59n, 999n], date('2024-02-29T23:59:59.999')],
  [[1n, 1n, 1n, 0n, 0n, 0n, 0n], date('0001-01-01')],
  [['2024', 1.9, 1n, 0n, 0n, 0n, 0n], date('2024-01-01')],
  [[2024n, 1n, 1n, 0n, null, 0n, 0n], null],
  [
    [2023n, 2n, 29n, 0n, 0n, 0n, 0n],
    /The 3rd argument of function datetimefromparts is 29: a day of this month must be within 1 and 28\./,
  ],
  [[2024n, 13n, 1n, 0n, 0n, 0n, 0n], /The 2nd argument/],
  [[0n, 1n, 1n, 0n, 0n, 0n, 0n], /a year must be within 1 and 9999/],
  [[2024n, 1n, 1n, 24n, 0n, 0n, 0n], /The 4th argument/],
  [[2024n, 1n, 1n, 0n, 65n, 0n, 0n], /The 5th argument of function datetimefromparts is 65: a minute must be within 0 and 59\./],
  [[2024n, 1n, 1n, 0n, 0n, -1n, 0n], /The 6th argument/],
  [[2024n, 1n, 1n, 0n, 0n, 0n, 1000n], /The 7th argument/],
  [[2024n, 'x', 1n, 0n, 0n, 0n, 0n], /The 2nd argument of function datetimefromparts has invalid type 'nvarchar\(max\)'/],
]);

table('DAY', [
  [[at], 29n],
  [['2024-03-01'], 1n],
  [['2024-01-01T00:30:00+02:00'], 31n],
  [[null], null],
  [['x'], notDate],
]);

table('MONTH', [
  [[at], 2n],
  [['1969-12-31'], 12n],
  [[null], null],
  [[1n], notDate],
]);

table('YEAR', [
  [[at], 2024n],
  [['0001-01-01'], 1n],
  [['9999-12-31T23:59:59.9999999'], 9999n],
  [[null], null],
  [[[]], notDate],
]);
