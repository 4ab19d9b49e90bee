import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hmac, same } from '../authentic.js';
import { deploymentAlerts } from '../ci/deployment.js';
import { flag, jsonIn, text } from '../shapes.js';
import { defineSource, type Source } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    id: text,
    site_id: text,
    state: text,
    name: text,
    context: text,
    branch: text,
    title: text,
    error_message: text,
    skipped: flag,
    admin_url: text,
    ssl_url: text,
    updated_at: text,
    commit_url: text,
  })
  .refine((body) => body.state !== null || body.site_id !== null, { message: 'neither state nor site_id is there' });

/** A JWT, signed with the secret, that holds the SHA-256 of the body. */
const authentic: Source['authentic'] = ({ headers, raw }, { secrets }) => {
  const token = headers['x-webhook-signature'];
  if (!token || secrets.length === 0) return 'absent';
  const [head = '', claims = '', signature = '', more] = token.split('.');
  const said = (part: string) =>
    jsonIn(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown> | null;
  if (more !== undefined || said(head)?.alg !== 'HS256') return 'wrong';
  const given = Buffer.from(signature, 'base64url').toString('base64');
  const signed = secrets.some((secret) => same(given, hmac(secret, `${head}.${claims}`, { as: 'base64' })));
  const own = said(claims);
  const digest = typeof own?.sha256 === 'string' ? own.sha256 : '';
  const ofBody = same(digest, createHash('sha256').update(raw).digest('hex'));
  return signed && own?.iss === 'netlify' && ofBody ? 'right' : 'wrong';
};

/** Deployments of Netlify. */
export const netlify = defineSource({
  kind: 'netlify',
  sender: 'Netlify',
  authentication: 'JWT with the SHA-256 of the body (X-Webhook-Signature)',
  episode: 'proven',
  authentic,
  payload,
  alerts(deploy, about) {
    const name = deploy.name ?? deploy.site_id;
    const context = deploy.context ?? 'production';
    const cancelled = deploy.skipped || /^(?:cancel|skipped)/i.test(deploy.error_message ?? '');
    return deploymentAlerts(
      {
        key: [name],
        environment: context,
        shortLived: context !== 'production',
        state: cancelled ? 'cancelled' : deploy.state,
        title: deploy.error_message ?? deploy.title,
        service: name,
        at: moment(deploy.updated_at),
        links: {
          Deployment: deploy.admin_url && deploy.id ? `${deploy.admin_url}/deploys/${deploy.id}` : deploy.admin_url,
          Site: deploy.ssl_url,
          Commit: deploy.commit_url,
        },
        labels: { branch: deploy.branch },
      },
      about,
    );
  },
});
