import { describe, expect, it } from 'vitest';
import { pressIds } from './presses.js';

const press = {
  userId: 'U1',
  place: 'C1/1.2',
  actionId: 'run-1',
  value: '{"command":"/incident ack"}',
  at: 1_000_000_500,
};
const later = (ms: number) => ({ ...press, at: press.at + ms });

describe('presses of a button', () => {
  it('are one within a moment, also across its border, in any order', () => {
    const id = pressIds();
    const ids = [0, 400, 2_900, 4_000, -200].map((ms) => id(later(ms)));
    expect(new Set(ids).size).toBe(1);
  });

  it('are others later on, by others, in other places, of other buttons', () => {
    const id = pressIds();
    const others = [
      press,
      later(60_000),
      { ...press, userId: 'U2' },
      { ...press, place: 'C1/9' },
      { ...press, actionId: 'run-2' },
      { ...press, value: '{}' },
    ];
    expect(new Set(others.map(id)).size).toBe(others.length);
  });

  it('that are delivered again have the id they had, whatever came between, and on another replica too', () => {
    const id = pressIds();
    const first = id(press);
    id(later(60_000));
    expect(id(press)).toBe(first);
    expect(pressIds()(later(10))).toBe(first);
  });
});
