import { Gauge, type Registry } from 'prom-client';
import type { OnCallDesk } from '../../oncall/desk.js';

/** Of the schedules: whether somebody is on call, and how old what is known of their calendars is. */
export function onCallMetrics(registry: Registry): (desk: OnCallDesk, now: number) => void {
  const registers = [registry];
  const people = new Gauge({
    name: 'muster_oncall_people',
    help: 'People on call now by a schedule; 0: nobody.',
    labelNames: ['schedule'] as const,
    registers,
  });
  const age = new Gauge({
    name: 'muster_oncall_calendar_age_seconds',
    help: 'How long ago the calendar of a schedule was last read; NaN: never. While it cannot be read this grows.',
    labelNames: ['schedule'] as const,
    registers,
  });
  return (desk, now) => {
    people.reset();
    age.reset();
    for (const schedule of desk.names()) {
      const standing = desk.standing(schedule, now);
      if (!standing) continue;
      people.set({ schedule }, standing.now.people.length);
      const { place, readAt } = standing;
      if (place !== null) age.set({ schedule }, readAt === null ? Number.NaN : Math.max(0, now - readAt) / 1_000);
    }
  };
}
