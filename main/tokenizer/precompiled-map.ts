/**
 * SentencePiece's normalisation as it is stored in a tokenizer.json (`Precompiled`): a double array trie over UTF-8 (Aoe 1989; Darts) whose leaves point
 * at what takes a text's place. Equal to Hugging Face's `spm_precompiled` down to its taking the shortest match of a grapheme.
 */
export class PrecompiledMap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

  /** Throws a plain Error for bytes that are no such map. */
  constructor(base64: string) {
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
    const size = bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true);
    if (size === 0 || size % 4 !== 0 || 4 + size > bytes.length) throw new Error('the normalisation map is cut off');
    this.#units = new Uint32Array(bytes.slice(4, 4 + size).buffer);
    this.#replacements = bytes.subarray(4 + size);
  }

  normalise(text: string): string {
    let normalised = '';
    for (const { segment } of this.#graphemes.segment(text)) {
      const whole = Buffer.byteLength(segment) < 6 ? this.#replace(segment) : null;
      if (whole === null) for (const character of segment) normalised += this.#replace(character) ?? character;
      else normalised += whole;
    }
    return normalised;
  }

  #replace(part: string): string | null {
    const start = this.#find(Buffer.from(part));
    if (start === null) return null;
    const end = this.#replacements.indexOf(0, start);
    return Buffer.from(this.#replacements.subarray(start, end < 0 ? undefined : end)).toString('utf8');
  }

  /** Where the replacement of the shortest beginning that has one starts. */
  #find(key: Uint8Array): number | null {
    let node = offsetOf(this.#units[0] ?? 0);
    for (const byte of key) {
      if (byte === 0) return null;
      node ^= byte;
      const unit = this.#units[node] ?? 0;
      if ((unit & 0x800000ff) !== byte) return null;
      node ^= offsetOf(unit);
      if ((unit >>> 8) & 1) return (this.#units[node] ?? 0) & 0x7fffffff;
    }
    return null;
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
