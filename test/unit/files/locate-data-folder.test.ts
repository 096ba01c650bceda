import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateDataFolder } from '../../../main/files/locate-data-folder.ts';

const home = resolve('/home/ann');
const locate = (platform: NodeJS.Platform, environment: Record<string, string> = {}) =>
  locateDataFolder({ platform, environment, home });

describe('locateDataFolder', () => {
  it('takes the chosen folder on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(locate(platform, { DEDIFFUSION_HOME: '/data/studio', XDG_DATA_HOME: '/x', LOCALAPPDATA: '/y' })).toBe(
        resolve('/data/studio'),
      );
    }
  });

  it('follows each system’s habit', () => {
    expect(locate('linux')).toBe(join(home, '.local', 'share', 'dediffusion-studio'));
    expect(locate('linux', { XDG_DATA_HOME: '/srv/share' })).toBe(join('/srv/share', 'dediffusion-studio'));
    expect(locate('darwin')).toBe(join(home, 'Library', 'Application Support', 'dediffusion-studio'));
    expect(locate('win32', { LOCALAPPDATA: '/local' })).toBe(join('/local', 'dediffusion-studio'));
    expect(locate('win32')).toBe(join(home, 'AppData', 'Local', 'dediffusion-studio'));
  });

  it('ignores what names no folder', () => {
    const usual = locate('linux');
    expect(locate('linux', { DEDIFFUSION_HOME: '' })).toBe(usual);
    expect(locate('linux', { XDG_DATA_HOME: 'relative/share' })).toBe(usual);
  });
});
