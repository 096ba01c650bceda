import type { Written } from '../ports/writer.ts';

/** The whole of an answer that nobody watches being written. */
export async function collectWriting(pieces: AsyncGenerator<string, Written, void>): Promise<Written> {
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return next.value;
  }
}
