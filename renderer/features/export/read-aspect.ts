/** An aspect as people write it (16:9, 16x9, 16 / 9) as tools take it; null where it is none. */
export function readAspect(text: string): string | null {
  const [, across = '', down = ''] = /^(\d{1,5})\s*[:x×/∶]\s*(\d{1,5})$/u.exec(text.normalize('NFKC').trim().toLowerCase()) ?? [];
  const [width, height] = [Number(across), Number(down)];
  return width > 0 && height > 0 ? `${width}:${height}` : null;
}
