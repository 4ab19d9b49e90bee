import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.js';
import { databases, type Story, story } from './story.js';

const warning = (service: string, ...names: string[]) => ({
  alerts: names.map((name) => ({ title: name, service, severity: 'warning', fingerprint: `${service} ${name}` })),
});

describe.each(databases)('the severity of an incident, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());
  const shown = async () => (await told.get('/api/incidents/1')).json<Incident>();
  const channel = async () => (await told.channel('inc-1')).map(({ text }) => text).join('\n\n');

  it('rises by itself while nobody has acknowledged, and says why', async () => {
    told = await story({ database });
    await told.alerts('generic', warning('registry', 'a', 'b', 'c'));
    expect(await shown()).toMatchObject({ severity: 'sev2', severitySetBy: 'machine' });
    expect((await shown()).severityReason).toBe(
      'registry is tier 1 and an alert is labelled warning and 3 alerts came',
    );
    const due = (await shown()).updates.dueAt!;
    await told.forward({ minutes: 10 });
    await told.alerts('generic', warning('registry', 'd', 'e'));
    expect(await shown()).toMatchObject({ severity: 'sev1', severitySetBy: 'machine', severityProposal: null });
    expect((await shown()).severityReason).toContain('5 alerts came');
    expect((await shown()).updates.dueAt).toBeLessThan(due);
    expect(await channel()).toContain(
      'Severity: sev2 → sev1, by Muster, because registry is tier 1 and an alert is labelled warning and 5 alerts came',
    );
  });

  it('is only proposed once somebody has acknowledged, and changes when they say so', async () => {
    told = await story({ database });
    await told.alerts('generic', warning('registry', 'a', 'b', 'c'));
    await told.say('Ada', '/incident ack', 1);
    await told.alerts('generic', warning('registry', 'd', 'e'));
    await told.forward({ seconds: 2 });
    expect(await shown()).toMatchObject({ severity: 'sev2', severityProposal: { severity: 'sev1' } });
    expect(await channel()).toContain('Muster proposes sev1 (it is sev2), because registry is tier 1');
    expect((await told.channel('inc-1')).filter(({ text }) => text.includes('Muster proposes'))).toHaveLength(1);
    await told.alerts('generic', warning('registry', 'f'));
    expect((await told.channel('inc-1')).filter(({ text }) => text.includes('Muster proposes'))).toHaveLength(1);

    await told.press('Ada', 'inc-1', 'Make it sev1');
    await told.forward({ seconds: 2 });
    expect(await shown()).toMatchObject({ severity: 'sev1', severitySetBy: 'person', severityProposal: null });
    expect((await told.channel('inc-1'))[0]?.text).not.toContain('Proposed');
  });

  it('is changed by a person with a reason, which the channel and the API show; alerts do not change it back', async () => {
    told = await story({ database });
    await told.alerts('generic', warning('registry', 'a', 'b', 'c'));
    expect((await told.say('Ada', '/incident sev 3', 1)).refusal).toBeDefined();
    expect((await shown()).severity).toBe('sev2');
    await told.say('Ada', '/incident sev 3 the mirror takes the reads', 1);
    expect(await shown()).toMatchObject({
      severity: 'sev3',
      severitySetBy: 'person',
      severityReason: 'the mirror takes the reads',
    });
    expect(await channel()).toContain('Severity: sev2 → sev3, by Ada, because the mirror takes the reads');
    await told.forward({ seconds: 2 });
    expect((await told.channel('inc-1'))[0]?.text).toContain('sev3, because the mirror takes the reads');
    await told.alerts('generic', warning('registry', 'd', 'e'));
    expect(await shown()).toMatchObject({ severity: 'sev3', severityReason: 'the mirror takes the reads' });
    expect((await shown()).severityProposal?.severity).toBe('sev1');
    const { timeline } = (await told.get('/api/incidents/1/timeline')).json<{
      timeline: { type: string; text: string }[];
    }>();
    expect(timeline.find(({ type }) => type === 'severityChanged')?.text).toContain('the mirror takes the reads');
  });
});
