/** PNG, JPEG and WebP by their first bytes: what comes with a picture is not trusted to say what it is. */
const marks: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/** A picture in base64, with or without the head of a data address; null for what is none. */
export function readBase64Picture(text: string): { readonly bytes: Uint8Array; readonly mediaType: string } | null {
  const bytes = Buffer.from(text.replace(/^data:[^,]{0,100},/u, ''), 'base64');
  const head = bytes.subarray(0, 12).toString('latin1');
  const found = marks.find(([, mark]) => mark.test(head));
  return found === undefined ? null : { bytes: new Uint8Array(bytes), mediaType: found[0] };
}
