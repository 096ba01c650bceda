/** Names that Windows keeps for devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const longestTitle = 80;

/** A title as a file name that every file system takes: no separators, no control characters, not too long, never empty. */
export function toFileName(title: string, extension: string): string {
  const withoutExtension = title.replace(/\.(png|jpe?g|webp|avif|gif|tiff?|bmp|svg|txt|json|md|csv|jsonl)$/i, '');
  const plain = withoutExtension
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const short = Array.from(plain)
    .slice(0, longestTitle)
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '');
  const safe = short === '' || deviceName.test(short) ? `picture ${short}`.trim() : short;
  return `${safe}.${extension}`;
}
