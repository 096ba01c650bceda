import { sep } from 'node:path';
import type { UpdateWay } from '../../../../contract/updates.ts';

export interface WayFacts {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** Path of the running program. */
  readonly executable: string;
  /** The system's list of packages knows the program. */
  readonly isListed: boolean;
}

/** Where a deb puts programs; an archive that somebody unpacked there is in no list. */
const packageFolder = '/opt/';

/** How this copy of the program gets newer. */
export function findUpdateWay({ packaged, platform, environment, executable, isListed }: WayFacts): UpdateWay {
  if (!packaged) return 'source';
  if (platform === 'darwin') return 'itself';
  if (platform === 'win32') return environment['PORTABLE_EXECUTABLE_FILE'] === undefined ? 'itself' : 'portable';
  // Programs that an AppImage starts inherit these: only what lies in its mount is that AppImage.
  const { APPIMAGE: file = '', APPDIR: mount = '' } = environment;
  if (file !== '' && mount !== '' && executable.startsWith(`${mount}${sep}`)) return 'itself';
  return isListed && executable.startsWith(packageFolder) ? 'package' : 'archive';
}
