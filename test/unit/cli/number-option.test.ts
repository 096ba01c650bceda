import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { numberOption } from '../../../main/shell/cli/input/number-option.ts';

describe('numberOption', () => {
  const whole = numberOption(z.number().int().min(1).max(200));
  const decimal = numberOption(z.number().min(0).max(30));

  it('reads what is written plainly', () => {
    expect(whole('20')).toBe(20);
    expect(decimal('7.5')).toBe(7.5);
    expect(decimal('.5')).toBe(0.5);
    expect(decimal('3.')).toBe(3);
  });

  it.each(['', ' ', '0', '201', '1.5', '-1', '+1', '1e1', '0x10', 'NaN', 'Infinity', '１', '1 2', '99999999999999999999'])(
    'refuses %j as a whole number and says the range',
    (text) => expect(() => whole(text)).toThrow('It must be a whole number from 1 to 200.'),
  );

  it.each(['', '30.1', '-0.1', '1e1', '1,5', 'Infinity'])('refuses %j as a number and says the range', (text) =>
    expect(() => decimal(text)).toThrow('It must be a number from 0 to 30.'),
  );
});
