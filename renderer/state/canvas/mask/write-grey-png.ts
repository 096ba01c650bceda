const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bits a pixel, kind of colour (grey), and the only ways there are to pack, filter and order. */
const form = [8, 0, 0, 0, 0];

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** A mask as a PNG (W3C, Portable Network Graphics): white where it is 1, black elsewhere, a byte a pixel. The same mask gives the same bytes. */
export async function writeGreyPng(
  mask: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Blob> {
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    // Each row begins with the number of its filter: none.
    for (let column = 0; column < width; column += 1)
      rows[row * (width + 1) + 1 + column] = mask[row * width + column] === 1 ? 255 : 0;
  }
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set(form, 8);
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))];
  return new Blob([Uint8Array.from(signature), ...chunks], { type: 'image/png' });
}

/** Length, name, data, and the checksum of the latter two. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  let crc = 0xffffffff;
  for (const byte of bytes.subarray(4, 8 + data.length)) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  view.setUint32(8 + data.length, ~crc >>> 0);
  return bytes;
}
