import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The parts of the process that decide where data lies. */
export interface DataFolderFacts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

const thisProcess = (): DataFolderFacts => ({ environment: process.env, platform: process.platform, home: homedir() });

/**
 * Where the artist's library lies: DEDIFFUSION_HOME, else the system's place for a program's data. It is outside the program,
 * so that no update touches it.
 */
export function locateDataFolder({ environment, platform, home }: DataFolderFacts = thisProcess()): string {
  const chosen = environment['DEDIFFUSION_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const name = 'dediffusion-studio';
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name);
  // The XDG base directory specification: a relative path in the variable is to be ignored.
  const xdg = environment['XDG_DATA_HOME'];
  return join(xdg?.startsWith('/') === true ? xdg : join(home, '.local', 'share'), name);
}
