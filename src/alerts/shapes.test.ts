import { expect, test } from 'vitest';
import { z } from 'zod';
import { flag, list, number, part, record, text } from './shapes.js';

const shape = z.object({ text, number, flag, record, list: list(text), part: part({ text, list: list(number) }) });

test('what is missing, or of another kind, is nothing', () => {
  const nothing = { text: null, number: null, flag: null, record: {}, list: [] };
  expect(shape.parse({})).toEqual(nothing);
  expect(shape.parse({ part: {} }).part).toEqual({ text: null, list: [] });
  expect(shape.parse({ text: {}, number: 'x', flag: 'perhaps', record: [1], list: 'x', part: 'x' })).toEqual({
    ...nothing,
    part: null,
  });
});

test('what is written otherwise is read', () => {
  expect(shape.parse({ text: 7, number: ' 1.5 ', flag: 'false', list: ['a', {}, 2] })).toMatchObject({
    text: '7',
    number: 1.5,
    flag: false,
    list: ['a', null, '2'],
  });
});
