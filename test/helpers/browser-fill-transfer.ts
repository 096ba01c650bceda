import type { Page } from 'playwright-core';

/** Transfer with the texts of the open picture, each drawn by the pack that is here. */
export async function fillTransfer(page: Page): Promise<void> {
  const places = page.getByRole('navigation', { name: 'Places' });
  await places.getByRole('button', { name: 'Transfer', exact: true }).click();
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Draw \d+ pictures?$/ })
    .click();
  await page.getByText(/^(\d+) of \1 pictures?$/).waitFor();
}
