import { afterEach, describe, expect, it, vi } from 'vitest';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { copyText } from '../../../../renderer/desktop/copy-text.ts';
import { toErrorBody } from '../../../../renderer/client/to-error-body.ts';

afterEach(() => vi.unstubAllGlobals());

/** Plain http from another machine: what only secure pages have is not there. */
function openInsecurePage(): void {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('navigator', {});
}

it.each([
  ['image/jpeg', 'image/jpeg:Pig.jpg:https://studio.example/pictures/saved/'],
  ['image/png', 'image/png:Pig.png:https://studio.example/pictures/saved/'],
  [undefined, undefined],
])('a picture of the type %s is dragged out as what it is', (mediaType, expected) => {
  vi.stubGlobal('location', { href: 'https://studio.example/pictures/' });
  const data = new Map<string, string>();
  const event = { dataTransfer: { setData: (type: string, text: string) => data.set(type, text) } };
  new BrowserTab().dragPicture(event as unknown as DragEvent, { sha256: 'a'.repeat(64), title: 'Pig.jpg', mediaType });
  expect(data.get('DownloadURL')).toBe(expected === undefined ? undefined : `${expected}${'a'.repeat(64)}`);
  expect(data.get('text/uri-list')).toBe(`https://studio.example/pictures/saved/${'a'.repeat(64)}`);
});

describe('a page over plain http from another machine', () => {
  const picture = { sha256: 'a'.repeat(64), title: 'Pig' };
  const only = 'This browser allows it only over https or on the same machine.';

  it('says why it cannot copy or paste a picture', async () => {
    openInsecurePage();
    const tab = new BrowserTab();
    const failures = [tab.copyPicture(picture), tab.readClipboardPicture()].map((act) => act.then(() => null, toErrorBody));
    for (const body of await Promise.all(failures)) expect(body).toMatchObject({ code: 'bad-request', message: only });
  });

  it('does not fail on copying a text', async () => {
    openInsecurePage();
    expect(await copyText('a fox')).toBe(false);
  });
});
