import { afterEach, expect, it } from 'vitest';
import { formatLocalTime } from '../../../main/shell/cli/commands/library.ts';

const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

it.each([
  ['America/New_York', '2026-07-01 20:30 -04:00'],
  ['Asia/Kolkata', '2026-07-02 06:00 +05:30'],
  ['UTC', '2026-07-02 00:30 +00:00'],
])('is the clock of %s, with its zone', (zone, expected) => {
  process.env['TZ'] = zone;
  expect(formatLocalTime(Date.UTC(2026, 6, 2, 0, 30))).toBe(expected);
});
