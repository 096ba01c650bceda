/** Control characters draw nothing and can end a line or steer a terminal; exported text never holds any. */
export function removeControlCharacters(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}

/** One line without control characters, white space as single spaces: for texts typed beside the prompt. */
export function cleanLine(text: string): string {
  return removeControlCharacters(text.replace(/\s+/gu, ' ')).trim();
}
