import { formatTime } from '../../messages/zones.js';
import { examineSchedules } from '../../oncall/examine.js';
import { sourceOf } from '../../oncall/refresh.js';
import type { KeptRoster } from '../../store/oncall-port.js';
import { type Finding, type Look, ok, problem, warning } from './finding.js';

const about = 'on call';

/** Whether somebody is on call for the next 30 days, and what is known of calendars that cannot be read. */
export const onCall: Look = async ({ config, store, now }) => {
  if (config.onCall.length === 0) return [];
  const at = now();
  const overrides = store ? await store.overrides(at) : [];
  const faults = await examineSchedules(config.onCall, { people: config.people, overrides, now: at });
  const rosters = store ? await store.rosters() : [];
  const copies = config.onCall.flatMap((schedule): KeptRoster[] => {
    const kept = rosters.find((each) => each.schedule === schedule.name);
    return schedule.kind === 'calendar' && kept && kept.source === sourceOf(schedule) && kept.readAt !== null
      ? [kept]
      : [];
  });
  if (faults.length === 0)
    return [ok(about, `Somebody is, by each of ${config.onCall.length} schedules, for the next 30 days.`)];
  return faults.map(({ schedule, kind, what, fix }): Finding => {
    const said = `${schedule}: ${what}`;
    if (kind !== 'unread') return warning(about, said, fix);
    const copy = copies.find((each) => each.schedule === schedule);
    return copy
      ? warning(about, `${said} The copy is of ${formatTime(copy.readAt as number, 'UTC', 'date')}.`, fix)
      : problem(about, `${said} There is no copy of it, so nobody is on call by it.`, fix);
  });
};
