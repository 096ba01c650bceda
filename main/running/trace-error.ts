/** What may be written down about an error anywhere: what it is and where in the studio it happened. */
export interface ErrorTrace {
  /** The error's name, or the type of what was thrown instead of one. */
  readonly kind: string;
  /** The system's or the studio's word for it, such as ENOENT; empty where it has none. */
  readonly code: string;
  /** The stack's frames, one a line. */
  readonly stack: string;
}

const frame = /^\s+at .*(:\d+:\d+\)?|\(native\)|<anonymous>\)?)$/;
const word = /^[\w-]{1,60}$/;

/**
 * An error without its message: a message that nobody planned may hold what a person wrote, drew or named, and no rule about
 * quotes finds all of it.
 */
export function traceError(error: unknown): ErrorTrace {
  if (!(error instanceof Error)) return { kind: typeof error, code: '', stack: '' };
  const { name, message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' && word.test(error.code) ? error.code : '';
  // The message stands before the frames and may itself have lines that look like frames.
  const start = message === '' ? 0 : stack.indexOf(message) + message.length;
  const frames = stack
    .slice(stack.includes(message) ? start : 0)
    .split('\n')
    .filter((line) => frame.test(line));
  return { kind: word.test(name) ? name : 'Error', code, stack: frames.join('\n') };
}
