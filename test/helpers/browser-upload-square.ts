import type { Page } from 'playwright-core';

/** Draws a picture of its own in the page and gives it to the core as a drop does. */
export async function uploadSquare(page: Page, title: string, colour: string): Promise<void> {
  await page.evaluate(
    async ([name, fill]) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 96;
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('A canvas draws.');
      context.fillStyle = fill;
      context.fillRect(0, 0, 96, 96);
      context.fillStyle = 'white';
      context.fillRect(24, 24, 48, 48);
      const bytes = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const answer = await fetch('/images', { method: 'POST', body: bytes, headers: { 'x-title': encodeURIComponent(name) } });
      if (!answer.ok) throw new Error(`The core answered ${answer.status}.`);
    },
    [title, colour] as const,
  );
}
