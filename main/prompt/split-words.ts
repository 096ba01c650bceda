/** The words of a running text: what stands between runs of white space, which no CLIP token ever crosses. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
