import { app, ipcMain, Menu, Notification, protocol, safeStorage, session, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CoreState, MenuKeys } from '../../../contract/desktop.ts';
import type { Job } from '../../../contract/job.ts';
import { createSessionToken } from '../server/request-access.ts';
import { answerBridge } from './window/answer-bridge.ts';
import { answerScheme, studioScheme } from './answer-scheme.ts';
import { buildMenu } from './build-menu.ts';
import { CrashNotes } from './host/crash-notes.ts';
import { createSocketPath } from './host/host-protocol.ts';
import { describeEnding } from './host/describe-ending.ts';
import type { DesktopLog } from './desktop-log.ts';
import { DesktopSecrets, firstSecrets, secretsRecord } from './desktop-secrets.ts';
import { forwardRequest } from './host/forward-request.ts';
import { hostEnvironment } from './host/host-environment.ts';
import { guardContents, guardSession } from './window/guard-contents.ts';
import { HostSupervisor } from './host/host-supervisor.ts';
import { JobWatcher } from './host/job-watcher.ts';
import { JsonStore } from './json-store.ts';
import type { Installation } from './locate-installation.ts';
import { openWindow } from './window/open-window.ts';
import { PageFiles } from './window/page-files.ts';
import { PageMail } from './window/page-mail.ts';
import type { Launch } from './parse-launch.ts';
import { PictureFiles } from './window/picture-files.ts';
import { RecentWork, recentWorkRecord } from './recent-work.ts';
import { CrashRecord } from '../../running/crash-record.ts';
import { openUpdates } from './updates/open-updates.ts';
import type { UpdateKeeper } from './updates/update-keeper.ts';
import { serveBridge } from './window/serve-bridge.ts';
import { firstWindowState, windowStateRecord } from './window/window-state.ts';

export interface DesktopOptions {
  readonly installation: Installation;
  readonly log: DesktopLog;
  readonly logFolder: string;
  /** For what can be made or fetched again. */
  readonly cacheFolder: string;
  /** For compiled code of the core. */
  readonly codeFolder: string;
  /** Variables of the environment that hold keys, for the core alone. */
  readonly keys: Readonly<Record<string, string>>;
  /** Reload and developer tools are in the menu. */
  readonly developer: boolean;
}

/** How long a request of the page waits for a core that is starting. */
const coreDeadlineMs = 20_000;
/** The browser writes the page's storage down late; unsaved text must survive a power cut. */
const flushEveryMs = 3_000;

/** The desktop program: one window over one host. Start here to see how the parts meet. */
export class DesktopApp {
  readonly #options: DesktopOptions;
  readonly #socketPath = createSocketPath();
  readonly #token = createSessionToken();
  readonly #supervisor: HostSupervisor;
  readonly #crashNotes: CrashNotes;
  readonly #mail = new PageMail();
  readonly #pictures = new PictureFiles((request) => this.#askCore(request));
  readonly #recentWork: RecentWork;
  readonly #secrets: DesktopSecrets;
  readonly #jobs: JobWatcher;
  readonly #updates: UpdateKeeper;
  readonly #bridge: ReturnType<typeof answerBridge>;
  readonly #pageCrashes = new CrashRecord({ limit: 5, windowMs: 60_000 });
  #window: BrowserWindow | null = null;
  #keys: MenuKeys = {};

