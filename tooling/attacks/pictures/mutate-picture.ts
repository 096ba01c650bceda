import { crc32 } from 'node:zlib';
import type { RandomChoice } from '../random-choice.ts';

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Half of the damage is aimed at the first bytes, where parsers are. */
const headerBytes = 64;

/** One damage of six kinds. Half of the damaged PNGs get right checksums again, so that more than their first check reads them. */
export function mutatePicture(original: Uint8Array, choice: RandomChoice): Buffer {
  const damaged = damage(original, choice);
  return choice.chance(0.5) && damaged.subarray(0, 8).equals(pngStart) ? withRightChecksums(damaged) : damaged;
}

function damage(original: Uint8Array, choice: RandomChoice): Buffer {
  const place = (): number => choice.below(choice.chance(0.5) ? Math.min(headerBytes, original.length) : original.length);
  const bytes = Buffer.from(original);
  const from = place();
  const length = 1 + choice.below(32);
  const kind = choice.of(['cut', 'hole', 'insertion', 'fill', 'one byte', 'bytes']);
  switch (kind) {
    case 'cut':
      return bytes.subarray(0, from);
    case 'hole':
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    case 'insertion':
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(place()), bytes.subarray(from)]);
    case 'fill':
      return bytes.fill(choice.of([0, 255]), from, Math.min(bytes.length, from + length));
    default:
      for (let count = kind === 'bytes' ? length : 1; count > 0; count -= 1) bytes[place()] = choice.below(256);
      return bytes;
  }
}

function withRightChecksums(png: Buffer): Buffer {
  const bytes = Buffer.from(png);
  for (let start = pngStart.length; start + 12 <= bytes.length;) {
    const end = start + 8 + bytes.readUInt32BE(start);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end)), end);
    start = end + 4;
  }
  return bytes;
}
