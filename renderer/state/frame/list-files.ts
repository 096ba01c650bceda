import { cutText } from '../../../contract/texts/cut-text.ts';
import { isPictureName } from '../../../contract/picture-formats.ts';
import { say } from '../../language/say.ts';

/** A file for a batch, under the name it is known by: with its folders where it came with some. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

const byName = new Intl.Collator('en', { numeric: true });

const isHidden = (name: string): boolean => name.startsWith('.');

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/** A folder tells of its entries some at a time, and of none at the end. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (let some = await readEntries(reader); some.length > 0; some = await readEntries(reader)) entries.push(...some);
  return entries.sort((a, b) => byName.compare(a.name, b.name));
}

function toFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function collect(entry: FileSystemEntry, named: boolean, files: NamedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFolder(entry)) {
    for (const inner of await listFolder(entry)) if (!isHidden(inner.name)) await collect(inner, false, files);
  } else if (isFile(entry) && (named || isPictureName(entry.name))) {
    files.push({ name: path === '' ? entry.name : path, file: await toFile(entry) });
  }
}

/** Pictures of dropped folders with all their folders, and dropped files as they are. Entries are to be taken during the drop. */
export async function listEntries(entries: readonly FileSystemEntry[]): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = [];
  for (const entry of entries) await collect(entry, true, files);
  return files;
}

/** Files of a file field: of a folder its pictures, otherwise all that were chosen. */
export function listChosen(chosen: readonly File[]): readonly NamedFile[] {
  return chosen
    .map((file) => ({ name: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file }))
    .filter(({ name, file }) => {
      if (file.webkitRelativePath === '') return true;
      return isPictureName(file.name) && !name.split('/').some(isHidden);
    })
    .sort((a, b) => byName.compare(a.name, b.name));
}

/** What a batch of these files is called: their folder, or how many there are. */
export function nameFiles(files: readonly NamedFile[]): string {
  const folders = new Set(files.map(({ name }) => (name.includes('/') ? (name.split('/')[0] ?? '') : '')));
  const [folder] = folders;
  if (folders.size === 1 && folder !== undefined && folder !== '') return cutText(folder, 200);
  const [only] = files;
  return files.length === 1 && only !== undefined
    ? cutText(only.name, 200)
    : say('batch.nameOfPictures', { count: files.length });
}
