import { app, crashReporter, dialog, protocol } from 'electron';
import { join } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { compileCacheFolder } from '../../files/compile-cache.ts';
import { locateDataFolder } from '../../files/locate-data-folder.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { sweepStaged } from '../../files/write-whole.ts';
import { takeKeys } from '../../running/known-keys.ts';
import { studioScheme } from './answer-scheme.ts';
import { DesktopApp } from './desktop-app.ts';
import { DesktopLog } from './desktop-log.ts';
import { locateInstallation } from './locate-installation.ts';
import { deepLinkScheme, parseDeepLink } from './parse-deep-link.ts';
import { launchSchema, parseLaunch } from './parse-launch.ts';
import type { Launch } from './parse-launch.ts';

/**
 * Entry of the desktop program. It is bundled as CommonJS: schemes have to be declared before Electron is ready,
 * and an ES module entry may be evaluated too late for that.
 */
protocol.registerSchemesAsPrivileged([
  { scheme: studioScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
]);

/** Electron tells every page's process all of this program's environment, and other helpers inherit it. The host alone is given these. */
const keys = takeKeys(process.env);

/** Longer than the host is given to close its library. */
const closeLimitMs = 10_000;
/** A newer version is copied beside this one and looked at byte by byte. */
const installLimitMs = 120_000;

const dataFolder = locateDataFolder();
const logFolder = join(dataFolder, 'logs');
const profileFolder = join(dataFolder, 'desktop');
try {
  makeFolder(profileFolder, 'Choose another data folder with DEDIFFUSION_HOME.');
} catch (error) {
  if (!(error instanceof StudioError)) throw error;
  dialog.showErrorBox(error.message, error.hint);
  app.exit(1);
}
// One folder holds everything of the artist's, so that it can be found, copied and removed; it also tells instances apart.
app.setPath('userData', profileFolder);
app.setPath('crashDumps', join(logFolder, 'crashes'));
crashReporter.start({ uploadToServer: false });
// Chromium refuses to start a sandbox for the superuser; where the person has turned it off, asking for it would end the program.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

const given = parseLaunch(process.argv.slice(1), process.cwd());
// From a source folder, the folder itself is among the arguments, after any number of switches.
const launch: Launch = { ...given, paths: given.paths.filter((path) => app.isPackaged || path !== app.getAppPath()) };

function run(): void {
  // Alone here by now: whatever is staged was left by a program that died.
  sweepStaged(profileFolder);
  const log = new DesktopLog(join(logFolder, 'desktop.log'));
  const desktop = new DesktopApp({
    installation: locateInstallation({
      packaged: app.isPackaged,
      bundleFolder: __dirname,
      resourcesFolder: process.resourcesPath,
      platform: process.platform,
      arch: process.arch,
      environment: process.env,
    }),
    log,
    logFolder,
    cacheFolder: join(dataFolder, 'cache'),
    codeFolder: compileCacheFolder(dataFolder),
    keys,
    // The released program starts from its own folder too, so that being in one tells nothing.
    developer: !app.isPackaged && process.env['DEDIFFUSION_DEVELOPER'] === '1',
  });
  desktop.prepare();
  const early: Launch = { paths: [...launch.paths], links: [...launch.links] };
  let started = false;
  const open = (more: Launch) => {
    if (started) {
      desktop.open(more);
      desktop.show();
      return;
    }
    early.paths.push(...more.paths);
    early.links.push(...more.links);
  };
  app.on('second-instance', (_event, _arguments, _workingFolder, handedOver) => {
    const more = launchSchema.safeParse(handedOver);
    open(more.success ? more.data : { paths: [], links: [] });
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open({ paths: [path], links: [] });
  });
  app.on('open-url', (event, address) => {
    event.preventDefault();
    const link = parseDeepLink(address);
    open({ paths: [], links: link === null ? [] : [link] });
  });
  app.on('activate', () => {
    if (started) desktop.show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    // A program that does not end keeps the next one from starting. The host ends by itself when its channel does.
    const within = async (limitMs: number, work: Promise<void>): Promise<void> => {
      const limit = setTimeout(() => {
        log.note('Closing took too long.');
        app.exit(0);
      }, limitMs);
      await work.finally(() => clearTimeout(limit));
    };
    void within(closeLimitMs, desktop.close())
      .then(() => within(installLimitMs, desktop.installUpdate()))
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
  process.on('SIGTERM', () => app.quit());
  process.on('SIGINT', () => app.quit());
  void app.whenReady().then(() => {
    app.setAboutPanelOptions({
      applicationName: app.getName(),
      applicationVersion: app.getVersion(),
      copyright: 'MIT licence',
      credits: 'After “De-Diffusion Makes Text a Strong Cross-Modal Interface” by Wei, Liu, Qiao, Zhang, Yuille and Yu, 2023.',
    });
    if (process.platform === 'win32') app.setAppUserModelId('studio.dediffusion.desktop');
    started = true;
    desktop.start(early);
    // On Linux this runs scripts of the desktop and waits for them, so that it comes when nobody waits for the program.
    if (app.isPackaged) void desktop.whenCoreSettled().then(() => app.setAsDefaultProtocolClient(deepLinkScheme));
  });
}

// A second start hands over what it was asked to open, and ends.
if (app.requestSingleInstanceLock(launch)) run();
else app.quit();
