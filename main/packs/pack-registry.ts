import type { PackManifest, PackSummary, PackVerification } from '../../contract/models/pack.ts';

/** A pack that was found and parsed. Paths in the manifest are relative to `folder`. */
export interface ResolvedPack {
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: PackManifest;
  /** sha256 of pack.json's bytes: what a recipe remembers. */
  readonly manifestSha256: string;
  /** True for a pack that came with the studio. */
  readonly embedded: boolean;
}

/** A folder that looks like a pack and cannot be used, or is hidden by another of the same id. */
export interface PackProblem {
  readonly folder: string;
  readonly message: string;
}

/** What a long verification listens to and tells. */
export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Bytes hashed so far, of all bytes the manifest lists. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * The packs on this machine: those that came with the studio, and those in the user's packs folder.
 * Of two packs with one id the user's is taken. Folders are read again on every call, so a pack that was just
 * copied in is found.
 */
export interface PackRegistry {
  /** Usable packs by id, embedded ones first, and the folders that are not usable with the reason. */
  listPacks(): Promise<{ readonly packs: readonly PackSummary[]; readonly problems: readonly PackProblem[] }>;
  /** Finds and parses, without looking at the files. Throws pack-not-found (the hint lists what there is) or pack-invalid. */
  resolvePack(packId: string): Promise<ResolvedPack>;
  /**
   * Resolves a pack for use. Every file's size and time are compared with the last full check; files that were never
   * hashed, or that changed since, are hashed now. Throws pack-file-missing, or pack-file-altered with the
   * details `path`, `expected` and `actual`.
   */
  openPack(packId: string, options?: VerifyOptions): Promise<ResolvedPack>;
  /**
   * Hashes every file, whatever was remembered, and names each one that is not what the manifest says. Graphs of a whole pack that ended the
   * engine are tried again from then on.
   */
  verifyPack(packId: string, options?: VerifyOptions): Promise<PackVerification>;
}
