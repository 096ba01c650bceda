import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/**
 * Reads a number for a flag; what is allowed is read from the contract's schema, so that the two cannot differ.
 * @throws InvalidArgumentError, which commander turns into a usage error that names the flag
 */
export function numberOption(schema: z.ZodNumber): (text: string) => number {
  const isWhole = schema.format === 'safeint';
  const range = `${isWhole ? 'a whole number' : 'a number'} from ${schema.minValue} to ${schema.maxValue}`;
  return (text) => {
    const isWritten = (isWhole ? /^\d{1,16}$/ : /^(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})$/).test(text);
    const value = schema.safeParse(Number(text));
    if (!isWritten || !value.success) throw new InvalidArgumentError(`It must be ${range}.`);
    return value.data;
  };
}
