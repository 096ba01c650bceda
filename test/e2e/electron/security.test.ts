import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildElectron } from '../../../tooling/package/build-electron.ts';
import {
  childrenOf,
  desktopCommand,
  electronPath,
  launchDesktop,
  removeHome,
  skippedBecause,
} from '../../helpers/electron-launch.ts';
import type { DesktopStudio } from '../../helpers/electron-launch.ts';

const preloadPath = fileURLToPath(new URL('../../../dist/electron/preload.cjs', import.meta.url));

/** Inodes of the sockets a process holds. */
async function socketsOf(processId: number): Promise<string[]> {
  const names = await readdir(`/proc/${processId}/fd`).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${processId}/fd/${name}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

async function familyOf(processId: number): Promise<number[]> {
  const children = await childrenOf(processId);
  const families = await Promise.all(children.map(({ id }) => familyOf(id)));
  return [processId, ...families.flat()];
}

/** TCP ports a process and its children listen on (state 0A), over IPv4 and IPv6. */
async function listeningPorts(processId: number): Promise<number[]> {
  const own = new Set((await Promise.all((await familyOf(processId)).map(socketsOf))).flat());
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8')));
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  return rows
    .filter((row) => row[3] === '0A' && own.has(row[9] ?? ''))
    .map((row) => Number.parseInt(row[1]?.split(':')[1] ?? '0', 16));
}

describe.skipIf(electronPath === null)(`desktop security${electronPath === null ? ` (skipped, ${skippedBecause})` : ''}`, () => {
  let studio: DesktopStudio;
  beforeAll(async () => {
    await buildElectron({ ifStale: true });
    studio = await launchDesktop();
    await studio.page.getByText('Connected', { exact: true }).waitFor();
  });
  afterAll(async () => {
    await studio.app.close();
    await removeHome(studio.home);
  });

  test('the page has no Node and no Electron, only one frozen object', async () => {
    const found = await studio.page.evaluate(() => {
      const here = globalThis as unknown as Record<string, unknown>;
      const bridge = here['dediffusion'] as object;
      return {
        origin: location.origin,
        secure: isSecureContext,
        leaks: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
          (name) => here[name] !== undefined,
        ),
        frozen: Object.isFrozen(bridge),
        values: Object.values(bridge).map((value) => typeof value),
      };
    });
    expect(found).toMatchObject({ origin: 'studio://app', secure: true, leaks: [], frozen: true });
    expect(new Set(found.values)).toEqual(new Set(['string', 'function']));
  });

  test('the window is locked down as Electron’s checklist asks', async () => {
    const settings = await studio.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(settings).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    expect(settings['nodeIntegrationInWorker'] ?? false).toBe(false);
  });

  test('the policy forbids inline scripts, eval and every other origin', async () => {
    const tried = await studio.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const evaluated = await new Promise<string>((resolve) => {
        // Not at once: what a debugger evaluates is excused from the policy.
        setTimeout(() => {
          try {
            const evaluate = globalThis['eval' as 'isNaN'] as unknown as (code: string) => unknown;
            resolve(String(evaluate('1')));
          } catch (error) {
            resolve(error instanceof Error ? error.name : 'refused');
          }
        }, 0);
      });
      const fetched = await fetch('https://example.com/').then(
        () => 'loaded',
        () => 'refused',
      );
      const picture = await new Promise<string>((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
        image.src = 'https://example.com/a.png';
      });
      const file = await fetch('file:///etc/passwd').then(
        () => 'loaded',
        () => 'refused',
      );
      return { injected: 'injected' in window, evaluated, fetched, picture, file };
    });
    expect(tried).toEqual({ injected: false, evaluated: 'EvalError', fetched: 'refused', picture: 'refused', file: 'refused' });
  });

  test('every page file carries the strict policy, and everything else a stricter one', async () => {
    const policies = await studio.page.evaluate(async () => {
      const read = async (path: string) => (await fetch(path)).headers.get('content-security-policy') ?? '';
      return {
        page: await read('/'),
        script: await read(document.querySelector('script')?.src ?? ''),
        data: await read('/absent'),
      };
    });
    expect(policies.page).toContain("default-src 'none'");
    expect(policies.page).toContain("script-src 'self'");
    expect(policies.page).toContain("frame-ancestors 'none'");
    expect(policies.page).not.toMatch(/unsafe|\*|https?:/);
    expect(policies.script).toBe(policies.page);
    expect(policies.data).toContain('sandbox');
  });

  test('no frame, no webview and no service worker can be put into the page', async () => {
    const tried = await studio.page.evaluate(async () => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.com/');
      document.body.append(view);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      const refused = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
      );
      document.body.append(frame);
      const against = await refused;
      const worker = await navigator.serviceWorker.register('/icon.svg').then(
        () => 'registered',
        () => 'refused',
      );
      for (const element of document.querySelectorAll('iframe, webview')) element.remove();
      return { against, viewIsDefined: view.matches(':defined'), worker };
    });
    expect(tried).toEqual({ against: 'frame-src', viewIsDefined: false, worker: 'refused' });
    const contents = await studio.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    expect(contents).toBe(1);
  });

  test('navigation, frames and new windows are denied', async () => {
    const opened = await studio.page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      document.body.append(link);
      link.click();
      const other = window.open('studio://app/', '_blank');
      return other === null;
    });
    expect(opened).toBe(true);
    await studio.page.evaluate(() => (location.href = 'file:///etc/passwd')).catch(() => undefined);
    const log = () => readFile(join(studio.home, 'logs', 'desktop.log'), 'utf8');
    await expect.poll(log, { timeout: 30_000 }).toMatch(/Navigation (of a frame )?was denied[^]*A new window was denied/);
    expect(await studio.page.evaluate(() => `${location.href} ${document.body.innerText.includes('Connected')}`)).toBe(
      'studio://app/ true',
    );
    expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('an empty page gives way to the studio’s own at once, and WebRTC has no way out', async () => {
    await studio.page.evaluate(() => (location.href = 'about:blank')).catch(() => undefined);
    const shown = () =>
      studio.page.evaluate(() => `${location.href} ${document.body.innerText.includes('Connected')}`).catch(() => '');
    await expect.poll(shown, { timeout: 30_000 }).toBe('studio://app/ true');
    const candidates = await studio.page.evaluate(async () => {
      const connection = new RTCPeerConnection();
      const found: string[] = [];
      const gathered = new Promise<void>((resolve) => {
        connection.onicecandidate = ({ candidate }) => {
          if (candidate === null) resolve();
          else found.push(candidate.candidate);
        };
      });
      connection.createDataChannel('out');
      await connection.setLocalDescription(await connection.createOffer());
      await gathered;
      return found;
    });
    expect(candidates).toEqual([]);
  });

  test('permissions are denied, except writing to the clipboard', async () => {
    const states = await studio.page.evaluate(async () => {
      const names = ['camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi', 'persistent-storage'];
      const asked = await Promise.all(names.map((name) => navigator.permissions.query({ name: name as PermissionName })));
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: unknown) => (error instanceof Error ? error.name : 'denied'),
      );
      return { states: asked.map(({ state }) => state), camera };
    });
    expect(new Set(states.states)).toEqual(new Set(['denied']));
    expect(states.camera).toMatch(/NotAllowedError|NotFoundError/);
  });

  test('a message that is not the page’s, or not of the contract, does nothing', async () => {
    const answer = await studio.page.evaluate(async () => {
      const bridge = (window as unknown as { dediffusion: { copyPicture(picture: unknown): Promise<unknown> } }).dediffusion;
      return bridge.copyPicture({ sha256: '../../etc/passwd', title: '' });
    });
    expect(answer).toMatchObject({ type: 'failed', error: { code: 'bad-request' } });
    const fromElsewhere = await studio.app.evaluate(async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL('data:text/html,<p>stranger</p>');
      const result: unknown = await stranger.webContents.executeJavaScript('window.dediffusion.greet()');
      stranger.destroy();
      return result;
    }, preloadPath);
    expect(fromElsewhere).toMatchObject({ type: 'failed', error: { code: 'bad-request' } });
  });

  test('the core’s key is nowhere in the page, and the core answers nobody without it', async () => {
    const page = await studio.page.evaluate(async () => {
      const info = await fetch('/rpc/studio/info', { method: 'POST' });
      return { cookie: document.cookie, headers: [...info.headers].flat().join(' '), status: info.status };
    });
    expect(page.cookie).toBe('');
    expect(page.headers).not.toMatch(/bearer|set-cookie/i);
    expect(page.status).toBe(200);
  });

  test.runIf(process.platform === 'linux')('no process of the program listens on a TCP port', async () => {
    // Started without the driver, whose debugging ports would be counted.
    const { executablePath, args, env, home } = await desktopCommand();
    const program = spawn(executablePath, args, { env, stdio: 'ignore' });
    const ended = once(program, 'exit');
    const log = () => readFile(join(home, 'logs', 'desktop.log'), 'utf8').catch(() => '');
    await expect.poll(log, { timeout: 120_000 }).toContain('"ready"');
    const family = await familyOf(program.pid ?? 0);
    const ports = await listeningPorts(program.pid ?? 0);
    program.kill('SIGTERM');
    await ended;
    await removeHome(home);
    expect(family.length).toBeGreaterThan(3);
    expect(ports).toEqual([]);
  });
});
