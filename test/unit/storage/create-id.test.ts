import { expect, test } from 'vitest';
import { idSchema } from '../../../contract/identity.ts';
import { createId } from '../../../main/storage/create-id.ts';

test('an id is a version 7 UUID that carries its time', () => {
  const id = createId(1_900_000_000_000);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idSchema.safeParse(id).success).toBe(true);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_900_000_000_000);
});

test('ids sort in the order they were made, also within one millisecond and when the clock goes back', () => {
  const ids = Array.from({ length: 10_000 }, () => createId(1_950_000_000_000));
  ids.push(createId(1_940_000_000_000), createId(1_960_000_000_000));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
