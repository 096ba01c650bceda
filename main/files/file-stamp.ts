/** By which a file is known to be the one that was read before, without reading it again. */
export interface FileStamp {
  /** Milliseconds since the epoch, with the file system's fractions. */
  readonly modifiedMs: number;
  readonly bytes: number;
}
