import { describe, expect, it } from 'vitest';
import { parseSize } from '../../../main/shell/cli/input/size-option.ts';

describe('parseSize', () => {
  it('reads a width and a height', () => {
    expect(parseSize('512x768')).toEqual({ width: 512, height: 768 });
    expect(parseSize('64X64')).toEqual({ width: 64, height: 64 });
    expect(parseSize('1024×1024')).toEqual({ width: 1024, height: 1024 });
  });

  it.each(['', '512', '512x', 'x512', '512 x 768', '512x768x3', '-8x8', '1.5x2', '4x4', '4097x64', '99999x64'])(
    'refuses %j and says what it wants',
    (text) => expect(() => parseSize(text)).toThrow('It must be WIDTHxHEIGHT in pixels, such as 512x768, each from 8 to 4096.'),
  );
});
