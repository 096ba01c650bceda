/** Percentages a person knows from other tools. */
const ladder = [5, 10, 25, 33.3, 50, 66.7, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, 6400];

/** A step shorter than this would look like none. */
const leastStep = 1.12;

/** The next round percentage above or below; beyond the last one, the percentage itself doubled or halved. */
export function nextZoomPercent(percent: number, direction: 1 | -1): number {
  return direction === 1
    ? (ladder.find((step) => step >= percent * leastStep) ?? percent * 2)
    : (ladder.findLast((step) => step <= percent / leastStep) ?? percent / 2);
}
