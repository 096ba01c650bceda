import { expect, test } from 'vitest';
import { callerFolder } from '../../../main/shell/cli/caller-folder.ts';

const byNpm = { npm_package_name: 'dediffusion-studio', npm_lifecycle_event: 'cli', INIT_CWD: '/home/artist/pictures' };

test('paths are those of the folder a person is in, also through `npm --prefix`', () => {
  expect(callerFolder(byNpm)).toBe('/home/artist/pictures');
  expect(callerFolder({ ...byNpm, npm_lifecycle_event: 'serve' })).toBe('/home/artist/pictures');
});

test('a command that npm did not start, or that a script of another project runs, stays where it is', () => {
  expect(callerFolder({})).toBeNull();
  expect(callerFolder({ INIT_CWD: '/home/artist/pictures' })).toBeNull();
  expect(callerFolder({ ...byNpm, npm_package_name: 'album' })).toBeNull();
  expect(callerFolder({ ...byNpm, npm_lifecycle_event: 'test' })).toBeNull();
});
