import { spawn } from 'node:child_process';

function findOpener(
  url: string,
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [string, readonly string[]] | null {
  if (platform === 'darwin') return ['open', [url]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  const hasDisplay = Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
  return hasDisplay ? ['xdg-open', [url]] : null;
}

/** Shows a page in the person's browser where there is a display. Never fails: the printed link always works. */
export function openInBrowser(url: string, platform = process.platform, environment = process.env): void {
  const opener = findOpener(url, platform, environment);
  if (opener === null) return;
  const [command, args] = opener;
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}
