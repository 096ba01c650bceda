import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, MenuKeys, WorkReference } from '../../../contract/desktop.ts';
import { toAccelerator } from './to-accelerator.ts';

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
  /** What the page says its commands' keys are; those it does not name keep the ones written here. */
  readonly keys: MenuKeys;
  readonly developer: boolean;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** An item that is a command of the page, with the keys it has until the page says otherwise. */
type CommandItem = (label: string, command: MenuCommand, accelerator?: string) => MenuItemConstructorOptions;

/**
 * Keys with Ctrl, Cmd or Alt go to the page first; the menu acts on them only where the page did not. Others are shown and not
 * taken: in a text field they are letters. macOS takes every key it is shown, so there they stand in the page's own list only.
 */
function showKey(accelerator: string, platform: NodeJS.Platform): MenuItemConstructorOptions {
  if (/^(CmdOrCtrl|Cmd|Alt)\+/.test(accelerator)) return { accelerator };
  return platform === 'darwin' ? {} : { accelerator, registerAccelerator: false };
}

function makeItem({ command: run }: MenuActions, { keys, platform }: MenuFacts): CommandItem {
  return (label, command, written) => {
    const given = keys[command];
    const accelerator = given === undefined ? (written ?? null) : given === null ? null : toAccelerator(given);
    return {
      id: command,
      label,
      click: () => run(command),
      ...(accelerator === null ? {} : showKey(accelerator, platform)),
    };
  };
}

function recentMenu(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  const entries = facts.recentWork.map((work) => ({
    label: work.title.trim() === '' ? 'Untitled' : cutAtWord(work.title, 60).replaceAll('&', '&&'),
    click: () => actions.openWork(work),
  }));
  const clear = { label: 'Clear This List', enabled: entries.length > 0, click: actions.clearWork };
  return { id: 'recent', label: 'Open Recent', submenu: [...entries, separator, clear] };
}

function fileMenu(item: CommandItem, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
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

function editMenu(item: CommandItem): MenuItemConstructorOptions {
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
      item('Star', 'toggle-star', 'S'),
    ],
  };
}

function studioMenu(item: CommandItem): MenuItemConstructorOptions {
  return {
    label: '&Studio',
    submenu: [
      item('Read Picture', 'read-picture', 'CmdOrCtrl+E'),
      item('Generate', 'generate', 'CmdOrCtrl+Enter'),
      item('Cancel Job', 'cancel-job', 'Esc'),
      separator,
      item('Short Text', 'length-1', 'Alt+1'),
      item('Medium Text', 'length-2', 'Alt+2'),
      item('Long Text', 'length-3', 'Alt+3'),
      separator,
      item('Newer Result', 'next-result', 'Left'),
      item('Older Result', 'previous-result', 'Right'),
    ],
  };
}

function viewMenu(item: CommandItem, facts: MenuFacts): MenuItemConstructorOptions {
  const developer: MenuItemConstructorOptions[] = [separator, { role: 'reload' }, { role: 'toggleDevTools' }];
  return {
    label: '&View',
    submenu: [
      item('Command Palette…', 'show-palette', 'CmdOrCtrl+K'),
      separator,
      item('Studio', 'show-studio'),
      item('Library', 'show-library'),
      item('Batch', 'show-batch'),
      item('Models', 'show-packs'),
      separator,
      item('Compare Mode', 'compare-mode', 'C'),
      item('Before and After', 'before-after', 'B'),
      item('Heat Map', 'heat-map', 'H'),
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

function helpMenu(item: CommandItem, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      item('Manual', 'show-guide', 'F1'),
      item('Keyboard Shortcuts', 'show-shortcuts', '?'),
      separator,
      { id: 'open-log-folder', label: 'Open Log Folder', click: actions.openLogFolder },
      { id: 'restart-core', label: 'Restart Core', click: actions.restartCore },
      ...(facts.platform === 'darwin'
        ? []
        : [separator, { id: 'about', label: `About ${facts.appName}`, click: actions.showAbout }]),
    ],
  };
}

function appMenu(item: CommandItem, facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions {
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
  const item = makeItem(actions, facts);
  return [
    ...(facts.platform === 'darwin' ? [appMenu(item, facts, actions)] : []),
    fileMenu(item, facts, actions),
    editMenu(item),
    studioMenu(item),
    viewMenu(item, facts),
    { role: 'windowMenu' },
    helpMenu(item, facts, actions),
  ];
}