  constructor(options: DesktopOptions) {
    this.#options = options;
    const { installation, log, logFolder } = options;
    this.#crashNotes = new CrashNotes(join(logFolder, 'crashes'), {
      studio: app.getVersion(),
      electron: process.versions.electron,
      system: `${process.platform} ${process.getSystemVersion()} ${process.arch}`,
    });
    const note = (message: string): void => log.note(message);
    this.#recentWork = new RecentWork(
      new JsonStore(join(app.getPath('userData'), 'recent-work.json'), recentWorkRecord, { works: [] }, note),
      () => this.#setMenu(),
    );
    this.#secrets = new DesktopSecrets({
      encryption: safeStorage,
      store: new JsonStore(join(app.getPath('userData'), 'secrets.json'), secretsRecord, firstSecrets, note),
      onChange: (values) => this.#supervisor.handSecrets(values),
      note,
    });
    this.#supervisor = new HostSupervisor({
      command: {
        node: installation.node,
        entry: installation.hostEntry,
        environment: hostEnvironment({ ...process.env, ...options.keys }, options.codeFolder),
        workingFolder: installation.studioFolder,
      },
      socketPath: this.#socketPath,
      token: this.#token,
      readSecrets: () => this.#secrets.read(),
      onState: (state) => this.#onCore(state),
      onDeath: ({ exitCode, signal, lastOutput }) =>
        this.#crashNotes.keep({ process: 'host', reason: signal ?? 'exited', exitCode, lastOutput }),
    });
    this.#jobs = new JobWatcher((request) => this.#askCore(request), {
      onProgress: (fraction) => this.#window?.setProgressBar(fraction ?? -1),
      onWork: (isWorking) => this.#updates.setWorking(isWorking),
      onEnded: (job) => this.#tellEnding(job),
    });
    this.#updates = openUpdates({
      askCore: (request) => this.#askCore(request),
      cacheFolder: options.cacheFolder,
      keys: options.keys,
      mail: this.#mail,
      log,
      logFailure: (error) => this.#logFailure(error),
    });
    this.#bridge = answerBridge({
      window: () => this.#window,
      askCore: (request) => this.#askCore(request),
      supervisor: this.#supervisor,
      mail: this.#mail,
      pictures: this.#pictures,
      recentWork: this.#recentWork,
      secrets: this.#secrets,
      updates: this.#updates,
      showKeys: (keys) => {
        this.#keys = keys;
        this.#setMenu();
      },
      picturesFolder: app.getPath('pictures'),
      logFolder,
      iconPath: installation.iconPath,
      logFailure: (error) => this.#logFailure(error),
    });
  }

  /** Has the core load its code while Electron starts. */
  prepare(): void {
    this.#supervisor.prepare();
  }

  /** Call once, when Electron is ready. */
  start(launch: Launch): void {
    this.#supervisor.start();
    const page = new PageFiles(this.#options.installation.pageFolder);
    protocol.handle(studioScheme, (request) =>
      answerScheme(request, {
        whenCoreSettled: () => this.#supervisor.whenSettled(coreDeadlineMs),
        forward: (passed) => forwardRequest(passed, { socketPath: this.#socketPath, token: this.#token }),
        servePage: (asked) => page.serve(asked),
        note: (message) => this.#options.log.note(message),
      }),
    );
    guardSession(session.defaultSession, app.getPath('pictures'));
    app.on('web-contents-created', (_event, contents) => guardContents(contents, (message) => this.#options.log.note(message)));
    app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
      if (reason !== 'clean-exit')
        this.#crashNotes.keep({ process: 'helper', reason: `${type} ${reason}`, exitCode, lastOutput: '' });
    });
    serveBridge(ipcMain, { mainFrame: () => this.#window?.webContents.mainFrame ?? null }, this.#bridge);
    setInterval(() => session.defaultSession.flushStorageData(), flushEveryMs).unref();
    this.#setMenu();
    this.show();
    this.open(launch);
  }

  /** Resolves when the core answers, or has said that it will not. */
  async whenCoreSettled(): Promise<void> {
    await this.#supervisor.whenSettled(coreDeadlineMs);
  }

  /** Brings the window to the front, opening it where there is none. */
  show(): void {
    if (this.#window === null) {
      this.#openWindow();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** Opens what the program was started with, or what a second start hands over. */
  open({ paths, links }: Launch): void {
    for (const link of links) this.#mail.link(link);
    if (paths.length === 0) return;
    void this.#bridge.addFiles(paths).then((files) => this.#mail.files(files));
  }

  /** Ends the host after it has closed the library. */
  async close(): Promise<void> {
    this.#updates.close();
    this.#jobs.stop();
    session.defaultSession.flushStorageData();
    await Promise.all([this.#supervisor.close(), this.#pictures.close()]);
    if (process.platform !== 'win32') await rm(dirname(this.#socketPath), { recursive: true, force: true });
  }

  /** Puts a newer version that is ready in the place of this one. Call last, after `close`. */
  installUpdate(): Promise<void> {
    return this.#updates.installAtEnd();
  }

  #logFailure(error: unknown): string {
    const logId = Date.now().toString(36);
    const isError = error instanceof Error;
    this.#options.log.note('failure', {
      ...{ logId, kind: isError ? error.name : typeof error, message: isError ? error.message : '' },
    });
    return logId;
  }

  #askCore(request: Request): Promise<Response> {
    return answerScheme(request, {
      whenCoreSettled: () => this.#supervisor.whenSettled(coreDeadlineMs),
      forward: (passed) => forwardRequest(passed, { socketPath: this.#socketPath, token: this.#token }),
      servePage: () => Promise.resolve(new Response(null, { status: 404 })),
      note: (message) => this.#options.log.note(message),
    });
  }

  #openWindow(): void {
    const { installation, developer, log } = this.#options;
    const window = openWindow({
      title: app.getName(),
      preloadPath: installation.preloadPath,
      iconPath: installation.iconPath,
      stateStore: new JsonStore(
        join(app.getPath('userData'), 'window-state.json'),
        windowStateRecord,
        firstWindowState,
        (message) => log.note(message),
      ),
      developer,
      note: (message) => log.note(message),
    });
    this.#window = window;
    this.#mail.attach(window.webContents);
    window.once('closed', () => (this.#window = null));
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      this.#crashNotes.keep({ process: 'page', reason, exitCode, lastOutput: '' });
      log.note('The page ended.', { reason });
      const nowMs = Date.now();
      this.#pageCrashes.add(nowMs);
      if (this.#pageCrashes.isLoop) return;
      setTimeout(() => this.#window?.webContents.reload(), this.#pageCrashes.delayMs(nowMs));
    });
  }

  #onCore(state: CoreState): void {
    this.#options.log.note('core', { state: state.type, ...(state.type === 'failed' ? { code: state.error.code } : {}) });
    this.#mail.core(state);
    if (state.type !== 'ready') return;
    void this.#updates.look();
    this.#jobs.follow().catch((error: unknown) => {
      // The stream breaks whenever the host does; the next "ready" follows it again.
      this.#options.log.note('The stream of jobs ended.', { kind: error instanceof Error ? error.name : typeof error });
    });
  }

  #tellEnding(job: Job): void {
    const ending = describeEnding(job);
    if (ending === null || this.#window?.isFocused() === true || !Notification.isSupported()) return;
    const notification = new Notification(ending);
    notification.on('click', () => this.show());
    notification.show();
  }

  #setMenu(): void {
    const template = buildMenu(
      {
        platform: process.platform,
        appName: app.getName(),
        recentWork: this.#recentWork.entries,
        keys: this.#keys,
        developer: this.#options.developer,
      },
      {
        command: (command) => this.#mail.command(command),
        openPictures: () => void this.#bridge.choosePictures().then((files) => this.#mail.files(files)),
        openWork: ({ itemId }) => this.#mail.link({ type: 'item', itemId }),
        clearWork: () => this.#recentWork.clear(),
        restartCore: () => this.#supervisor.start(),
        openLogFolder: () => void shell.openPath(this.#options.logFolder),
        showAbout: () => app.showAboutPanel(),
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
