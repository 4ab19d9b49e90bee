import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.union([
  z.object({
    AlertType: z.string(),
    IncidentHash: text,
    Description: text,
    Intro: text,
    Timestamp: text,
    CanaryName: text,
    CanaryID: text,
    CanaryIP: text,
    CanaryPort: text,
    CanaryLocation: text,
    SourceIP: text,
    ReverseDNS: text,
    Reminder: text,
    Token: text,
    Triggered: text,
    AdditionalDetails: list(z.tuple([z.string(), z.unknown()]), 64),
  }),
  // canarytokens.org
  z.object({
    manage_url: z.string(),
    memo: text,
    channel: text,
    time: text,
    src_ip: text,
    additional_data: part({ src_ip: text }),
  }),
]);

/** Thinkst Canary and Canarytokens: nobody touches one by accident, so each is a suspected compromise. */
export const thinkstCanary = defineSource({
  kind: 'thinkst-canary',
  sender: 'Thinkst Canary',
  authentication: 'token in the address',
  episode: 'a tripped canary has no end: a person resolves the incident',
  payload,
  alerts(said, about) {
    if ('manage_url' in said) {
      if (/newly saved webhook works/i.test(said.memo ?? ''))
        return { name: 'Canarytokens test', why: 'a test: it arrives' };
      return [
        makeAlert(about, {
          key: ['token', /[?&]token=([^&]+)/.exec(said.manage_url)?.[1] ?? said.manage_url],
          firing: true,
          startsAt: moment(said.time?.replace(/ \(UTC\)$/, ' UTC')),
          name: 'Canarytoken triggered',
          summary: [said.memo && `Canarytoken triggered: ${said.memo}`, 'Canarytoken triggered'],
          severity: 'critical',
          labels: { compromise: 'true', channel: said.channel, source: said.src_ip ?? said.additional_data?.src_ip },
          links: { Token: said.manage_url },
        }),
      ];
    }
    if (/^dummy incident$/i.test(said.Description ?? ''))
      return { name: 'Canary test', why: 'a dummy incident, sent to test: it arrives' };
    const details = said.AdditionalDetails.filter(([name]) => !/pass|secret|cookie|authorization/i.test(name));
    return [
      makeAlert(about, {
        key: [said.IncidentHash ?? said.Token ?? said.CanaryID, said.IncidentHash ? null : said.Description],
        firing: true,
        startsAt: moment(said.Timestamp?.replace(/ \(UTC\)$/, ' UTC')),
        name: said.Description,
        summary: [said.Intro, said.Description],
        host: [said.CanaryName, said.Reminder],
        severity: 'critical',
        labels: {
          compromise: 'true',
          type: said.AlertType,
          source: said.SourceIP,
          canary: said.CanaryID,
          location: said.CanaryLocation,
          reminder: said.Reminder,
        },
        annotations: Object.fromEntries(details),
      }),
    ];
  },
});
