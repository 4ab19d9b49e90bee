import { z } from 'zod';
import { duration, httpUrl, line, name, named } from './words.js';

const whoever = z.array(name).default([]);

export const services = named(
  z
    .strictObject({
      name: line.optional().describe('As people call it; the key otherwise'),
      owner: name.optional().describe('A person or a group'),
      'second-owner': name.optional().describe('A person or a group, when the owner is away'),
      tier: z
        .int()
        .min(1)
        .max(3)
        .default(3)
        .describe('1: nobody can ship without it; 2: work slows down; 3: a nuisance'),
      data: z.enum(['public', 'internal', 'confidential', 'restricted']).default('internal'),
      rpo: duration.optional().describe('How much data may be lost, as time'),
      rto: duration.optional().describe('How soon it must be back'),
      'depends-on': z.array(name).default([]).describe('Other services'),
      symptoms: line.optional().describe('What people notice when it fails'),
      'first-check': line.optional().describe('What to look at first'),
      approve: whoever.describe('People or groups who may approve what is risky'),
      restore: whoever.describe('People or groups who may restore it from a backup'),
      communicate: whoever.describe('People or groups who tell others about it'),
      'call-link': httpUrl.optional().describe('Where to talk'),
      aliases: z.array(z.string().min(1).max(200)).default([]).describe('Other names alerts have for it'),
    })
    .describe('One service, by the name alerts have for it'),
);
