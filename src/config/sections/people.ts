import { z } from 'zod';
import { secret } from './audiences.js';
import { ways } from './pages.js';
import { email, httpUrl, line, name, named, text, zone } from './words.js';

const push = z
  .strictObject({
    to: httpUrl.describe('The address that takes signed calls and shows them, e.g. of an ntfy or Gotify server'),
    secrets: z.array(secret).min(1).describe('They sign the calls; several at once let one follow another'),
    topic: line.optional().describe('What the server tells people apart by, where the address does not (ntfy)'),
  })
  .describe('Where their telephone hears that chat is down');

const telephone = text(
  (value) => /^\+?[0-9][0-9 ()/.-]{2,30}$/.test(value),
  'is not a telephone number',
  'Write digits with the country in front, like +49 30 123456.',
  '^\\+?[0-9][0-9 ()/.-]{2,30}$',
);

export const people = named(
  z
    .strictObject({
      name: line.describe('As others know this person'),
      email: email.optional().describe('Links the person with accounts on chat platforms'),
      zone: zone.optional().describe('Their IANA time zone'),
      phone: telephone.optional().describe('Shown to responders when a page cannot be delivered, e.g. +49 30 123456'),
      page: ways.optional(),
      push: push.optional(),
      groups: z.array(name).default([]).describe('Groups they belong to; each is named under `groups`'),
    })
    .describe('One person, by a short id like ada: it is what @ada and the web chat call them'),
);

export const groups = named(z.array(name).describe('Ids of people'));
