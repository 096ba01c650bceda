import type { WebContents } from 'electron';
import { studioOrigin } from '../answer-scheme.ts';

/**
 * Begins to load the studio's page. It may not come: the window is closed while it loads, its process ends, or another load takes its place. None of these
 * is a fault of the desktop's own process, which a rejection that nobody hears would be, so it is noted.
 */
export function loadPage(contents: Pick<WebContents, 'loadURL'>, note: (message: string) => void): void {
  contents.loadURL(`${studioOrigin}/`).catch((error: unknown) => {
    note(`The page was not loaded: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}.`);
  });
}
