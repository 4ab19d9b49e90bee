import { describe, expect, it } from 'vitest';
import { judge, noEvidence } from '../incident/severity.js';
import type { Evidence } from '../incident/state.js';
import { builtInLadder, builtInPolicy } from './defaults.js';

const ladder = builtInLadder();
const judged = (evidence: Partial<Evidence>): string => {
  const { severity, reason } = judge({ ...noEvidence, ...evidence }, ladder);
  return `${severity}, because ${reason}`;
};

describe('the built-in ladder', () => {
  it.each<[Partial<Evidence>, string]>([
    [{ alerts: 1, compromise: true }, 'sev1, because a credential may be compromised'],
    [
      { alerts: 1, services: ['registry'], tier: 1, worst: 'critical' },
      'sev1, because registry is tier 1 and an alert is labelled critical',
    ],
    [
      { alerts: 3, services: ['a', 'b', 'c'], worst: 'critical' },
      'sev1, because an alert is labelled critical and 3 services are affected',
    ],
    [
      { alerts: 5, services: ['git'], tier: 1, worst: 'warning', hosts: ['x', 'y'] },
      'sev1, because git is tier 1 and an alert is labelled warning and 5 alerts came from 2 hosts',
    ],
    [{ alerts: 1, services: ['wiki'], tier: 3, worst: 'critical' }, 'sev2, because an alert is labelled critical'],
    [
      { alerts: 3, services: ['vault'], tier: 1, worst: 'warning' },
      'sev2, because vault is tier 1 and an alert is labelled warning and 3 alerts came',
    ],
    [{ alerts: 10, services: ['shop'], worst: 'warning' }, 'sev2, because 10 alerts came'],
    [
      { alerts: 2, services: ['registry'], tier: 1, worst: 'warning' },
      'sev3, because the worst label is warning and registry is tier 1',
    ],
    [
      { alerts: 1, services: ['shop'] },
      'sev3, because no alert carries a severity label and no service of the catalogue is named',
    ],
  ])('%j', (evidence, words) => {
    expect(judged(evidence)).toBe(words);
  });

  it('knows what a toolchain cannot do without', () => {
    for (const service of ['registry', 'git', 'ci', 'vault', 'auth', 'dns']) expect(ladder.tiers[service]).toBe(1);
    expect(ladder.tiers.chat).toBe(2);
    expect(ladder.tiers.wiki).toBe(3);
  });

  it('names each service once', () => {
    expect(Object.keys(ladder.tiers).every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
  });
});

describe('the built-in policy', () => {
  it('promises updates by severity', () => {
    const { severities } = builtInPolicy(['Europe/Berlin']);
    expect(severities.sev1).toEqual({
      updateEveryMs: 1_800_000,
      acknowledgeWithinMs: 300_000,
      idleAfterMs: 2_700_000,
      postmortem: true,
    });
    expect(severities.sev2).toEqual({
      updateEveryMs: 3_600_000,
      acknowledgeWithinMs: 900_000,
      idleAfterMs: 5_400_000,
      postmortem: true,
    });
    expect(severities.sev3).toEqual({
      updateEveryMs: null,
      acknowledgeWithinMs: null,
      idleAfterMs: null,
      postmortem: true,
    });
  });
});
