import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { JsonStore } from '../json-store.ts';
import { loadPage } from './load-page.ts';
import { placeWindow, smallestWindow } from './place-window.ts';
import type { Bounds, WindowState } from './window-state.ts';

export interface WindowOptions {
  readonly title: string;
  readonly preloadPath: string;
  readonly iconPath: string | null;
  readonly stateStore: JsonStore<WindowState>;
  readonly developer: boolean;
  readonly note: (message: string) => void;
}

/** What shows before the page has painted: the page's own canvas colours, so that nothing flashes. */
const canvasColours = { dark: '#161514', light: '#f7f6f4' };
const stateDelayMs = 400;

function workAreas(): [Bounds, ...Bounds[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary.workArea, ...others.map(({ workArea }) => workArea)];
}

function readState(window: BrowserWindow): WindowState {
  return { bounds: window.getNormalBounds(), maximised: window.isMaximized(), fullScreen: window.isFullScreen() };
}

/** Keeps the window's place soon after every change, because a crash or a power cut sends no close event. */
function rememberPlace(window: BrowserWindow, store: JsonStore<WindowState>): void {
  let timer: NodeJS.Timeout | null = null;
  const keep = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // What a later studio remembered stays.
    if (store.newer === null) store.write(readState(window));
  };
  const keepSoon = () => {
    timer ??= setTimeout(keep, stateDelayMs);
  };
  window.on('resize', keepSoon).on('move', keepSoon).on('maximize', keepSoon).on('unmaximize', keepSoon);
  window.on('enter-full-screen', keepSoon).on('leave-full-screen', keepSoon);
  window.once('close', keep);
  window.once('closed', () => {
    if (timer !== null) clearTimeout(timer);
  });
}

/** Opens the studio's window where it was, and begins to load the page. */
export function openWindow({ title, preloadPath, iconPath, stateStore, developer, note }: WindowOptions): BrowserWindow {
  const state = stateStore.read();
  const window = new BrowserWindow({
    ...placeWindow(state, workAreas()),
    title,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    fullscreen: state.fullScreen,
    backgroundColor: nativeTheme.shouldUseDarkColors ? canvasColours.dark : canvasColours.light,
    ...(iconPath === null ? {} : { icon: iconPath }),
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developer,
    },
  });
  if (state.maximised) window.maximize();
  rememberPlace(window, stateStore);
  loadPage(window.webContents, note);
  return window;
}
