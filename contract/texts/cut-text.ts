const graphemes = new Intl.Segmenter();

/** The beginning of a text, at most so many UTF-16 units long, never cut inside what a person sees as one character, such as 👩‍🚀 or é. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  // One character has no limit of its own, and the first one must not be waited for to its end.
  for (const { segment } of graphemes.segment(text.slice(0, most + 64))) {
    if (end + segment.length > most) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** The same for people to read: it ends with a whole word and "…". One word that takes up half of the room alone is cut nevertheless. */
export function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = cutText(text, most - 1);
  const end = /^\s/u.test(text.slice(room.length)) ? room.length : room.search(/\s\S*$/u);
  return `${end < room.length / 2 ? room : room.slice(0, end).trimEnd()}…`;
}
