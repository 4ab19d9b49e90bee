import { describe, expect, it } from 'vitest';
import { noticed } from './checks.js';
import { readAlerts, sourceOf } from './sources.js';

const read = (kind: string, body: object) =>
  readAlerts(sourceOf(kind)!, body, { source: kind, receivedAt: Date.UTC(2026, 10, 21) });

describe('what Nagios and its heirs notify', () => {
  const fires = (type: string | null, state: string | null, stateType?: string) => {
    const said = noticed({ type, state, stateType: stateType ?? null, about: 'db1' });
    return typeof said === 'object' ? 'nothing' : said;
  };

  it('goes by the notification, then by the state', () => {
    expect(fires('PROBLEM', 'CRITICAL')).toBe('firing');
    expect(fires('Problem', null)).toBe('firing');
    expect(fires('RECOVERY', null)).toBe('resolved');
    expect(fires(null, 'UP')).toBe('resolved');
    expect(fires(null, 'UNREACHABLE')).toBe('firing');
    expect(fires('PROBLEM', 'OK')).toBe('resolved');
    expect(fires(null, null)).toBe('nothing');
  });

  it('takes the state that was kept back while work was planned or it flapped', () => {
    for (const type of [
      'DOWNTIMEEND',
      'DOWNTIMEREMOVED',
      'DOWNTIMECANCELLED',
      'FLAPPINGEND',
      'FLAPPINGSTOP',
      'FLAPPINGDISABLED',
    ]) {
      expect([type, fires(type, 'DOWN'), fires(type, 'UP')]).toEqual([type, 'firing', 'resolved']);
    }
    expect([fires('FLAPPINGSTART', 'WARN'), fires('FLAPPINGSTART', 'OK')]).toEqual(['firing', 'nothing']);
  });

  it('leaves everything as it was for what changes nothing', () => {
    for (const type of [
      'ACKNOWLEDGEMENT',
      'ACKNOWLEDGEMENT (CRITICAL)',
      'DOWNTIMESTART',
      'CUSTOM',
      'ALERTHANDLER (OK)',
    ])
      expect([type, fires(type, 'DOWN')]).toEqual([type, 'nothing']);
    expect(fires('PROBLEM', 'CRITICAL', 'SOFT')).toBe('nothing');
    expect(fires('RECOVERY', 'OK', 'SOFT')).toBe('resolved');
  });
});

it('who acknowledges there is on the timeline here', () => {
  const at = { host_name: 'db1', service_name: 'disk', service_state: 'CRITICAL' };
  const [alert] = read('icinga2', { ...at, notification_type: 'PROBLEM' }).alerts;
  const { alerts, passedOver } = read('icinga2', {
    ...at,
    notification_type: 'ACKNOWLEDGEMENT',
    notification_author: 'ada',
    notification_comment: 'cleaning up',
  });
  expect(alerts).toEqual([]);
  expect(passedOver?.tells).toEqual({
    text: 'Acknowledged in Icinga by ada: cleaning up',
    of: { fingerprint: alert?.fingerprint },
  });
  const zabbix = { status: 'PROBLEM', event_id: '7', trigger: 'db1 is down', update_status: '1', update_user: 'Ada' };
  expect(read('zabbix', zabbix).passedOver?.tells).toEqual({
    text: 'Updated in Zabbix by Ada',
    of: { fingerprint: 'event/7' },
  });
  const libre = { state: '2', rule_id: '1', device_id: '2', title: 'x', alert_notes: 'mine' };
  expect(read('librenms', libre).passedOver?.tells?.text).toBe('Acknowledged in LibreNMS: mine');
});
