import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = fileURLToPath(new URL('appimage-runtime/runtime.c', import.meta.url));

/** Debian packages with the static libraries the runtime is made of; the last five unpack what a file system may be packed with. */
export const runtimePackages = [
  ...['gcc', 'libsquashfuse-dev', 'libfuse3-dev'],
  ...['libzstd-dev', 'zlib1g-dev', 'liblz4-dev', 'liblzo2-dev', 'liblzma-dev'],
] as const;

const libraries = ['squashfuse_ll', 'squashfuse', 'fuse3', 'zstd', 'z', 'lz4', 'lzo2', 'lzma', 'pthread'];

/** At this byte an AppImage of the second type says that it is one. */
const markAt = 8;
const mark = Buffer.from('AI\x02', 'latin1');

/**
 * Compiles the beginning of an AppImage for this machine.
 *
 * @param path of the program to make
 * @returns false where the compiler or a library is missing; `runtimePackages` names what would help
 */
export async function buildAppimageRuntime(path: string): Promise<boolean> {
  try {
    await run('gcc', ['-O2', '-static', '-s', source, '-o', path, ...libraries.map((name) => `-l${name}`)]);
  } catch (error) {
    // Without a compiler, or one that ended because it found no library.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
  const file = await open(path, 'r+');
  try {
    await file.write(mark, 0, mark.length, markAt);
  } finally {
    await file.close();
  }
  return true;
}
