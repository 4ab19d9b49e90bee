import { pino } from 'pino';
import type { AdapterParts } from '../../../src/chat/platform.js';

/** What an adapter has of the rest of Muster, in memory: everybody has an address, `known` are their accounts. */
export function adapterParts({ now = Date.now, strangers = [] as string[], counted }: Given = {}) {
  const marks = new Map<string, string>();
  const known = new Map<string, string>();
  const parts: AdapterParts = {
    accounts: {
      async accountOf(_platform, personId) {
        if (strangers.includes(personId)) return null;
        return { externalId: known.get(personId) ?? null, email: `${personId}@example.com`, name: personId };
      },
      async identify(_platform, externalId, name, email) {
        const personId = email?.split('@')[0] ?? externalId;
        known.set(personId, externalId);
        return { personId, name };
      },
    },
    publicUrl: () => 'https://muster.example.com',
    now,
    log: pino({ level: 'silent' }),
    channels: async () => [],
    marks: {
      read: async (key) => marks.get(key) ?? null,
      write: async (key, value) => void marks.set(key, value),
    },
    ...(counted ? { counted } : {}),
  };
  return { parts, marks, known };
}

interface Given {
  now?: () => number;
  strangers?: string[];
  counted?: AdapterParts['counted'];
}
