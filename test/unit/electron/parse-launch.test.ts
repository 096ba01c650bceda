import { expect, test } from 'vitest';
import { parseDeepLink } from '../../../main/shell/electron/parse-deep-link.ts';
import { parseLaunch } from '../../../main/shell/electron/parse-launch.ts';

test('reads addresses of the studio', () => {
  expect(parseDeepLink('dediffusion://item/01J9-abc_Z')).toEqual({ type: 'item', itemId: '01J9-abc_Z' });
  expect(parseDeepLink('dediffusion://item/01J9/')).toEqual({ type: 'item', itemId: '01J9' });
  expect(parseDeepLink('dediffusion://prompt?text=a%20red%20fox%20%26%20snow')).toEqual({
    type: 'prompt',
    text: 'a red fox & snow',
  });
});

test.each([
  'https://item/1',
  'dediffusion://item/',
  'dediffusion://item/a/b',
  'dediffusion://item/..%2F..%2Fetc',
  'dediffusion://prompt',
  'dediffusion://prompt?text=',
  `dediffusion://prompt?text=${'a'.repeat(20_001)}`,
  'dediffusion://delete/1',
  'dediffusion:',
  'not an address',
])('ignores what it does not know: %s', (address) => {
  expect(parseDeepLink(address)).toBeNull();
});

test('tells files, links and switches apart', () => {
  const launch = parseLaunch(
    [
      '--no-sandbox',
      '-psn_0_1',
      'fox.png',
      '/art/owl.jpg',
      'file:///art/two%20owls.png',
      'dediffusion://item/a1',
      'dediffusion://nonsense',
      '',
    ],
    '/home/artist',
  );
  expect(launch.paths).toEqual(['/home/artist/fox.png', '/art/owl.jpg', '/art/two owls.png']);
  expect(launch.links).toEqual([{ type: 'item', itemId: 'a1' }]);
});

test('a file address of another machine is nobody’s file', () => {
  expect(parseLaunch(['file://server/art.png'], '/').paths).toEqual([]);
});
