import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findProgram } from '../use-system-tools.ts';

/** Written when a root is complete, so that one that was interrupted is made anew. */
const COMPLETE = 'etc/dediffusion-root-complete';

const quietly = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** A small Debian in a folder: no Node.js, no source of ours, no desktop. Only the superuser can use one. */
export class CleanRoot {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Makes the root where it is not there yet, and mounts what programs need in it. `close` takes that away again.
   *
   * @throws Error without debootstrap or the rights it needs
   */
  async open(): Promise<void> {
    if (process.getuid?.() !== 0) throw new Error('A clean root can be used by the superuser only: sudo npm run package:try.');
    if (findProgram('debootstrap') === null)
      throw new Error('A clean root is made with debootstrap: "apt-get install debootstrap" brings it.');
    if (!existsSync(join(this.folder, COMPLETE))) await this.#make();
    for (const place of ['proc', 'dev']) this.#mount(place);
  }

  async #make(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    const suite = /^VERSION_CODENAME=(.+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
    execFileSync('debootstrap', ['--variant=minbase', suite, this.folder], { stdio: 'inherit' });
    // Packages come from where this machine has them from.
    for (const place of ['sources.list', 'sources.list.d', 'apt.conf.d', 'preferences.d']) {
      const source = join('/etc/apt', place);
      if (existsSync(source)) await cp(source, join(this.folder, source), { recursive: true, force: true });
    }
    this.run('apt-get', 'update', '-q');
    // What an AppImage is mounted with.
    this.run('apt-get', 'install', '-y', '-q', '--no-install-recommends', 'fuse3');
    this.run('touch', `/${COMPLETE}`);
  }

  #mount(place: string): void {
    execFileSync('mount', ['--rbind', '--make-rslave', `/${place}`, join(this.folder, place)]);
  }

  close(): void {
    for (const place of ['proc', 'dev']) execFileSync('umount', ['--recursive', '--lazy', join(this.folder, place)]);
  }

  /** Where a path inside lies for programs outside. */
  outside(path: string): string {
    return join(this.folder, path);
  }

  /** Runs a command inside to its end, and returns what it printed. Throws where it fails. */
  run(...command: readonly string[]): string {
    return execFileSync('chroot', [this.folder, ...command], {
      env: quietly,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** Brings a file in, and returns its path inside. */
  async bring(file: string): Promise<string> {
    const inside = join('/tmp', basename(file).replaceAll(' ', '-'));
    await mkdir(this.outside('/tmp'), { recursive: true });
    await copyFile(file, this.outside(inside));
    return inside;
  }
}
