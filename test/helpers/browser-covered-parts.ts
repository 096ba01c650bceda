import type { Page } from 'playwright-core';

/**
 * Controls and texts that cannot be got at in the window as it is: after scrolling to one, a side of it lies beyond the window, or
 * something else lies over its middle.
 */
export function listCoveredParts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const controls = 'button, a[href], input:not([type=file]), select, textarea, summary, [role=option], [contenteditable=true]';
    for (const element of document.querySelectorAll<HTMLElement>(`${controls}, h1, h2, h3, p, dt, dd, th, td, legend`)) {
      const part = element.closest<HTMLElement>('label') ?? element;
      const isShown = part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      const isApart = part.closest('[inert], .unseen') !== null || getComputedStyle(part).pointerEvents === 'none';
      if (!isShown || isApart) continue;
      part.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      const box = part.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) continue;
      const said = `${part.tagName} ${(element.getAttribute('aria-label') ?? part.innerText).trim().slice(0, 60)}`;
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`beyond the window: ${said}`);
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
      const over = document.elementFromPoint(x, y);
      const overName = over === null ? 'nothing' : `${over.tagName}.${over.getAttribute('class') ?? ''}`;
      if (over === null || (!part.contains(over) && !over.contains(part))) found.push(`covered: ${said} by ${overName}`);
      // Where it should be, only what it lies in is: it is cut off there, or let through by a part of it.
      else if (!part.contains(over) && part.matches(controls)) found.push(`cut off: ${said} in ${overName}`);
    }
    return found;
  });
}
