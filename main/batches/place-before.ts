/** The ids with some of them, in the order they have, put before another one; null, or one that is moved itself: at the end. */
export function placeBefore(ids: readonly string[], moved: readonly string[], beforeId: string | null): string[] {
  const moving = new Set(moved);
  const rest = ids.filter((id) => !moving.has(id));
  const at = beforeId === null ? -1 : rest.indexOf(beforeId);
  rest.splice(at === -1 ? rest.length : at, 0, ...ids.filter((id) => moving.has(id)));
  return rest;
}
