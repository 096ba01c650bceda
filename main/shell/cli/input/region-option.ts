import { InvalidArgumentError, Option } from 'commander';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';

/** `--region x,y,width,height`: the part of each picture that is read, in pixels from its upper left corner. */
export function regionOption(): Option {
  return new Option('--region <x,y,width,height>', 'read this part alone, in pixels').argParser(parseRegion);
}

/** `--mask-region [x,y,width,height]`: the part of the picture begun with that is drawn anew; true for the part its prompt was read from. */
export function maskRegionOption(): Option {
  const about = 'draw anew only this part of the picture begun with, in pixels; absent: the part that the prompt was read from';
  return new Option('--mask-region [x,y,width,height]', about).argParser(parseRegion);
}

export function parseRegion(text: string): PictureRegion {
  const numbers = text.split(',').map((one) => one.trim());
  const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
  const isWhole = numbers.length === 4 && numbers.every((one) => /^\d{1,6}$/.test(one));
  if (!isWhole || width === 0 || height === 0)
    throw new InvalidArgumentError('It must be four whole numbers, such as 0,0,64,48, with a width and a height above 0.');
  return { x, y, width, height };
}
