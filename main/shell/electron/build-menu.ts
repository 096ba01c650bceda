import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, WorkReference } from '../../../contract/desktop.ts';

export interface MenuActions {
  /** Hands a command to the page. */
  readonly command: (command: MenuCommand) => void;
  readonly openPictures: () => void;
  readonly openWork: (work: WorkReference) => void;
  readonly clearWork: () => void;
  readonly restartCore: () => void;
  readonly openLogFolder: () => void;
  readonly showAbout: () => void;
}

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly appName: string;
  readonly recentWork: readonly WorkReference[];
  readonly developer: boolean;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** An item whose keys go to the page first; the menu acts on them only where the page did not. */
type CommandItem = (label: string, command: MenuCommand, accelerator?: string) => MenuItemConstructorOptions;
/** Keys without Ctrl or Cmd are shown but not taken: in a text field they are letters. */
type KeyItem = (label: string, command: MenuCommand, key: string) => MenuItemConstructorOptions;

interface Items {
  readonly item: CommandItem;
  readonly key: KeyItem;
}

function makeItems({ command: run }: MenuActions, platform: NodeJS.Platform): Items {
  const item: CommandItem = (label, command, accelerator) => ({
    id: command,
    label,
    click: () => run(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  return {
    item,
    // macOS takes every accelerator it is shown, so there the key stands in the page's own list of shortcuts only.
    key: (label, command, key) =>
      platform === 'darwin' ? item(label, command) : { ...item(label, command, key), registerAccelerator: false },
  };
}

function recentMenu(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  const entries = facts.recentWork.map((work) => ({
    label: work.title.trim() === '' ? 'Untitled' : work.title.slice(0, 60).replaceAll('&', '&&'),
    click: () => actions.openWork(work),
  }));
  const clear = { label: 'Clear This List', enabled: entries.length > 0, click: actions.clearWork };
  return { id: 'recent', label: 'Open Recent', submenu: [...entries, separator, clear] };
}

function fileMenu({ item }: Items, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { id: 'open-pictures', label: 'Open Pictures…', accelerator: 'CmdOrCtrl+O', click: actions.openPictures },
      recentMenu(facts, actions),
      separator,
      item('Save Picture As…', 'save-picture', 'CmdOrCtrl+S'),
      item('Save Prompt As…', 'save-prompt', 'CmdOrCtrl+Shift+S'),
      ...(facts.platform === 'darwin' ? [] : [separator, item('Settings', 'show-settings', 'CmdOrCtrl+,')]),
      separator,
      facts.platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
    ],
  };
}

function editMenu({ item, key }: Items): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      item('Undo', 'undo', 'CmdOrCtrl+Z'),
      item('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      separator,
      item('Copy Prompt As…', 'copy-prompt', 'CmdOrCtrl+Shift+C'),
      item('Copy Picture', 'copy-picture', 'CmdOrCtrl+Alt+C'),
      item('Paste Picture', 'paste-picture', 'CmdOrCtrl+Shift+V'),
      separator,
      item('Duplicate', 'duplicate', 'CmdOrCtrl+D'),
      key('Star', 'toggle-star', 'S'),
    ],
  };
}

function studioMenu({ item, key }: Items): MenuItemConstructorOptions {
  return {
    label: '&Studio',
    submenu: [
      item('Read Picture', 'read-picture', 'CmdOrCtrl+E'),
      item('Generate', 'generate', 'CmdOrCtrl+Enter'),
      key('Cancel Job', 'cancel-job', 'Esc'),
      separator,
      item('Short Text', 'length-1', 'Alt+1'),
      item('Medium Text', 'length-2', 'Alt+2'),
      item('Long Text', 'length-3', 'Alt+3'),
      separator,
      key('Newer Result', 'next-result', 'Left'),
      key('Older Result', 'previous-result', 'Right'),
    ],
  };
}

function viewMenu({ item, key }: Items, facts: MenuFacts): MenuItemConstructorOptions {
  const developer: MenuItemConstructorOptions[] = [separator, { role: 'reload' }, { role: 'toggleDevTools' }];
  return {
    label: '&View',
    submenu: [
      item('Command Palette…', 'show-palette', 'CmdOrCtrl+K'),
      separator,
      item('Studio', 'show-studio'),
      item('Library', 'show-library'),
      item('Packs', 'show-packs'),
      separator,
      key('Compare Mode', 'compare-mode', 'C'),
      key('Before and After', 'before-after', 'B'),
      key('Heat Map', 'heat-map', 'H'),
      separator,
      item('Zoom In', 'zoom-in', 'CmdOrCtrl+Plus'),
      item('Zoom Out', 'zoom-out', 'CmdOrCtrl+-'),
      item('Zoom to Fit', 'zoom-fit', 'CmdOrCtrl+0'),
      item('Actual Pixels', 'zoom-actual', 'CmdOrCtrl+1'),
      separator,
      { role: 'togglefullscreen' },
      ...(facts.developer ? developer : []),
    ],
  };
}

function helpMenu({ key }: Items, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      key('Keyboard Shortcuts', 'show-shortcuts', '?'),
      separator,
      { id: 'open-log-folder', label: 'Open Log Folder', click: actions.openLogFolder },
      { id: 'restart-core', label: 'Restart Core', click: actions.restartCore },
      ...(facts.platform === 'darwin'
        ? []
        : [separator, { id: 'about', label: `About ${facts.appName}`, click: actions.showAbout }]),
    ],
  };
}

function appMenu({ item }: Items, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: facts.appName,
    submenu: [
      { id: 'about', label: `About ${facts.appName}`, click: actions.showAbout },
      separator,
      item('Settings…', 'show-settings', 'Cmd+,'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

/** The menu bar. Everything a page does is a command to it; what only the program can do is an action. */
export function buildMenu(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions[] {
  const items = makeItems(actions, facts.platform);
  return [
    ...(facts.platform === 'darwin' ? [appMenu(items, facts, actions)] : []),
    fileMenu(items, facts, actions),
    editMenu(items),
    studioMenu(items),
    viewMenu(items, facts),
    { role: 'windowMenu' },
    helpMenu(items, facts, actions),
  ];
}
