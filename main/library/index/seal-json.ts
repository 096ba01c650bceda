import { crc32 } from 'node:zlib';
import { databaseDamage } from '../../storage/is-database-damage.ts';

/** Hexadecimal digits of a checksum. */
const DIGITS = 8;

/** JSON with its checksum in front, so that bytes that have changed on the disk are found without a schema: that would cost a page several times as much. */
export function sealJson(value: unknown): string {
  const json = JSON.stringify(value);
  return `${crc32(json).toString(16).padStart(DIGITS, '0')}${json}`;
}

/** Throws SqliteError for what is not as it was sealed: the index is then made again. */
export function openSealed(sealed: unknown): unknown {
  const json = typeof sealed === 'string' ? sealed.slice(DIGITS) : '';
  if (typeof sealed === 'string' && crc32(json).toString(16).padStart(DIGITS, '0') === sealed.slice(0, DIGITS)) {
    return JSON.parse(json);
  }
  throw databaseDamage('a row of the index has changed');
}
