import type { TimeSpan } from '../../../state/library/time-spans.ts';
import { month, say } from '../../../language/say.ts';

/** "Today", "Yesterday", "This week", "November 2026", "Earlier". */
export function describeSpan({ name, fromMs }: TimeSpan): string {
  if (fromMs === null) return say('library.time.earlier');
  return name === 'month' ? month(fromMs) : say(`library.time.${name}`);
}
