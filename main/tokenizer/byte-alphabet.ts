/**
 * GPT-2's and CLIP's printable stand-ins for the 256 bytes, so that a vocabulary can be a text file: printable Latin-1 stands for
 * itself, and the other 68 bytes, in ascending order, are U+0100 onwards.
 */
export interface ByteAlphabet {
  readonly characterOfByte: readonly string[];
  readonly byteOfCharacter: ReadonlyMap<string, number>;
  /** The 256 characters in the order in which CLIP's vocabulary lists them: printable ones first. */
  readonly vocabularyOrder: readonly string[];
}

export const byteAlphabet: ByteAlphabet = createByteAlphabet();

function createByteAlphabet(): ByteAlphabet {
  const isPrintable = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const unprintable = bytes.filter((byte) => !isPrintable(byte));
  const characterOfByte = bytes.map((byte) => String.fromCharCode(isPrintable(byte) ? byte : 256 + unprintable.indexOf(byte)));
  return {
    characterOfByte,
    byteOfCharacter: new Map(characterOfByte.map((character, byte) => [character, byte])),
    vocabularyOrder: [...bytes.filter(isPrintable), ...unprintable].map((byte) => characterOfByte[byte] ?? ''),
  };
}
