import { expect, it } from 'vitest';
import { others, pasted } from '../secrets/testing.js';
import { createLog } from './log.js';

it('holds no secret, whatever is logged, and stays JSON', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const secrets = [...Object.values(pasted()), ...others().map(([, text]) => text)];
  for (const secret of secrets) {
    log.error({ err: new Error(`refused: "${secret}"`), job: { text: `${secret}\\` } }, `about ${secret}`);
    const { msg, err, job } = JSON.parse(lines.at(-1) ?? '') as { msg: string; err: object; job: { text: string } };
    const masked = JSON.stringify([msg, err, job]);
    expect(masked).toMatch(/\[[\w ]+ hidden\]/);
    const piece = secret.split(/[\s\\]+|:\/\//).findLast((part) => /^[\w+/.=-]{20,}$/.test(part));
    if (piece) expect(masked).not.toContain(piece);
  }
});

it('holds no link that lets somebody act', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  for (const url of ['/ack/aXq3', '/sign-in/aXq3', '/ack/aXq3?token=aXq3', '/alerts/on-call/aXq3/db'])
    log.info({ req: { method: 'GET', url, ip: '::1' } }, 'answered');
  expect(lines.join('')).not.toContain('aXq3');
  expect(lines[0]).toContain('/ack/[hidden]');
});
