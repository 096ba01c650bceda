/** A picture format the studio reads: its media type, and the endings that files of it carry, the usual one first. */
interface PictureFormat {
  readonly mediaType: string;
  readonly endings: readonly [string, ...string[]];
}

/** The one list. What a file really is, its bytes say (`main/image/decode/sniff-image.ts`); names only decide what a folder is searched for. */
export const pictureFormats = [
  { mediaType: 'image/png', endings: ['png', 'apng'] },
  { mediaType: 'image/jpeg', endings: ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg', 'pjp'] },
  { mediaType: 'image/webp', endings: ['webp'] },
  { mediaType: 'image/gif', endings: ['gif'] },
  { mediaType: 'image/tiff', endings: ['tif', 'tiff'] },
  { mediaType: 'image/avif', endings: ['avif', 'avifs'] },
] as const satisfies readonly PictureFormat[];

export const pictureMediaTypes = pictureFormats.map(({ mediaType }) => mediaType);
export type PictureMediaType = (typeof pictureMediaTypes)[number];

/** Endings of every format the studio reads. */
export const pictureEndings: readonly string[] = pictureFormats.flatMap(({ endings }) => endings);

/** Pictures too, but none the studio opens: a folder that holds only these is told by their name. */
const foreignEndings: readonly string[] = (
  'heic heif hif bmp dib psd psb jxl jp2 j2k svg svgz ico exr hdr ' + 'dng nef nrw arw sr2 cr2 cr3 crw raf orf rw2 pef srw x3f'
).split(' ');

function endingOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Hidden files are left out: beside each picture on a foreign disk a Mac keeps a `._` file of the same name that is none. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** Whether a file of this name is taken out of a folder. A file that is named itself is tried whatever it is called. */
export function isPictureName(name: string): boolean {
  return !isHidden(name) && pictureEndings.includes(endingOf(name));
}

/** The format, in capitals, of a picture the studio does not open; null for everything else. */
export function foreignPictureFormat(name: string): string | null {
  const ending = endingOf(name);
  return !isHidden(name) && foreignEndings.includes(ending) ? ending.toUpperCase() : null;
}

/** The usual ending of a media type; null for one the studio does not know. */
export function endingFor(mediaType: string): string | null {
  return pictureFormats.find((format) => format.mediaType === mediaType)?.endings[0] ?? null;
}
