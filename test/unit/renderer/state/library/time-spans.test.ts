import { afterEach, describe, expect, it } from 'vitest';
import { areEqualSections, listTimeSpans, nextMidnightMs, toSections } from '../../../../../renderer/state/library/time-spans.ts';

const machineZone = process.env['TZ'];

afterEach(() => {
  if (machineZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = machineZone;
});

/** The spans as a person at that place and time reads them, with the first moment of each as the world's clock has it. */
function spansAt(zone: string, now: string): readonly string[] {
  process.env['TZ'] = zone;
  return listTimeSpans(Date.parse(now)).map(({ name, fromMs }) =>
    fromMs === null ? name : `${name} ${new Date(fromMs).toISOString().slice(0, 16)}`,
  );
}

describe('spans of time', () => {
  it('are today, yesterday, the rest of the week, and months, by the clock of the place', () => {
    // A Thursday.
    expect(spansAt('Europe/Berlin', '2026-06-18T10:00Z').slice(0, 5)).toEqual([
      'today 2026-06-17T22:00',
      'yesterday 2026-06-16T22:00',
      'week 2026-06-14T22:00',
      'month 2026-05-31T22:00',
      'month 2026-04-30T22:00',
    ]);
    // The same moment is another day elsewhere.
    expect(spansAt('Pacific/Auckland', '2026-06-18T13:00Z')[0]).toBe('today 2026-06-18T12:00');
    expect(spansAt('America/Los_Angeles', '2026-06-18T03:00Z')[0]).toBe('today 2026-06-17T07:00');
    expect(spansAt('Asia/Kathmandu', '2026-06-18T10:00Z')[0]).toBe('today 2026-06-17T18:15');
  });

  it('have no week where today and yesterday are all of it, and no month that the week has begun before', () => {
    // A Monday, and a Tuesday.
    expect(spansAt('UTC', '2026-06-15T10:00Z').slice(0, 3)).toEqual([
      'today 2026-06-15T00:00',
      'yesterday 2026-06-14T00:00',
      'month 2026-06-01T00:00',
    ]);
    expect(spansAt('UTC', '2026-06-16T10:00Z')[2]).toBe('month 2026-06-01T00:00');
    // Wednesday, 1 July: the week reaches into June, so July has nothing beside it.
    expect(spansAt('UTC', '2026-07-01T10:00Z').slice(0, 4)).toEqual([
      'today 2026-07-01T00:00',
      'yesterday 2026-06-30T00:00',
      'week 2026-06-29T00:00',
      'month 2026-06-01T00:00',
    ]);
    // New Year's Day.
    expect(spansAt('UTC', '2027-01-01T10:00Z').slice(0, 4)).toEqual([
      'today 2027-01-01T00:00',
      'yesterday 2026-12-31T00:00',
      'week 2026-12-28T00:00',
      'month 2026-12-01T00:00',
    ]);
  });

  it('begin days at midnight where clocks are changed: one has 23 hours, one 25, one no midnight', () => {
    expect(spansAt('Europe/Berlin', '2026-03-30T08:00Z').slice(0, 2)).toEqual([
      'today 2026-03-29T22:00',
      'yesterday 2026-03-28T23:00',
    ]);
    expect(spansAt('America/New_York', '2026-11-02T12:00Z').slice(0, 2)).toEqual([
      'today 2026-11-02T05:00',
      'yesterday 2026-11-01T04:00',
    ]);
    expect(spansAt('Africa/Cairo', '2026-04-24T12:00Z')[0]).toBe('today 2026-04-23T22:00');
    process.env['TZ'] = 'Europe/Berlin';
    expect(new Date(nextMidnightMs(Date.parse('2026-03-29T00:30Z'))).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  });

  it('go back month by month without a hole, latest first', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const spans = listTimeSpans(Date.parse('2026-11-29T12:00Z'));
    const moments = spans.flatMap(({ fromMs }) => fromMs ?? []);
    expect(moments).toEqual([...moments].sort((a, b) => b - a));
    expect(new Set(moments).size).toBe(moments.length);
    expect(spans.at(-1)).toEqual({ name: 'earlier', fromMs: null });
    expect(spans.filter(({ name }) => name === 'month')).toHaveLength(120);
  });
});

describe('sections of a list', () => {
  const [today, earlier] = [
    { name: 'today', fromMs: 5 },
    { name: 'earlier', fromMs: null },
  ] as const;

  it('are the spans that have rows, in the order of the list', () => {
    const spans = [today, { name: 'yesterday', fromMs: 3 } as const, earlier];
    expect(toSections(spans, [2, 0, 7], 9, false)).toEqual([
      { span: today, count: 2 },
      { span: earlier, count: 7 },
    ]);
    expect(toSections(spans, [2, 0, 7], 9, true).map(({ count }) => count)).toEqual([7, 2]);
    expect(toSections([], [], 9, false)).toEqual([{ span: null, count: 9 }]);
  });
});

describe('equal sections', () => {
  const today = { span: { name: 'today', fromMs: 5 }, count: 3 } as const;

  it('say the same', () => {
    expect(areEqualSections([today], [structuredClone(today)])).toBe(true);
    expect(areEqualSections([{ span: null, count: 1 }], [{ span: null, count: 1 }])).toBe(true);
    for (const other of [
      { ...today, count: 4 },
      { ...today, span: null },
      { ...today, span: { name: 'today', fromMs: 6 } } as const,
    ])
      expect(areEqualSections([today], [other])).toBe(false);
    expect(areEqualSections([today], [today, today])).toBe(false);
  });
});
