/** A stretch of time as a person names it, by the clock of this machine. */
export interface TimeSpan {
  readonly name: 'today' | 'yesterday' | 'week' | 'month' | 'earlier';
  /** The first millisecond of it; null for what lies before all others. */
  readonly fromMs: number | null;
}

/** A stretch of a list with what it is called above; null for no heading. */
export interface ListSection {
  readonly span: TimeSpan | null;
  readonly count: number;
}

/** Months that have a name of their own: ten years. */
const mostMonths = 120;
/** Weeks begin on Mondays (ISO 8601). */
const firstWeekday = 1;

/**
 * Today, yesterday, the rest of this week, then month by month, latest first. Every span goes from its first moment to that of the
 * one before it; a day is what the calendar calls so, with 23 or 25 hours where clocks are changed.
 */
export function listTimeSpans(nowMs: number): readonly TimeSpan[] {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const midnight = (ofMonth: number, ofDay: number): number => new Date(year, ofMonth, ofDay).getTime();
  const spans: TimeSpan[] = [
    { name: 'today', fromMs: midnight(month, day) },
    { name: 'yesterday', fromMs: midnight(month, day - 1) },
  ];
  const yesterdayMs = midnight(month, day - 1);
  const weekMs = midnight(month, day - ((now.getDay() - firstWeekday + 7) % 7));
  if (weekMs < yesterdayMs) spans.push({ name: 'week', fromMs: weekMs });
  for (let back = 0; back < mostMonths; back += 1) {
    const fromMs = midnight(month - back, 1);
    if (fromMs < Math.min(weekMs, yesterdayMs)) spans.push({ name: 'month', fromMs });
  }
  return [...spans, { name: 'earlier', fromMs: null }];
}

/** The moment at which what is called today becomes yesterday. */
export function nextMidnightMs(nowMs: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
}

/** The spans that have rows, in the order of the list. One without a heading where the list is not divided. */
export function toSections(
  spans: readonly TimeSpan[],
  counts: readonly number[],
  total: number,
  oldestFirst: boolean,
): readonly ListSection[] {
  if (spans.length === 0) return [{ span: null, count: total }];
  const sections = spans.map((span, at) => ({ span, count: counts[at] ?? 0 })).filter(({ count }) => count > 0);
  return oldestFirst ? sections.reverse() : sections;
}

/** Whether two lists are divided alike, by value. */
export function areEqualSections(some: readonly ListSection[], others: readonly ListSection[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ span, count }, at) => {
      const other = others[at];
      return other?.count === count && other.span?.name === span?.name && other.span?.fromMs === span?.fromMs;
    })
  );
}
