import type { Page } from 'playwright-core';

/** What a person can press on screen that is less than 28 px high or wide, with its size. */
export function findSmallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input, select, summary, [role=option]')]
      .filter((element) => !element.matches('.unseen, [type=file], .picture input') && element.getClientRects().length > 0)
      .map((element) => ({
        element: element.closest('label') ?? element,
        box: (element.closest('label') ?? element).getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width < 27.9 || box.height < 27.9)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
  );
}
