import { z } from 'zod';
import { makeAlert } from '../make.js';
import { record, text } from '../shapes.js';
import { defineSource } from '../source.js';

const payload = z
  .object({ sid: text, search_name: text, app: text, owner: text, results_link: text, result: record })
  .refine(({ sid, search_name }) => (sid ?? search_name) !== null, { path: ['search_name'], message: 'missing' });

/** Splunk's alert action "Webhook": the first row of what was found. It tells no end. */
export const splunk = defineSource({
  kind: 'splunk',
  sender: 'Splunk',
  authentication: 'token (in the address: it sets no headers)',
  episode: 'it tells no end: a person resolves',
  payload,
  alerts({ sid, search_name, app, owner, results_link, result }, about) {
    const cell = (...names: string[]) =>
      names
        .map((name) => result[name])
        .map((value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : null));
    const name = search_name || searchIn(sid);
    const row = Object.entries(result).filter(
      ([key, value]) =>
        !key.startsWith('_') && !/^(?:date_|timestartpos|timeendpos|punct|linecount)/.test(key) && value !== '',
    );
    return [
      makeAlert(about, {
        // The search's own number (sid) is another one each time.
        key: [app, owner, name ?? sid],
        firing: true,
        name: [name, 'A Splunk search'],
        summary: [...cell('summary', 'message', 'title', '_raw'), name && `The search ${name} found something`],
        service: cell('service', 'service_name', 'application'),
        host: cell('host', 'hostname', 'dest'),
        severity: cell('severity', 'urgency', 'priority', 'level', 'alert_severity'),
        labels: Object.fromEntries(row),
        annotations: { event: cell('_raw')[0], sid },
        links: { Results: results_link },
        groupHint: name,
      }),
    ];
  },
});

/** `rt_scheduler__admin__search__sudo_at_1483557185_2.2` -> `sudo`; of long names it holds a hash, the same each time. */
const searchIn = (sid: string | null): string | null =>
  /__([^_].*?)_at_\d/.exec(sid?.replace(/^.*__(?=[^_])/, '__') ?? '')?.[1] ?? null;
