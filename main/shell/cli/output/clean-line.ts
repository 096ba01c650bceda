/** One line that cannot steer the terminal: file names and prompts may hold escape sequences. */
export function cleanLine(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/\p{Cc}/gu, '');
}
