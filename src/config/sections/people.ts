import { z } from 'zod';
import { email, line, name, named, zone } from './words.js';

export const people = named(
  z
    .strictObject({
      name: line.describe('As others know this person'),
      email: email.optional().describe('Links the person with accounts on chat platforms'),
      zone: zone.optional().describe('Their IANA time zone'),
      groups: z.array(name).default([]).describe('Groups they belong to; each is named under `groups`'),
    })
    .describe('One person, by a short id like ada: it is what @ada and the web chat call them'),
);

export const groups = named(z.array(name).describe('Ids of people'));
