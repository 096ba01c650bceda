import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Colour on stdout only where it is a terminal that wants it; NO_COLOR and FORCE_COLOR are honoured by styleText. */
const on =
  (format: Parameters<typeof styleText>[0]): Paint =>
  (text) =>
    styleText(format, text, { stream: process.stdout });

export const paint = { strong: on('bold'), faint: on('dim'), good: on('green'), bad: on('red') } as const;
