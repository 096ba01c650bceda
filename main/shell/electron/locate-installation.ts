import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface InstallationFacts {
  readonly packaged: boolean;
  /** Folder of this bundle. */
  readonly bundleFolder: string;
  /** Where a packaged program keeps its files. */
  readonly resourcesFolder: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Installation {
  /** The plain Node that runs the host. */
  readonly node: string;
  readonly studioFolder: string;
  readonly hostEntry: string;
  readonly pageFolder: string;
  readonly preloadPath: string;
  readonly iconPath: string | null;
}

const nodeFile = (platform: NodeJS.Platform) => (platform === 'win32' ? 'node.exe' : 'node');

/** The pinned Node of a source folder; where npm has none for this system, the Node that started us or the one on the path. */
function findDevelopmentNode({ platform, arch, environment }: InstallationFacts, studioFolder: string): string {
  const system = platform === 'win32' ? 'win' : platform;
  const pinned = join(studioFolder, 'node_modules', `node-${system}-${arch}`, 'bin', nodeFile(platform));
  if (existsSync(pinned)) return pinned;
  return environment['npm_node_execpath'] ?? nodeFile(platform);
}

/** Where everything lies that the program starts or shows. A packaged program looks only into itself. */
export function locateInstallation(facts: InstallationFacts): Installation {
  const studioFolder = facts.packaged ? join(facts.resourcesFolder, 'studio') : join(facts.bundleFolder, '..', '..');
  const iconPath = join(studioFolder, 'main', 'shell', 'electron', 'icon.png');
  return {
    node: facts.packaged ? join(studioFolder, 'bin', nodeFile(facts.platform)) : findDevelopmentNode(facts, studioFolder),
    studioFolder,
    hostEntry: join(studioFolder, 'main', 'shell', 'electron', 'host', 'host-process.ts'),
    pageFolder: join(studioFolder, 'dist', 'renderer'),
    preloadPath: join(facts.bundleFolder, 'preload.cjs'),
    iconPath: existsSync(iconPath) ? iconPath : null,
  };
}
