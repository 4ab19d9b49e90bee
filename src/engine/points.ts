/**
 * The moments between which a crash must lose nothing. The engine names each as it passes; outside the crash test
 * nobody listens, and passing one costs a call of an empty function.
 */
export const points = [
  'intake:before-commit',
  'intake:after-commit',
  'command:before-commit',
  'command:after-commit',
  'job:leased',
  'post:before',
  'post:sent',
  'post:done',
  'channel:opened',
  'channel:recorded',
  'card:sent',
  'notify:before',
  'notify:sent',
  'update:due',
  'postmortem:written',
  'checkpoint:written',
] as const;
export type Point = (typeof points)[number];

export type Passing = (point: Point) => void;
export const passUnseen: Passing = () => {};
