import { fixed } from '../../language/say.ts';

/** "12 kB", "420 MB", "1.8 GB" */
export function describeBytes(bytes: number): string {
  if (bytes >= 1e9) return `${fixed(bytes / 1e9, 1)} GB`;
  if (bytes > 0 && bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${Math.round(bytes / 1e6)} MB`;
}
