import type { Page } from 'playwright-core';

/** The upper left corner in CSS pixels. */
type Corner = readonly [x: number, y: number];

/** Where every control and heading of the place on screen stands, by what it is called. What lies in lists and tables is not among them. */
export function listPlaces(page: Page): Promise<Readonly<Record<string, Corner>>> {
  return page.evaluate(() => {
    const found: Record<string, [number, number]> = {};
    for (const element of document.querySelectorAll<HTMLElement>(
      'main :is(button, input, select, textarea, summary, h1, h2, h3)',
    )) {
      if (element.closest('[role=listbox], [role=grid], .unseen') !== null && !element.matches('[type=radio]')) continue;
      const shown = element.closest('label') ?? element;
      const box = shown.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) continue;
      const name = element.getAttribute('aria-label') ?? (shown.innerText.trim() || element.id);
      const called = `${element.tagName.toLowerCase()} ${name}`;
      let key = called;
      for (let same = 2; key in found; same += 1) key = `${called} ${same}`;
      found[key] = [box.x, box.y];
    }
    return found;
  });
}

/** What went farther than 2 px, with how far; what came or left did not move. */
export function listMoved(before: Readonly<Record<string, Corner>>, after: Readonly<Record<string, Corner>>): string[] {
  return Object.entries(before).flatMap(([name, [x, y]]) => {
    const [toX, toY] = after[name] ?? [x, y];
    const far = Math.max(Math.abs(toX - x), Math.abs(toY - y));
    return far > 2 ? [`${name}: ${(toX - x).toFixed(0)}, ${(toY - y).toFixed(0)}`] : [];
  });
}
