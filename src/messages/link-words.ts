import { type LinkEvents, nameOf, type Other } from '../incident/links.js';
import { because, count, does, list, type Sentence } from './sentence.js';

const called = (other: Other): string => (other.number === null ? nameOf(other) : `#${other.number}, ${other.title}`);

/** How incidents belong together. */
export const linkWords: { [T in keyof LinkEvents]: (body: LinkEvents[T]) => Sentence } = {
  linked: ({ other, reason }) => does`linked it with ${called(other)}${because(reason)}`,
  unlinked: ({ other }) => does`took the link with ${called(other)} away`,
  mergedInto: ({ other, reason }) => does`merged it into ${called(other)}${because(reason)}`,
  mergedFrom: ({ other, reason, alerts }) =>
    does`merged ${called(other)} into this, with ${count(alerts.total, 'alert')}, ${alerts.firing} firing${because(reason)}`,
  splitInto: ({ other, alerts }) =>
    does`moved ${count(alerts.total, 'alert')} to ${called(other)}${list(alerts.names)}`,
  splitFrom: ({ other, alerts, undone }) =>
    undone
      ? does`took it out of ${called(other)} again, with ${count(alerts.total, 'alert')}${list(alerts.names)}`
      : does`split it from ${called(other)}, with ${count(alerts.total, 'alert')}${list(alerts.names)}`,
};
