import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { generateSettingsSchema } from '../../../../contract/recipe.ts';

const width = generateSettingsSchema.shape.width.unwrap();
const sizeSchema = z.object({ width, height: generateSettingsSchema.shape.height.unwrap() });

/**
 * Reads the size of a picture in pixels as it is written, WIDTHxHEIGHT; what is allowed is read from the contract's schema.
 * @throws InvalidArgumentError, which commander turns into a usage error that names the flag
 */
export function parseSize(text: string): { readonly width: number; readonly height: number } {
  const [, across, down] = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text) ?? [];
  const size = sizeSchema.safeParse({ width: Number(across), height: Number(down) });
  if (!size.success) {
    const range = `each from ${width.minValue} to ${width.maxValue}`;
    throw new InvalidArgumentError(`It must be WIDTHxHEIGHT in pixels, such as 512x768, ${range}.`);
  }
  return size.data;
}
