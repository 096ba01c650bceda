import sharp from 'sharp';

/** A PNG of coloured shapes on a ground; each number gives another picture. */
export function drawTestPicture(number: number, side = 96): Promise<Buffer> {
  const hue = (number * 67) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="${side}" height="${side}">
    <rect width="96" height="96" fill="hsl(${hue},60%,70%)"/><circle cx="48" cy="52" r="26" fill="hsl(${(hue + 180) % 360},80%,45%)"/>
    <rect x="10" y="70" width="76" height="14" fill="hsl(${(hue + 90) % 360},50%,30%)"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
