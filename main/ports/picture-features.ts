import type { RunContext } from '../running/run-context.ts';

/** Pictures → features that sets of pictures are compared by, as they come, of no fixed length. */
export interface PictureFeatures {
  /**
   * @param images absolute paths of files
   * @returns one vector a picture, in order; null for a picture that cannot be read
   */
  look(images: readonly string[], context: RunContext): Promise<readonly (Float32Array | null)[]>;
}
