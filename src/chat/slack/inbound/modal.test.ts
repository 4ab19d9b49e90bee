import { describe, expect, it } from 'vitest';
import { viewProblems } from '../../../../test/fakes/slack-views.js';
import type { Form } from '../../../messages/form.js';
import { modalOf, readCarried, sentLine, written } from './modal.js';

const about = { incidentId: null, channel: 'C1', answerTo: 'https://hooks.slack.com/x' };
const form: Form = {
  title: 'A',
  submit: 'B',
  command: '/incident declare',
  fields: [
    { name: 'title', label: 'What?', kind: 'line', required: true },
    {
      name: 'sev',
      label: 'Severity',
      kind: 'choice',
      required: false,
      option: '--sev',
      options: [{ value: '2', label: 'sev2' }],
    },
  ],
};

describe('a form as a modal', () => {
  it('fits whatever it holds', () => {
    const long = 'x'.repeat(5_000);
    const view = modalOf(
      {
        title: long,
        submit: long,
        intro: long,
        command: '/incident declare',
        fields: [
          {
            name: 'a',
            label: long,
            hint: long,
            placeholder: long,
            value: long,
            kind: 'text',
            required: true,
            atMost: 9_000,
          },
          {
            name: 'b',
            label: 'b',
            kind: 'choice',
            required: false,
            options: Array.from({ length: 120 }, (_, n) => ({ value: `${n}`, label: long })),
          },
        ],
      },
      about,
    );
    expect(viewProblems(view)).toEqual([]);
  });

  it.each([0, 100, 2_900, 40_000])('takes a message of %i characters along, as much as there is room for', (length) => {
    const from = { platform: 'slack', channel: 'C1', message: '1.2', text: '"'.repeat(length), personId: null, at: 1 };
    const metadata = written({ ...about, command: 'c', fields: [], from });
    const read = readCarried(metadata);
    expect(metadata.length).toBeLessThanOrEqual(3_000);
    expect(read).toMatchObject({ command: 'c', from: { message: '1.2' } });
    expect(read?.cut ?? false).toBe(read?.from?.text !== from.text);
  });

  it('becomes the line it stands for: options first, nothing for what is empty', () => {
    const read = readCarried(modalOf(form, about).private_metadata);
    if (!read) throw new Error('It cannot be read.');
    const values = {
      title: { value: { type: 'x', value: ' Mail ' } },
      sev: { value: { selected_option: { value: '2' } } },
    };
    expect(sentLine(read, values)).toBe('/incident declare --sev 2 Mail');
    expect(sentLine(read, { title: { value: { value: 'Mail' } }, sev: { value: { selected_option: null } } })).toBe(
      '/incident declare Mail',
    );
    expect(sentLine(read, { title: { value: { value: null } } })).toBe('/incident declare');
  });

  it('is none of Muster’s when it carries something else', () => {
    expect(['', '{}', 'null', '{"command":1}'].map(readCarried)).toEqual([null, null, null, null]);
  });
});
