/** "64 × 64 · shown 5×" */
export function describeScale(width: number, height: number, scale: number): string {
  const shown =
    scale >= 1 && Number.isInteger(scale)
      ? scale === 1
        ? 'true size'
        : `shown ${scale}×`
      : `shown at ${Math.round(scale * 100)}%`;
  return `${width} × ${height} · ${shown}`;
}
