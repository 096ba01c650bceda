import type { Page } from 'playwright-core';

export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a person lets go over the window: files, or text under its media types (`text/uri-list`, `text/plain`). */
export interface Dropped {
  readonly files?: readonly DroppedFile[];
  readonly texts?: Readonly<Record<string, string>>;
}

/** Drops something on the window as the system does. */
export async function dropOn(page: Page, { files = [], texts = {} }: Dropped): Promise<void> {
  const encoded = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }));
  const data = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of given.encoded) {
        const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([content], name, { type }));
      }
      for (const [type, text] of Object.entries(given.texts)) transfer.setData(type, text);
      return transfer;
    },
    { encoded, texts },
  );
  for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('#studio', event, { dataTransfer: data });
}
