/** "14:05"; empty for a step whose time was not kept. */
export function describeTime(atMs: number): string {
  return atMs === 0 ? '' : new Date(atMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
