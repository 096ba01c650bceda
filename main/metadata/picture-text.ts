/** One text of a picture file, with the place it was found in. */
export interface PictureText {
  /** A text of a PNG, a field of EXIF, or a property of XMP. */
  readonly carrier: 'png' | 'exif' | 'xmp';
  /** The PNG keyword, or the name of the field. */
  readonly key: string;
  readonly text: string;
}

/** The texts of one file, and sentences on those that were too large or damaged. */
export interface PictureTexts {
  readonly texts: readonly PictureText[];
  readonly problems: readonly string[];
}
