import type { PictureReference, TextFile } from '../../contract/desktop.ts';
import { errorBodySchema, StudioError } from '../../contract/errors.ts';
import { toFileName } from '../../contract/file-name.ts';
import { endingFor } from '../../contract/picture-formats.ts';
import type { MessageKey } from '../language/message-key.ts';
import { say } from '../language/say.ts';
import type { Platform, SaveFolder } from './platform.ts';

/** So long a browser may take to begin reading what it saves. */
const downloadGraceMs = 60_000;

async function fetchPicture(sha256: string, as: 'saved' | 'shown'): Promise<Blob> {
  const response = await fetch(`${as}/${sha256}`);
  if (!response.ok) throw StudioError.fromBody(errorBodySchema.parse(await response.json()));
  return response.blob();
}

function download(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), downloadGraceMs);
}

/** Clipboards take PNG and nothing else. */
async function toPng(picture: Blob): Promise<Blob> {
  if (picture.type === 'image/png') return picture;
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

/** A browser around the page: saving is downloading, and only the page itself can be asked for files. */
export class BrowserTab implements Platform {
  readonly dragsOnlyFiles = false;
  readonly choosePictures = null;
  readonly addFiles = null;
  readonly chooseModelFile = null;
  readonly openLogFolder = null;
  readonly restartCore = null;
  readonly keychain = null;
  readonly updates = null;

  async savePicture({ sha256, title }: PictureReference): Promise<string | null> {
    const picture = await fetchPicture(sha256, 'saved');
    download(picture, toFileName(title, endingFor(picture.type) ?? 'png'));
    return null;
  }

  saveText({ text, title, extension }: TextFile): Promise<string | null> {
    download(new Blob([text], { type: 'text/plain;charset=utf-8' }), toFileName(title, extension));
    return Promise.resolve(null);
  }

  /** A browser has one folder for what is saved, and numbers names that are taken. */
  chooseFolder(): Promise<SaveFolder> {
    const keep = async (picture: PictureReference): Promise<void> => {
      await this.savePicture(picture);
    };
    return Promise.resolve({ name: say('library.downloads'), keep });
  }

  async copyPicture({ sha256 }: PictureReference): Promise<void> {
    needSecurePage('browser.secureOnly.copyPicture');
    // Handed over as a promise: the permission to write lasts only for the moment of the click.
    const item = new ClipboardItem({ 'image/png': fetchPicture(sha256, 'shown').then(toPng) });
    await navigator.clipboard.write([item]).catch((cause: unknown) => {
      throw new StudioError('bad-request', say('export.pictureNotCopied'), say('export.pictureNotCopied.hint'), {}, cause);
    });
  }

  async readClipboardPicture(): Promise<Blob | null> {
    needSecurePage('browser.secureOnly.paste');
    const items = await navigator.clipboard.read().catch((cause: unknown) => {
      throw new StudioError('bad-request', say('intake.closedClipboard'), say('intake.closedClipboard.hint'), {}, cause);
    });
    for (const item of items) {
      const type = item.types.find((one) => one.startsWith('image/'));
      if (type !== undefined) return item.getType(type);
    }
    return null;
  }

  dragPicture(event: DragEvent, { sha256, title, mediaType = '' }: PictureReference): void {
    const address = new URL(`saved/${sha256}`, location.href).href;
    event.dataTransfer?.setData('text/uri-list', address);
    // Chromium's own way of dropping a file on the desktop; other browsers take the address.
    const ending = endingFor(mediaType);
    if (ending !== null) event.dataTransfer?.setData('DownloadURL', `${mediaType}:${toFileName(title, ending)}:${address}`);
  }

  showKeys(): void {
    // A tab has no menus of ours.
  }

  noteWork(): void {
    // A browser keeps its own history.
  }
}

/**
 * Browsers hand out the clipboard only to pages that came over https or from the same machine; on others it does not exist.
 * @param hint what a person can do instead
 * @throws StudioError on a page that is neither
 */
function needSecurePage(hint: MessageKey): void {
  if (!globalThis.isSecureContext) throw new StudioError('bad-request', say('browser.secureOnly'), say(hint));
}
