import { clipboard, ClipboardItem, nativeImage } from 'electron';
import type { NativeImage } from 'electron';

const pngType = 'image/png';

/** Electron's clipboard up to version 44: synchronous, and with pictures of its own. Newer ones follow the web's clipboard. */
interface EarlierClipboard {
  readImage(): NativeImage;
  writeImage(picture: NativeImage): void;
}

function earlier(): EarlierClipboard | null {
  const candidate: object = clipboard;
  return 'readImage' in candidate && 'writeImage' in candidate ? (candidate as EarlierClipboard) : null;
}

/** Puts a PNG or JPEG on the clipboard. False when the bytes are another format, which clipboards do not take. */
export async function writeClipboardPicture(bytes: Uint8Array): Promise<boolean> {
  const picture = nativeImage.createFromBuffer(Buffer.from(bytes));
  if (picture.isEmpty()) return false;
  const known = earlier();
  if (known === null)
    await clipboard.write([new ClipboardItem({ [pngType]: new Blob([new Uint8Array(picture.toPNG())], { type: pngType }) })]);
  else known.writeImage(picture);
  return true;
}

/** The clipboard's picture as PNG, or null when it holds none. */
export async function readClipboardPicture(): Promise<Uint8Array | null> {
  const known = earlier();
  if (known !== null) {
    const picture = known.readImage();
    return picture.isEmpty() ? null : new Uint8Array(picture.toPNG());
  }
  const item = (await clipboard.read()).find(({ types }) => types.includes(pngType));
  if (item === undefined) return null;
  const payload = await item.getType(pngType);
  return new Uint8Array(await payload.arrayBuffer());
}
