import type { ImageInput } from '../../../contract/models/pack.ts';

/** A rectangle in shares of a picture's width and height, 0..1. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const wholePicture: Region = { left: 0, top: 0, width: 1, height: 1 };

/** The part of a picture that the encoder sees: all of it, or the middle in the shape of the model's input. */
export function seenRegion(picture: { readonly width: number; readonly height: number }, input: ImageInput | null): Region {
  if (input === null || input.fit === 'stretch') return wholePicture;
  const wanted = input.width / input.height;
  const given = picture.width / picture.height;
  if (given > wanted) {
    const width = wanted / given;
    return { left: (1 - width) / 2, top: 0, width, height: 1 };
  }
  const height = given / wanted;
  return { left: 0, top: (1 - height) / 2, width: 1, height };
}

/** The same of a part of a picture that was read alone, in shares of the whole picture. */
export function seenPart(
  picture: { readonly width: number; readonly height: number },
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  input: ImageInput | null,
): Region {
  const seen = seenRegion(part, input);
  return {
    left: (part.x + seen.left * part.width) / picture.width,
    top: (part.y + seen.top * part.height) / picture.height,
    width: (seen.width * part.width) / picture.width,
    height: (seen.height * part.height) / picture.height,
  };
}
