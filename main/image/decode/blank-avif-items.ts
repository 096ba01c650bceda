/** A box of ISO base media: its content, as a part of the file. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Item {
  readonly name: 'EXIF' | 'XMP';
  readonly id: number;
}

/**
 * An AVIF whose EXIF and XMP are overwritten, in a copy: places of everything else are written down in the file, so nothing may move.
 * ISO/IEC 14496-12, 8.11.3 (where items lie) and 8.11.6 (what they are).
 */
export function blankAvifItems(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly removed: readonly string[] } {
  const copy = Buffer.from(bytes);
  const meta = listBoxes(copy, 0, copy.length).find(({ type }) => type === 'meta');
  if (meta === undefined) return { bytes: copy, removed: [] };
  const parts = listBoxes(copy, meta.start + 4, meta.end);
  const find = (wanted: string): Box | undefined => parts.find(({ type }) => type === wanted);
  const [infos, places, data] = [find('iinf'), find('iloc'), find('idat')];
  if (infos === undefined || places === undefined) return { bytes: copy, removed: [] };
  const items = listItems(copy, infos);
  const removed: string[] = [];
  for (const { id, from, length, isInside } of listExtents(copy, places)) {
    const item = items.find((one) => one.id === id);
    const start = isInside ? (data?.start ?? copy.length) + from : from;
    if (item === undefined || start + length > copy.length) continue;
    blank(copy.subarray(start, start + length), item.name);
    removed.push(item.name);
  }
  return { bytes: copy, removed: [...new Set(removed)] };
}

function listBoxes(file: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to) {
    const type = file.toString('latin1', at + 4, at + 8);
    let size = file.readUInt32BE(at);
    let head = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(file.readBigUInt64BE(at + 8));
      head = 16;
    }
    const end = size === 0 ? to : at + size;
    if (end > to || end < at + head) break;
    boxes.push({ type, start: at + head, end });
    at = end;
  }
  return boxes;
}

function listItems(file: Buffer, infos: Box): Item[] {
  const first = infos.start + (file[infos.start] === 0 ? 6 : 8);
  return listBoxes(file, first, infos.end).flatMap(({ type, start, end }): Item[] => {
    const version = file[start] ?? 0;
    const wide = version === 3 ? 4 : 2;
    if (type !== 'infe' || version < 2 || start + 4 + wide + 6 > end) return [];
    const id = file.readUIntBE(start + 4, wide);
    const kind = file.toString('latin1', start + 6 + wide, start + 10 + wide);
    if (kind === 'Exif') return [{ id, name: 'EXIF' }];
    const isXmp = kind === 'mime' && file.toString('latin1', start + 10 + wide, end).includes('application/rdf+xml');
    return isXmp ? [{ id, name: 'XMP' }] : [];
  });
}

interface Extent {
  readonly id: number;
  readonly from: number;
  readonly length: number;
  /** In the box of small data rather than in the file. */
  readonly isInside: boolean;
}

/** Reads numbers of so many bytes one after the other; 0 bytes are the number 0. */
function* listExtents(file: Buffer, { start, end }: Box): Generator<Extent> {
  const version = file[start] ?? 0;
  const sizes = file.readUInt16BE(start + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  let at = start + 6;
  const take = (size: number): number => {
    if (at + size > end) throw new RangeError('the list of places is cut off');
    const value = size === 0 ? 0 : size === 8 ? Number(file.readBigUInt64BE(at)) : file.readUIntBE(at, size);
    at += size;
    return value;
  };
  const count = take(version < 2 ? 2 : 4);
  for (let item = 0; item < count; item += 1) {
    const id = take(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : take(2) & 15;
    take(2);
    const base = take(baseSize);
    const extents = take(2);
    for (let extent = 0; extent < extents; extent += 1) {
      take(indexSize);
      const from = base + take(offsetSize);
      const length = take(lengthSize);
      if (method <= 1) yield { id, from, length, isInside: method === 1 };
    }
  }
}

/** An EXIF block without an entry behind its offset, or an XMP packet without a property; the rest of the place is emptied. */
const emptyExif = Buffer.from('0000000049492a0008000000000000000000', 'hex');
const emptyXmp = Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', 'latin1');

function blank(place: Buffer, name: Item['name']): void {
  const empty = name === 'EXIF' ? emptyExif : emptyXmp;
  place.fill(name === 'EXIF' ? 0 : 0x20);
  if (place.length >= empty.length) empty.copy(place);
}
