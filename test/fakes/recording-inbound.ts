import type { ChatInbound, Reply } from '../../src/chat/platform.js';
import { TooLate } from '../../src/chat/platform.js';
import { paragraph, text } from '../../src/messages/card.js';
import type { Form } from '../../src/messages/form.js';

type Input<Name extends keyof ChatInbound> = Parameters<ChatInbound[Name]>[0];

/** A Muster that only remembers: one effect for each person and id, as the real one promises. */
export interface RecordingInbound extends ChatInbound {
  commands: Input<'command'>[];
  /** Lines that had an effect. */
  effects: string[];
  kept: Input<'keep'>[];
  revised: Input<'revise'>[];
  forms: Input<'form'>[];
  /** Awaited before anything is stored. */
  before: () => Promise<void>;
  reply: (line: string) => Reply;
  formFor: (line: string) => Form | null;
}

export function recordingInbound(now: () => number = Date.now): RecordingInbound {
  const answered = new Map<string, Reply>();
  const it: RecordingInbound = {
    commands: [],
    effects: [],
    kept: [],
    revised: [],
    forms: [],
    before: async () => {},
    reply: (line) => ({ text: `Done: ${line}` }),
    formFor: () => null,
    async command(input) {
      it.commands.push(input);
      if (input.notAfter !== undefined && now() > input.notAfter) throw new TooLate('too late');
      await it.before();
      const key = `${input.personId}/${input.id}`;
      const before = answered.get(key);
      if (before) return before;
      const reply = it.reply(input.text);
      if (!reply.refusal) it.effects.push(input.text);
      answered.set(key, reply);
      return reply;
    },
    async form(input) {
      it.forms.push(input);
      return it.formFor(input.text);
    },
    home: async (personId) => ({
      tone: 'neutral',
      summary: 'Yours',
      blocks: [
        paragraph(text(`Incidents of ${personId}`)),
        { kind: 'buttons', buttons: [{ label: 'Acknowledge', command: '/incident ack', incidentId: 'i7' }] },
      ],
    }),
    async keep(input) {
      await it.before();
      it.kept.push(input);
      return true;
    },
    async revise(input) {
      await it.before();
      it.revised.push(input);
    },
  };
  return it;
}
