import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { sha256Schema } from '../../contract/identity.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const fileSchema = z.object({ images: z.array(sha256Schema) });

/** Pictures whose items are being deleted for good, `removing.json`: after a death in between, the next start finishes the removal. */
export class RemovalRecord {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Empty when nothing was under way. A record that cannot be read removes nothing: bytes too many are better than too few. */
  read(): readonly string[] {
    if (!existsSync(this.#path)) return [];
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).images;
    } catch (cause) {
      if (cause instanceof SyntaxError || cause instanceof z.ZodError) return [];
      throw cause;
    }
  }

  async write(images: readonly string[]): Promise<void> {
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify({ images })));
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
