import { RE2JS } from 're2js';
import type { Alert } from '../alert.js';
import { gradeOf } from '../evidence.js';
import { hoursOf } from './hours.js';
import type { AlertTest } from './rule.js';

/** What is looked at; an episode has all of it too. */
export type Tested = Pick<Alert, 'source' | 'service' | 'severity' | 'name' | 'summary' | 'host' | 'labels'>;

export interface AboutTests {
  /** Source name -> its kind. */
  kinds: Readonly<Record<string, string>>;
  tiers: Readonly<Record<string, number>>;
}

/** A compiled test. `but`: whatever the hour. `until`: when its hours end; null: it has none, or they never do. */
export interface Fits {
  fits(alert: Tested, at: number): boolean;
  but(alert: Tested): boolean;
  until(at: number): number | null;
}

/** Says what is wrong with a text of a rule as a pattern; null: nothing, or it is none. */
export function patternProblem(text: string): string | null {
  if (!isPattern(text)) return null;
  try {
    patternOf(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const isPattern = (text: string): boolean => /^\/.+\/i?$/s.test(text);

/** A pattern may be found anywhere; it runs in time linear in the text, whatever it says. */
function patternOf(text: string): (value: string) => boolean {
  const end = text.lastIndexOf('/');
  const flags = text.slice(end + 1) === 'i' ? RE2JS.CASE_INSENSITIVE : 0;
  const pattern = RE2JS.compile(text.slice(1, end), flags);
  return (value) => pattern.matcher(value).find();
}

/** Any of these texts: a pattern between slashes, else exactly so. */
function anyOf(texts: readonly string[]): (value: string | null | undefined) => boolean {
  const exact = new Set(texts.filter((text) => !isPattern(text)));
  const patterns = texts.filter(isPattern).map(patternOf);
  return (value) =>
    value !== null && value !== undefined && (exact.has(value) || patterns.some((pattern) => pattern(value)));
}

/** @throws on a pattern that is none; `patternProblem` says so before. */
export function fitsOf(test: AlertTest, { kinds, tiers }: AboutTests): Fits {
  const tests: ((alert: Tested) => boolean)[] = [];
  const { source, severity, tier, labels = {}, at } = test;
  if (source) {
    const any = anyOf(source);
    tests.push((alert) => any(alert.source) || any(kinds[alert.source]));
  }
  for (const key of ['service', 'host', 'name', 'summary'] as const) {
    const texts = test[key];
    if (!texts) continue;
    const any = anyOf(texts);
    tests.push((alert) => any(alert[key]));
  }
  if (severity) {
    const any = anyOf(severity);
    tests.push((alert) => any(alert.severity) || any(gradeOf(alert.severity)));
  }
  for (const [label, texts] of Object.entries(labels)) {
    const any = anyOf(texts);
    tests.push((alert) => Object.hasOwn(alert.labels, label) && any(alert.labels[label]));
  }
  if (tier)
    tests.push(
      ({ service }) => service !== null && Object.hasOwn(tiers, service) && tier.includes(tiers[service] as number),
    );
  const but = (alert: Tested): boolean => tests.every((each) => each(alert));
  const hours = at ? hoursOf(at) : null;
  return {
    fits: (alert, now) => (hours === null || hours.holds(now)) && but(alert),
    but,
    until: (now) => hours?.end(now) ?? null,
  };
}
