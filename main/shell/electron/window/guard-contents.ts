import type { Session, WebContents } from 'electron';
import { basename, join } from 'node:path';
import { studioOrigin } from '../answer-scheme.ts';
import { loadPage } from './load-page.ts';

/** Writing text to the clipboard after a click is the one thing a page may do that browsers call a permission; reading is not. */
const granted = new Set(['clipboard-sanitized-write']);

const isOwnPage = (address: string) => address.startsWith(`${studioOrigin}/`);

/** What the page offers to save is its own: a picture of the core, or a text it made. */
const isOwnFile = (address: string) => isOwnPage(address) || address.startsWith(`blob:${studioOrigin}/`);

/** No camera, no microphone, no place, no notification of the page's own, no device: the studio needs none. Saving asks the person where to. */
export function guardSession(session: Session, saveFolder: string): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted.has(permission) && isOwnPage(contents.getURL())),
  );
  session.setPermissionCheckHandler((contents, permission) => granted.has(permission) && isOwnPage(contents?.getURL() ?? ''));
  session.setDevicePermissionHandler(() => false);
  session.on('select-hid-device', (event) => event.preventDefault());
  session.on('will-download', (event, item) => {
    if (!isOwnFile(item.getURL())) event.preventDefault();
    else item.setSaveDialogOptions({ defaultPath: join(saveFolder, basename(item.getFilename())) });
  });
  // Spelling dictionaries would be fetched from a server of the browser's maker.
  session.setSpellCheckerEnabled(false);
}

/** The window shows the studio's page and never anything else. */
export function guardContents(contents: WebContents, note: (message: string) => void): void {
  const deny = (event: { preventDefault(): void }, what: string) => {
    event.preventDefault();
    note(`${what} was denied.`);
  };
  contents.on('will-navigate', (event) => deny(event, 'Navigation'));
  contents.on('will-frame-navigate', (event) => deny(event, 'Navigation of a frame'));
  contents.on('will-redirect', (event) => deny(event, 'A redirect'));
  // An empty page such as about:blank comes without asking anybody; the studio's own is there again at once.
  contents.on('did-navigate', (_event, address) => {
    if (!address.startsWith('about:')) return;
    note('The window had left its page and is back.');
    loadPage(contents, note);
  });
  // The policy of the page knows no word for WebRTC in this browser; without UDP of its own it reaches nobody.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => deny(event, 'A webview'));
  contents.setWindowOpenHandler(() => {
    note('A new window was denied.');
    return { action: 'deny' };
  });
}
