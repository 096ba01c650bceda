import { listFolder, stampFiles } from '../files/stamp-files.ts';

/** What was made of a folder, and the files it was made from. */
interface Stamped<Value> {
  readonly paths: readonly string[];
  readonly stamp: string;
  readonly opening: Promise<Value>;
}

/** What is opened of folders, by folder, each kept while its files stay the same. */
export class StampedFolders<Value> {
  readonly #known = new Map<string, Stamped<Value>>();

  /** What is kept of the folder, or what `open` makes of it now. A failure is not kept, because the pack may be mended. */
  async take(folder: string, open: (folder: string) => Promise<Value>): Promise<Value> {
    const known = this.#known.get(folder);
    // This is asked before every call, and listing a folder takes seven times as long as asking what is known of it.
    if (known?.stamp === (await stampFiles(known?.paths ?? []))) return known.opening;
    const paths = await listFolder(folder);
    const stamp = await stampFiles(paths);
    const other = this.#known.get(folder);
    if (other?.stamp === stamp) return other.opening;
    const opening = open(folder);
    this.#known.set(folder, { paths, stamp, opening });
    opening.catch(() => this.#known.get(folder)?.opening === opening && this.#known.delete(folder));
    return opening;
  }

  /** Keeps nothing; what is asked for next is opened anew. */
  clear(): void {
    this.#known.clear();
  }
}
