import { describe, expect, it } from 'vitest';
import { listChosen, listEntries, nameFiles } from '../../../../../renderer/state/frame/list-files.ts';

/** A chosen file with the path a folder field gives it. */
function chosen(path: string): File {
  const file = new File(['x'], path.split('/').at(-1) ?? '');
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
}

/** A dropped file or folder, read as browsers let it be read: a folder tells of two entries at a time. */
function entry(path: string, inner: readonly FileSystemEntry[] | null = null): FileSystemEntry {
  const name = path.split('/').at(-1) ?? '';
  const base = { name, fullPath: `/${path}`, isFile: inner === null, isDirectory: inner !== null };
  const left = [...(inner ?? [])];
  const folder = { createReader: () => ({ readEntries: (done: (some: FileSystemEntry[]) => void) => done(left.splice(0, 2)) }) };
  return { ...base, ...folder, file: (done: (file: File) => void) => done(new File(['x'], name)) } as unknown as FileSystemEntry;
}

describe('files for a batch', () => {
  it('are the pictures of a chosen folder, in the order a person counts', () => {
    const paths = ['Sea/10.png', 'Sea/2.JPG', 'Sea/notes.txt', 'Sea/.hidden/3.png', 'Sea/.DS_Store', 'Sea/deep/1.webp'];
    expect(listChosen(paths.map(chosen)).map(({ name }) => name)).toEqual(['Sea/2.JPG', 'Sea/10.png', 'Sea/deep/1.webp']);
  });

  it('are all that were chosen one by one, whatever they are called', () => {
    expect(listChosen(['b', 'a.png'].map(chosen)).map(({ name }) => name)).toEqual(['a.png', 'b']);
  });

  it('are those of dropped folders with all their folders', async () => {
    const deep = entry('Sea/deep', [entry('Sea/deep/3.png'), entry('Sea/deep/.x.png')]);
    const sea = entry('Sea', [entry('Sea/10.png'), entry('Sea/2.png'), deep, entry('Sea/notes.txt')]);
    const files = await listEntries([sea, entry('alone.txt')]);
    expect(files.map(({ name }) => name)).toEqual(['Sea/2.png', 'Sea/10.png', 'Sea/deep/3.png', 'alone.txt']);
  });

  it('give their batch its name', () => {
    const named = (...names: string[]) => nameFiles(names.map((name) => ({ name, file: chosen(name) })));
    expect(named('Sea/1.png', 'Sea/deep/2.png')).toBe('Sea');
    expect(named('Sea/1.png', 'Hills/2.png')).toBe('2 pictures');
    expect(named('one.png')).toBe('one.png');
  });
});
