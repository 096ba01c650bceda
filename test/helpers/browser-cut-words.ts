import type { Locator } from 'playwright-core';

/** Words of an element that are seen in part: its room ends within them. */
export function listCutWords(locator: Locator): Promise<string[]> {
  return locator.evaluate((element) => {
    const found: string[] = [];
    const room = element.getBoundingClientRect();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      // What is one piece of a line is left out whole by a browser, where it has no room.
      if (text.parentElement !== null && getComputedStyle(text.parentElement).display === 'inline-block') continue;
      for (const match of (text.textContent ?? '').matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(text, match.index);
        range.setEnd(text, match.index + match[0].length);
        const box = range.getBoundingClientRect();
        const isBeyond = box.left >= room.right || box.top >= room.bottom;
        if (!isBeyond && (box.right > room.right + 0.5 || box.bottom > room.bottom + 0.5)) found.push(match[0]);
      }
    }
    return found;
  });
}
