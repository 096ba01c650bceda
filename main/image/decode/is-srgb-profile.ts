/** D50-adapted primaries of sRGB as every sRGB profile holds them (IEC 61966-2-1, ICC.1:2022 annex E), columns red, green, blue. */
const primaries = { rXYZ: [0.436, 0.2225, 0.0139], gXYZ: [0.3851, 0.7169, 0.0971], bXYZ: [0.1431, 0.0606, 0.7141] } as const;
const primaryTolerance = 0.003;
/** Of the encoded value, 0..1: less than half of what 8 bits tell apart. */
const curveTolerance = 0.002;
const curveTags = ['rTRC', 'gTRC', 'bTRC'];

/**
 * Whether an ICC profile says what a picture without one means anyway: a matrix profile with the primaries and the curve of sRGB.
 * Names in profiles are not believed. What is out of bounds or of another kind is not sRGB.
 */
export function isSrgbProfile(profile: Uint8Array): boolean {
  const bytes = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  if (bytes.length < 132 || bytes.toString('latin1', 16, 24) !== 'RGB XYZ ') return false;
  const tags = readTags(bytes);
  // A table from device to colour wins over the matrix.
  if (tags.has('A2B0') || tags.has('A2B1') || tags.has('D2B0') || tags.has('D2B1') || tags.has('cicp')) return false;
  for (const [name, wanted] of Object.entries(primaries)) {
    const tag = tags.get(name);
    if (tag === undefined || tag.length < 20) return false;
    const near = wanted.every((value, axis) => Math.abs(tag.readInt32BE(8 + axis * 4) / 65536 - value) <= primaryTolerance);
    if (!near) return false;
  }
  return curveTags.every((name) => isSrgbCurve(tags.get(name)));
}

function readTags(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = Math.min(bytes.readUInt32BE(128), 100);
  for (let entry = 132; entry + 12 <= bytes.length && tags.size < count; entry += 12) {
    const offset = bytes.readUInt32BE(entry + 4);
    tags.set(bytes.toString('latin1', entry, entry + 4), bytes.subarray(offset, offset + bytes.readUInt32BE(entry + 8)));
  }
  return tags;
}

function isSrgbCurve(tag: Buffer | undefined): boolean {
  const curve = tag === undefined || tag.length < 12 ? null : readCurve(tag);
  if (curve === null) return false;
  for (let step = 0; step <= 32; step++) {
    const encoded = step / 32;
    if (Math.abs(encodeSrgb(curve(encoded)) - encoded) > curveTolerance) return false;
  }
  return true;
}

/** Encoded → linear, both 0..1. Null for forms that no sRGB profile has. */
function readCurve(tag: Buffer): ((encoded: number) => number) | null {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'para' && tag.readUInt16BE(8) === 3 && tag.length >= 32) {
    const [g = 1, a = 1, b = 0, c = 1, d = 0] = [0, 1, 2, 3, 4].map((index) => tag.readInt32BE(12 + index * 4) / 65536);
    return (encoded) => (encoded >= d ? (a * encoded + b) ** g : c * encoded);
  }
  const count = type === 'curv' ? tag.readUInt32BE(8) : 0;
  if (count < 256 || tag.length < 12 + count * 2) return null;
  return (encoded) => {
    const place = encoded * (count - 1);
    const before = Math.floor(place);
    const value = (index: number): number => tag.readUInt16BE(12 + Math.min(index, count - 1) * 2) / 65535;
    return value(before) + (value(before + 1) - value(before)) * (place - before);
  };
}

function encodeSrgb(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}
