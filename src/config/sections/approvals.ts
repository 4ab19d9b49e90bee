import { z } from 'zod';
import { duration, name, named, text } from './words.js';

/** `commander`, `group leads`, `person ada`, `platform-lead`, or a name that is a person or a group. */
const somebody = text(
  (value) => /^(?:(?:role|group|person) )?[a-z0-9][a-z0-9._-]{0,62}$/.test(value),
  'is not somebody',
  'Write a role, the name of a person or a group, or platform-lead.',
  '^((role|group|person) )?[a-z0-9][a-z0-9._-]{0,62}$',
);

export const approvals = named(
  z
    .strictObject({
      from: z
        .array(somebody)
        .min(1)
        .optional()
        .describe(
          'Who is asked, one after another: roles, groups, people, services (those who may approve), platform-lead',
        ),
      count: z.int().min(1).max(5).optional().describe('How many different people have to agree'),
      within: duration.optional().describe('How long each of them has before the next is asked as well'),
    })
    .describe('Approvals of one kind: the first word of what is asked for, `step` for playbook steps, or default'),
);

export const permissions = z
  .record(name, z.array(somebody).min(1))
  .describe('Who may do what, by verb: everyone, responders, roles, groups, people, platform-lead');
